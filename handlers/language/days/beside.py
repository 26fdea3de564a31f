"""Days that are named beside others: `ändra till torsdag` is the Thursday of the week that is changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from handlers.language.days.dates import Span
from handlers.language.days.spans import Point, add_months, monday_of, valid

_WEEK = timedelta(days=7)


def beside(spans: Sequence[Span], first: date, last: date, *, moves: bool) -> list[Span]:
    """The spans with bare weekdays and days of a month as those near the days that stand from first to last.

    `moves` says that `till fredag` of a single day is the day instead, and no last day.
    """
    single = first == last
    found = []
    for span in spans:
        begins = _near(span.first, first, None, single)
        earliest = begins.exact if begins else None if single and moves else first
        found.append(span._replace(first=begins, last=_near(span.last, last, earliest, single)))
    return found


def _near(point: Point | None, day: date, earliest: date | None, single: bool) -> Point | None:
    """The same point, as a day of its own where it is only told as one of each week or month.

    Of a single day it is another than that.
    """
    if point is None or point.tense or not (point.weekday or (point.day and point.month is None)):
        return point
    found = _weekday(point.weekday, day) if point.weekday else _of_month(point.day or 0, day)
    if found and point.weekday and ((single and found == day) or (earliest and found < earliest)):
        found += _WEEK
    return Point(exact=found) if found else point


def _weekday(weekday: int, day: date) -> date:
    """That of the same week."""
    return monday_of(day) + timedelta(days=weekday - 1)


def _of_month(number: int, day: date) -> date | None:
    months = (add_months(day.replace(day=1), away) for away in (-1, 0, 1))
    days = [found for month in months if (found := valid(month.year, month.month, number))]
    return min(days, key=lambda found: abs(found - day), default=None)
