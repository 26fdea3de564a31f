"""2026 of a resident under `ostergotland-allmanmedicin` (guideline 003), who starts on Monday 12 January.

The year: v 6 is missed · a log is undone in v 8 · a booking answers for v 9 · parental leave 2 Mar-3 May
(63 days) · vacation 6 Jul-2 Aug (28 days) · a placement 31 Aug-25 Oct with Lars as its supervisor, where
v 39 is missed · assessments 10 Jun, 21 Sep, 9 Dec · IUP revised 30 Sep.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.acceptance.lives.life import Lived, live, weekly

ROSTER = """\
email,name,role,unit,rulebook,supervisor,start,end
anna@x.se,Anna Berg,trainee,Ekbacken,ostergotland-allmanmedicin,eva@x.se,2026-01-12,2031-01-11
eva@x.se,Eva Ek,supervisor,Ekbacken,,,,
siv@x.se,Siv Rektorsson,studierektor,Ekbacken,,,,
cia@x.se,Cia Strand,trainee,Granlund,ostergotland-allmanmedicin,lars@x.se,2026-01-12,2031-01-11
lars@x.se,Lars Lind,supervisor,Granlund,,,,
tage@x.se,Tage Studberg,studierektor,Granlund,,,,
"""
HEADLINES = ("supervision", "assessment", "kollegium", "iup_revision")
AWAY = ["2026-02-04", "2026-02-18", "2026-02-25", "2026-09-23"]
SCRIPT = [
    *weekly("anna", "2026-01-14", "2026-02-25", AWAY),
    "2026-02-09T13:00 anna handledning idag 1h",
    "2026-02-18T11:00 anna handledning idag 1h",
    "2026-02-18T11:05 anna [Ångra]",
    "2026-02-19T15:00 anna handledning idag 1h",
    "2026-02-23T09:00 anna boka handledning på fredag 13-14",
    "2026-02-25T09:00 anna föräldraledig 2/3-3/5",
    "2026-02-27T14:10 anna handledning idag 1h",
    *weekly("anna", "2026-05-06", "2026-07-01"),
    "2026-06-10T15:00 anna mini-cex idag av dr Lund",
    "2026-06-15T09:00 anna sidotjänstgöring psykiatri 31/8-25/10 handledare Lars Lind",
    "2026-06-24T09:00 anna semester 6/7-2/8",
    *weekly("anna", "2026-08-05", "2026-12-30", AWAY),
    "2026-09-21T15:00 anna cbd idag av dr Lund",
    "2026-09-30T15:00 anna iup reviderad idag",
    "2026-12-09T15:00 anna medsittning idag av dr Lund",
]


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Lived:
    """The whole year, lived once."""
    folder: Path = tmp_path_factory.mktemp("life")
    return live(folder, ROSTER, SCRIPT, "2026-01-12", "2026-12-31")


def _month(said: list[tuple[str, tuple[str, ...]]], month: int) -> list[tuple[str, tuple[str, ...]]]:
    return [row for row in said if int(row[0][5:7]) == month]


MONTHS = {
    # Sessions every Wednesday: nothing to say.
    1: [],
    # v 6 (2-8 Feb) has neither log nor booking: asked on its Thursday, told on the next Monday. v 8's log
    # was undone on Wednesday, so that Thursday asks. v 9 has a booking on the Friday: no question.
    2: [
        ("2026-02-05T12:15", ("supervision soon",)),
        ("2026-02-09T08:00", ("supervision overdue",)),
        ("2026-02-19T12:15", ("supervision soon",)),
    ],
    # On leave 2 Mar-3 May: nobody is nudged about her.
    3: [],
    4: [],
    5: [],
    # 4 a year: the first is asked for on active day 92 (365/4 = 91.25). 12 Jan-1 Mar are 49 days; day 50 is
    # 4 May, so day 92 is 15 June. Fourteen days before it is Monday 1 June.
    6: [("2026-06-01T08:00", ("assessment soon",))],
    7: [],
    8: [],
    # v 39 (21-27 Sep) is missed. IUP every 6 months: 12 Jul + 63 + 28 days of absence = 11 Oct; fourteen
    # days before it is Sunday 27 Sep, so Monday the 28th: it joins that day's one bundle.
    9: [
        ("2026-09-24T12:15", ("supervision soon",)),
        ("2026-09-28T08:00", ("iup_revision soon", "supervision overdue")),
    ],
    10: [],
    11: [],
    # After 21 Sep the longest gap ends 21 Dec + 14 days = 4 Jan: due 5 Jan, lead 22 Dec; but 9 Dec was done.
    12: [],
}


@pytest.mark.parametrize("month", MONTHS)
def test_each_month_she_is_reminded_of_just_this(year: Lived, month: int) -> None:
    assert _month(year.nudges("anna", HEADLINES), month) == MONTHS[month]


def test_the_main_supervisor_gets_the_same_but_never_the_thursday_question(year: Lived) -> None:
    assert year.nudges("eva", HEADLINES, "anna") == [
        ("2026-02-09T08:00", ("supervision overdue",)),
        ("2026-06-01T08:00", ("assessment soon",)),
    ]


def test_during_the_placement_its_supervisor_is_reminded_in_her_place(year: Lived) -> None:
    assert year.nudges("lars", HEADLINES, "anna") == [
        ("2026-09-28T08:00", ("iup_revision soon", "supervision overdue")),
    ]


def test_the_placements_logs_are_confirmed_by_its_supervisor(year: Lived) -> None:
    days = [m["at"][:10] for m in year.of("lars", "confirm")]
    # Wednesdays 2 Sep-21 Oct but 23 Sep: seven; the CBD of 21 Sep and the IUP of 30 Sep.
    assert len(days) == 9
    assert all("2026-08-31" <= day <= "2026-10-25" for day in days)
    assert not any("2026-08-31" <= m["at"][:10] <= "2026-10-25" for m in year.of("eva", "confirm"))


def test_she_ends_the_year_in_step(year: Lived) -> None:
    stands = year.standing["anna@x.se"]
    # v 53's session was held on 30 Dec. The next week with three working days is v 1, which ends on 8 Jan.
    assert (stands["supervision"]["state"], stands["supervision"]["due_on"]) == ("ok", "2027-01-08")
    # Three of four done. The fourth is asked for on day 365, 12 Apr; the gap after 9 Dec ends 23 Mar.
    assert (stands["assessment"]["done"], stands["assessment"]["due_on"]) == (3, "2027-03-24")
    # A year from 12 Jan 2026, moved by 63 + 28 days of absence.
    assert stands["kollegium"]["due_on"] == "2027-04-13"
    assert (stands["iup_revision"]["last_on"], stands["iup_revision"]["due_on"]) == (
        "2026-09-30",
        "2027-03-30",
    )


def test_nobody_ever_gets_two_bundles_in_one_day(year: Lived) -> None:
    assert year.bundles()
    assert len(year.bundles()) == len(set(year.bundles()))


def test_the_digests_keep_to_their_own_units(year: Lived) -> None:
    assert len(year.of("siv", "digest")) == 51  # every Monday 12 Jan-28 Dec
    assert not any("Cia" in m["text"] for m in year.of("siv", "digest"))
    assert not any("Anna" in m["text"] for m in year.of("tage", "digest"))


def test_the_neighbour_who_never_logs_is_named_after_three_missed_weeks(year: Lived) -> None:
    # Cia misses v 3, 4 and 5: named on Monday 2 Feb and not on 26 Jan.
    digests = {m["at"][:10]: "Cia Strand" in m["text"] for m in year.of("tage", "digest")}
    assert (digests["2026-01-26"], digests["2026-02-02"]) == (False, True)


def test_undo_was_answered_and_the_leave_was_receipted(year: Lived) -> None:
    replies = {m["at"][:16]: m["text"] for m in year.of("anna", "reply")}
    assert replies["2026-02-18T11:05"].startswith("Ångrat")
    assert "föräldraledighet" in replies["2026-02-25T09:00"]
    assert "handledare Lars Lind" in replies["2026-06-15T09:00"]
