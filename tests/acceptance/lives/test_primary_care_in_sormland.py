"""A year under `sormland-primarvard` (guideline 001): Sofia, new in ST, and Aron, in the middle of his AT.

Sofia meets Ola every fourth week, as they agree on 20 January; she is on vacation 2-8 March (7 days), misses
the meeting after it, and has her ST contract approved two days late. Aron is at medicin 2 Feb-31 May and at
psykiatri 1 Jun-30 Aug; his second AT-kollegium is a month late, and his AT ends on 31 December.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.acceptance.lives.life import Lived, live

ROSTER = """\
email,name,role,unit,rulebook,supervisor,start,end,kind
sofia@x.se,Sofia Lund,trainee,Björken,sormland-primarvard,ola@x.se,2026-01-12,2031-01-11,ST
aron@x.se,Aron Ask,trainee,Björken,,pia@x.se,2025-07-01,2026-12-31,AT
ola@x.se,Ola Hed,supervisor,Björken,,,,,
pia@x.se,Pia Ny,supervisor,Björken,,,,,
rut@x.se,Rut Rektor,studierektor,Björken,,,,,
hans@x.se,Hans Chef,head,Björken,,,,,
"""
LATER = [date(2026, 4, 22) + timedelta(weeks=2 * n) for n in range(18)]
"""Every other Wednesday from 22 April to 16 December, at seven."""
SCRIPT = [
    "2026-01-15T10:00 aron sidotjänstgöring medicin 2/2-31/5 handledare Pia Ny",
    "2026-01-20T10:00 sofia vi ses var fjärde vecka",
    "2026-01-21T10:00 sofia introduktion idag",
    "2026-01-22T10:00 sofia handledning idag 1h",
    "2026-02-12T10:00 sofia handledning idag 1h",
    "2026-02-20T10:00 sofia semester 2/3-8/3",
    "2026-04-08T10:00 sofia handledning idag 1h",
    "2026-04-22T12:00 sofia iup godkänd idag",
    *(f"{day}T07:00 sofia handledning idag 1h" for day in LATER),
    "2026-05-18T10:00 aron sidotjänstgöring psykiatri 1/6-30/8 handledare Pia Ny",
    "2026-05-27T10:00 pia at-kollegium idag",
    "2026-09-30T10:00 pia at-kollegium idag",
    "2026-12-18T10:00 aron avslutningssamtal idag",
]


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Lived:
    """A year and three weeks, lived once."""
    return live(tmp_path_factory.mktemp("life"), ROSTER, SCRIPT, "2026-01-12", "2027-01-31")


SUPERVISION = [
    # Four weeks after 22 Jan: 19 Feb; fourteen days before is Thursday 5 Feb.
    ("2026-02-05T08:00", ("supervision soon",)),
    # Four weeks after 12 Feb, 12 Mar, moved by seven days of vacation: 19 Mar. Fourteen days before, 5 Mar,
    # she is away until Sunday 8 Mar.
    ("2026-03-09T08:00", ("supervision soon",)),
    ("2026-03-20T08:00", ("supervision overdue",)),
    ("2026-03-27T08:00", ("supervision repeat",)),
    # Fourteen days after 20 Mar is Good Friday; the first morning after Easter is Tuesday 7 Apr. The
    # contract: three months from 12 Jan, 12 Apr, moved by seven days: 19 Apr; its lead is Easter Sunday.
    ("2026-04-07T08:00", ("st_contract soon", "supervision repeat")),
    # 19 Apr is a Sunday.
    ("2026-04-20T08:00", ("st_contract overdue",)),
    # Every other week is well within four. After 16 Dec: 13 Jan; fourteen days before is 30 Dec.
    ("2026-12-30T08:00", ("supervision soon",)),
    ("2027-01-14T08:00", ("supervision overdue",)),
    ("2027-01-21T08:00", ("supervision repeat",)),
    ("2027-01-28T08:00", ("supervision repeat",)),
]


def test_both_halves_of_the_st_pair_are_reminded_of_the_same(year: Lived) -> None:
    # Introduced within fourteen days of the start: the first day is fourteen days before.
    first = ("2026-01-12T08:00", ("introduction soon",))
    assert year.all_nudges("sofia") == [first, *SUPERVISION]
    assert year.all_nudges("ola") == [first, *SUPERVISION]


def test_the_contract_is_the_studierektors_and_the_heads_too(year: Lived) -> None:
    expected = [("2026-04-07T08:00", ("st_contract soon",)), ("2026-04-20T08:00", ("st_contract overdue",))]
    assert year.all_nudges("rut", "sofia") == expected
    assert year.all_nudges("hans") == expected


AT_KOLLEGIUM = [
    # The placements end on Sundays, 31 May and 30 Aug; fourteen days before are Sundays too.
    ("2026-05-18T08:00", ("at_kollegium soon",)),
    ("2026-08-17T08:00", ("at_kollegium soon",)),
    ("2026-08-31T08:00", ("at_kollegium overdue",)),
    ("2026-09-07T08:00", ("at_kollegium repeat",)),
    ("2026-09-14T08:00", ("at_kollegium repeat",)),
    ("2026-09-21T08:00", ("at_kollegium repeat",)),
]


def test_the_at_kollegium_is_asked_for_at_the_end_of_each_placement(year: Lived) -> None:
    assert year.nudges("pia", ["at_kollegium"], "aron") == AT_KOLLEGIUM
    assert year.all_nudges("rut", "aron") == AT_KOLLEGIUM
    assert year.nudges("aron", ["at_kollegium"]) == []
    # 31 Aug + 28 days is Monday 28 Sep; held on the 30th.
    told = {m["at"][:10]: m["items"] for m in year.of("rut", "digest") if m["items"]}
    escalated = {"trainee": "aron@x.se", "requirement": "at_kollegium", "step": "escalated"}
    assert told == {"2026-09-28": [escalated]}


def test_the_digest_names_whose_at_kollegium_the_studierektor_is_to_take_part_in(year: Lived) -> None:
    # The placement ends on 31 May: ahead for thirty days from Monday 4 May on. Held on the 27th.
    lines = {
        m["at"][:10]: line
        for m in year.of("rut", "digest")
        for line in m["text"].splitlines()
        if line.startswith("• AT-kollegium") and m["at"][5:7] == "05" and "i fas" not in line
    }
    assert lines == dict.fromkeys(
        ("2026-05-04", "2026-05-11", "2026-05-18", "2026-05-25"), "• AT-kollegium: Aron Ask"
    )


def test_the_at_ends_with_a_talk_and_an_evaluation_and_then_in_silence(year: Lived) -> None:
    # Both by 31 Dec: fourteen days before is the 17th. The talk is held on the 18th, the evaluation is not
    # handed in; but the AT is over on the day it would be late.
    soon = ("closing_talk soon", "evaluation soon")
    assert year.all_nudges("aron") == [("2026-12-17T08:00", soon)]
    assert year.all_nudges("pia", "aron")[-1] == ("2026-12-17T08:00", ("closing_talk soon",))
    assert {told["state"] for told in year.standing["aron@x.se"].values()} == {"not_applicable"}


def test_nothing_of_the_st_is_asked_of_the_at(year: Lived) -> None:
    assert "st_contract" in year.standing["sofia@x.se"]
    assert "st_contract" not in year.standing["aron@x.se"]
    assert not {"at_kollegium", "closing_talk"} & set(year.standing["sofia@x.se"])
    # He began half a year before: his introduction is not asked for afterwards.
    assert year.nudges("aron", ["introduction"]) == []


def test_a_pair_without_an_agreed_interval_is_told_to_the_studierektor_while_it_lasts(year: Lived) -> None:
    lines = {
        m["at"][:10]: line
        for m in year.of("rut", "digest")
        for line in m["text"].splitlines()
        if "intervall" in line
    }
    assert lines["2026-01-12"] == "Inget avtalat intervall: Aron Ask, Sofia Lund"
    assert lines["2026-01-26"] == lines["2026-12-28"] == "Inget avtalat intervall: Aron Ask"
    assert max(lines) == "2026-12-28"


def test_nobody_ever_gets_two_bundles_in_one_day(year: Lived) -> None:
    assert len(year.bundles()) == len(set(year.bundles()))
