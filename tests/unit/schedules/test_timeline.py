"""Active days, moved dates and the planned end, checked against counting day by day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schedules.calendar import add_span
from schedules.rules.requirement import Span
from schedules.timeline import LEAVE_KINDS, Leave, Timeline
from tests.unit.schedules.lives import LIFE, away

START = date(2026, 1, 7)
DAY = timedelta(days=1)
_days = st.integers(-30, 900).map(lambda n: START + timedelta(days=n))


@st.composite
def _leaves(draw: st.DrawFn) -> Leave:
    begin = draw(_days)
    length = draw(st.one_of(st.integers(0, 8), st.integers(0, 200)))
    return Leave(draw(st.sampled_from(LEAVE_KINDS)), begin, begin + timedelta(days=length))


_lives = st.builds(
    lambda leaves: Timeline(START, date(2028, 1, 6), leaves=tuple(leaves)), st.lists(_leaves(), max_size=6)
)


def test_the_clock_starts_with_the_training_when_history_was_imported() -> None:
    assert LIFE.clock_start == START


def test_the_clock_starts_at_go_live_when_that_was_later() -> None:
    assert Timeline(START, watched_from=date(2026, 9, 1)).clock_start == date(2026, 9, 1)
    assert Timeline(START, watched_from=date(2025, 9, 1)).clock_start == START


def test_both_ends_of_an_absence_are_included() -> None:
    life = away(date(2026, 3, 10), date(2026, 3, 12))
    assert [life.is_absent(date(2026, 3, d)) for d in (9, 10, 12, 13)] == [False, True, True, False]


def test_an_open_ended_absence_never_ends() -> None:
    life = away(date(2026, 3, 10), None)
    assert not life.is_absent(date(2026, 3, 9))
    assert life.is_absent(date(2036, 3, 9))
    assert life.planned_end is None
    assert life.next_active(date(2026, 3, 10)) is None


def test_overlapping_absences_count_once() -> None:
    life = away(date(2026, 3, 5), date(2026, 3, 14), life=away(date(2026, 3, 1), date(2026, 3, 10)))
    # March has 31 days, 1-14 March away: 17 left.
    assert life.active_days(date(2026, 3, 1), date(2026, 3, 31)) == 17


def test_days_outside_the_training_are_not_active() -> None:
    assert LIFE.active_days(date(2025, 1, 1), date(2026, 1, 8)) == 2
    assert LIFE.active_days(date(2031, 1, 5), date(2032, 1, 1)) == 2
    assert LIFE.active_days(date(2026, 5, 2), date(2026, 5, 1)) == 0


@pytest.mark.parametrize(
    ("begin", "end", "due"),
    [
        (date(2026, 4, 3), date(2026, 4, 12), date(2026, 4, 2)),  # begins the day after it is due
        (date(2026, 4, 2), date(2026, 4, 11), date(2026, 4, 12)),  # on the day: 10 days later
        (date(2026, 3, 2), date(2026, 3, 2), date(2026, 4, 2)),  # the day of the last one does not count
        (date(2026, 3, 3), date(2026, 3, 3), date(2026, 4, 3)),
    ],
)
def test_absence_inside_moves_a_date_and_outside_does_not(begin: date, end: date, due: date) -> None:
    assert away(begin, end).add_active(date(2026, 3, 2), Span(1)) == due


def test_a_date_moved_into_another_absence_is_moved_again() -> None:
    life = away(date(2026, 4, 5), date(2026, 4, 9), life=away(date(2026, 3, 10), date(2026, 3, 12)))
    # 2 Apr + 3 = 5 Apr, which begins five days more: 10 Apr.
    assert life.add_active(date(2026, 3, 2), Span(1)) == date(2026, 4, 10)


def test_an_open_ended_absence_stops_only_what_lies_behind_it() -> None:
    life = away(date(2026, 4, 2), None)
    assert life.add_active(date(2026, 3, 1), Span(1)) == date(2026, 4, 1)
    assert life.add_active(date(2026, 3, 2), Span(1)) is None


@pytest.mark.parametrize("end", [date(2026, 4, 9), None])
def test_no_time_at_all_is_not_moved_by_the_absence_it_falls_in(end: date | None) -> None:
    assert away(date(2026, 4, 2), end).add_active(date(2026, 4, 5), Span()) == date(2026, 4, 5)
    assert away(date(2026, 4, 2), end).add_active(date(2026, 4, 1), Span()) == date(2026, 4, 1)


@pytest.mark.parametrize(
    ("kind", "begin", "end", "moved"),
    [
        ("vacation", date(2027, 7, 1), date(2027, 7, 31), 0),
        ("parental", date(2027, 7, 1), date(2027, 7, 31), 31),
        ("sick", date(2027, 9, 6), date(2027, 9, 8), 0),  # Mon-Wed: three odd days
        ("sick", date(2027, 9, 6), date(2027, 9, 9), 4),  # Mon-Thu: four
        ("child_care", date(2027, 9, 9), date(2027, 9, 13), 0),  # Thu-Mon: three of them worked
        ("child_care", date(2027, 9, 9), date(2027, 9, 14), 6),  # Thu-Tue: four, six days in all
        ("parental", START, date(2026, 1, 31), 25),  # from the training's first day on
    ],
)
def test_all_absence_but_vacation_and_odd_days_moves_the_end(
    kind: str, begin: date, end: date, moved: int
) -> None:
    assert away(begin, end, kind).planned_end == date(2031, 1, 6) + moved * DAY


def test_absence_goes_on_over_a_weekend_between() -> None:
    # Thu-Fri and Mon-Tue: four working days in a row, four days away.
    life = away(
        date(2027, 9, 13), date(2027, 9, 14), "sick", away(date(2027, 9, 9), date(2027, 9, 10), "sick")
    )
    assert life.planned_end == date(2031, 1, 10)


def test_absence_in_the_prolongation_prolongs_too() -> None:
    life = away(date(2031, 1, 10), date(2031, 1, 19), life=away(date(2027, 7, 1), date(2027, 7, 10)))
    # 6 Jan + 10 = 16 Jan, with 10 days more away from the 10th: 26 Jan.
    assert life.planned_end == date(2031, 1, 26)


def test_a_training_without_an_end_has_no_planned_end() -> None:
    assert Timeline(START).planned_end is None


@given(_lives, _days, _days)
@settings(deadline=None)
def test_active_days_are_those_one_by_one(life: Timeline, begin: date, end: date) -> None:
    days = (begin + n * DAY for n in range((end - begin).days + 1))
    assert life.active_days(begin, end) == sum(life.is_active(d) for d in days)


@given(_lives, _days, st.integers(1, 40))
@settings(deadline=None)
def test_days_are_served_when_each_of_them_is_active(life: Timeline, begin: date, length: int) -> None:
    assert life.is_served(begin, length) == all(life.is_active(begin + n * DAY) for n in range(length))


def test_days_are_served_up_to_the_last_of_the_training_and_from_its_first() -> None:
    life = Timeline(START, date(2028, 1, 6))
    assert [life.is_served(date(2028, 1, d), 3) for d in (4, 5)] == [True, False]
    assert [life.is_served(date(2026, 1, d), 3) for d in (6, 7)] == [False, True]


@given(_lives, _days, st.lists(_days))
@settings(deadline=None)
def test_days_are_numbered_by_the_active_ones_up_to_them(
    life: Timeline, begin: date, days: list[date]
) -> None:
    counted = tuple(life.active_days(begin, day) for day in sorted(days))
    assert life.numbers(begin, sorted(days)) == counted


@given(_lives, _days, st.integers(1, 400))
@settings(deadline=None)
def test_the_nth_active_day_is_the_one_that_many_days_are_active_up_to(
    life: Timeline, begin: date, n: int
) -> None:
    day = life.nth_active(begin, n)
    if day is None:
        assert life.planned_end is not None
        assert life.active_days(begin, life.planned_end) < n
    else:
        assert life.is_active(day)
        assert life.active_days(begin, day) == n


@given(_lives, _days, st.builds(Span, st.integers(0, 8), st.integers(0, 60)))
@settings(deadline=None)
def test_a_moved_date_leaves_the_whole_span_free_of_absence(life: Timeline, begin: date, span: Span) -> None:
    due, plain = life.add_active(begin, span), add_span(begin, span)
    assert due is not None
    absent = sum(life.is_absent(begin + n * DAY) for n in range(1, (due - begin).days + 1))
    assert due == plain + absent * DAY
