"""A session that is taken back when what it had put off was told as late, from Monday 2 February 2026.

At Näset (Örebro's rulebook) each pair meets every 31 days; at Ekbacken (Östergötland's) every week.
"""

from __future__ import annotations

import pytest

from tests.acceptance.lives.life import Lived, live, weekly

ROSTER = """\
email,name,role,unit,rulebook,supervisor,start,end
anna@x.se,Anna Berg,trainee,Näset,orebro-2008,eva@x.se,2026-02-02,2031-02-01
bo@x.se,Bo Dal,trainee,Näset,,eva@x.se,2026-02-02,2031-02-01
cia@x.se,Cia Strand,trainee,Ekbacken,ostergotland-allmanmedicin,eva@x.se,2026-02-02,2031-02-01
eva@x.se,Eva Ek,supervisor,Näset,,,,
"""
SCRIPT = [
    *(f"2026-02-02T09:00 {who} vi ses en gång i månaden" for who in ("anna", "bo")),
    "2026-03-02T10:00 anna handledning idag 1h",
    "2026-03-30T10:00 anna handledning idag 1h",
    "2026-05-06T10:00 anna ta bort handledningen 30/3",
    "2026-03-02T10:00 bo handledning idag 1h",
    "2026-03-20T10:00 bo handledning idag 1h",
    "2026-05-20T10:00 bo ta bort handledningen 20/3",
    *weekly("cia", "2026-02-03", "2026-02-17"),
    "2026-03-17T11:00 cia handledning idag 1h",
    "2026-03-31T09:00 cia ta bort handledningen 17/3",
]


@pytest.fixture(scope="module")
def spring(tmp_path_factory: pytest.TempPathFactory) -> Lived:
    """Up to 30 June, lived once."""
    return live(tmp_path_factory.mktemp("life"), ROSTER, SCRIPT, "2026-02-02", "2026-06-30")


@pytest.mark.parametrize("who", ["anna", "eva"])
def test_what_was_told_once_is_still_repeated_three_times(spring: Lived, who: str) -> None:
    told = spring.nudges(who, ["supervision"], "anna")
    assert [row for row in told if row[0] >= "2026-04-16"] == [
        # 30 Mar + 31 days is 30 April; 1 May is a holiday.
        ("2026-04-16T08:00", ("supervision soon",)),
        ("2026-05-04T08:00", ("supervision overdue",)),
        # Taken back on the 6th it is late since 2 April, and so would the repeats have been over long ago. A
        # week after it was told it goes on.
        *((f"2026-05-{day}T08:00", ("supervision repeat",)) for day in (11, 18, 25)),
    ]


def test_what_was_told_four_times_is_told_no_more(spring: Lived) -> None:
    told = spring.nudges("bo", ["supervision"])
    assert [row for row in told if row[0] >= "2026-04-01"] == [
        # 20 Mar + 31 days is 20 April; fourteen days before is Easter Monday.
        ("2026-04-07T08:00", ("supervision soon",)),
        ("2026-04-21T08:00", ("supervision overdue",)),
        *((f"2026-{day}T08:00", ("supervision repeat",)) for day in ("04-28", "05-05", "05-12")),
    ]


def test_missed_weeks_go_on_by_their_mondays(spring: Lived) -> None:
    told = spring.nudges("eva", ["supervision"], "cia")
    # v 9 is missed, told on Monday 2 March and twice more; v 12 is served, v 13 missed. Without v 12 it is
    # v 9 that is missed, and told four times by the 31st.
    assert told == [
        ("2026-03-02T08:00", ("supervision overdue",)),
        ("2026-03-09T08:00", ("supervision repeat",)),
        ("2026-03-16T08:00", ("supervision repeat",)),
        ("2026-03-30T08:00", ("supervision overdue",)),
    ]
