"""Ways to name a day, and which day each is: pure arithmetic on dates."""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

AHEAD = timedelta(days=60)  # a date without a year is in the future if no further ahead, else in the past
FRIDAY = 5
_LONG_YEAR = 53  # the week that few years have
_HALF_A_YEAR = timedelta(days=183)


class Point(NamedTuple):
    """One named day or stretch of days. Exactly one of the groups is set.

    `exact` (`tense` "about" when weeks were counted: a weekday may be named beside it); `day` with `month`
    (and `year`); `day` alone; `weekday` 1-7 with `tense` "", "past" or "coming";
    `week` (and `year`) or `monday` for a whole week; `month` alone (and `year`) for a whole month;
    `days`, the same day of several years, in order (`julafton`).
    """

    exact: date | None = None
    day: int | None = None
    month: int | None = None
    year: int | None = None
    weekday: int | None = None
    tense: str = ""
    week: int | None = None
    monday: date | None = None
    days: tuple[date, ...] = ()

    @property
    def is_week(self) -> bool:
        """Whether it names a whole week."""
        return self.week is not None or self.monday is not None

    @property
    def is_month(self) -> bool:
        """Whether it names a whole month."""
        return self.month is not None and self.day is None


def first_day(point: Point, today: date, rule: str) -> date | None:
    """The day a point names, or the first day of its stretch; None when there is no such day.

    `rule` is "session" (AHEAD decides), "booking" or "period" (the nearest in either direction; of a booking
    the next, where the nearest is longer ago than AHEAD).
    A week is its Friday in a session and a booking, and its Monday in a period.
    """
    if point.exact:
        return point.exact
    if point.days:
        return _choose(point.days, today, rule)
    if point.weekday:
        return _weekday(point, today, rule)
    if point.is_week:
        return week_day(point, FRIDAY if rule != "period" else 1, today, rule)
    if point.month is None:
        return _day_of_month(point.day or 0, today, rule)
    return _choose(_in_years(point, today, 1 if point.day is None else point.day), today, rule)


def last_day(point: Point, start: date) -> date | None:
    """The last day of a point that ends a range: the first such day on or after `start`."""
    if point.exact:
        return point.exact
    if point.days:
        return _first_from(point.days, start)
    if point.weekday:
        return start + timedelta(days=(point.weekday - start.isoweekday()) % 7)
    if point.is_week:
        mondays = [point.monday] if point.monday else _mondays(point, start)
        return next(
            (monday + timedelta(days=6) for monday in mondays if monday + timedelta(days=6) >= start), None
        )
    if point.month is None:
        return _first_from(_months_from(start, point.day or 0), start)
    return _first_from(_in_years(point, start, point.day), start)


def week_day(point: Point, weekday: int, today: date, rule: str) -> date | None:
    """A weekday 1-7 of the week a point names; None for a week 53 that only a year far ahead has."""
    if point.monday:
        return point.monday + timedelta(days=weekday - 1)
    day = _choose((monday + timedelta(days=weekday - 1) for monday in _mondays(point, today)), today, rule)
    far = point.week == _LONG_YEAR and not point.year and day and day > today + _HALF_A_YEAR
    return None if far else day


def monday_of(day: date) -> date:
    """The Monday of a day's ISO week."""
    return day - timedelta(days=day.isoweekday() - 1)


@lru_cache(64)
def add_months(day: date, months: int) -> date:
    """The same day of another month, or that month's last day when it is shorter."""
    month = min(max(day.year * 12 + day.month - 1 + months, 12), 9999 * 12 + 11)
    year, number = month // 12, month % 12 + 1
    return date(year, number, min(day.day, calendar.monthrange(year, number)[1]) if day.day > 28 else day.day)


def after(start: date, count: int, unit: str) -> date:
    """So many days, weeks, months or years after a day."""
    if unit in ("month", "year"):
        return add_months(start, count * (12 if unit == "year" else 1))
    return start + timedelta(days=count * (7 if unit == "week" else 1))


def nearby(point: Point, today: date, rule: str) -> list[date]:
    """Days that may have been meant where a point names none: 31/2 → 28/2 and 3/2; 12/13 → 13/12."""
    if point.day is None or point.month is None:
        return []
    meant = [(point.month, point.day)]
    if 1 <= point.month <= 12:
        meant = [(28, point.month), (point.day // 10, point.month)] if point.day < 60 else []
        meant = [(max(_lengths(point.month)), point.month), *meant[1:]] if point.day > 28 else meant
    found = [first_day(Point(day=day, month=month, year=point.year), today, rule) for day, month in meant]
    return [day for day in found if day]


def speaks_against(point: Point, first: Point, start: date, today: date, rule: str) -> bool:
    """Whether a day beside a range is not its first: `mån 22/12 - fre 8/1` begins on a Tuesday."""
    if point.weekday:
        return first.day is not None and not point.tense and point.weekday != start.isoweekday()
    return first_day(point, today, rule) != start


def follows(one: Point, two: Point) -> bool:
    """Whether a week comes after another; the last of a year is 52 or 53."""
    return two.week == (one.week or 0) + 1 or (two.week == 1 and one.week in (52, 53))


def same_year(first: Point, last: Point) -> tuple[Point, Point]:
    """`9 nov - 11 dec 2026`: the year said once, last, holds for both when the days are in order."""
    if last.year and first.year is None and first.day and first.month and last.month:
        earlier = (first.month, first.day) > (last.month, last.day or 31)
        return Point(day=first.day, month=first.month, year=last.year - earlier), last
    if last.year and first.year is None and first.week and last.week:
        return Point(week=first.week, year=last.year - (first.week > last.week)), last
    if last.year and first.year is None and first.is_month and last.is_month:
        return Point(month=first.month, year=last.year - ((first.month or 0) > (last.month or 0))), last
    return first, last


def _lengths(month: int) -> set[int]:
    return {calendar.monthrange(2023, month)[1]}


def valid(year: int, month: int, day: int) -> date | None:
    """The date, or None when there is no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def counted_weekday(year: int, month: int, weekday: int, count: int) -> date | None:
    """The first, second … weekday 1-7 of a month, the last for -1; None where the month has no such."""
    first = date(year, month, 1)
    days = [first + timedelta(days=ahead) for ahead in range(calendar.monthrange(year, month)[1])]
    hits = [day for day in days if day.isoweekday() == weekday]
    return hits[count - 1 if count > 0 else count] if count <= len(hits) else None


def nearest(days: Iterable[date], today: date) -> date | None:
    """Which of the same day of several years a session was or is on: see AHEAD."""
    return _choose(days, today, "session")


def _weekday(point: Point, today: date, rule: str) -> date:
    back = (today.isoweekday() - (point.weekday or 1)) % 7
    if point.tense == "past":
        return today - timedelta(days=back or 7)
    if point.tense == "coming":
        return today + timedelta(days=7 - back)
    return today + timedelta(days=(7 - back) % 7) if rule == "booking" else today - timedelta(days=back)


def _in_years(point: Point, around: date, day: int | None) -> Iterable[date]:
    """A point's day (None: the last) of its month in the years near a date, or in its own year."""
    reach = 8 if point.month == 2 and day == 29 else 1  # years until there is such a day again
    years = [point.year] if point.year else range(around.year - reach, around.year + reach + 1)
    for year in years:
        number = day
        if day is None and 1 <= (point.month or 0) <= 12:
            number = calendar.monthrange(year, point.month or 1)[1] if 1 <= year <= 9999 else 0
        found = valid(year, point.month or 0, number or 0)
        if found:
            yield found


def _mondays(point: Point, around: date) -> Iterable[date]:
    years = [point.year] if point.year else range(around.year - 1, around.year + 3)
    for year in years:
        try:
            monday = date.fromisocalendar(year, point.week or 0, 1)
        except ValueError:
            continue
        yield monday


def _day_of_month(day: int, today: date, rule: str) -> date | None:
    """`den 12`: the nearer of the last and the next, the past one unless the next is twice as near."""
    days = list(_months_from(add_months(today.replace(day=1), -2), day))
    past = max((found for found in days if found <= today), default=None)
    coming = min((found for found in days if found >= today), default=None)
    if past is None or coming is None or rule == "booking":
        return coming
    return coming if (coming - today) * 2 <= today - past else past


def _months_from(start: date, day: int) -> Iterable[date]:
    for ahead in range(5):
        month = add_months(start.replace(day=1), ahead)
        found = valid(month.year, month.month, day)
        if found:
            yield found


def _first_from(days: Iterable[date], start: date) -> date | None:
    return next((day for day in sorted(days) if day >= start), None)


def _choose(days: Iterable[date], today: date, rule: str) -> date | None:
    """The day meant among the same day of several years, in order."""
    if rule != "session":
        days = list(days)
        near = min(days, key=lambda day: (abs(day - today), day < today), default=None)
        long_ago = rule == "booking" and near is not None and near < today - AHEAD
        return _first_from(days, today) or near if long_ago else near
    past = None
    for day in days:
        if day >= today:
            return past if past and day > today + AHEAD else day
        past = day
    return past
