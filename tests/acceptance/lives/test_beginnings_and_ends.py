"""Going live on Thursday 17 September 2026 at a unit in Östergötland, in the middle of three trainings.

Gun is in her third year and meets Eva every Thursday from October. Tor's training ends on Saturday 31
October, and he never writes. Ida falls ill on 1 October for an unknown time and is back on Monday 16 November
(46 days).
"""

from __future__ import annotations

import pytest

from tests.acceptance.lives.life import Lived, live, weekly

ROSTER = """\
email,name,role,unit,rulebook,supervisor,start,end
gun@x.se,Gun Berg,trainee,Ekbacken,ostergotland-allmanmedicin,eva@x.se,2024-01-15,2029-01-14
tor@x.se,Tor Dal,trainee,Ekbacken,,eva@x.se,2021-11-01,2026-10-31
ida@x.se,Ida Frid,trainee,Ekbacken,,lars@x.se,2024-01-15,2029-01-14
eva@x.se,Eva Ek,supervisor,Ekbacken,,,,
lars@x.se,Lars Lind,supervisor,Ekbacken,,,,
siv@x.se,Siv Rektorsson,studierektor,Ekbacken,,,,
"""
SCRIPT = [
    *weekly("gun", "2026-10-01", "2026-12-31", ["2026-12-24", "2026-12-31"]),
    "2026-12-22T11:00 gun handledning idag 1h",
    "2026-12-29T11:00 gun handledning idag 1h",
    *weekly("ida", "2026-09-23", "2026-09-30"),
    "2026-10-01T07:00 ida sjuk från 1/10 tills vidare",
    "2026-11-16T07:30 ida åter 16/11",
    *weekly("ida", "2026-11-18", "2026-12-30", ["2026-12-23"]),
    "2026-12-21T11:00 ida handledning idag 1h",
]


@pytest.fixture(scope="module")
def autumn(tmp_path_factory: pytest.TempPathFactory) -> Lived:
    """Up to the end of the year, lived once."""
    return live(tmp_path_factory.mktemp("life"), ROSTER, SCRIPT, "2026-09-17", "2026-12-31")


def test_nobody_is_greeted_by_what_is_overdue(autumn: Lived) -> None:
    early = [m for m in autumn.messages if m["kind"] == "nudge" and m["at"][:10] < "2026-09-28"]
    # v 38 has two working days left and is excused. v 39 is the first that counts, and asked about.
    assert [(m["to"], m["at"][:16], m["about"], m["step"]) for m in early] == [
        ("gun@x.se", "2026-09-24T12:15", ["supervision"], "soon"),
        ("tor@x.se", "2026-09-24T12:15", ["supervision"], "soon"),
    ]


def test_every_clock_starts_on_the_day_of_going_live(autumn: Lived) -> None:
    assert autumn.all_nudges("gun") == [
        ("2026-09-24T12:15", ("supervision soon",)),
        ("2026-09-28T08:00", ("supervision overdue",)),
        # Of September less than half is left, 14 of 30 days: the first ST-möte is October's. Its lead is
        # Saturday 24 Oct.
        ("2026-10-26T08:00", ("st_meeting soon",)),
        ("2026-11-02T08:00", ("st_meeting overdue",)),
        ("2026-11-09T08:00", ("st_meeting repeat",)),
        ("2026-11-16T08:00", ("st_meeting repeat",)),
        # November's is asked for too: its lead is Monday 23 Nov. December's, 20 Dec, has its on the 14th.
        ("2026-11-23T08:00", ("st_meeting repeat", "st_meeting soon")),
        # Active day 92 is 17 Dec, and so are three months from 17 Sep. The lead is Thursday 3 Dec.
        ("2026-12-03T08:00", ("assessment soon", "planning_meeting soon")),
        # The autumn term ends on Sunday 20 Dec: more than half of it was left. Lead 13 Dec, a Sunday.
        ("2026-12-14T08:00", ("course soon", "st_meeting soon")),
        # A rate is short on its day itself, 17 Dec; the meeting is late the day after.
        ("2026-12-17T08:00", ("assessment overdue",)),
        ("2026-12-18T08:00", ("planning_meeting overdue",)),
        ("2026-12-21T08:00", ("course overdue",)),
        # Julafton is off: the repeat of the 24th waits for Monday the 28th, and joins what is said then.
        ("2026-12-28T08:00", ("assessment repeat", "course repeat", "planning_meeting repeat")),
    ]


def test_a_missed_month_and_the_next_are_told_apart(autumn: Lived) -> None:
    (bundle,) = [m for m in autumn.of("gun", "nudge") if m["at"][:10] == "2026-11-23"]
    meetings = [line for line in bundle["text"].splitlines() if "ST-möte" in line]
    assert ["skulle ha varit klart lör 31 okt" in line for line in meetings] == [True, False]
    assert ["senast mån 30 nov" in line for line in meetings] == [False, True]


def test_a_training_that_ends_soon_is_asked_for_its_works_by_the_end(autumn: Lived) -> None:
    assert autumn.all_nudges("tor") == [
        ("2026-09-24T12:15", ("supervision soon",)),
        ("2026-09-28T08:00", ("supervision overdue",)),
        ("2026-10-01T12:15", ("supervision soon",)),
        ("2026-10-05T08:00", ("supervision repeat",)),
        ("2026-10-08T12:15", ("supervision soon",)),
        ("2026-10-12T08:00", ("supervision repeat",)),
        ("2026-10-15T12:15", ("supervision soon",)),
        # Both works by 31 Oct: fourteen days before is a Saturday.
        ("2026-10-19T08:00", ("quality_work soon", "scientific_work soon", "supervision repeat")),
        # Every week with neither log nor booking is asked about on its Thursday, after the repeats too.
        ("2026-10-22T12:15", ("supervision soon",)),
        ("2026-10-26T08:00", ("st_meeting soon",)),
        ("2026-10-29T12:15", ("supervision soon",)),
    ]


def test_after_the_end_there_is_silence(autumn: Lived) -> None:
    assert {told["state"] for told in autumn.standing["tor@x.se"].values()} == {"not_applicable"}
    assert not [row for row in autumn.all_nudges("eva", "tor") if row[0] > "2026-10-31"]
    named = [m["at"][:10] for m in autumn.of("siv", "digest") if "Tor Dal" in m["text"]]
    # v 39, 40 and 41 are missed: from Monday 12 Oct on.
    assert named == ["2026-10-12", "2026-10-19", "2026-10-26"]


def test_an_illness_without_an_end_pauses_and_its_end_moves_every_date(autumn: Lived) -> None:
    away = [m for m in autumn.messages if m["kind"] == "nudge" and "ida@x.se" in m["trainees"]]
    assert not [m for m in away if "2026-10-01" <= m["at"][:10] <= "2026-11-15"]
    stands = autumn.standing["ida@x.se"]
    due = {key: stands[key]["due_on"] for key in ("assessment", "planning_meeting", "iup_revision", "course")}
    assert due == {
        # Active day 92 was 17 Dec, and so were three months: 46 days later is 1 Feb.
        "assessment": "2027-02-01",
        "planning_meeting": "2027-02-01",
        # 17 Mar + 46 days.
        "iup_revision": "2027-05-02",
        # Of the autumn's 128 days 14 + 35 are hers, less than half: the spring's is the first.
        "course": "2027-06-15",
    }
    # The end, 14 Jan 2029, moves by 46 days to 1 Mar; a year before that.
    assert stands["scientific_work"]["due_on"] == "2028-03-01"
    assert autumn.nudges("ida", ["supervision"]) == []


def test_nobody_ever_gets_two_bundles_in_one_day(autumn: Lived) -> None:
    assert len(autumn.bundles()) == len(set(autumn.bundles()))
