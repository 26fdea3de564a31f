"""Beginning on Wednesday 17 June 2026, two days before Midsommar, and up to 31 January 2027.

At kirurgen (Skåne's hospitals, 002) Una is on vacation in v 28-31, Vera at ortopedi 31 August-25 October with
Lars, and Xan's BT is over on 16 December; Wera, a locum, leaves on 30 September. At Torp (Sörmland, 001) Yla
is in AT and Zoe in ST.
"""

from __future__ import annotations

import pytest

from tests.acceptance.lives.life import Lived, Said, live

ROSTER = """\
email,name,role,unit,rulebook,supervisor,start,end,kind
una@x.se,Una Ros,trainee,Kirurgen,skane-sjukhus,eva@x.se,2026-06-17,2031-06-16,ST
vera@x.se,Vera Lund,trainee,Kirurgen,,maja@x.se,2026-06-17,2031-06-16,ST
xan@x.se,Xan Dal,trainee,Kirurgen,,eva@x.se,2026-06-17,2026-12-16,BT
wera@x.se,Wera Vik,trainee,Kirurgen,,eva@x.se,2026-06-17,2026-09-30,locum
yla@x.se,Yla Frid,trainee,Torp,sormland-primarvard,sten@x.se,2026-06-17,2027-12-16,AT
zoe@x.se,Zoe Malm,trainee,Torp,,sten@x.se,2026-06-17,2031-06-16,ST
eva@x.se,Eva Ek,supervisor,Kirurgen,,,,,
maja@x.se,Maja Ny,supervisor,Kirurgen,,,,,
lars@x.se,Lars Lind,supervisor,Ortopeden,,,,,
sten@x.se,Sten Hed,supervisor,Torp,,,,,
tage@x.se,Tage Studberg,studierektor,Torp,,,,,
hedda@x.se,Hedda Chef,head,Torp,,,,,
"""
SCRIPT = [
    "2026-07-03T10:00 una semester v 28-31",
    *(f"{day}T10:00 una handledning idag 1h" for day in ("2026-08-20", "2026-10-02")),
    *(
        f"{day}T10:00 vera handledning idag 1h"
        for day in ("2026-06-29", "2026-07-20", "2026-08-25", "2026-10-27", "2026-12-29")
    ),
    "2026-08-10T10:00 vera sidotjänstgöring ortopedi 31/8-25/10 handledare Lars Lind",
    *(f"2026-06-24T1{n}:00 {who} introduktion idag" for n, who in enumerate(("una", "vera", "xan", "zoe"))),
    "2026-09-02T10:00 vera introduktion idag",
    "2026-08-10T10:00 yla placering kirurgi 31/8-25/10",
    "2026-10-28T16:00 yla at-kollegium idag",
    "2026-09-22T10:00 zoe iup godkänd idag",
]


@pytest.fixture(scope="module")
def months(tmp_path_factory: pytest.TempPathFactory) -> Lived:
    """Up to 31 January, lived once."""
    return live(tmp_path_factory.mktemp("life"), ROSTER, SCRIPT, "2026-06-17", "2027-01-31")


def _repeats(key: str, *days: str) -> list[Said]:
    return [(f"{day}T08:00", (f"{key} repeat",)) for day in days]


UNA: list[Said] = [
    # Nine a year: the first by day 41, 27 July, and 28 days later.
    ("2026-08-10T08:00", ("supervision soon",)),
    # The second by day 82: Sunday 4 October. The third by day 122, Friday 13 November; the lead of that is
    # the eve of Alla helgons dag.
    ("2026-09-21T08:00", ("supervision soon",)),
    ("2026-11-02T08:00", ("supervision soon",)),
    ("2026-11-13T08:00", ("supervision overdue",)),
    *_repeats("supervision", "2026-11-20", "2026-11-27", "2026-12-04"),
]
VERA: list[Said] = [
    # Two months after 25 August are too long from 26 October, when the placement is over. Its lead is in it.
    ("2026-10-12T08:00", ("supervision soon",)),
    ("2026-10-26T08:00", ("supervision overdue",)),
    ("2026-12-14T08:00", ("supervision soon",)),
    ("2026-12-28T08:00", ("supervision overdue",)),
]
XAN: list[Said] = [
    ("2026-07-13T08:00", ("supervision soon",)),
    ("2026-07-27T08:00", ("supervision overdue",)),
    *_repeats("supervision", "2026-08-03", "2026-08-10", "2026-08-17"),
]
CONTRACT: list[Said] = [
    # Three months from the employment.
    ("2026-09-03T08:00", ("st_contract soon",)),
    ("2026-09-18T08:00", ("st_contract overdue",)),
]
AT_KOLLEGIUM: list[Said] = [
    # By the end of the placement, a Sunday.
    ("2026-10-12T08:00", ("at_kollegium soon",)),
    ("2026-10-26T08:00", ("at_kollegium overdue",)),
]
TOLD: list[tuple[str, str, str, list[Said]]] = [
    ("una", "una", "supervision", UNA),
    ("eva", "una", "supervision", UNA),
    ("vera", "vera", "supervision", VERA),
    ("lars", "vera", "supervision", VERA[:1]),
    ("maja", "vera", "supervision", VERA[1:]),
    ("xan", "xan", "supervision", XAN),
    ("wera", "wera", "supervision", XAN),
    ("eva", "wera", "supervision", XAN),
    # Twice a year: the first by day 183, which is the last day of that BT, and 13 January for Una.
    (
        *("xan", "xan", "iup_revision"),
        [("2026-12-02T08:00", ("iup_revision soon",)), ("2026-12-16T08:00", ("iup_revision overdue",))],
    ),
    (
        *("una", "una", "iup_revision"),
        [
            ("2026-12-30T08:00", ("iup_revision soon",)),
            ("2027-01-13T08:00", ("iup_revision overdue",)),
            *_repeats("iup_revision", "2027-01-20", "2027-01-27"),
        ],
    ),
    # Three months of service, which vacation lengthens: 15 October. Between her and the bot alone.
    (
        *("una", "una", "self_study"),
        [
            ("2026-10-01T08:00", ("self_study soon",)),
            ("2026-10-16T08:00", ("self_study overdue",)),
            *_repeats("self_study", "2026-10-23", "2026-11-02", "2026-11-06"),
        ],
    ),
    ("eva", "una", "self_study", []),
    # Fourteen days from the start, so that the first day is the lead.
    (
        *("yla", "yla", "introduction"),
        [
            ("2026-06-17T08:00", ("introduction soon",)),
            ("2026-07-02T08:00", ("introduction overdue",)),
            *_repeats("introduction", "2026-07-09", "2026-07-16", "2026-07-23"),
        ],
    ),
    ("zoe", "zoe", "introduction", [("2026-06-17T08:00", ("introduction soon",))]),
    *((who, "zoe", "st_contract", CONTRACT) for who in ("zoe", "sten", "tage", "hedda")),
    *((who, "yla", "at_kollegium", AT_KOLLEGIUM) for who in ("sten", "tage")),
    ("yla", "yla", "at_kollegium", []),
    ("hedda", "yla", "at_kollegium", []),
    # No interval is agreed.
    ("yla", "yla", "supervision", []),
    ("sten", "zoe", "supervision", []),
]


@pytest.mark.parametrize(("who", "trainee", "duty", "said"), TOLD)
def test_what_each_is_told(months: Lived, who: str, trainee: str, duty: str, said: list[Said]) -> None:
    assert months.nudges(who, [duty], trainee) == said


def test_nothing_is_asked_of_those_who_have_left(months: Lived) -> None:
    for who, left in (("wera", "2026-09-30"), ("xan", "2026-12-16")):
        assert {told["state"] for told in months.standing[f"{who}@x.se"].values()} <= {
            "not_applicable",
            "met",
        }
        after = [m for m in months.messages if f"{who}@x.se" in m["trainees"] and m["at"][:10] > left]
        assert [m["kind"] for m in after if m["kind"] != "digest"] == []


def test_nobody_ever_gets_two_bundles_in_one_day(months: Lived) -> None:
    assert len(months.bundles()) == len(set(months.bundles()))
