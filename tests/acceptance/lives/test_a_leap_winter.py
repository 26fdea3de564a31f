"""From Wednesday 1 December 2027 over Christmas, New Year, Trettondagen and the leap day to 31 March 2028.

At Ekbacken (Östergötland's rulebook, guideline 003) Anna, Cia and Dan begin on that Wednesday and Bo on the
Thursday. Cia takes each Friday of January off. Dan is on parental leave from 13 December to 27 February, 77
days. Hedda at Näset (Örebro's, 000) meets hers once a month, 31 days; Ivar is at a hospital in Skåne (002).
"""

from __future__ import annotations

import pytest

from tests.acceptance.lives.life import Lived, Said, live, weekly

ROSTER = """\
email,name,role,unit,rulebook,supervisor,start,end
anna@x.se,Anna Berg,trainee,Ekbacken,ostergotland-allmanmedicin,eva@x.se,2027-12-01,2032-11-30
bo@x.se,Bo Dal,trainee,Ekbacken,,eva@x.se,2027-12-02,2032-12-01
cia@x.se,Cia Strand,trainee,Ekbacken,,eva@x.se,2027-12-01,2032-11-30
dan@x.se,Dan Ohlin,trainee,Ekbacken,,eva@x.se,2027-12-01,2032-11-30
hedda@x.se,Hedda Malm,trainee,Näset,orebro-2008,lars@x.se,2027-12-01,2032-11-30
ivar@x.se,Ivar Sten,trainee,Granlund,skane-sjukhus,maja@x.se,2027-12-01,2032-11-30
eva@x.se,Eva Ek,supervisor,Ekbacken,,,,
lars@x.se,Lars Lind,supervisor,Näset,,,,
maja@x.se,Maja Ny,supervisor,Granlund,,,,
"""
SCRIPT = [
    "2027-12-07T11:00 anna handledning idag 1h",
    "2027-12-14T11:00 anna handledning idag 1h",
    "2028-01-07T09:00 anna handledning idag 1h",
    *weekly("anna", "2028-01-11", "2028-03-28"),
    "2028-01-12T16:00 anna st-möte idag",
    "2028-02-29T16:00 anna st-möte idag",
    *weekly("bo", "2027-12-14", "2028-03-28", ["2028-02-29"]),
    *weekly("cia", "2027-12-01", "2028-03-29", ["2028-01-05"]),
    *(f"2028-01-03T09:0{n} cia tjänstledig {day}/1" for n, day in enumerate((7, 14, 21, 28))),
    "2027-12-07T11:00 dan handledning idag 1h",
    "2027-12-01T11:00 dan handledning idag 1h",
    "2027-12-10T12:00 dan föräldraledig 13/12-27/2",
    "2028-02-29T11:00 dan handledning idag 1h",
    "2028-03-14T11:00 dan handledning idag 1h",
    "2028-03-21T11:00 dan handledning idag 1h",
    "2028-03-28T11:00 dan handledning idag 1h",
    "2027-12-01T10:00 hedda vi ses en gång i månaden",
    "2028-01-31T11:00 hedda handledning idag 1h",
    "2027-12-29T11:00 ivar handledning idag 1h",
    "2028-02-29T11:00 ivar handledning idag 1h",
]


@pytest.fixture(scope="module")
def winter(tmp_path_factory: pytest.TempPathFactory) -> Lived:
    """Up to 31 March, lived once."""
    return live(tmp_path_factory.mktemp("life"), ROSTER, SCRIPT, "2027-12-01", "2028-03-31")


EXPECTED: dict[str, list[Said]] = {
    "anna": [
        # v 48: Wednesday to Friday are hers, and three days count.
        ("2027-12-02T12:15", ("supervision soon",)),
        ("2027-12-06T08:00", ("supervision overdue",)),
        # v 51: Julafton is Friday, four days count; the day before it is no eve of a public holiday.
        ("2027-12-23T12:15", ("supervision soon",)),
        # Both days of Christmas are a weekend: Monday is a working day. So it is in v 52.
        ("2027-12-27T08:00", ("supervision overdue",)),
        ("2027-12-30T12:15", ("supervision soon",)),
        ("2028-01-03T08:00", ("supervision repeat",)),
        # v 1: Trettondagen is the Thursday, the Wednesday its eve.
        ("2028-01-07T08:00", ("supervision soon",)),
    ],
    "bo": [
        # Two days of v 48 are his. v 49 is the first; v 9, with the leap day, is missed.
        ("2027-12-09T12:15", ("supervision soon",)),
        ("2027-12-13T08:00", ("supervision overdue",)),
        # The first assessment is asked for on day 92, Thursday 2 March: the question waits for Friday's.
        ("2028-03-03T08:00", ("supervision soon",)),
        ("2028-03-06T08:00", ("supervision overdue",)),
    ],
    # v 1: Monday to Wednesday are hers, and count. No day is left on which to ask.
    "cia": [("2028-01-10T08:00", ("supervision overdue",))],
    # v 49 is served, and v 9 on the leap day. v 10 is missed.
    "dan": [("2028-03-09T12:15", ("supervision soon",)), ("2028-03-13T08:00", ("supervision overdue",))],
    "hedda": [
        # 1 Dec + 31 days is 1 Jan; fourteen days before is a Saturday. Late from Sunday.
        ("2027-12-20T08:00", ("supervision soon",)),
        ("2028-01-03T08:00", ("supervision overdue",)),
        *((f"2028-01-{day}T08:00", ("supervision repeat",)) for day in (10, 17, 24)),
        # 31 Jan + 31 days, February with 29: 2 March.
        ("2028-02-17T08:00", ("supervision soon",)),
        ("2028-03-03T08:00", ("supervision overdue",)),
        *((f"2028-03-{day}T08:00", ("supervision repeat",)) for day in (10, 17, 24)),
    ],
    "ivar": [
        # Nine a year: the first by day 41, 10 Jan, lead 27 Dec; done on the 29th. The second by day 82
        # (81.1), Sunday 20 Feb, lead Sunday 6 Feb.
        ("2027-12-27T08:00", ("supervision soon",)),
        ("2028-02-07T08:00", ("supervision soon",)),
        ("2028-02-21T08:00", ("supervision overdue",)),
        ("2028-02-28T08:00", ("supervision repeat",)),
        # The third by day 122 (121.7): 31 days of December, 31, 29 and 31 of March.
        ("2028-03-17T08:00", ("supervision soon",)),
        ("2028-03-31T08:00", ("supervision overdue",)),
    ],
}


@pytest.mark.parametrize("who", EXPECTED)
def test_what_each_is_told_of_supervision(winter: Lived, who: str) -> None:
    assert winter.nudges(who, ["supervision"]) == EXPECTED[who]


@pytest.mark.parametrize(
    ("trainee", "who"), [("bo", "eva"), ("cia", "eva"), ("dan", "eva"), ("hedda", "lars")]
)
def test_what_their_supervisors_are_told(winter: Lived, who: str, trainee: str) -> None:
    is_weekly = who == "eva"  # a week that runs is the trainee's alone
    rows = [row for row in EXPECTED[trainee] if not (is_weekly and "supervision soon" in row[1])]
    assert winter.nudges(who, ["supervision"], trainee) == rows


def test_the_last_of_february_is_the_leap_day(winter: Lived) -> None:
    assert winter.nudges("anna", ["st_meeting"]) == [
        # December's part of the term ends on the 20th.
        ("2027-12-13T08:00", ("st_meeting soon",)),
        ("2027-12-21T08:00", ("st_meeting overdue",)),
        ("2027-12-28T08:00", ("st_meeting repeat",)),
        ("2028-01-04T08:00", ("st_meeting repeat",)),
        ("2028-01-11T08:00", ("st_meeting repeat",)),
        ("2028-02-22T08:00", ("st_meeting soon",)),
        ("2028-03-24T08:00", ("st_meeting soon",)),
    ]


def test_leave_over_the_new_year_moves_every_date_by_its_days(winter: Lived) -> None:
    due = {key: told["due_on"] for key, told in winter.standing["dan@x.se"].items() if told["due_on"]}
    assert {key: due[key] for key in ("kollegium", "iup_revision", "planning_meeting", "assessment")} == {
        "kollegium": "2029-02-16",
        "iup_revision": "2028-08-17",
        "planning_meeting": "2028-05-17",
        # Active day 92: 1 March without the leave.
        "assessment": "2028-05-17",
    }
    # A year before the end, which the leave has moved to 15 Feb 2033; odd Fridays move nothing.
    assert due["scientific_work"] == "2032-02-15"
    assert winter.standing["cia@x.se"]["scientific_work"]["due_on"] == "2031-11-30"


def test_nobody_is_reminded_of_dan_while_he_is_away(winter: Lived) -> None:
    for who in ("dan", "eva"):
        assert not [row for row in winter.all_nudges(who, "dan") if "2027-12-13" <= row[0] < "2028-02-28"]


def test_nobody_ever_gets_two_bundles_in_one_day(winter: Lived) -> None:
    assert len(winter.bundles()) == len(set(winter.bundles()))
