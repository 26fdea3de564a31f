"""Working days, quiet days and the arithmetic of ISO weeks and spans. Local dates throughout."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from functools import lru_cache

from schedules.rules.requirement import Span

DAY = timedelta(days=1)
WEEK = timedelta(days=7)
_SATURDAY = 5
_EVERY_MONTH_HAS = 28


class WorkCalendar:
    """A country's working days. ISO 3166 code; the `holidays` package answers for the dates.

    Categories are chosen on purpose: `public`, and `de_facto` where the country has it (in Sweden
    Midsommarafton, Julafton, Nyårsafton) are days off; `optional` ones (Skärtorsdag, klämdagar) are not.
    """

    def __init__(self, country: str = "SE") -> None:
        self.country = country

    def is_working_day(self, d: date) -> bool:
        return d.weekday() < _SATURDAY and d not in _days_off(self.country, d.year)[1]

    def is_quiet_day(self, d: date) -> bool:
        """No nudge goes out: a day off, or the eve of a public holiday (behaviour.md, Nudges)."""
        return not self.is_working_day(d) or self._is_public(d + DAY)

    def next_working_day(self, d: date) -> date:
        """The first working day on or after `d`."""
        while not self.is_working_day(d):
            d += DAY
        return d

    def working_day_before(self, d: date) -> date:
        """The last working day before `d`."""
        d -= DAY
        while not self.is_working_day(d):
            d -= DAY
        return d

    def next_speaking_day(self, d: date) -> date:
        """The first day on or after `d` on which nudges may go out."""
        return _next_speaking_day(self.country, d)

    def last_working_day_of_week(self, monday: date) -> date:
        """The last working day of the ISO week; its Friday should the whole week be off."""
        days = self.working_days_of_week(monday)
        return days[-1] if days else week_days(monday)[4]

    def working_days_of_week(self, monday: date) -> tuple[date, ...]:
        return _working_days(self.country, monday)

    def _is_public(self, d: date) -> bool:
        return d in _days_off(self.country, d.year)[0]


SWEDEN = WorkCalendar("SE")
"""The calendar of every unit."""


@lru_cache(maxsize=4096)
def _working_days(country: str, monday: date) -> tuple[date, ...]:
    return tuple(d for d in week_days(monday) if WorkCalendar(country).is_working_day(d))


@lru_cache(maxsize=4096)
def _next_speaking_day(country: str, d: date) -> date:
    calendar = WorkCalendar(country)
    while calendar.is_quiet_day(d):
        d += DAY
    return d


@lru_cache(maxsize=512)
def _days_off(country: str, year: int) -> tuple[frozenset[date], frozenset[date]]:
    """The year's public holidays, and those with the de-facto ones added."""
    from holidays import country_holidays  # every calendar there is comes with it

    known = country_holidays(country).supported_categories
    public = frozenset(country_holidays(country, years=year, categories=("public",)))
    if "de_facto" not in known:
        return public, public
    return public, public | frozenset(country_holidays(country, years=year, categories=("de_facto",)))


def monday_of(d: date) -> date:
    return d - timedelta(days=d.weekday())


def week_label(d: date) -> str:
    """`2026-W47`: the ISO week, in the ISO year (31 December may belong to week 1)."""
    year, week, _ = d.isocalendar()
    return f"{year}-W{week:02d}"


def week_days(monday: date) -> tuple[date, ...]:
    return tuple(monday + timedelta(days=n) for n in range(7))


def add_months(d: date, months: int) -> date:
    """The same day `months` later (or earlier), clamped to the month's last: 31 Jan + 1 is 28 or 29 Feb."""
    year, month0 = divmod(d.year * 12 + d.month - 1 + months, 12)
    day = d.day if d.day <= _EVERY_MONTH_HAS else min(d.day, monthrange(year, month0 + 1)[1])
    return date(year, month0 + 1, day)


def add_span(d: date, span: Span) -> date:
    """Months first, then days."""
    then = add_months(d, span.months) if span.months else d
    return then + timedelta(days=span.days) if span.days else then


def subtract_span(d: date, span: Span) -> date:
    """Months first, then days, backwards."""
    return add_months(d, -span.months) - timedelta(days=span.days)
