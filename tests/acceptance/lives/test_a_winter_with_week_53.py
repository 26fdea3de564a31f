"""From Monday 2 November 2026 over v 53 to 28 February 2027, in primary care in Skåne (002) and in Örebro.

At Granlund Adam is on parental leave from 21 December to 31 January, 42 days, Beda on vacation in v 52-53,
and Dora at home with a child on two days of v 46. Cleo meets nobody from 17 December to 11 January. Egon at
Näset meets his every 31 days.
"""

from __future__ import annotations

import pytest

from tests.acceptance.lives.life import Lived, Said, live, weekly

ROSTER = """\
email,name,role,unit,rulebook,supervisor,start,end
adam@x.se,Adam Berg,trainee,Granlund,skane-primarvard,eva@x.se,2026-11-02,2031-11-01
beda@x.se,Beda Dal,trainee,Granlund,,eva@x.se,2026-11-02,2031-11-01
cleo@x.se,Cleo Strand,trainee,Granlund,,lars@x.se,2026-11-02,2031-11-01
dora@x.se,Dora Ohlin,trainee,Granlund,,lars@x.se,2026-11-02,2031-11-01
egon@x.se,Egon Malm,trainee,Näset,orebro-2008,maja@x.se,2026-11-02,2031-11-01
eva@x.se,Eva Ek,supervisor,Granlund,,,,
lars@x.se,Lars Lind,supervisor,Granlund,,,,
maja@x.se,Maja Ny,supervisor,Näset,,,,
siv@x.se,Siv Rektorsson,studierektor,Granlund,,,,
"""
SCRIPT = [
    *weekly("adam", "2026-11-03", "2026-12-15"),
    *weekly("adam", "2027-02-02", "2027-02-23", ["2027-02-16"]),
    "2026-12-18T12:00 adam föräldraledig 21/12-31/1",
    *weekly("beda", "2026-11-04", "2026-12-16"),
    "2026-12-18T12:00 beda semester v 52-53",
    "2027-01-07T11:00 beda handledning idag 1h",
    *weekly("beda", "2027-01-13", "2027-02-24"),
    *weekly("cleo", "2026-11-04", "2026-12-16"),
    *weekly("cleo", "2027-01-12", "2027-02-23"),
    *weekly("dora", "2026-11-03", "2027-02-23", ["2026-11-10"]),
    "2026-11-11T16:00 dora vab 12/11-13/11",
    "2026-11-02T09:00 egon vi ses en gång i månaden",
    "2026-12-04T10:00 egon handledning idag 1h",
]
CLEO: list[Said] = [
    # v 52 and v 53 have three working days each, and no speaking day from their Thursday on.
    ("2026-12-28T08:00", ("supervision overdue",)),
    ("2027-01-04T08:00", ("supervision repeat",)),
    # v 1: Trettondagen is the Wednesday.
    ("2027-01-07T12:15", ("supervision soon",)),
    ("2027-01-11T08:00", ("supervision repeat",)),
]
EGON: list[Said] = [
    # 2 Nov + 31 days is Thursday 3 December; on the 4th they have met two hours after they were told.
    ("2026-11-19T08:00", ("supervision soon",)),
    ("2026-12-04T08:00", ("supervision overdue",)),
    # 4 Dec + 31 days is Monday 4 January; the 5th is an eve, the 6th Trettondagen.
    ("2026-12-21T08:00", ("supervision soon",)),
    ("2027-01-07T08:00", ("supervision overdue",)),
    *((f"2027-01-{day}T08:00", ("supervision repeat",)) for day in (14, 21, 28)),
]
TOLD: list[tuple[str, str, str, list[Said]]] = [
    (
        *("adam", "adam", "supervision"),
        [("2027-02-18T12:15", ("supervision soon",)), ("2027-02-22T08:00", ("supervision overdue",))],
    ),
    ("eva", "adam", "supervision", [("2027-02-22T08:00", ("supervision overdue",))]),
    (
        # Nine a year: the first by day 41, Saturday 12 December. The leave pauses the repeats.
        *("adam", "adam", "assessment"),
        [
            ("2026-11-30T08:00", ("assessment soon",)),
            ("2026-12-14T08:00", ("assessment overdue",)),
            *((f"2027-02-{day}T08:00", ("assessment repeat",)) for day in ("01", "08", "15")),
        ],
    ),
    ("beda", "beda", "supervision", []),
    ("eva", "beda", "supervision", []),
    ("cleo", "cleo", "supervision", CLEO),
    ("lars", "cleo", "supervision", [row for row in CLEO if "supervision soon" not in row[1]]),
    # Three days of v 46 are hers; she is at home on the Thursday and the Friday.
    ("dora", "dora", "supervision", [("2026-11-16T08:00", ("supervision overdue",))]),
    ("lars", "dora", "supervision", [("2026-11-16T08:00", ("supervision overdue",))]),
    ("egon", "egon", "supervision", EGON),
    ("maja", "egon", "supervision", EGON),
]


@pytest.fixture(scope="module")
def winter(tmp_path_factory: pytest.TempPathFactory) -> Lived:
    """Up to 28 February, lived once."""
    return live(tmp_path_factory.mktemp("life"), ROSTER, SCRIPT, "2026-11-02", "2027-02-28")


@pytest.mark.parametrize(("who", "trainee", "duty", "said"), TOLD)
def test_what_each_is_told(winter: Lived, who: str, trainee: str, duty: str, said: list[Said]) -> None:
    assert winter.nudges(who, [duty], trainee) == said


def test_three_weeks_missed_over_the_new_year_are_told_by_name(winter: Lived) -> None:
    named = [
        m["at"][:10]
        for m in winter.of("siv", "digest")
        if {"trainee": "cleo@x.se", "requirement": "supervision", "step": "escalated"} in m["items"]
    ]
    # v 52, 53 and 1 are over on Monday 11 January; on Tuesday they have met.
    assert named == ["2027-01-11"]


def test_nobody_ever_gets_two_bundles_in_one_day(winter: Lived) -> None:
    assert len(winter.bundles()) == len(set(winter.bundles()))
