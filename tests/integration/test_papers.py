"""The trainee's papers: what is in them, never markup of what people write, the same bytes."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlmodel import select

from handlers.papers.coverage import coverage_page, coverage_sheet
from handlers.papers.documentation import documentation, documentation_sheets
from handlers.papers.goals import coverage
from handlers.papers.record import Record, record_of
from handlers.papers.table import Sheet
from handlers.papers.typeset import pdf
from handlers.words import Words
from storage.engine import reading, writing
from storage.tables import Person
from tests.support.papers import desk, live, pages, trainee
from tests.support.world import World

MARKUP = (
    '#import "@preview/x:0.1.0"',
    "*fet*",
    "$x^2$",
    "@ref",
    "#sys.inputs",
    "<etikett>",
    "= rubrik",
    "\\u{41}",
    "[länk](x)",
    "`kod`",
    "// bort",
    "https://ont.exempel",
)


def record(world: World, who: str = "anna") -> tuple[Words, Record]:
    with reading(world.engine) as session:
        at = desk(session, who, world.clock())
        return at.words, record_of(session, trainee(session, who), at.today)


def told(world: World, who: str = "anna") -> list[str]:
    words, of = record(world, who)
    return pages(pdf("documentation", words, documentation(words, of, world.clock()), world.clock()))


def rows(of: Sheet) -> list[dict[str, Any]]:
    return [{k: v for k, v in zip(of.columns, row, strict=True) if v not in (None, "")} for row in of.rows]


def test_the_documentation_says_day_length_topics_goals_and_who_confirmed(world: World) -> None:
    world.say("anna", "handledning i fredags 13-14 etik STc7 åäö ÅÄÖ")
    world.press("eva", "Stämmer")
    world.say("anna", "dops idag av Östen Ångström STa1")
    [text] = told(world)
    for said in (
        "Handledning och bedömningar",
        "Anna Berg",
        "Ekbacken",
        "20 nov 2026",
        "60",
        "etik",
    ):
        assert said in text
    assert "åäö ÅÄÖ" in text
    assert "Eva Ek 23 nov 2026" in text
    assert "1 st, 1 h, bekräftade: 1." in text
    assert "1 st, bekräftade: 0." in text  # of an assessment nobody says how long
    assert "Östen Ångström" in text
    assert "DOPS" in text
    assert "Gjort av handledd 23 nov 2026 kl 09:00 av 2 sparade händelser i loggen." in text


def test_what_nobody_has_confirmed_and_what_was_disputed_say_so(world: World) -> None:
    world.say("anna", "handledning i fredags 1h")
    assert "obekräftad" in told(world)[0]
    world.press("eva", "Stämmer inte")
    text = " ".join(told(world)[0].split())
    assert "bestridd 23 nov 2026" in text
    assert "obekräftad" not in text


def test_nothing_private_is_in_it_not_even_the_authors_own(world: World) -> None:
    world.say("anna", "handledning i fredags 1h anteckning-anna privat: hemlighet-anna")
    world.say("anna", "dops i torsdags privat: hemlighet-två")
    words, of = record(world)
    text = "\n".join(told(world))
    assert "anteckning-anna" in text
    assert "hemlighet" not in text
    assert "hemlighet" not in str(documentation_sheets(words, of))


def test_what_was_undone_is_not_in_it(world: World) -> None:
    world.say("anna", "handledning i fredags 1h bort-med-det")
    world.say("anna", "ångra")
    assert "bort-med-det" not in told(world)[0]


@pytest.mark.parametrize("text", MARKUP)
def test_what_people_write_is_text_and_never_markup(world: World, text: str) -> None:
    world.say("anna", "handledning i fredags 1h anteckning: x")
    words, of = record(world)
    of.entries[0].entry.note = text
    of.entries[0].entry.people = [text]
    of.person.name = of.unit.name = text
    facts = documentation(words, of, world.clock())
    shown = " ".join("".join(pages(pdf("documentation", words, facts, world.clock()))).split())
    assert shown.replace("​", "").count(text) >= 3
    groups = coverage(of)
    assert (
        text
        in pages(pdf("coverage", words, coverage_page(words, of, groups, world.clock()), world.clock()))[0]
    )


def test_five_years_fill_numbered_pages_with_the_heading_on_each(world: World) -> None:
    live(world.engine, "anna", 5, world.clock())
    found = told(world)
    assert 4 <= len(found) <= 9
    for number, text in enumerate(found, 1):
        assert f"Anna Berg · {number} / {len(found)}" in text
        assert "Bekräftad av" in text


def test_the_same_facts_give_the_same_bytes(world: World) -> None:
    world.say("anna", "handledning i fredags 1h")
    words, of = record(world)
    facts = documentation(words, of, world.clock())
    assert pdf("documentation", words, facts, world.clock()) == pdf(
        "documentation", words, facts, world.clock()
    )


def test_it_speaks_the_readers_language(world: World) -> None:
    world.say("anna", "handledning 4/5 1h etik")
    world.say("anna", "språk engelska")
    [text] = told(world)
    assert "Supervision and assessments" in text
    assert "4 May 2026" in text
    assert "ethics" in text
    assert "unconfirmed" in text


def test_the_sheets_have_real_dates(world: World) -> None:
    world.say("anna", "handledning i fredags 13-14 etik STc7")
    world.press("eva", "Stämmer")
    world.say("anna", "cbd idag @lind a4")
    words, of = record(world)
    sessions, assessments = documentation_sheets(words, of)
    [session] = rows(sessions)
    assert (session["Dag"], session["Minuter"], session["Bekräftad av"]) == (date(2026, 11, 20), 60, "Eva Ek")
    assert (session["Bekräftad"], session["Bekräftelse"]) == (date(2026, 11, 23), "bekräftad")
    [assessed] = rows(assessments)
    assert (assessed["Instrument"], assessed["Bedömare"], assessed["Bekräftelse"]) == (
        "CBD",
        "Lind",
        "obekräftad",
    )


def test_goals_are_counted_by_supervision_and_by_assessment_with_their_last_days(world: World) -> None:
    world.say("anna", "handledning 4/11 1h STa1")
    world.say("anna", "handledning i fredags 1h STa1 STc3")
    world.say("anna", "dops 9/11 STa1")
    words, of = record(world)
    found = {row["Delmål"]: row for row in rows(coverage_sheet(words, coverage(of)))}
    assert found["STa1"] == {
        "Målbeskrivning": "HSLF-FS 2021:8",
        "Delmål": "STa1",
        "Handledningar": 2,
        "Senaste handledning": date(2026, 11, 20),
        "Bedömningar": 1,
        "Senaste bedömning": date(2026, 11, 9),
    }
    # STa1-7, STb1-4, STc1-3: the c goals up to the highest that was named
    assert list(found) == [
        *(f"STa{n}" for n in range(1, 8)),
        *(f"STb{n}" for n in range(1, 5)),
        "STc1",
        "STc2",
        "STc3",
    ]
    assert (found["STc3"]["Handledningar"], found["STc3"]["Bedömningar"]) == (1, 0)


def test_a_goal_of_one_regulation_is_never_counted_as_the_others(world: World) -> None:
    world.say("anna", "handledning i fredags 1h a4 STa4")
    _, of = record(world)
    found = {goal.code: goal.state for group in coverage(of) for goal in group.goals}
    assert (found["a4"], found["STa4"], found["a1"], found["STa1"]) == (
        "supervision",
        "supervision",
        "neither",
        "neither",
    )


@pytest.mark.parametrize(
    ("starts", "name"), [(date(2021, 6, 30), "SOSFS 2015:8"), (date(2021, 7, 1), "HSLF-FS 2021:8")]
)
def test_who_has_named_no_goal_gets_those_in_force_when_the_training_began(
    world: World, starts: date, name: str
) -> None:
    _, of = record(world)
    of.trainee.starts_on = starts
    assert {group.frame.name for group in coverage(of)} == {name}


def test_the_coverage_is_a_page_with_a_tile_for_each_goal_and_what_has_neither(world: World) -> None:
    live(world.engine, "anna", 5, world.clock())
    words, of = record(world)
    groups = coverage(of)
    [text] = pages(pdf("coverage", words, coverage_page(words, of, groups, world.clock()), world.clock()))
    assert "STa5, STa6, STa7, STb2, STb4, STc9" in text
    assert "17 av 23" in text
    for goal in (goal for group in groups for goal in group.goals):
        assert text.count(goal.code) >= 2


def test_the_papers_are_made_of_what_was_there_on_the_day(world: World) -> None:
    world.say("anna", "handledning i fredags 1h")
    with reading(world.engine) as session:
        before = record_of(session, trainee(session, "anna"), date(2026, 11, 19))
    assert before.entries == ()


def test_a_name_that_changed_is_the_one_of_today(world: World) -> None:
    world.say("anna", "handledning i fredags 1h")
    world.press("eva", "Stämmer")
    with writing(world.engine) as session:
        eva = session.exec(select(Person).where(Person.email == "eva@exempel.se")).one()
        eva.name = "Eva Ekström-Öberg"
        session.add(eva)
    assert "Eva Ekström-Öberg 23 nov 2026" in " ".join(told(world)[0].split())
