"""The form of what a simulation tells, where it says more than one line for a requirement."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from tests.acceptance.lives.life import Lived, live

ROSTER = """\
email,name,role,unit,rulebook,supervisor,start,end,employed
anna@x.se,Anna Alm,trainee,Lindens VC,ostergotland-allmanmedicin,eva@x.se,2025-01-13,2030-01-12,
eva@x.se,Eva Ek,supervisor,Lindens VC,,,,,
"""


def test_of_several_placements_each_is_told_and_the_most_pressing_by_the_bare_key(tmp_path: Path) -> None:
    steps = [
        "2026-09-01T10:00 anna sidotjänstgöring psykiatri 7/9-30/9 handledare Olle Ny",
        "2026-09-01T10:05 anna sidotjänstgöring gyn 12/10-30/11 handledare Olle Ny",
    ]
    stands = live(tmp_path, ROSTER, steps, "2026-09-01", "2026-10-20").standing["anna@x.se"]
    # 30 Sep + 14 days and 30 Nov + 14 days; the first has passed on 20 Oct.
    due = {key: told["due_on"] for key, told in stands.items() if key.startswith("placement_feedback")}
    assert due == {
        "placement_feedback": "2026-10-14",
        "placement_feedback/p1": "2026-10-14",
        "placement_feedback/p2": "2026-12-14",
    }
    assert stands["placement_feedback"]["state"] == "overdue"


MONDAY = """\
email,name,role,unit,rulebook,supervisor,start,end
anna@x.se,Anna Berg,trainee,Ekbacken,ostergotland-allmanmedicin,eva@x.se,2026-01-12,2031-01-11
bo@x.se,Bo Dal,trainee,Ekbacken,,eva@x.se,2026-01-12,2031-01-11
eva@x.se,Eva Ek,supervisor,Ekbacken,,,,
siv@x.se,Siv Rektorsson,studierektor,Ekbacken,,,,
olga@x.se,Olga Over,chief_director,,,,,
"""
STEPS = [
    "2026-01-12T09:00 anna boka handledning tors 13-14",
    "2026-01-15T14:20 anna [Ja, 1 h]",
    "2026-01-26T07:55 siv påminn Bo Dal",
    "2026-02-08T23:59 anna handledning idag 1h",
]
KEYS = ["at", "to", "kind", "step", "about", "trainees", "text", "buttons", "files", "items"]


@pytest.fixture(scope="module")
def weeks(tmp_path_factory: pytest.TempPathFactory) -> Lived:
    """Four weeks, from a Monday to a Sunday: Anna meets once by a booking, Bo never."""
    return live(tmp_path_factory.mktemp("life"), MONDAY, STEPS, "2026-01-12", "2026-02-08")


def test_every_message_has_the_keys_of_the_contract_in_time_order(weeks: Lived) -> None:
    assert {tuple(message) for message in weeks.messages} == {tuple(KEYS)}
    moments = [datetime.fromisoformat(message["at"]) for message in weeks.messages]
    assert moments == sorted(moments)
    assert {message["at"][19:] for message in weeks.messages} == {"+01:00"}
    kinds = {message["kind"] for message in weeks.messages}
    assert kinds == {"reply", "confirm", "nudge", "booking", "digest"}


def test_a_bundle_tells_its_items_one_by_one(weeks: Lived) -> None:
    # Monday 26 Jan: two weeks missed, and the meeting of January, which ends on Saturday the 31st, in a week.
    # Five minutes before Siv asks for a reminder of what is late: it is this one.
    (bundle,) = [m for m in weeks.of("bo", "nudge") if m["at"][:10] == "2026-01-26"]
    assert bundle["items"] == [
        {"trainee": "bo@x.se", "requirement": "supervision", "step": "repeat"},
        {"trainee": "bo@x.se", "requirement": "st_meeting", "step": "soon"},
    ]
    assert (bundle["about"], bundle["trainees"]) == (["supervision", "st_meeting"], ["bo@x.se"])
    assert bundle["step"] == "repeat"


def test_what_is_said_of_a_booking_tells_whose_and_of_what(weeks: Lived) -> None:
    said = [m for m in weeks.messages if m["kind"] == "booking" or "Bokat" in m["text"]]
    # The receipt; the day before and the question after to both; the answer of the one to the other.
    assert [(m["to"], m["at"][8:16]) for m in said] == [
        ("anna@x.se", "12T09:00"),
        ("anna@x.se", "14T08:00"),
        ("eva@x.se", "14T08:00"),
        ("anna@x.se", "15T14:15"),
        ("eva@x.se", "15T14:15"),
        ("eva@x.se", "15T14:20"),
    ]
    assert {(*m["about"], *m["trainees"]) for m in said} == {("supervision", "anna@x.se")}
    assert [m["files"] for m in said][:3] == [[], ["2026-01-15.ics"], ["2026-01-15.ics"]]


def test_a_digest_tells_by_name_whom_its_reader_may_see(weeks: Lived) -> None:
    # Bo misses v 3, 4 and 5: escalated on Monday 2 Feb.
    last = {who: weeks.of(who, "digest")[-1] for who in ("siv", "olga")}
    escalated = [{"trainee": "bo@x.se", "requirement": "supervision", "step": "escalated"}]
    assert (last["siv"]["at"][:10], last["siv"]["items"], last["siv"]["step"]) == (
        "2026-02-02",
        escalated,
        "escalated",
    )
    assert (last["olga"]["items"], last["olga"]["trainees"]) == ([], [])
    assert "Bo Dal" not in last["olga"]["text"]


def test_it_ends_with_how_each_requirement_stands_on_the_last_day(weeks: Lived) -> None:
    anna = weeks.standing["anna@x.se"]
    # Sunday 8 Feb is still v 6, in which she logged: the next is asked for by Friday 13 Feb.
    assert anna["supervision"] == {
        "state": "ok",
        "due_on": "2026-02-13",
        "last_on": "2026-02-08",
        "done": 1,
        "required": 1,
    }
    # Bo's latest unserved week is v 3, over on Sunday 18 Jan.
    assert weeks.standing["bo@x.se"]["supervision"]["due_on"] == "2026-01-16"
    asked = {
        *("supervision", "assessment", "kollegium", "iup_revision", "planning_meeting"),
        *("supervisor_statement", "annual_followup", "development_talk", "st_meeting", "course"),
        *("supervisor_meeting", "st_introduction", "placement_supervisor", "placement_assessment"),
        *("placement_feedback", "scientific_work", "quality_work", "handover", "primary_care_months"),
    }
    assert set(anna) == asked
    idle = {"state": "not_applicable", "due_on": None, "last_on": None, "done": 0, "required": 0}
    assert anna["placement_feedback"] == anna["handover"] == idle
