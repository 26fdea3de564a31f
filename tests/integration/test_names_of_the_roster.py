"""Names that the reader does not know by itself, and the roster does, in small letters too."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from storage.tables import Entry
from tests.integration.conversation import hold
from tests.support.world import ROSTER, World

MORE = """\
kweku@exempel.se,Kweku Asante,trainee,Ekbacken,,eva@exempel.se,2026-01-12,2031-01-11,
tor@exempel.se,Tor Norrby,trainee,Ekbacken,,eva@exempel.se,2026-01-12,2031-01-11,
zeina@exempel.se,Zeina Haddad,trainee,Granlund,,lars@exempel.se,2026-01-12,2031-01-11,
"""


@pytest.fixture
def house(sqlite: Engine) -> World:
    """Monday 23 November 2026, 09:00."""
    return World(sqlite, roster=ROSTER + MORE)


@pytest.mark.parametrize(
    "line",
    [
        *("hur går det för kweku", "kwekus status", "vad saknar kweku", "ligger kweku efter"),
        *("vilken handledare har kweku", "hur många mini-cex har kweku", "Hur går det för KWEKU"),
    ],
)
@pytest.mark.parametrize("who", ["eva", "siv"])
def test_one_asks_about_ones_own_by_a_rare_name(house: World, who: str, line: str) -> None:
    assert house.say(who, line).text.startswith("Kweku Asante · Ekbacken")


def test_a_studierektor_reads_who_supervises_and_a_supervisor_who_else_does(house: World) -> None:
    assert house.say("siv", "vem handleder kweku").text.startswith(
        "Kweku Asante · Ekbacken · handledare Eva Ek\n"
    )
    assert house.say("eva", "visa kweku").text.startswith("Kweku Asante · Ekbacken\n")
    house.enrol(
        ROSTER
        + MORE.replace("Kweku Asante,trainee,Ekbacken,,eva@exempel.se", "Kweku Asante,trainee,Ekbacken,,-")
    )
    assert house.say("siv", "visa kweku").text.startswith("Kweku Asante · Ekbacken · ingen handledare\n")


def test_whom_one_answers_for_alone_is_known(house: World) -> None:
    assert "Zeina" not in house.say("eva", "hur går det för zeina").text


def test_a_name_that_is_a_word_stays_the_word(house: World) -> None:
    """`tor` is a Thursday: what it was without the roster."""
    assert house.say("eva", "boka tor 13").text == house.say("lars", "boka tor 13").text


def test_a_supervisor_books_by_the_name_alone(house: World) -> None:
    asked = house.say("eva", "boka kweku torsdag 13-14")
    assert [button.label for button in asked.buttons][:1] == ["Handledning"]
    assert "Bokat för Kweku Asante: handledning tors 26 nov" in house.press("eva", "Handledning").text


@pytest.mark.parametrize(("name", "called"), [("Kweku Asante", "Kwekus"), ("Dan Fors", "Dans")])
def test_what_is_changed_of_one_trainee_is_of_no_other(house: World, name: str, called: str) -> None:
    """`ändra Kwekus handledning till 45 min` changed what was saved of both, with his name as its note.

    `dan` is a word of its own: with a capital it is a name.
    """
    house.enrol(ROSTER + MORE + "dan@exempel.se,Dan Fors,trainee,Ekbacken,,eva@exempel.se,2026-01-12,,\n")
    hold(
        house,
        [
            ("eva", f"handledning med Anna och {name} idag 30 min", "Gäller det båda"),
            ("eva", "båda", f"Sparat för {name}"),
            ("eva", f"ändra {called} handledning till 45 min", f"Ändrat för {name}: handledning"),
        ],
    )
    stand = [(each.minutes, each.note) for each in house.rows(Entry) if each.state == "live"]
    assert sorted(stand) == [(30, None), (45, None)]
