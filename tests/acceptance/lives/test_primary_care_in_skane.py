"""A year of a resident under `skane-primarvard` (guidelines 002 and 004), from Monday 12 January 2026.

The year: supervision every Wednesday · assessments on the 21st · IUP approved 15 May, revised 1 Jun and
1 Dec · ill 9-22 November (14 days) · the annual follow-up and both reports on 20 January 2027.
"""

from __future__ import annotations

import pytest

from tests.acceptance.lives.life import Lived, live, weekly

ROSTER = """\
email,name,role,unit,rulebook,supervisor,start,end
stina@x.se,Stina Dal,trainee,Torget,skane-primarvard,olof@x.se,2026-01-12,2031-01-11
olof@x.se,Olof Hed,supervisor,Torget,,,,
rut@x.se,Rut Rektor,studierektor,Torget,,,,
"""
HEADLINES = (
    *("supervision", "assessment", "iup_approval", "iup_revision"),
    *("annual_followup", "annual_report", "supervisor_report"),
)
SCRIPT = [
    *weekly("stina", "2026-01-14", "2027-01-27", ["2026-11-11", "2026-11-18", "2027-01-06"]),
    "2027-01-04T11:00 stina handledning idag 1h",
    *(f"2026-{month:02}-21T11:30 stina medsittning idag av dr Lund" for month in range(1, 13) if month != 11),
    "2026-05-15T11:00 stina iup godkänd idag",
    "2026-06-01T11:00 stina iup reviderad idag",
    "2026-11-09T08:30 stina sjuk 9/11-22/11",
    "2026-12-01T11:00 stina iup reviderad idag",
    "2027-01-20T13:00 stina årlig uppföljning idag",
    "2027-01-20T13:05 stina årsrapport idag",
    "2027-01-20T13:10 olof handledarrapport idag",
]


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Lived:
    """A year and three weeks, lived once."""
    return live(tmp_path_factory.mktemp("life"), ROSTER, SCRIPT, "2026-01-12", "2027-01-31")


# Twelve months from 12 Jan 2026, moved by fourteen days of illness: 26 Jan 2027; fourteen days before it is
# Tuesday 12 Jan. What is asked of whom differs, the morning and the one bundle do not.
WARNED = "2027-01-12T08:00"


def test_the_trainee_is_reminded_once_in_a_year_kept_in_step(year: Lived) -> None:
    assert year.nudges("stina", HEADLINES) == [(WARNED, ("annual_followup soon", "annual_report soon"))]


def test_the_supervisor_is_reminded_of_the_follow_up_and_of_the_own_report(year: Lived) -> None:
    assert year.nudges("olof", HEADLINES, "stina") == [
        (WARNED, ("annual_followup soon", "supervisor_report soon"))
    ]


def test_the_annual_report_is_told_in_one_line_with_what_it_counts_for_besides(year: Lived) -> None:
    (told,) = [m["text"] for m in year.of("stina", "reply") if m["at"][:16] == "2027-01-20T13:05"]
    # Two thirds of 1,826 days are day 1,218 (1,217.3), 13 May 2029, moved by the fourteen days of illness.
    own = "Nästa senast tors 20 jan 2028 (v 3)."
    besides = "Specialistkollegium, tre under utbildningen: 1 av 3 hittills."
    assert told.splitlines()[1:] == [f"{own} {besides} Nästa senast sön 27 maj 2029 (v 21)."]


def test_the_studierektor_is_reminded_of_the_follow_up_alone(year: Lived) -> None:
    assert year.nudges("rut", HEADLINES, "stina") == [(WARNED, ("annual_followup soon",))]


def test_the_weeks_of_illness_are_not_missed_weeks(year: Lived) -> None:
    assert not any("v 46" in m["text"] or "v 47" in m["text"] for m in year.of("olof", "nudge"))


def test_what_was_done_counts_a_year_from_the_day_it_was_done(year: Lived) -> None:
    stands = year.standing["stina@x.se"]
    due = {key: stands[key]["due_on"] for key in ("annual_followup", "annual_report", "supervisor_report")}
    assert set(due.values()) == {"2028-01-20"}
    assert stands["iup_approval"]["state"] == "met"


def test_nobody_ever_gets_two_bundles_in_one_day(year: Lived) -> None:
    assert len(year.bundles()) == len(set(year.bundles()))
