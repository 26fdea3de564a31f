"""weekly: both sides of every boundary."""

from __future__ import annotations

from datetime import date

import pytest

from schedules.evaluate import State, Verdict
from schedules.rules.requirement import Kind
from schedules.timeline import Timeline
from tests.unit.schedules.lives import LIFE, away, judge, requirement

WEEKLY = requirement(Kind.WEEKLY, minutes=60)
LAST = date(2026, 11, 4)  # Wednesday of week 45; week 46 is 9-15 November


def _brief(verdict: Verdict) -> tuple[str, date | None, int, str]:
    return verdict.state, verdict.due_on, verdict.missed, verdict.period


@pytest.mark.parametrize(
    ("today", "state", "missed", "changes"),
    [
        (date(2026, 11, 4), "ok", 0, date(2026, 11, 9)),  # a new week: none done in it yet
        (date(2026, 11, 11), "ok", 0, date(2026, 11, 12)),  # Wednesday
        (date(2026, 11, 12), "soon", 0, date(2026, 11, 16)),  # Thursday
        (date(2026, 11, 15), "soon", 0, date(2026, 11, 16)),  # Sunday
        (date(2026, 11, 16), "overdue", 1, date(2026, 11, 23)),
        (date(2026, 11, 22), "overdue", 1, date(2026, 11, 23)),
        (date(2026, 11, 23), "overdue", 2, date(2026, 11, 30)),
        (date(2026, 11, 30), "overdue", 3, date(2026, 12, 7)),
    ],
)
def test_a_week_is_soon_from_thursday_and_overdue_from_monday(
    today: date, state: str, missed: int, changes: date
) -> None:
    verdict = judge(WEEKLY, [LAST], today)
    assert _brief(verdict) == (state, date(2026, 11, 13), missed, "2026-W46")
    assert verdict.overdue_from == date(2026, 11, 16)
    assert verdict.escalates_on == date(2026, 11, 30)
    assert verdict.changes_on == changes


def test_a_session_this_week_makes_the_next_week_due_and_counts_once() -> None:
    verdict = judge(WEEKLY, [date(2026, 11, 23)] * 2, date(2026, 11, 24))
    assert _brief(verdict) == ("ok", date(2026, 12, 4), 0, "2026-W49")
    assert (verdict.done, verdict.required) == (1, 1)


def test_a_later_session_ends_the_overdue_state_though_weeks_were_missed() -> None:
    dates = [date(2026, 9, 1), date(2026, 11, 22)]
    assert judge(WEEKLY, dates[:1], date(2026, 11, 22)).state is State.OVERDUE
    assert _brief(judge(WEEKLY, dates, date(2026, 11, 22))) == ("ok", date(2026, 11, 27), 0, "2026-W48")


def test_the_sunday_belongs_to_its_week_and_the_monday_to_the_next() -> None:
    assert judge(WEEKLY, [date(2026, 11, 15)], date(2026, 11, 16)).period == "2026-W47"
    assert judge(WEEKLY, [date(2026, 11, 16)], date(2026, 11, 16)).period == "2026-W48"


def test_without_any_session_the_first_week_of_the_clock_is_due() -> None:
    # 7 January 2026 is a Wednesday: three active working days, just enough.
    assert judge(WEEKLY, [], date(2026, 1, 7)).due_on == date(2026, 1, 9)
    from_thursday = Timeline(date(2026, 1, 8), date(2031, 1, 6))
    assert judge(WEEKLY, [], date(2026, 1, 8), from_thursday).due_on == date(2026, 1, 16)


def test_go_live_asks_for_no_week_before_it() -> None:
    life = Timeline(LIFE.starts_on, LIFE.ends_on, watched_from=date(2026, 11, 16))
    assert judge(WEEKLY, [], date(2026, 11, 16), life).due_on == date(2026, 11, 20)
    assert judge(WEEKLY, [date(2026, 3, 3)], date(2026, 11, 16), life).due_on == date(2026, 11, 20)


@pytest.mark.parametrize(
    ("last_away", "period"),
    [(date(2026, 11, 10), "2026-W46"), (date(2026, 11, 11), "2026-W47")],
)
def test_a_week_with_fewer_than_three_active_working_days_is_excused(last_away: date, period: str) -> None:
    # Mon-Tue away leaves three days; Mon-Wed leaves two.
    life = away(date(2026, 11, 9), last_away, "sick")
    assert judge(WEEKLY, [LAST], date(2026, 11, 20), life).period == period


def test_christmas_week_may_count_and_new_years_week_too_but_not_with_leave() -> None:
    # Week 52 of 2026 has Mon-Wed (21-23 Dec), week 53 Mon-Wed (28-30 Dec); week 1 has Mon, Tue, Thu, Fri.
    last = date(2026, 12, 16)
    assert judge(WEEKLY, [last], date(2026, 12, 17)).due_on == date(2026, 12, 23)
    off = away(date(2026, 12, 23), date(2026, 12, 30), "vacation")
    assert judge(WEEKLY, [last], date(2026, 12, 17), off).due_on == date(2027, 1, 8)


def test_a_christmas_week_with_two_working_days_is_excused() -> None:
    # 2024: Mon 23 and Fri 27 December are worked; week 1 has Mon 30 Dec, Thu 2 and Fri 3 Jan: three.
    life = Timeline(date(2024, 1, 1), date(2029, 1, 1))
    assert judge(WEEKLY, [date(2024, 12, 18)], date(2024, 12, 19), life).period == "2025-W01"


def test_midsommar_week_is_due_on_the_thursday_and_soon_that_day() -> None:
    before, day = (judge(WEEKLY, [date(2026, 6, 10)], date(2026, 6, d)) for d in (17, 18))
    assert (before.state, day.state, day.due_on) == (State.OK, State.SOON, date(2026, 6, 18))


def test_a_week_that_ends_on_wednesday_is_soon_that_wednesday() -> None:
    states = [judge(WEEKLY, [date(2026, 12, 16)], date(2026, 12, d)).state for d in (22, 23, 27, 28)]
    assert states == ["ok", "soon", "soon", "overdue"]


def test_week_53_is_a_week() -> None:
    verdict = judge(WEEKLY, [date(2026, 12, 21)], date(2027, 1, 4))
    assert _brief(verdict) == ("overdue", date(2026, 12, 30), 1, "2026-W53")


def test_during_absence_it_is_paused_and_afterwards_the_same_week_is_still_owed() -> None:
    life = away(date(2026, 11, 16), date(2026, 11, 29))
    states = [judge(WEEKLY, [LAST], d, life).state for d in (date(2026, 11, 16), date(2026, 11, 29))]
    assert states == ["paused", "paused"]
    back = judge(WEEKLY, [LAST], date(2026, 11, 30), life)
    assert _brief(back) == ("overdue", date(2026, 11, 13), 1, "2026-W46")  # the weeks away were excused
    assert back.overdue_from == date(2026, 11, 30)


def test_a_weeks_absence_puts_overdue_off_to_the_return_and_after_the_end_there_is_none() -> None:
    until_tuesday = away(date(2026, 11, 16), date(2026, 11, 17))
    assert judge(WEEKLY, [LAST], date(2026, 11, 12), until_tuesday).overdue_from == date(2026, 11, 18)
    ends_friday = Timeline(LIFE.starts_on, date(2026, 11, 13))
    verdict = judge(WEEKLY, [LAST], date(2026, 11, 12), ends_friday)
    assert (verdict.state, verdict.due_on, verdict.overdue_from) == (State.SOON, date(2026, 11, 13), None)


def test_three_missed_weeks_in_a_row_skip_the_excused_ones() -> None:
    life = away(date(2026, 11, 16), date(2026, 11, 29))
    # Missed: 46 (ends 16 Nov), 49 (7 Dec), 50 (14 Dec).
    assert judge(WEEKLY, [LAST], date(2026, 12, 14), life).missed == 3
    assert judge(WEEKLY, [LAST], date(2026, 12, 13), life).missed == 2
    assert judge(WEEKLY, [LAST], date(2026, 12, 13), life).escalates_on == date(2026, 12, 14)


def test_an_open_ended_absence_leaves_nothing_due() -> None:
    verdict = judge(WEEKLY, [LAST], date(2026, 11, 23), away(date(2026, 11, 9), None))
    assert _brief(verdict) == ("paused", None, 0, "")
    assert verdict.changes_on is None


def test_a_session_to_come_is_no_session() -> None:
    assert judge(WEEKLY, [LAST, date(2026, 11, 13)], date(2026, 11, 12)).state is State.SOON
    assert judge(WEEKLY, [LAST, date(2026, 11, 13)], date(2026, 11, 13)).state is State.OK


@pytest.mark.parametrize(
    ("last_day", "due"),
    [(date(2026, 12, 3), None), (date(2026, 12, 4), date(2026, 12, 4))],  # Thursday; Friday of week 49
)
def test_a_week_that_the_training_does_not_outlast_is_not_asked_for(last_day: date, due: date | None) -> None:
    life = Timeline(date(2026, 1, 7), last_day)
    for today in (date(2026, 11, 26), date(2026, 12, 3)):
        assert judge(WEEKLY, [date(2026, 11, 26)], today, life).due_on == due
