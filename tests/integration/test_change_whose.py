"""`ändra Annas handledning till 45 min` changes what is Anna's, though another's was told last."""

from __future__ import annotations

from storage.tables import Absence, Booking, Entry, EntryState
from tests.integration.conversation import hold
from tests.support.world import World


def test_a_log_of_the_one_who_is_named_is_changed(world: World) -> None:
    hold(
        world,
        [
            ("eva", "handledning anna igår 1h", "Anna Berg"),
            ("eva", "handledning bo igår 1h", "Bo Dal"),
            ("eva", "ändra Annas handledning till 45 min", "Ändrat för Anna Berg: handledning sön 22 nov"),
            ("eva", "ändra Bos handledning till 30 min", "Ändrat för Bo Dal"),
        ],
    )
    entries = [entry for entry in world.rows(Entry) if entry.state == EntryState.LIVE]
    assert [entry.note for entry in entries] == [None, None]


def test_an_absence_and_a_booking_of_the_one_who_is_named_are_changed(world: World) -> None:
    hold(
        world,
        [
            ("eva", "anna semester 14/12-18/12", "Anna Berg"),
            ("eva", "bo semester 14/12-18/12", "Bo Dal"),
            ("eva", "ändra Annas semester till torsdag", "Ändrat för Anna Berg"),
            ("eva", "boka handledning med anna fredag 13-14", "Anna Berg"),
            ("eva", "boka handledning med bo fredag 14-15", "Bo Dal"),
            ("eva", "ändra Annas handledning till kl 10", "Flyttat för Anna Berg"),
        ],
    )
    ends = sorted(f"{row.to_on:%d/%m}" for row in world.rows(Absence) if row.voided_at is None)
    assert ends == ["17/12", "18/12"]
    hours = sorted(
        row.start_time.hour for row in world.rows(Booking) if row.state == "planned" and row.start_time
    )
    assert hours == [10, 14]
    assert world.drift() == []


def test_what_cannot_be_the_ones_who_is_named_is_left_as_it_is(world: World) -> None:
    hold(
        world,
        [
            ("anna", "handledning igår 1h", "Sparat"),
            ("anna", "ändra Eriks handledning till 30 min", "Senast sparade du"),
            ("anna", "ändra Evas handledning till 45 min", "Ändrat: handledning sön 22 nov (v 47), 45 min"),
        ],
    )
