"""A weekday with a number beside it: `fredag 13` may be a day of the month, or an hour."""

from __future__ import annotations

from datetime import date, time, timedelta

from handlers.language.days.spans import Point, first_day
from handlers.language.finders.clock import Clock
from handlers.language.finders.found import Findings
from handlers.language.lexicon.phrases import NUMBER
from handlers.language.settling.minutes import WORKING, ends
from handlers.language.settling.settle import When

_NEAR = 45  # days: how far off the day of the month may be


def beside_a_number(found: Findings, when: When, *, timed: bool) -> When:
    """`when` with a number after its weekday taken for what it is; `timed` where it may be an hour.

    A day of the month that is that weekday is meant, and asked about where it may as well be the hour.
    """
    point = _weekday_alone(found)
    at = _number_after(found) if point and when.date else None
    if point is None or at is None or when.date is None:
        return when
    if timed and not found.has_length and _meant(point, found, at) in (None, when.date):
        return when  # it may be how long, and is asked about so
    return _settled(found, when, when.date, at, timed and not found.clocks)


def _settled(found: Findings, when: When, day: date, at: int, timed: bool) -> When:
    number, point = found.line.number(at) or 0, found.spans[0].first
    meant = _meant(point, found, at) if point else None
    hour = timed and number in WORKING
    found.line.take(at, at + 1, "date")
    if meant == day:
        return when
    if meant and not hour:
        return When(meant, named=True)
    if meant is None and hour:
        found.clocks.append(Clock(time(number)))
        return when
    other = meant or first_day(Point(day=number), found.today, "session")
    return When(asked=True, candidates=tuple(sorted({day, *([other] if other else [])})), named=True)


def _weekday_alone(found: Findings) -> Point | None:
    """The bare weekday that is all the line says of days, where nothing is to be booked."""
    if len(found.spans) != 1 or found.repeat or found.book or found.booked:
        return None
    kind, point = found.spans[0][:2]
    return point if kind == "on" and point and point.weekday and point.tense != "coming" else None


def _number_after(found: Findings) -> int | None:
    """Where a day of the month stands right after the weekday, with nothing after it that it may count."""
    line = found.line
    for at in line.where(NUMBER):
        number = line.number(at, 2)
        if at and line.taken[at - 1] == "date" and number and number <= 31 and ends(found, at + 1):
            return at
    return None


def _meant(point: Point, found: Findings, at: int) -> date | None:
    """The nearest day of that number that is the weekday; of two as near, the past one."""
    if point.tense:
        return None  # `i fredags 13`
    number = found.line.number(at)
    near = (found.today + timedelta(days=away) for away in sorted(range(-_NEAR, _NEAR + 1), key=abs))
    return next((day for day in near if day.day == number and day.isoweekday() == point.weekday), None)
