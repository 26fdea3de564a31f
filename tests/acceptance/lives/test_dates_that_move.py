"""What is due soon when its date moves (behaviour.md, "Nudges"), from Monday 2 February 2026 at Näset.

By Örebro's rulebook each pair meets once a month, 31 days: the first time by Thursday 5 March, which is told
on Thursday 19 February. An absence moves it by its days.
"""

from __future__ import annotations

import pytest

from tests.acceptance.lives.life import Lived, live

TRAINEES = ("anna", "bo", "cia", "dan", "eli", "gun", "hal", "ida")
ROSTER = "\n".join([
    "email,name,role,unit,rulebook,supervisor,start,end",
    *(f"{who}@x.se,{who.title()} Berg,trainee,Näset,orebro-2008,eva@x.se,2026-02-02,2031-02-01"
      for who in TRAINEES),
    "eva@x.se,Eva Ek,supervisor,Näset,,,,",
])  # fmt: skip
SCRIPT = [
    *(f"2026-02-02T09:00 {who} vi ses en gång i månaden" for who in TRAINEES if who != "ida"),
    "2026-02-18T10:00 anna sjuk 19/2-20/2",
    "2026-02-19T10:00 bo vab 20/2",
    "2026-02-20T10:00 cia semester 23/2-15/3",
    *(f"2026-03-02T07:00 {who} föräldraledig från 2/3 tills vidare" for who in ("dan", "eli")),
    "2026-06-01T07:30 dan åter i tjänst idag",
    "2026-06-01T10:30 eli åter i tjänst idag",
    "2026-03-12T10:00 gun sjuk 4/3-11/3",
    "2026-02-10T10:00 hal semester 16/2-30/6",
    "2026-02-26T10:00 hal ångra",
    "2026-02-27T10:00 ida vi ses en gång i månaden",
    # Learnt of on the first day of its one week.
    "2026-02-09T10:00 ida randning gyn 9/2-13/2 handledare dr Okänd",
]


@pytest.fixture(scope="module")
def months(tmp_path_factory: pytest.TempPathFactory) -> Lived:
    """Up to 14 June, lived once."""
    return live(tmp_path_factory.mktemp("life"), ROSTER, SCRIPT, "2026-02-02", "2026-06-14")


def _both(life: Lived, who: str) -> list[tuple[str, str]]:
    """What was said of the first weeks of meeting, to both halves alike."""
    said = [life.nudges(each, ["supervision"], who) for each in (who, "eva")]
    assert said[0] == said[1]
    return [(at[5:], step) for at, (step,) in said[0]]


def test_two_days_away_before_it_was_told_move_it(months: Lived) -> None:
    # Due 7 March; fourteen days before is a Saturday.
    assert _both(months, "anna")[:2] == [
        ("02-23T08:00", "supervision soon"),
        ("03-09T08:00", "supervision overdue"),
    ]


def test_a_day_away_after_it_was_told_does_not_tell_it_again(months: Lived) -> None:
    # Due 6 March; fourteen days before is the day away, and Monday the 23rd four days after it was told.
    assert _both(months, "bo")[:2] == [
        ("02-19T08:00", "supervision soon"),
        ("03-09T08:00", "supervision overdue"),
    ]


def test_after_weeks_away_it_is_told_by_its_new_date(months: Lived) -> None:
    # Due 26 March; fourteen days before is the 12th, away.
    assert _both(months, "cia")[:3] == [
        ("02-19T08:00", "supervision soon"),
        ("03-16T08:00", "supervision soon"),
        ("03-27T08:00", "supervision overdue"),
    ]


def test_so_it_is_where_nobody_knew_how_long(months: Lived) -> None:
    # Three days were left on 2 March: due Thursday 4 June. Back at 07:30: told at 08:00; at 10:30: next day.
    assert _both(months, "dan")[1:3] == [
        ("06-01T08:00", "supervision soon"),
        ("06-08T08:00", "supervision overdue"),
    ]
    assert _both(months, "eli")[1:3] == [
        ("06-02T08:00", "supervision soon"),
        ("06-08T08:00", "supervision overdue"),
    ]


def test_an_illness_told_afterwards_moves_what_was_told_as_late(months: Lived) -> None:
    # Due 13 March, told on the 12th; fourteen days before is 27 February, past and not away. Late on Monday.
    assert _both(months, "gun")[:3] == [
        ("02-19T08:00", "supervision soon"),
        ("03-06T08:00", "supervision overdue"),
        ("03-16T08:00", "supervision overdue"),
    ]


def test_an_absence_that_is_taken_back_tells_what_nobody_had_heard(months: Lived) -> None:
    # On 19 February nothing was due before July; on the 26th it is a week off.
    assert _both(months, "hal")[:2] == [
        ("02-27T08:00", "supervision soon"),
        ("03-06T08:00", "supervision overdue"),
    ]


def test_what_the_pair_agrees_on_late_is_told_before_it_is_late(months: Lived) -> None:
    # Agreed on Friday 27 February, due on Thursday.
    assert _both(months, "ida")[:2] == [
        ("03-02T08:00", "supervision soon"),
        ("03-06T08:00", "supervision overdue"),
    ]


def test_a_placement_learnt_of_late_is_told_before_it_is_over(months: Lived) -> None:
    assert months.nudges("ida", ["placement_assessment"])[:2] == [
        ("2026-02-10T08:00", ("placement_assessment soon",)),
        ("2026-02-16T08:00", ("placement_assessment overdue",)),
    ]


def test_nobody_ever_gets_two_bundles_in_one_day(months: Lived) -> None:
    assert len(months.bundles()) == len(set(months.bundles()))
