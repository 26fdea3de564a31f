"""2026 under `orebro-2008` (guideline 000): Oda, new, and Ove, whose training ends this year.

Oda meets Elsa every sixth week as agreed, is at kirurgi 1 Sep-30 Nov with Lars, where she is assessed on
20 November; the check against the plan is done on 30 November, the evaluation handed in on 28 December, and
the development talk is never held. Ove is on parental leave 2-29 March (28 days).
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.acceptance.lives.life import Lived, live

ROSTER = """\
email,name,role,unit,rulebook,supervisor,start,end
oda@x.se,Oda Ek,trainee,Kliniken,orebro-2008,elsa@x.se,2026-01-12,2031-01-11
ove@x.se,Ove Alm,trainee,Kliniken,,nils@x.se,2022-01-10,2026-10-31
elsa@x.se,Elsa Hed,supervisor,Kliniken,,,,
nils@x.se,Nils Ny,supervisor,Kliniken,,,,
lars@x.se,Lars Lind,supervisor,Granlund,,,,
tora@x.se,Tora Rektor,studierektor,Kliniken,,,,
hans@x.se,Hans Chef,head,Kliniken,,,,
"""
LATER = [date(2026, 3, 10) + timedelta(weeks=4 * n) for n in range(12)]
"""Every fourth Tuesday from 10 March to 12 January, at seven."""
SCRIPT = [
    "2026-01-13T10:00 elsa vi ses var sjätte vecka",
    "2026-02-11T10:00 oda handledning idag 1h",
    *(f"{day}T07:00 oda handledning idag 1h" for day in LATER),
    "2026-02-20T10:00 ove föräldraledig 2/3-29/3",
    "2026-06-15T10:00 oda sidotjänstgöring kirurgi 1/9-30/11 handledare Lars Lind",
    "2026-11-20T10:00 oda mini-cex idag av Lars Lind",
    "2026-11-30T10:00 oda iup reviderad idag",
    "2026-11-04T10:00 nils handledarutlåtande idag",
    "2026-12-28T10:00 oda utvärdering idag",
]


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Lived:
    """A year and seven weeks, lived once."""
    return live(tmp_path_factory.mktemp("life"), ROSTER, SCRIPT, "2026-01-12", "2027-02-28")


def test_the_new_one_is_reminded_of_what_nobody_has_done(year: Lived) -> None:
    assert year.all_nudges("oda") == [
        # Six weeks from 12 Jan: 23 Feb; fourteen days before is Monday 9 Feb. After the 11th it is 25 Mar,
        # and from 10 Mar on they meet every fourth week, early in the morning of each lead.
        ("2026-02-09T08:00", ("supervision soon",)),
        # At the end of the placement, 30 Nov: fourteen days before is Monday 16 Nov. Assessed on the 20th.
        ("2026-11-16T08:00", ("placement_assessment soon",)),
        # A year from 12 Jan: the talk and the feedback to the unit; the plan was checked on 30 Nov.
        ("2026-12-29T08:00", ("development_talk soon",)),
        ("2027-01-13T08:00", ("development_talk overdue",)),
        ("2027-01-20T08:00", ("development_talk repeat",)),
        ("2027-01-27T08:00", ("development_talk repeat",)),
        ("2027-02-03T08:00", ("development_talk repeat",)),
        # Six weeks after 12 Jan: 23 Feb; lead Tuesday 9 Feb.
        ("2027-02-09T08:00", ("supervision soon",)),
        ("2027-02-24T08:00", ("supervision overdue",)),
    ]


def test_each_of_the_others_is_reminded_of_their_part(year: Lived) -> None:
    assert year.all_nudges("lars") == [("2026-11-16T08:00", ("placement_assessment soon",))]
    assert [row for row in year.all_nudges("elsa") if row[0] < "2027"] == [
        ("2026-02-09T08:00", ("supervision soon",)),
    ]
    talk = ["2026-12-29", "2027-01-13", "2027-01-20", "2027-01-27", "2027-02-03"]
    assert [row[0][:10] for row in year.all_nudges("hans")] == talk
    assert {row[1][0].split()[0] for row in year.all_nudges("hans")} == {"development_talk"}


def test_the_statement_before_the_application_is_the_supervisors_alone(year: Lived) -> None:
    # The end, 31 Oct, is moved by 28 days of leave to 28 Nov; two months before is 28 Sep.
    assert year.all_nudges("nils") == [
        ("2026-09-14T08:00", ("specialist_statement soon",)),
        ("2026-09-29T08:00", ("specialist_statement overdue",)),
        ("2026-10-06T08:00", ("specialist_statement repeat",)),
        ("2026-10-13T08:00", ("specialist_statement repeat",)),
        ("2026-10-20T08:00", ("specialist_statement repeat",)),
    ]
    # What is yearly would come a year after he was first watched, when his training is over.
    assert year.all_nudges("ove") == []


def test_what_has_waited_for_28_days_is_told_by_name(year: Lived) -> None:
    told = {
        m["at"][:10]: [(i["trainee"], i["requirement"]) for i in m["items"]]
        for m in year.of("tora", "digest")
    }
    # 29 Sep + 28 days = Tuesday 27 Oct, so 2 Nov; written on the 4th. 13 Jan + 28 days = 10 Feb, so the 15th.
    assert {day: items for day, items in told.items() if items} == {
        "2026-11-02": [("ove@x.se", "specialist_statement")],
        "2027-02-15": [("oda@x.se", "development_talk")],
        "2027-02-22": [("oda@x.se", "development_talk")],
    }


def test_how_it_stands_in_the_end(year: Lived) -> None:
    stands = {key: (told["state"], told["due_on"]) for key, told in year.standing["oda@x.se"].items()}
    assert stands == {
        "supervision": ("overdue", "2027-02-23"),
        "plan_check": ("ok", "2027-11-30"),
        "development_talk": ("overdue", "2027-01-12"),
        "unit_feedback": ("ok", "2027-12-28"),
        "placement_assessment": ("met", None),
        "placement_assessment/p1": ("met", None),
        # Two months before 11 Jan 2031.
        "specialist_statement": ("ok", "2030-11-11"),
    }
    assert {told["state"] for told in year.standing["ove@x.se"].values()} == {"not_applicable"}


def test_nobody_ever_gets_two_bundles_in_one_day(year: Lived) -> None:
    assert len(year.bundles()) == len(set(year.bundles()))
