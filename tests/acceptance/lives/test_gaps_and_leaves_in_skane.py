"""Nine a year and three in all, moved by leave (002): from Monday 12 January 2026 at a hospital in Skåne.

Bo and Cia meet Eva every fourth week up to 22 June; in July Cia is on vacation for four weeks. Dan, whose
training runs from 2024 to January 2027, falls ill on the first day and is back on Monday 2 March.
"""

from __future__ import annotations

import pytest

from tests.acceptance.lives.life import Lived, live

ROSTER = """\
email,name,role,unit,rulebook,supervisor,start,end
bo@x.se,Bo Dal,trainee,Kirurgen,skane-sjukhus,eva@x.se,2026-01-12,2031-01-11
cia@x.se,Cia Strand,trainee,Kirurgen,,eva@x.se,2026-01-12,2031-01-11
dan@x.se,Dan Ohlin,trainee,Kirurgen,,eva@x.se,2024-01-15,2027-01-14
eva@x.se,Eva Ek,supervisor,Kirurgen,,,,
"""
MET = ("02-02", "03-02", "03-30", "04-27", "05-25", "06-22")
SCRIPT = [
    *(f"2026-{day}T11:00 {who} handledning idag 1h" for day in MET for who in ("bo", "cia")),
    "2026-06-23T10:00 cia semester 6/7-2/8",
    "2026-01-12T07:00 dan sjuk från 12/1 tills vidare",
    "2026-03-02T07:00 dan åter 2/3",
]


@pytest.fixture(scope="module")
def months(tmp_path_factory: pytest.TempPathFactory) -> Lived:
    """Up to 23 September, lived once."""
    return live(tmp_path_factory.mktemp("life"), ROSTER, SCRIPT, "2026-01-12", "2026-09-23")


def test_two_months_without_a_session_are_too_long(months: Lived) -> None:
    # 22 Jun + 2 months is 22 Aug; too long from Sunday the 23rd. Fourteen days before is a Sunday too.
    for who in ("bo", "eva"):
        assert months.nudges(who, ["supervision"], "bo") == [
            ("2026-08-10T08:00", ("supervision soon",)),
            ("2026-08-24T08:00", ("supervision overdue",)),
            *((f"2026-{day}T08:00", ("supervision repeat",)) for day in ("08-31", "09-07", "09-14")),
        ]


def test_a_vacation_moves_them_by_its_days(months: Lived) -> None:
    # 28 days: too long from Sunday 20 Sep.
    assert months.nudges("cia", ["supervision"]) == [
        ("2026-09-07T08:00", ("supervision soon",)),
        ("2026-09-21T08:00", ("supervision overdue",)),
    ]
    assert months.standing["cia@x.se"]["scientific_work"]["due_on"] == "2030-01-11"


def test_an_illness_moves_the_thirds_of_the_training(months: Lived) -> None:
    # Two thirds of 1,096 days in service are 731: 14 Jan 2026, and 49 days later 4 March.
    assert months.nudges("dan", ["kollegium"]) == [
        # Fourteen days before is 18 February, in an illness without an end: said on the first morning back.
        ("2026-03-02T08:00", ("kollegium soon",)),
        ("2026-03-05T08:00", ("kollegium overdue",)),
        *((f"2026-03-{day}T08:00", ("kollegium repeat",)) for day in (12, 19, 26)),
    ]
    assert months.standing["dan@x.se"]["kollegium"]["due_on"] == "2026-03-04"
