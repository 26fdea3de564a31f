"""What holds for every kind, over random lives."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schedules.evaluate import State, Verdict
from schedules.rules.requirement import Kind, Requirement, Span
from schedules.timeline import LEAVE_KINDS, Leave, Timeline
from tests.unit.schedules.lives import RANK, judge, requirement

START = date(2026, 1, 7)
DAY = timedelta(days=1)
HORIZON = 100

ASKED = {
    "weekly": requirement(Kind.WEEKLY, minutes=60),
    "interval": requirement(Kind.INTERVAL, every=Span(2), grace_days=3),
    "rate": requirement(Kind.RATE, count=9, longest_gap=Span(2)),
    "rate of four": requirement(Kind.RATE, count=4, longest_gap=Span(3, 14), grace_days=5),
    "total": requirement(Kind.TOTAL, count=3, fractions=(1 / 3, 2 / 3, 0.95)),
    "once": requirement(Kind.ONCE, anchor="employment", within=Span(7)),
    "before the end": requirement(Kind.ONCE, anchor="training_end", within=Span(2)),
    "month": requirement(Kind.TERM, count=1, per="month", lead_days=7),
    "term": requirement(Kind.TERM, count=2, per="term", lead_days=7),
    "agreed": requirement(Kind.AGREED),
    "unit": requirement(Kind.UNIT, every=Span(3)),
    "topic": requirement(Kind.TOPIC, every=Span(3)),
}
EVERY_KIND = pytest.mark.parametrize("asked", ASKED.values(), ids=ASKED.keys())
_days = st.integers(-10, 500).map(lambda n: START + timedelta(days=n))


@st.composite
def _leaves(draw: st.DrawFn) -> Leave:
    begin = draw(_days)
    length = draw(st.one_of(st.integers(0, 5), st.integers(0, 120), st.none()))
    return Leave(draw(st.sampled_from(LEAVE_KINDS)), begin, None if length is None else begin + length * DAY)


@st.composite
def _lives(draw: st.DrawFn) -> Timeline:
    return Timeline(
        START,
        draw(st.none() | st.integers(200, 600).map(lambda n: START + n * DAY)),
        employed_on=draw(st.none() | st.just(date(2025, 12, 1))),
        watched_from=draw(st.none() | _days),
        leaves=tuple(draw(st.lists(_leaves(), max_size=3))),
    )


def _judge(asked: Requirement, dates: list[date], today: date, life: Timeline) -> Verdict:
    return judge(asked, dates, today, life, agreed=Span(days=21))


@EVERY_KIND
@given(life=_lives(), dates=st.lists(_days, max_size=8), today=_days, data=st.data())
@settings(max_examples=25, deadline=None)
def test_the_order_of_the_history_does_not_matter(
    asked: Requirement, life: Timeline, dates: list[date], today: date, data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(dates))
    assert _judge(asked, dates, today, life) == _judge(asked, shuffled, today, life)


@EVERY_KIND
@given(life=_lives(), dates=st.lists(_days, max_size=8), today=_days)
@settings(max_examples=30, deadline=None)
def test_one_more_today_never_makes_it_worse(
    asked: Requirement, life: Timeline, dates: list[date], today: date
) -> None:
    before, after = (_judge(asked, d, today, life) for d in (dates, [*dates, today]))
    if before.state is State.NOT_APPLICABLE:
        assert after.state is State.NOT_APPLICABLE
    else:
        assert RANK[after.state] <= RANK[before.state]


@EVERY_KIND
@given(life=_lives(), dates=st.lists(_days, max_size=8), today=_days)
@settings(max_examples=30, deadline=None)
def test_it_changes_on_the_day_it_says_and_not_before(
    asked: Requirement, life: Timeline, dates: list[date], today: date
) -> None:
    now = _judge(asked, dates, today, life)
    for n in range(1, HORIZON):
        then = _judge(asked, dates, today + n * DAY, life)
        if then._replace(changes_on=None) != now._replace(changes_on=None):
            assert now.changes_on == today + n * DAY
            return
    assert now.changes_on is None or now.changes_on >= today + HORIZON * DAY


@EVERY_KIND
@given(life=_lives(), dates=st.lists(_days, max_size=8), today=_days, later=st.integers(1, 400))
@settings(max_examples=30, deadline=None)
def test_the_due_date_and_the_period_stay_while_nothing_is_logged(
    asked: Requirement, life: Timeline, dates: list[date], today: date, later: int
) -> None:
    known = [d for d in dates if d <= today]
    now, then = (_judge(asked, known, today + n * DAY, life) for n in (0, later))
    assert (then.due_on, then.overdue_from, then.period) == (now.due_on, now.overdue_from, now.period)


@EVERY_KIND
@given(life=_lives(), dates=st.lists(_days, max_size=8), today=_days)
@settings(max_examples=25, deadline=None)
def test_due_is_never_after_overdue_and_overdue_never_before_escalation(
    asked: Requirement, life: Timeline, dates: list[date], today: date
) -> None:
    verdict = _judge(asked, dates, today, life)
    known = [d for d in (verdict.due_on, verdict.overdue_from, verdict.escalates_on) if d]
    assert known == sorted(known)
    if verdict.state is State.OVERDUE:
        assert verdict.overdue_from is not None
        assert verdict.overdue_from <= today
