"""`samma 12/11`, `samma tid på torsdag`: what was told last, on another day."""

from __future__ import annotations

from storage.tables import Booking, Entry, EntryState
from tests.integration.conversation import hold
from tests.support.world import World


def live(world: World) -> list[str]:
    entries = [entry for entry in world.rows(Entry) if entry.state == EntryState.LIVE]
    return sorted(f"{entry.on_date:%d/%m} {entry.minutes} {','.join(entry.topics)}" for entry in entries)


def planned(world: World) -> list[str]:
    rows = [row for row in world.rows(Booking) if row.state == "planned"]
    return sorted(f"{row.on_date:%d/%m} {row.start_time:%H:%M}" for row in rows)


def test_the_last_log_is_saved_for_another_day_without_its_note(world: World) -> None:
    hold(
        world,
        [
            ("anna", "handledning i torsdags 45 min etik i rum sju", "Sparat"),
            ("anna", "samma 12/11", "Sparat: handledning tors 12 nov (v 46), 45 min · etik"),
            ("anna", "samma igår", "Sparat: handledning sön 22 nov (v 47), 45 min · etik"),
            ("anna", "samma i torsdags", "Du har redan handledning tors 19 nov"),
        ],
    )
    assert live(world) == ["12/11 45 ethics", "19/11 45 ethics", "22/11 45 ethics"]
    assert world.drift() == []


def test_a_supervisors_is_of_the_same_trainee(world: World) -> None:
    hold(
        world,
        [
            ("eva", "handledning igår 1h med Bo", "Sparat för Bo Dal"),
            ("eva", "samma idag", "Sparat för Bo Dal: handledning mån 23 nov (v 48), 1 h"),
        ],
    )


def test_an_hour_is_booked_again_on_the_day_that_is_named(world: World) -> None:
    hold(
        world,
        [
            ("anna", "handledning i torsdags 13-14 etik", "Sparat"),
            ("anna", "samma tid på torsdag", "Bokat: handledning tors 26 nov (v 48) 13:00, 1 h"),
        ],
    )
    assert planned(world) == ["26/11 13:00"]


def test_after_a_booking_it_is_asked_whether_to_move_it(world: World) -> None:
    hold(
        world,
        [
            ("anna", "boka handledning på torsdag 13-14", "Bokat"),
            (
                "anna",
                "samma tid på fredag",
                "Ska jag flytta handledning tors 26 nov (v 48) 13:00, 1 h, eller",
            ),
            ("anna", "[Flytta dit]", "Flyttat från tors 26 nov (v 48) 13:00: handledning fre 27 nov"),
            ("anna", "samma tid 2/12", "eller boka en till?"),
            ("anna", "boka en till", "Bokat: handledning ons 2 dec (v 49) 13:00, 1 h"),
        ],
    )
    assert planned(world) == ["02/12 13:00", "27/11 13:00"]
    assert world.drift() == []


def test_where_nothing_was_told_it_is_said_how_to_log(world: World) -> None:
    hold(world, [("anna", "samma 12/11", "Skriv till exempel: handledning idag 1h etik")])
    assert live(world) == []
