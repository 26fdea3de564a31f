"""A year of changes that come by the roster, and an outage: what a script of `simulate` cannot say.

From Monday 12 January 2026 Anna meets Eva every Tuesday at Ekbacken (Östergötland's rulebook). v 8 is missed.
On Monday 13 April Lars takes over from Eva; v 21 is missed. v 35 is missed too, and on Tuesday 1 September
the unit goes over to Skåne's hospital rules. The bot is down from Friday 25 September to Tuesday 20 October
at 09:00. On Monday 2 November Anna moves to Granlund, under Skåne's primary care rules, and to Olof.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

import pytest

from schedules.zone import to_local
from storage.tables import Outbox, Person, Standing
from tests.support.databases import database
from tests.support.world import ZONE, World

ROSTER = """\
email,name,role,unit,rulebook,supervisor,start,end
anna@exempel.se,Anna Berg,trainee,{unit},{book},{supervisor}@exempel.se,2026-01-12,2031-01-11
eva@exempel.se,Eva Ek,supervisor,Ekbacken,,,,
lars@exempel.se,Lars Lind,supervisor,Ekbacken,,,,
siv@exempel.se,Siv Rektorsson,studierektor,Ekbacken,,,,
olof@exempel.se,Olof Hed,supervisor,Granlund,,,,
tage@exempel.se,Tage Studberg,studierektor,Granlund,,,,
"""
OSTERGOTLAND, HOSPITAL, PRIMARY = "ostergotland-allmanmedicin", "skane-sjukhus", "skane-primarvard"
WATCHED = ("supervision", "assessment", "handover")
TUESDAYS = [date(2026, 1, 13) + timedelta(weeks=n) for n in range(32) if n not in (5, 18)]
"""13 January to 18 August but 17 February (v 8) and 19 May (v 21)."""
LOGS = [
    *((f"{day}T11:00", "handledning idag 1h") for day in TUESDAYS),
    ("2026-03-24T15:00", "cbd idag av dr Lund"),
    ("2026-06-16T15:00", "cbd idag av dr Lund"),
    ("2026-04-29T15:00", "överlämning idag"),
]
CHANGES = [
    ("2026-04-13T10:00", ("Ekbacken", OSTERGOTLAND, "lars")),
    ("2026-09-01T10:00", ("Ekbacken", HOSPITAL, "lars")),
    ("2026-11-02T10:00", ("Granlund", PRIMARY, "olof")),
]


def _roster(unit: str, book: str, supervisor: str) -> str:
    return ROSTER.format(unit=unit, book=book, supervisor=supervisor)


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The year up to 13 November, lived once."""
    with database("sqlite", tmp_path_factory.mktemp("life")) as engine:
        world = World(engine, "2026-01-12T00:00", _roster("Ekbacken", OSTERGOTLAND, "eva"))
        for at, what in sorted([*LOGS, *CHANGES], key=lambda step: step[0]):
            if at > "2026-10":
                _sleep(world)
            world.pass_to(at)
            if isinstance(what, str):
                world.say("anna", what)
            else:
                world.enrol(_roster(*what))
        world.pass_to("2026-11-13T12:00")
        yield world


def _sleep(world: World) -> None:
    world.pass_to("2026-09-25T12:00")
    world.jump_to("2026-10-20T09:00")


def _told(world: World, who: str) -> list[tuple[str, Sequence[str]]]:
    """What somebody was reminded of, one row for each message."""
    names = {person.id: person.email.split("@")[0] for person in world.rows(Person)}
    bundles: dict[str, list[str]] = {}
    for row in world.rows(Outbox):
        is_said = (row.kind, row.state, names.get(row.person_id)) == ("nudge", "sent", who)
        if is_said and row.ended_at and row.facts["requirement"] in WATCHED:
            at = to_local(row.ended_at, ZONE).isoformat(timespec="minutes")
            bundles.setdefault(at, []).append(f"{row.facts['requirement']} {row.step}")
    return [(at, tuple(sorted(items))) for at, items in sorted(bundles.items())]


LATE = ("assessment overdue", "supervision overdue")
BOTH = ("assessment repeat", "supervision repeat")


def test_what_the_trainee_is_told_over_all_changes(year: World) -> None:
    assert _told(year, "anna") == [
        ("2026-02-19T12:15", ("supervision soon",)),
        ("2026-02-23T08:00", ("supervision overdue",)),
        ("2026-05-21T12:15", ("supervision soon",)),
        ("2026-05-25T08:00", ("supervision overdue",)),
        ("2026-08-27T12:15", ("supervision soon",)),
        ("2026-08-31T08:00", ("supervision overdue",)),
        # From 1 Sep nine a year of each: the first by active day 41, 11 Oct. Lead 27 Sep, overdue Monday
        # 12 Oct, repeat Monday 19 Oct: all of it slept through. One message catches up, the first of them.
        ("2026-10-20T09:00", LATE),
        ("2026-10-27T08:00", BOTH),
        # In primary care the hour is weekly: v 45 is asked about on Thursday and missed on Monday. Nine
        # assessments hold there too, and all its repeats are said.
        ("2026-11-03T08:00", ("assessment repeat",)),
        ("2026-11-05T12:15", ("supervision soon",)),
        ("2026-11-09T08:00", ("supervision overdue",)),
        ("2026-11-10T08:00", ("assessment repeat",)),
        ("2026-11-12T12:15", ("supervision soon",)),
    ]


def test_each_supervisor_is_told_of_their_time_alone(year: World) -> None:
    assert _told(year, "eva") == [
        ("2026-02-23T08:00", ("supervision overdue",)),
        # To hand over on the day of the change, 13 Apr. Said to be done on the 29th.
        ("2026-04-14T08:00", ("handover overdue",)),
        ("2026-04-21T08:00", ("handover repeat",)),
        ("2026-04-28T08:00", ("handover repeat",)),
    ]
    assert _told(year, "lars") == [
        ("2026-05-25T08:00", ("supervision overdue",)),
        ("2026-08-31T08:00", ("supervision overdue",)),
        ("2026-10-20T09:00", LATE),
        ("2026-10-27T08:00", BOTH),
    ]
    assert _told(year, "olof") == [
        # He takes over six days after the last reminder, and hears it too.
        ("2026-11-02T10:00", ("assessment repeat",)),
        ("2026-11-03T08:00", ("assessment repeat",)),
        ("2026-11-09T08:00", ("supervision overdue",)),
        ("2026-11-10T08:00", ("assessment repeat",)),
    ]


def test_one_digest_catches_up_and_it_is_the_latest(year: World) -> None:
    days = [f"{sent.at:%m-%d %H:%M}" for sent in year.to("siv", "digest")]
    before = days.index("09-21 07:30")
    assert days[before : before + 3] == ["09-21 07:30", "10-20 09:00", "10-26 07:30"]


def test_each_studierektor_sees_her_while_she_is_theirs(year: World) -> None:
    # Overdue since 11 Oct: 28 days later is 8 Nov, so Monday 9 Nov, and by then she is Tage's.
    last = {who: year.to(who, "digest")[-1] for who in ("siv", "tage")}
    assert {f"{sent.at:%m-%d}" for sent in last.values()} == {"11-09"}
    assert "Anna" not in last["siv"].text
    assert "Anna Berg (Granlund): Kompetensbedömning" in last["tage"].text


def test_how_it_stands_after_it_all(year: World) -> None:
    rows = {row.requirement: row for row in year.rows(Standing) if not row.occasion and row.state}
    due = {key: row.due_on.isoformat() for key, row in rows.items() if row.due_on}
    assert due == {
        # The first week that counts under the weekly rule.
        "supervision": "2026-11-06",
        # Nine a year since 1 Sep, as before the move.
        "assessment": "2026-10-11",
        # Seven months from 1 Sep, for those from January were over before anybody asked.
        "iup_approval": "2027-04-01",
        # Twice a year since 1 Sep: day 183 (182.5).
        "iup_revision": "2027-03-02",
        # A third of 12 Jan 2026-11 Jan 2031, 1,826 days: day 609.
        "kollegium": "2027-09-12",
        # Yearly in all three books.
        "development_talk": "2027-01-12",
        "self_study": "2026-12-01",
        # What the move brought, a year from it.
        "annual_followup": "2027-11-02",
        "annual_report": "2027-11-02",
        "supervisor_report": "2027-11-02",
        "scientific_work": "2030-01-11",
        "quality_work": "2030-01-11",
    }
    assert {rows[key].state for key in ("course", "st_meeting", "planning_meeting")} == {"not_applicable"}
    assert year.drift() == []


def test_nobody_ever_gets_two_bundles_in_one_day(year: World) -> None:
    days = [(sent.to, sent.at.date()) for sent in year.sent if sent.kind == "nudge"]
    assert len(days) == len(set(days))
