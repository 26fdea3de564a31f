"""A series that leaves out days: `boka handledning varje torsdag 13-14 till 31/1 utom 17/12`."""

from __future__ import annotations

import pytest

from storage.tables import Booking
from tests.integration.conversation import hold
from tests.support.world import World


def planned(world: World) -> list[str]:
    return [f"{row.on_date:%d/%m}" for row in world.rows(Booking) if row.state == "planned"]


@pytest.mark.parametrize(
    ("line", "stand", "told"),
    [
        (
            "boka handledning varje torsdag 13-14 till 18/12 utom 3/12",
            ["26/11", "10/12", "17/12"],
            "Inte bokat: tors 3 dec.",
        ),
        (
            "boka handledning varje torsdag 13-14 till 18/12, inte 26/11 och 17/12",
            ["03/12", "10/12"],
            "Inte bokat: tors 26 nov, tors 17 dec.",
        ),
        (
            "boka handledning varje torsdag 13-14 till 18/12 förutom v 50-51",
            ["26/11", "03/12"],
            "Inte bokat: tors 10 dec, tors 17 dec.",
        ),
        (
            "boka handledning varannan onsdag 8-9 till 31/12 utom 9/12",
            ["25/11", "23/12"],
            "Inte bokat: ons 9 dec.",
        ),
        (
            "boka handledning varje torsdag 13-14 till 4/12 utom 16/12",
            ["26/11", "03/12"],
            "Inget av tillfällena föll på det du undantog.",
        ),
        (
            "book supervision every thursday 13-14 until 4/12 except 3/12",
            ["26/11"],
            "Inte bokat: tors 3 dec.",
        ),
    ],
)
def test_the_days_that_are_named_are_not_booked(world: World, line: str, stand: list[str], told: str) -> None:
    assert world.say("anna", line).text.splitlines()[-1] == told
    assert planned(world) == stand
    assert world.drift() == []


def test_a_series_of_which_nothing_is_left_is_not_booked(world: World) -> None:
    line = "boka handledning varje torsdag 13-14 till 27/11 utom 26/11"
    hold(world, [("anna", line, "inget tillfälle kvar")])
    assert world.rows(Booking) == []


def test_they_stay_left_out_when_it_is_asked_whose_it_is(world: World) -> None:
    hold(
        world,
        [
            ("eva", "boka handledning varje torsdag 13-14 till 18/12 utom 3/12", "Vem gäller det?"),
            ("eva", "[Bo Dal]", "Inte bokat: tors 3 dec."),
        ],
    )
    assert planned(world) == ["26/11", "10/12", "17/12"]
