"""Booked sessions, moved and called off: `flytta torsdag till fredag 9:00`, `avboka serien`."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from handlers.language.command import Command
from handlers.language.dates import Span
from handlers.language.days import Point
from handlers.language.findings import Findings
from handlers.language.matches import Match
from handlers.language.settle import settle

SERIES, UNCLEAR = "series", "unclear"
WORKING = range(7, 19)


def of_a_booking(found: Findings, chosen: Match) -> Command:
    """`move` or `cancel`: `date` is the day booked, `end_date` and `time` when it is to be instead.

    A `date` of None means the next one. For `cancel`, `end_date` is the last day that is called off, and
    `reason` is "series" for all that follow, of the weekday of `date` if there is one; "unclear" where a day
    was named and it cannot be told which: nothing is to be moved or called off then.
    """
    said = Command(chosen.key, people=found.people)
    if chosen.key == "cancel":
        return _called_off(said, found)
    old, new = _days(found)
    clock = found.clocks[-1] if found.clocks else None
    start = clock.start if clock else _bare_hour(found)
    minutes = clock.minutes if clock and clock.minutes else _length(found)
    reason = UNCLEAR if found.spans and old is None and new is None else None
    return replace(said, date=old, end_date=new, time=start, minutes=minutes, reason=reason)


def _called_off(said: Command, found: Findings) -> Command:
    marks = found.words.marks["series"]
    if any(found.line.phrase(at, marks) for at in range(len(found.line.tokens))):
        return replace(said, reason=SERIES)
    if found.repeat:
        return replace(said, reason=SERIES, date=_next(found.repeat.weekday, found.today))
    days = settle(found.spans, found.today, "period" if _is_week(found.spans) else "booking")
    return replace(said, date=days.date, end_date=days.end, reason=UNCLEAR if days.asked else None)


def _next(weekday: int | None, today: dt.date) -> dt.date | None:
    return today + dt.timedelta(days=(weekday - today.isoweekday()) % 7) if weekday else None


def _is_week(spans: list[Span]) -> bool:
    return len(spans) == 1 and bool(spans[0].first and spans[0].first.is_week)


def _days(found: Findings) -> tuple[dt.date | None, dt.date | None]:
    """The day booked and the new one: two that are named are that; one after `till` is the new one."""
    points = [point for span in found.spans for point in (span.first, span.last) if point]
    if not points:
        return None, None
    if len(points) > 1:
        old, new = _day(points[0], found), _day(points[-1], found)
        return (old, new) if old and new else (None, None)
    day = _day(points[0], found)
    return (None, day) if found.spans[0].kind == "until" else (day, None)


def _day(point: Point, found: Findings) -> dt.date | None:
    return settle([Span("on", point)], found.today, "booking").date


def _length(found: Findings) -> int | None:
    return round(found.durations[-1]) if found.durations else None


def _bare_hour(found: Findings) -> dt.time | None:
    """`till fredag 9`: where a session is moved to, a number alone is an hour of the working day."""
    line = found.line
    hours = [line.number(at, 2) for at in range(len(line.tokens)) if line.free(at)]
    said = [hour for hour in hours if hour is not None and hour in WORKING]
    return dt.time(said[-1]) if said else None
