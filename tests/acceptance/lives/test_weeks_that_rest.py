"""The weekly hour over a year of holidays and part weeks (003, Handledning), from Monday 16 March 2026.

Anna meets Eva every Tuesday, but not in the weeks looked at here. A week counts with at least three working
days that are hers: neither public holiday (Midsommarafton, Julafton and Nyårsafton are days off too) nor
absence. Bo has another rhythm of absences, and Eva supervises both.
"""

from __future__ import annotations

import pytest

from tests.acceptance.lives.life import Lived, Said, live, weekly

ROSTER = """\
email,name,role,unit,rulebook,supervisor,start,end
anna@x.se,Anna Berg,trainee,Ekbacken,ostergotland-allmanmedicin,eva@x.se,2026-03-16,2031-03-15
bo@x.se,Bo Dal,trainee,Ekbacken,,eva@x.se,2026-03-16,2031-03-15
cia@x.se,Cia Strand,trainee,Ekbacken,,lars@x.se,2026-03-16,2031-03-15
eva@x.se,Eva Ek,supervisor,Ekbacken,,,,
lars@x.se,Lars Lind,supervisor,Ekbacken,,,,
"""
ANNA_AWAY = [
    *("2026-03-31", "2026-05-12", "2026-06-16", "2026-09-08", "2026-09-15"),
    *("2026-12-22", "2026-12-29", "2027-01-05"),
]
BO_AWAY = ["2026-04-15", "2026-04-22", "2026-05-06", "2026-07-08", "2026-07-15", "2026-07-22", "2026-12-23"]
SCRIPT = [
    *weekly("anna", "2026-03-17", "2027-01-12", ANNA_AWAY),
    "2026-09-07T09:00 anna vab 10/9-11/9",
    "2026-09-13T18:00 anna sjuk 14/9-16/9",
    *weekly("bo", "2026-03-18", "2027-01-13", [*BO_AWAY, "2027-01-06"]),
    "2026-04-13T07:00 bo vab 13/4-15/4",
    "2026-04-20T07:00 bo vab 20/4-21/4",
    "2026-05-04T09:00 bo tjänstledig 7/5-8/5",
    "2026-07-01T12:00 bo semester 6/7-26/7",
    "2027-01-04T11:00 bo handledning idag 1h",
    *weekly("cia", "2026-03-17", "2027-01-12", ["2026-04-28", "2026-05-05", "2026-05-12"]),
    "2026-05-04T12:00 cia vab 5/5-6/5",
]


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Lived:
    """Ten months, lived once."""
    return live(tmp_path_factory.mktemp("life"), ROSTER, SCRIPT, "2026-03-16", "2027-01-15")


ANNA: list[Said] = [
    # v 14: Good Friday leaves four days; it counts. Its Thursday, the last of them, is the eve of a holiday:
    # nobody is nudged. The next speaking morning, Tuesday 7 Apr after Easter Monday, is when it is missed.
    ("2026-04-07T08:00", ("supervision overdue",)),
    # v 20: Kristi himmelsfärdsdag is the Thursday; the Wednesday is its eve. Asked on Friday.
    ("2026-05-15T08:00", ("supervision soon",)),
    ("2026-05-18T08:00", ("supervision overdue",)),
    # v 25: Midsommarafton is Friday 19 June; four days count. Asked on Thursday, missed by Monday.
    ("2026-06-18T12:15", ("supervision soon",)),
    ("2026-06-22T08:00", ("supervision overdue",)),
    # v 37: away on Thursday and Friday: three days are hers, and they count. Not asked while she is away.
    # v 38: ill Monday to Wednesday: two days. It does not count: v 37 is said to be missed on her return,
    # and that Thursday she is not asked about a week that does not count.
    ("2026-09-17T08:00", ("supervision overdue",)),
    # v 39 is served on Tuesday. v 52: Julafton and Christmas Day leave three days; it counts. Its Thursday is
    # a day off, and the next speaking morning is another week's: not asked. So it is in v 53.
    # v 53: Nyårsafton and New Year's Day leave three; v 1: Trettondagen leaves four.
    ("2026-12-28T08:00", ("supervision overdue",)),
    ("2027-01-04T08:00", ("supervision repeat",)),
    ("2027-01-07T12:15", ("supervision soon",)),
    ("2027-01-11T08:00", ("supervision repeat",)),
]


def test_what_anna_is_told_of_her_weeks(year: Lived) -> None:
    assert year.nudges("anna", ["supervision"]) == ANNA


def test_what_eva_is_told_of_annas_weeks(year: Lived) -> None:
    # Never the Thursday's question.
    assert year.nudges("eva", ["supervision"], "anna") == [row for row in ANNA if "soon" not in row[1][0]]


def test_what_bo_is_told_of_his(year: Lived) -> None:
    assert year.nudges("bo", ["supervision"]) == [
        # v 16: child care Monday to Wednesday: two days, excused. v 17: two days away, three his own: it
        # counts. The bundle of Thursday 23 Apr has the ST-möte: asked on Friday, missed on Monday.
        ("2026-04-24T08:00", ("supervision soon",)),
        ("2026-04-27T08:00", ("supervision overdue",)),
        # v 19: Monday to Wednesday are his: it counts. On Thursday he is away; missed on Monday 11 May.
        ("2026-05-11T08:00", ("supervision overdue",)),
        # v 28-30: vacation, excused. v 52 counts with its three days; no day of it is left to ask on.
        ("2026-12-28T08:00", ("supervision overdue",)),
        # v 53 and v 1 are served, on 30 Dec and 4 Jan.
    ]


def test_a_missed_week_and_the_one_that_runs_are_both_told_on_one_morning(year: Lived) -> None:
    # v 18 has no Friday and no Thursday on which to ask. Two days of child care move the repeat of Monday 11
    # May to Wednesday the 13th, the eve of Kristi himmelsfärdsdag: with the question of v 20 on Friday.
    missed = [("2026-05-04T08:00", ("supervision overdue",)), ("2026-05-15T08:00", ("supervision repeat",))]
    assert year.nudges("lars", ["supervision"], "cia") == missed
    assert year.nudges("cia", ["supervision"]) == [
        missed[0],
        ("2026-05-07T12:15", ("supervision soon",)),
        ("2026-05-15T08:00", ("supervision repeat", "supervision soon")),
    ]


def test_the_weeks_that_rest_are_not_missed(year: Lived) -> None:
    told = [m["text"] for m in year.of("eva", "nudge") if m["at"][:10] == "2026-12-28"]
    # Both halves missed one week, in one bundle.
    assert told[0].count("ingen handledning i v 52") == 2
    # Anna's last unserved weeks are v 52, 53 and 1: three in a row on Monday 11 Jan.
    (last,) = [m["text"] for m in year.of("eva", "nudge") if m["at"][:10] == "2027-01-11"]
    assert "Anna Berg: ingen handledning på 3 veckor (sedan v 52)" in last


def test_nobody_is_written_to_on_days_off_on_eves_or_outside_office_hours(year: Lived) -> None:
    moments = {m["at"][:16] for m in year.messages if m["kind"] == "nudge"}
    off = ("2026-04-02", "2026-04-03", "2026-04-06", "2026-05-13", "2026-05-14", "2026-06-19", "2026-12-24")
    assert not {at[:10] for at in moments} & {*off, "2026-12-25", "2026-12-31", "2027-01-01", "2027-01-05"}
    assert all("08:00" <= at[11:] <= "17:00" for at in moments)


def test_nobody_ever_gets_two_bundles_in_one_day(year: Lived) -> None:
    assert len(year.bundles()) == len(set(year.bundles()))
