"""Sentences that are a whole line: how often a pair meets, back in service, a unit's reviews."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from handlers.language.command import Command
from handlers.language.reader import read
from handlers.language.render import render

NOW = datetime.fromisoformat("2026-11-22T09:30")


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("vi ses varje vecka", 7),
        ("vi ses varannan vecka", 14),
        ("vi ses var tredje vecka", 21),
        ("Handledning var tredje vecka.", 21),
        ("vi träffas var 4:e vecka", 28),
        ("handledning en gång i månaden", 31),
        ("vi ses varannan månad", 61),
        ("we meet every 3 weeks", 21),
    ],
)
def test_how_often_a_pair_meets_is_an_agreement(text: str, days: int) -> None:
    assert (read(text, NOW).intent, read(text, NOW).note) == ("agreed", str(days))


def test_a_quotation_mark_is_no_name() -> None:
    assert read('visa "', NOW).people == ()
    assert read('visa "Anna Berg"', NOW).people == ("anna berg",)


@pytest.mark.parametrize(
    ("text", "reason", "people", "note"),
    [
        ("underlag årsrapport", "annual_report", (), None),
        ("Underlag till årsrapporten för Anna Berg", "annual_report", ("anna berg",), None),
        ("underlag handledarutlåtande Anna", "supervisor_statement", ("anna",), None),
        ("underlag specialistkollegium anna", "kollegium", ("anna",), None),
        ("underlag delmål", "coverage", (), None),
        ("underlag dokumentation", "documentation", (), None),
        ("underlag spur", "pack", (), None),
        ("underlag spur Ekbacken anonymt", "pack anonymous", (), "Ekbacken"),
        ("spur-underlag Ekbacken utan namn", "pack anonymous", (), "Ekbacken"),
        ("stins-underlag", "pack", (), None),
        ("underlag", None, (), None),
        ("facts kollegium Anna Berg", "kollegium", ("anna berg",), None),
        ("facts annual report", "annual_report", (), None),
        ("review pack Ekbacken anonymous", "pack anonymous", (), "Ekbacken"),
    ],
)
def test_a_paper_is_asked_for_by_its_kind(
    text: str, reason: str | None, people: tuple[str, ...], note: str | None
) -> None:
    command = read(text, NOW)
    assert (command.intent, command.reason) == ("paper", reason)
    assert (command.people, command.note) == (people, note)
    assert read(render(command), NOW) == command


@pytest.mark.parametrize(
    ("text", "intent"),
    [("spur 2026-03-12", "unit_duty"), ("spur åtgärdad 3/9", "unit_duty"), ("årsrapport idag", "log")],
)
def test_a_review_or_a_report_that_took_place_is_no_paper(text: str, intent: str) -> None:
    assert read(text, NOW).intent == intent


def test_an_agreement_may_name_the_other_half() -> None:
    assert read("vi ses var tredje vecka med Anna", NOW).people == ("anna",)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("handledning varannan onsdag", "book"),
        ("handledning varje torsdag 13-14", "book"),
        ("boka handledning var tredje vecka", "ask"),
        ("handledning var bra", "log"),
        ("vi ses var hundrade vecka", "unknown"),
        ("vi ses på torsdag", "unknown"),
    ],
)
def test_what_only_begins_like_an_agreement_is_none(text: str, intent: str) -> None:
    assert read(text, NOW).intent == intent


@pytest.mark.parametrize(
    ("text", "day"),
    [("tillbaka idag", "2026-11-22"), ("åter i tjänst", "2026-11-22"), ("åter i tjänst 12/1", "2027-01-12")],
)
def test_being_back_has_a_first_day(text: str, day: str) -> None:
    assert (read(text, NOW).intent, read(text, NOW).date) == ("back", date.fromisoformat(day))


@pytest.mark.parametrize("text", ["sjukskriven tills vidare", "sjuk från idag tills vidare"])
def test_an_absence_may_have_no_end(text: str) -> None:
    command = read(text, NOW)
    assert (command.intent, command.date, command.end_date) == ("absence", NOW.date(), None)


def test_a_units_review_is_recorded_with_its_finding() -> None:
    command = read("spur 2026-03-12 dokumentationen brister", NOW)
    assert (command.intent, command.activity) == ("unit_duty", "external_review")
    assert (command.date, command.note) == (date(2026, 3, 12), "dokumentationen brister")
    assert read("spur åtgärdad 3/9", NOW).reason == "closed"


@pytest.mark.parametrize("days", [7, 14, 21, 28, 56, 31, 61, 92, 183, 365])
def test_an_agreement_rendered_is_read_the_same(days: int) -> None:
    command = Command("agreed", note=str(days))
    assert read(render(command), NOW) == command


@pytest.mark.parametrize(
    "text", ["åter i tjänst 12/1", "spur 12/3 dokumentationen brister", "spur åtgärdad 3/9"]
)
def test_the_other_sentences_rendered_are_read_the_same(text: str) -> None:
    command = read(text, NOW)
    assert read(render(command), NOW) == command
