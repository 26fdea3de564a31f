"""`hjälp` with a word behind it shows what that word is about, and saves nothing."""

from __future__ import annotations

import pytest
from sqlmodel import SQLModel

from storage.tables import Absence, Booking, Entry
from tests.support.world import World


def shown(world: World, who: str, line: str) -> list[str]:
    """The names of the forms in the answer."""
    lines = world.say(who, line).text.splitlines()
    return [each.removeprefix("• ").partition(":")[0] for each in lines if each.startswith("• ")]


@pytest.mark.parametrize(
    ("line", "forms"),
    [
        ("hjälp boka", ["Boka", "Flytta och avboka"]),
        ("hur ångrar jag", ["Rätta"]),
        ("hur loggar jag en mini-cex?", ["Logga handledning", "Logga bedömning"]),
        ("vad gör jag om jag blir sjuk?", ["Frånvaro"]),
        ("hur skriver jag frånvaro?", ["Frånvaro"]),
    ],
)
def test_what_is_asked_about_is_shown_alone_and_whole(world: World, line: str, forms: list[str]) -> None:
    assert shown(world, "anna", line) == forms


def test_every_example_of_it_is_shown(world: World) -> None:
    assert "boka handledning varannan onsdag 8-9" in world.say("anna", "hjälp boka").text
    assert "boka handledning varannan onsdag 8-9" not in world.say("anna", "hjälp").text


@pytest.mark.parametrize("line", ["hjälp", "hej", "god morgon", "hur kommer jag igång", "vad är en dops?"])
def test_what_names_no_form_gets_the_whole_help(world: World, line: str) -> None:
    assert len(shown(world, "anna", line)) > 10


@pytest.mark.parametrize(
    "line", ["hjälp handledning", "hjälp dops", "hjälp med iup", "help me with supervision"]
)
def test_a_word_behind_it_is_not_logged(world: World, line: str) -> None:
    assert shown(world, "anna", line)
    saved: list[type[SQLModel]] = [Entry, Absence, Booking]
    assert [world.rows(table) for table in saved] == [[], [], []]


def test_what_tells_a_day_or_a_length_is_logged_all_the_same(world: World) -> None:
    world.say("anna", "hjälp, handledning idag 1h")
    assert len(world.rows(Entry)) == 1
