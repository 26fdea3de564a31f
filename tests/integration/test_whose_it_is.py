"""Who has several trainees is told whose it is that was changed, taken back, called off or there already."""

from __future__ import annotations

from tests.integration.conversation import hold
from tests.support.world import World


def test_what_a_supervisor_changes_and_takes_back_is_told_with_whose_it_was(world: World) -> None:
    hold(
        world,
        [
            ("eva", "handledning idag 1h Bo", "Sparat för Bo Dal: handledning"),
            ("eva", "handledning idag 45 min Bo", "Bo Dal har redan handledning mån 23 nov (v 48), 1 h."),
            ("eva", "handledning idag 1h Anna", "Sparat för Anna Berg: handledning"),
            ("eva", "nej, 45 min", "Ändrat för Anna Berg: handledning mån 23 nov (v 48), 45 min"),
            ("eva", "ångra", "Ångrat för Anna Berg: handledning mån 23 nov (v 48), 45 min."),
            ("eva", "ångra", "Ångrat för Bo Dal: handledning mån 23 nov (v 48), 1 h."),
            ("eva", "Bo sjuk igår", "Sparat för Bo Dal"),
            ("eva", "nej, vab", "Ändrat för Bo Dal: vab sön 22 nov (v 47)"),
            ("eva", "ångra", "Ångrat för Bo Dal: vab sön 22 nov (v 47). Det som gällde före"),
        ],
    )


def test_of_a_booking_too(world: World) -> None:
    hold(
        world,
        [
            ("eva", "boka handledning torsdag 13-14 Bo", "Bokat för Bo Dal"),
            ("eva", "avboka Bo torsdag", "Inställt för Bo Dal: handledning tors 26 nov (v 48) 13:00, 1 h."),
            ("eva", "ångra", "Ångrat. Bokat igen för Bo Dal: handledning tors 26 nov"),
            ("eva", "flytta Bo till fredag", "Flyttat för Bo Dal"),
            (
                "eva",
                "ångra",
                "Ångrat för Bo Dal: handledning fre 27 nov (v 48) 13:00, 1 h. Det som var bokat",
            ),
            ("bo", "ställ in torsdag", "Inställt: handledning tors 26 nov"),
        ],
    )


def test_that_nothing_is_booked_is_said_of_whom_the_line_names(world: World) -> None:
    hold(
        world,
        [
            ("eva", "boka handledning torsdag 13-14 Bo", "Bokat för Bo Dal"),
            ("eva", "flytta Anna till fredag", "För Anna Berg är ingenting bokat framöver."),
            ("eva", "avboka Bo fredag", "För Bo Dal är ingenting bokat fre 27 nov (v 48)."),
            ("bo", "avboka fredag", "Det finns ingenting bokat fre 27 nov (v 48)."),
        ],
    )


def test_what_was_there_already_of_several_is_told_with_their_names(world: World) -> None:
    world.say("eva", "handledning idag 1h Bo")
    world.say("eva", "handledning idag 1h Anna och Bo")
    saved = world.say("eva", "båda").text
    assert "Det här fanns redan, så det är inte sparat en gång till: Bo Dal: handledning mån 23 nov" in saved
    world.say("eva", "handledning idag 1h Anna och Bo")
    again = world.say("eva", "båda").text
    there = "handledning mån 23 nov (v 48), 1 h"
    assert again == f"Ni har redan Anna Berg: {there}, Bo Dal: {there}. Lägg till ändå?"


def test_the_history_of_several_trainees_names_them(world: World) -> None:
    world.say("anna", "handledning igår 1h")
    world.say("bo", "handledning idag 45 min")
    told = world.say("eva", "historik").text.splitlines()
    assert told[1:] == [
        "Bo Dal: handledning mån 23 nov (v 48), 45 min",
        "Anna Berg: handledning sön 22 nov (v 47), 1 h",
    ]
    assert "Anna Berg" not in world.say("eva", "historik Anna").text
