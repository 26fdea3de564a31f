"""Every requirement of every rulebook, as the guidelines have it: written from them, not from the files.

000 Örebro 2008 · 001 Sörmland · 002 Region Skåne · 003 Region Östergötland · 004 Instruktion för handledning
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from schedules.rules.requirement import Kind, Requirement, Span
from schedules.rules.rulebook import concerning, shipped
from schedules.rules.table import PAGE, page
from schedules.rules.vocabulary import ACTIVITIES
from tests.support.headings import DOCUMENTS, HEADINGS

Asked = dict[str, dict[str, Any]]
ROOT = Path(__file__).parents[3]
YEARLY = {"kind": "interval", "every": Span(12)}
PAIR, ALL_FOUR = ("trainee", "supervisor"), ("trainee", "supervisor", "head", "studierektor")
BEFORE_THE_END = {"kind": "once", "anchor": "training_end", "within": Span(12), "reminds": PAIR}
SPUR = {"kind": "unit", "every": Span(60), "concerns": "unit", "reminds": ("head", "chief_director")}
AGREED = {"kind": "agreed", "reminds": PAIR}
NAMED_BEFORE = {
    "kind": "once",
    "anchor": "placement_start",
    "within": Span(),
    "reminds": ("head", "studierektor"),
}
REFRESHED = {"kind": "interval", "every": Span(36), "concerns": "supervisor"}
DERIVED = {"placement_supervisor", "placement_assessment", "supervisor_appointed"}
"""Duties nobody writes down as such: roster, placements and assessments during them tell (occasions.py)."""
MOST = ("ST", "BT", "locum")
WITH_AT = ("ST", "BT", "AT")

OSTERGOTLAND: Asked = {
    "supervision": {"kind": "weekly", "minutes": 60, "reminds": PAIR},
    "assessment": {"kind": "rate", "count": 4, "longest_gap": Span(3, 14), "reminds": PAIR},
    "kollegium": {**YEARLY, "reminds": ("trainee", "supervisor", "studierektor")},
    "iup_revision": {"kind": "interval", "every": Span(6), "reminds": PAIR},
    "planning_meeting": {"kind": "once", "anchor": "employment", "within": Span(3), "reminds": ALL_FOUR},
    "supervisor_statement": {**YEARLY, "reminds": ("supervisor",)},
    "annual_followup": {**YEARLY, "reminds": ALL_FOUR, "arranged_by": "studierektor"},
    "development_talk": {**YEARLY, "reminds": ("trainee", "head")},
    "st_meeting": {"kind": "term", "count": 1, "per": "month", "reminds": ("trainee",)},
    "course": {"kind": "term", "count": 1, "per": "term", "reminds": ("trainee",)},
    "supervisor_meeting": {**YEARLY, "reminds": ("supervisor",), "arranged_by": "studierektor"},
    "st_introduction": {"kind": "once", "anchor": "employment", "within": Span(6), "reminds": PAIR},
    "placement_supervisor": NAMED_BEFORE,
    "placement_assessment": {
        "kind": "once",
        "anchor": "placement_end",
        "within": Span(),
        "reminds": ("placement_supervisor", "trainee"),
    },
    "placement_feedback": {
        "kind": "once",
        "anchor": "placement_end",
        "within": Span(days=14),
        "reminds": PAIR,
    },
    "scientific_work": BEFORE_THE_END,
    "quality_work": BEFORE_THE_END,
    "handover": {"kind": "once", "anchor": "handover", "reminds": ("outgoing_supervisor",)},
    "primary_care_months": {"service_months": 30, "own_unit_first": (12, 18), "reminds": ("studierektor",)},
    "external_review": SPUR,
}
SKANE_HOSPITAL: Asked = {
    "supervision": {"kind": "rate", "count": 9, "longest_gap": Span(2), "kinds": MOST},
    "assessment": {"kind": "rate", "count": 9, "longest_gap": None, "kinds": MOST, "recommended": ()},
    "iup_approval": {"kind": "once", "anchor": "employment", "within": Span(7)},
    "iup_revision": {"kind": "rate", "count": 2},
    "kollegium": {
        "kind": "total",
        "count": 3,
        "fractions": (1 / 3, 2 / 3, 0.95),
        "activities": ("kollegium",),
    },
    "development_talk": YEARLY,
    "self_study": {"kind": "interval", "every": Span(3), "reminds": ("trainee",), "escalates": False},
    "introduction": {"anchor": "employment", "within": Span(days=14), "placements_too": True},
    "supervisor_appointed": {
        "anchor": "employment",
        "within": Span(),
        "placements_too": True,
        "kinds": MOST,
        "reminds": ("head", "studierektor"),
    },
    "supervisor_refresher": REFRESHED,
    "internal_teaching": {"kind": "unit", "every": Span(days=7), "in_term": True, "concerns": "unit"},
    "external_review": SPUR,
    "internal_review": {"kind": "unit", "anchor": "external_review", "within": Span(30)},  # midway of 60
    "finding_followup": {"kind": "unit", "anchor": "finding", "within": Span(6)},
    "scientific_work": BEFORE_THE_END,
    "quality_work": BEFORE_THE_END,
}
SKANE_PRIMARY_CARE: Asked = {
    **SKANE_HOSPITAL,
    "supervision": {"kind": "weekly", "minutes": 60, "kinds": MOST},
    "assessment": {"kind": "rate", "count": 9, "kinds": MOST, "recommended": ("sit-in",)},
    "kollegium": {"kind": "total", "count": 3, "activities": ("kollegium", "annual_report")},
    "annual_followup": {**YEARLY, "reminds": ALL_FOUR},
    "annual_report": {**YEARLY, "reminds": ("trainee",)},
    "supervisor_report": {**YEARLY, "reminds": ("supervisor",)},
}
SORMLAND: Asked = {
    "supervision": {**AGREED, "kinds": WITH_AT},
    "st_contract": {"kind": "once", "anchor": "employment", "within": Span(3), "kinds": ("ST", "BT")},
    "introduction": {"kind": "once", "anchor": "employment", "within": Span(days=14), "kinds": WITH_AT},
    "evaluation": {"kind": "once", "anchor": "training_end", "within": Span(), "kinds": WITH_AT},
    "at_kollegium": {"kind": "once", "anchor": "placement_end", "kinds": ("AT",)},
    "closing_talk": {"kind": "once", "anchor": "training_end", "within": Span(), "kinds": ("AT",)},
    "supervisor_refresher": REFRESHED,
    "supervisor_capacity": {"kind": "unit", "every": Span(12), "concerns": "unit", "reminds": ("head",)},
}
OREBRO: Asked = {
    "supervision": AGREED,
    "plan_check": YEARLY,
    "development_talk": {**YEARLY, "reminds": ("trainee", "head")},
    "placement_assessment": {"kind": "once", "anchor": "placement_end"},
    "unit_feedback": {**YEARLY, "reminds": ("trainee",)},
    "specialist_statement": {"kind": "once", "anchor": "training_end", "within": Span(2)},
    "quality_review": {"kind": "unit", "every": Span(12), "concerns": "unit", "reminds": ("head",)},
}
ROTA: dict[Span, set[str]] = {
    Span(): {
        *("trainee_questions", "supervisor_questions", "planned_topic", "feedback", "next_time"),
        "next_content",
    },
    Span(3): {"goal", "ethics", "communication", "cooperation", "supervision_itself", "assessment"},
    Span(6): {"course_planning", "placement_planning", "science_quality", "teaching"},
    Span(12): {"training_plan", "kollegium"},
}
BOOKS: dict[str, Asked] = {
    "ostergotland-allmanmedicin": OSTERGOTLAND,
    "skane-sjukhus": SKANE_HOSPITAL,
    "skane-primarvard": SKANE_PRIMARY_CARE,
    "sormland-primarvard": SORMLAND,
    "orebro-2008": OREBRO,
}
EVERY = [(book, key) for book, asked in BOOKS.items() for key in asked]
ALL = [r for book in shipped().values() for r in book.requirements.values()]


def _without_rota(book: str) -> dict[str, Requirement]:
    return {k: r for k, r in shipped()[book].requirements.items() if r.kind is not Kind.TOPIC}


@pytest.mark.parametrize("book", BOOKS)
def test_a_rulebook_asks_for_what_the_guideline_does_and_no_more(book: str) -> None:
    assert set(_without_rota(book)) == set(BOOKS[book])


def test_every_rulebook_that_comes_along_is_told_of_here() -> None:
    assert set(shipped()) == set(BOOKS)


@pytest.mark.parametrize(("book", "key"), EVERY)
def test_a_requirement_has_the_guidelines_kind_and_parameters(book: str, key: str) -> None:
    requirement, expected = shipped()[book].requirements[key], BOOKS[book][key]
    assert {name: getattr(requirement, name) for name in expected} == expected


@pytest.mark.parametrize("book", BOOKS)
def test_all_share_the_topic_rota(book: str) -> None:
    rota: dict[Span, set[str]] = {}
    for r in shipped()[book].requirements.values():
        if r.kind is Kind.TOPIC:
            rota.setdefault(r.every or Span(), set()).add(r.key.removeprefix("topic_"))
    assert rota == ROTA


@pytest.mark.parametrize(
    ("book", "kind", "asked"),
    [
        ("sormland-primarvard", "AT", {"supervision", "introduction", "evaluation", "at_kollegium"}),
        ("sormland-primarvard", "ST", {"supervision", "introduction", "evaluation", "st_contract"}),
        ("skane-sjukhus", "locum", {"supervision", "assessment", "supervisor_appointed"}),
        ("skane-primarvard", "locum", {"supervision", "assessment", "supervisor_appointed"}),
    ],
)
def test_each_kind_of_trainee_has_its_own(book: str, kind: str, asked: set[str]) -> None:
    meant = concerning(shipped()[book], kind).requirements.values()
    of_trainees = {
        r.key for r in meant if r.kind is not Kind.TOPIC and r.concerns in ("trainee", "placement")
    }
    assert of_trainees == asked | ({"closing_talk"} if kind == "AT" else set())


def test_every_requirement_names_a_section_that_is_a_heading_of_its_document() -> None:
    for r in ALL:
        assert r.source.section in HEADINGS[DOCUMENTS[r.source.document]], r.key


def test_titles_fit_a_line_of_a_phone_in_both_languages() -> None:
    for r in ALL:
        assert all(0 < len(r.title[lang]) <= 48 for lang in ("sv", "en")), r.title


def test_nobody_is_reminded_of_what_nobody_can_log() -> None:
    leaders = {"head", "studierektor", "chief_director"}
    for r in ALL:
        loggable = set(r.activities) & (ACTIVITIES | DERIVED)
        unheard = r.kind in (Kind.UNIT, Kind.TOPIC) or r.concerns == "supervisor"
        assert loggable or unheard or set(r.reminds) <= leaders, r.key


def test_the_page_of_rules_is_current() -> None:
    assert (ROOT / PAGE).read_text("utf-8") == page(), "run python -m schedules.rules.table"


def test_what_has_names_of_its_own_in_swedish_has_them_in_english() -> None:
    """A digest of two units shows their rulebooks' requirements under one another."""
    found = {
        (asked.title["sv"], asked.title["en"])
        for book in shipped().values()
        for asked in book.requirements.values()
    }
    assert len(found) == len({swedish for swedish, _ in found}) == len({english for _, english in found})


def test_english_titles_say_resident_as_the_bot_does() -> None:
    titles = [asked.title["en"] for book in shipped().values() for asked in book.requirements.values()]
    assert not [title for title in titles if "trainee" in title]
