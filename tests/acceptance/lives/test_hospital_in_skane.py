"""2026 of a resident under `skane-sjukhus` (guideline 002): employed 1 Dec 2025, training from 12 Jan 2026.

The year: supervision on the 20th of each month but April, and 22 May in place of the 20th · assessments on
the 21st · IUP revised 1 Jun · IUP approved 5 Aug, five weeks late.
"""

from __future__ import annotations

import pytest

from tests.acceptance.lives.life import Lived, live

ROSTER = """\
email,name,role,unit,rulebook,supervisor,start,end,employed
cia@x.se,Cia Strand,trainee,Granlund,skane-sjukhus,lars@x.se,2026-01-12,2031-01-11,2025-12-01
lars@x.se,Lars Lind,supervisor,Granlund,,,,,
tage@x.se,Tage Studberg,studierektor,Granlund,,,,,
"""
HEADLINES = ("supervision", "assessment", "iup_approval", "iup_revision", "kollegium")
SCRIPT = [
    *(f"2026-{m:02}-20T11:00 cia handledning idag 1h" for m in range(1, 12) if m not in (4, 5)),
    "2026-05-22T11:00 cia handledning idag 1h",
    *(f"2026-{month:02}-21T11:00 cia mini-cex idag av dr Lund" for month in range(1, 12)),
    "2026-06-01T11:00 cia iup reviderad idag",
    "2026-08-05T11:00 cia iup godkänd idag",
]


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Lived:
    """The year up to 20 December, lived once."""
    return live(tmp_path_factory.mktemp("life"), ROSTER, SCRIPT, "2026-01-12", "2026-12-20")


def test_both_halves_are_told_the_same_on_the_same_mornings(year: Lived) -> None:
    expected = [
        # At most two months between: after 20 Mar that ends on 20 May, so 21 May is the first day short.
        ("2026-05-07T08:00", ("supervision soon",)),  # fourteen days before, a Thursday
        ("2026-05-21T08:00", ("supervision overdue",)),
        # IUP approved within seven months of employment: 1 Dec + 7 months = 1 Jul.
        ("2026-06-17T08:00", ("iup_approval soon",)),
        ("2026-07-02T08:00", ("iup_approval overdue",)),
        # Every seventh day after, three times, then silence.
        ("2026-07-09T08:00", ("iup_approval repeat",)),
        ("2026-07-16T08:00", ("iup_approval repeat",)),
        ("2026-07-23T08:00", ("iup_approval repeat",)),
    ]
    assert year.nudges("cia", HEADLINES) == expected
    assert year.nudges("lars", HEADLINES, "cia") == expected


def test_the_day_that_is_named_is_the_last_one_in_time(year: Lived) -> None:
    # A rate is due on the first day that is short, 21 May; a date, 1 Jul, is in time itself.
    told = {m["at"][:10]: m["text"] for m in year.of("cia", "nudge")}
    assert "senast ons 20 maj" in told["2026-05-07"]
    assert "skulle ha varit klart ons 20 maj" in told["2026-05-21"]
    assert "senast ons 1 juli" in told["2026-06-17"]


def test_the_studierektor_is_told_by_name_when_it_has_been_overdue_for_28_days(year: Lived) -> None:
    # 2 Jul + 28 days = 30 Jul, so the digest of Monday 3 Aug; approved on the 5th, gone on the 10th.
    named = {m["at"][:10]: "Cia Strand" in m["text"].split("Läget")[0] for m in year.of("tage", "digest")}
    assert [named[day] for day in ("2026-07-27", "2026-08-03", "2026-08-10")] == [False, True, False]


def test_she_ends_the_year_with_nine_and_more(year: Lived) -> None:
    stands = year.standing["cia@x.se"]
    # Jan, Feb, Mar, May-Nov: ten. Asked for by 20 Dec, active day 343: floor(9 * 343 / 365) = 8.
    assert (stands["supervision"]["done"], stands["supervision"]["required"]) == (10, 8)
    # The gap after 20 Nov ends on 20 Jan: due the day after.
    assert stands["supervision"]["due_on"] == "2027-01-21"
    assert (stands["assessment"]["done"], stands["assessment"]["state"]) == (11, "ok")
    assert stands["iup_approval"]["state"] == "met"
    # Twice a year: the second is asked for on active day 365, 11 Jan 2027; fourteen days before is 28 Dec.
    assert (stands["iup_revision"]["due_on"], stands["iup_revision"]["state"]) == ("2027-01-11", "ok")


def test_nobody_ever_gets_two_bundles_in_one_day(year: Lived) -> None:
    assert len(year.bundles()) == len(set(year.bundles()))
