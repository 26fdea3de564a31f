"""rate: the arithmetic by hand, and against a reading of the rule day by day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schedules.calendar import DAY, add_span
from schedules.evaluate import Case, Happening, State, evaluate
from schedules.kinds.rate import is_known_from
from schedules.rules.requirement import Kind, Requirement, Span
from schedules.timeline import Leave, Timeline
from tests.unit.schedules.lives import LIFE, SWEDEN, away, judge, requirement, things

FOUR = requirement(Kind.RATE, count=4)
FOUR_WITH_GAP = requirement(Kind.RATE, count=4, longest_gap=Span(3, 14))
START = LIFE.starts_on  # 7 January 2026 is active day 1


def test_the_first_of_four_is_due_on_day_92() -> None:
    # floor(4 × 91 / 365) = floor(0.997) = 0; floor(4 × 92 / 365) = floor(1.008) = 1; 7 Jan + 91 = 8 Apr.
    before, day = (judge(FOUR, [], date(2026, 4, d)) for d in (7, 8))
    assert (before.state, before.done, before.required) == (State.SOON, 0, 0)
    assert (day.state, day.done, day.required) == (State.OVERDUE, 0, 1)
    assert day.due_on == day.overdue_from == date(2026, 4, 8)


def test_it_is_soon_from_fourteen_days_before() -> None:
    assert judge(FOUR, [], date(2026, 3, 24)).state is State.OK
    assert judge(FOUR, [], date(2026, 3, 25)).state is State.SOON


def test_grace_puts_overdue_off_but_not_due() -> None:
    verdict = judge(requirement(Kind.RATE, count=4, grace_days=7), [], date(2026, 4, 14))
    assert (verdict.state, verdict.due_on, verdict.overdue_from) == (
        State.SOON,
        date(2026, 4, 8),
        date(2026, 4, 15),
    )


def test_two_on_the_same_day_count_twice() -> None:
    # Two are asked for on day 183 (4 × 183 / 365 = 2.005), three on day 274 (3.003): 7 Jan + 273 = 7 Oct.
    assert judge(FOUR, [date(2026, 2, 2)], date(2026, 2, 2)).due_on == date(2026, 7, 8)
    assert judge(FOUR, [date(2026, 2, 2)] * 2, date(2026, 2, 2)).due_on == date(2026, 10, 7)


def test_the_gap_may_end_before_the_count_does() -> None:
    # 2 Feb + 3 months + 14 days = 16 May; more than that is the 17th.
    verdict = judge(FOUR_WITH_GAP, [date(2026, 2, 2)], date(2026, 2, 2))
    assert verdict.due_on == date(2026, 5, 17)
    assert judge(FOUR_WITH_GAP, [date(2026, 2, 2)], date(2026, 5, 16)).state is State.SOON
    assert judge(FOUR_WITH_GAP, [date(2026, 2, 2)], date(2026, 5, 17)).state is State.OVERDUE


def test_an_old_one_drops_out_after_365_active_days() -> None:
    dates = [date(2026, 1, 10), date(2026, 4, 10), date(2026, 7, 10), date(2026, 10, 9)]
    # 10 Jan is in the windows that end up to 9 Jan 2027, out of that ending on the 10th: 3 of 4.
    inside, outside = (judge(FOUR, dates, date(2027, 1, d)) for d in (9, 10))
    assert (inside.state, inside.done, inside.required) == (State.SOON, 4, 4)
    assert (outside.state, outside.done, outside.required) == (State.OVERDUE, 3, 4)
    assert inside.due_on == outside.due_on == date(2027, 1, 10)


def test_a_leap_day_is_a_day_like_any_other() -> None:
    life = Timeline(date(2027, 6, 1), date(2032, 5, 31))
    dates = [date(2027, 6, 1)] * 4
    # 1 June 2027 + 365 days, 29 Feb 2028 among them: 31 May 2028.
    assert judge(FOUR, dates, date(2027, 7, 1), life).due_on == date(2028, 5, 31)


def test_absence_moves_the_day() -> None:
    life = away(date(2026, 4, 1), date(2026, 4, 30))
    assert judge(FOUR, [], date(2026, 2, 1), life).due_on == date(2026, 5, 8)  # 8 Apr + 30
    assert judge(FOUR, [], date(2026, 4, 8), life).state is State.PAUSED


def test_an_open_ended_absence_leaves_no_date() -> None:
    assert judge(FOUR, [], date(2026, 2, 1), away(date(2026, 4, 1), None)).due_on is None


def test_one_that_does_not_end_the_shortage_does_not_begin_a_new_spell() -> None:
    # Short since 8 April; on 1 August two are asked for, so a first one is too few.
    late = judge(FOUR, [date(2026, 8, 1)], date(2026, 8, 1))
    assert (late.state, late.period) == (State.OVERDUE, "2026-04-08")
    assert judge(FOUR, [date(2026, 8, 1)] * 2, date(2026, 8, 1)).state is State.OK


def test_what_was_done_before_the_bot_watched_is_not_asked_for() -> None:
    life = Timeline(START, LIFE.ends_on, watched_from=date(2027, 1, 1))
    assert judge(FOUR, [], date(2027, 1, 1), life).due_on == date(2027, 4, 2)  # 1 Jan + 91


def test_another_instrument_does_not_meet_it() -> None:
    asked = requirement(Kind.RATE, count=4, instruments=("sit-in",))
    done = [Happening(date(2026, 2, d), "thing", None, i) for d, i in ((2, "sit-in"), (3, "dops"), (4, None))]

    assert evaluate(asked, done, LIFE, SWEDEN, date(2026, 2, 5)).done == 1


def _short(asked: Requirement, dates: list[date], life: Timeline, day: date) -> bool:
    """The rule as domain.md words it, one day at a time."""
    begin = life.clock_start
    active = [begin + n * DAY for n in range((day - begin).days + 1) if life.is_active(begin + n * DAY)][
        -365:
    ]
    if not active:
        return False
    known = [d for d in dates if begin <= d <= day]
    first = active[0] if life.active_days(begin, day) >= 365 else begin
    few = sum(d >= first for d in known) < asked.count * len(active) // 365
    last = max(known, default=None)
    if last is None or asked.longest_gap is None:
        return few
    end = add_span(last, asked.longest_gap)
    moved = life.add_active(last, asked.longest_gap)
    assert moved is not None
    assert moved >= end
    return few or day > moved


_offsets = st.integers(0, 700)


@given(
    asked=st.sampled_from([FOUR, FOUR_WITH_GAP, requirement(Kind.RATE, count=9, longest_gap=Span(2))]),
    numbers=st.lists(_offsets, max_size=12),
    begin=_offsets,
    length=st.integers(1, 150),
    at=_offsets,
)
@settings(deadline=None)
def test_the_due_date_is_the_day_the_rule_first_breaks(
    asked: Requirement, numbers: list[int], begin: int, length: int, at: int
) -> None:
    day = timedelta(days=1)
    life = away(START + begin * day, START + (begin + length) * day)
    dates = [d for n in numbers if life.is_active(d := START + n * day)]
    today = START + at * day
    verdict = judge(asked, dates, today, life)
    known = [d for d in dates if d <= today]
    assert verdict.due_on is not None
    assert _short(asked, known, life, today) or verdict.due_on > today
    if verdict.due_on > today:
        assert not _short(asked, known, life, verdict.due_on - day)
    assert _short(asked, known, life, verdict.due_on) or life.is_absent(verdict.due_on)


@given(
    numbers=st.lists(st.integers(0, 1800), min_size=1, max_size=40),
    begin=st.integers(0, 1800),
    length=st.integers(1, 400),
    at=st.integers(400, 1800),
    back=st.integers(365, 1000),
)
@settings(deadline=None)
def test_what_is_left_unread_makes_no_difference_where_it_is_said_to_make_none(
    numbers: list[int], begin: int, length: int, at: int, back: int
) -> None:
    life, today = away(START + begin * DAY, START + (begin + length) * DAY), START + at * DAY
    dates, since = sorted(START + n * DAY for n in numbers), today - back * DAY
    read = [d for d in dates if d >= since] or dates[-1:]
    for asked in (FOUR, FOUR_WITH_GAP):
        known = is_known_from(Case(asked, tuple(things(*read)), life, SWEDEN, today), since)
        assert not known or judge(asked, read, today, life) == judge(asked, dates, today, life)


def test_who_was_short_all_the_time_that_was_read_is_known_only_from_all() -> None:
    yearly = [START + n * DAY for n in (100, 500, 900)]
    often = [START + n * DAY for n in range(0, 1000, 90)]
    today, since = START + 1000 * DAY, START + 300 * DAY
    for dates, known in ((yearly, False), (often, True)):
        case = Case(FOUR, tuple(things(*(d for d in dates if d >= since))), LIFE, SWEDEN, today)
        assert is_known_from(case, since) is known


@pytest.mark.parametrize("kind", ["vacation", "parental"])
def test_both_vacation_and_parental_leave_pause_the_count(kind: str) -> None:
    life = Timeline(START, LIFE.ends_on, leaves=(Leave(kind, date(2026, 2, 2), date(2026, 2, 6)),))
    assert judge(FOUR, [], START, life).due_on == date(2026, 4, 13)  # 8 Apr + 5
