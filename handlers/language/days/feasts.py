"""Days that have a name of their own: `julafton`, `valborg`, `andra advent`, `sista oktober`."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from functools import lru_cache

from handlers.language.days.day_numbers import DayNumbers
from handlers.language.days.spans import Point

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_ADVENT = ("sunday 11-27", "sunday 12-04", "sunday 12-11", "sunday 12-18")
_BESIDE = (("day_before", -1), ("day_after", 1))
_BACK, _AHEAD = 1, 3  # years: a leave may end on such a day


class Feasts(DayNumbers):
    """Methods give the point that begins at an index, and the index after it, or None."""

    def _feast_at(self, index: int) -> tuple[Point, int] | None:
        """`julafton`, `på valborg`, `midsommarafton 2025`, `dagen före julafton`."""
        start = self._mark("on", index) or index
        for role, away in _BESIDE:
            beside = self._mark(role, start)
            found = self.line.phrase(beside or start, self.words.table("feasts"))
            if found:
                year = self._year_at(found[1])
                years = [year[0]] if year else self._years()
                days = sorted(day for each in years for day in days_of(found[0], each))
                moved = tuple(day + timedelta(days=away if beside else 0) for day in days)
                return Point(days=moved), year[1] if year else found[1]
        return None

    def _counted_advent_at(self, index: int) -> tuple[Point, int] | None:
        """`2:a advent`"""
        count = self._day_number_at(index)
        if count is None or not 1 <= count[0] <= len(_ADVENT) or not self._mark("advent", count[1]):
            return None
        days = tuple(days_of(_ADVENT[count[0] - 1], year)[0] for year in self._years())
        return Point(days=days), count[1] + 1

    def _month_end_at(self, index: int) -> tuple[Point, int] | None:
        """`sista oktober`: the last day of a month."""
        mark = self._mark("last_of", self._mark("on", index) or index)
        month = self._month(mark) if mark else None
        if month is None:
            return None
        year = self._year_at(month[1])
        years = [year[0]] if year else self._years()
        ends = tuple(date(each, month[0], monthrange(each, month[0])[1]) for each in years)
        return Point(days=ends), year[1] if year else month[1]

    def _years(self) -> range:
        return range(self.today.year - _BACK, self.today.year + _AHEAD + 1)


@lru_cache(512)
def days_of(key: str, year: int) -> tuple[date, ...]:
    """The days of a key of [feasts] in a year: `12-24`, `easter -2`, `friday 06-19` (the first on or after
    it); several are parted by `|`, as one name may be of either.
    """
    return tuple(_day_of(*each.split(" "), year=year) for each in key.split("|"))


def _day_of(first: str, second: str = "", *, year: int) -> date:
    if first == "easter":
        return _easter(year) + timedelta(days=int(second))
    day = date.fromisoformat(f"{year}-{second or first}")
    return day + timedelta(days=(_WEEKDAYS.index(first) - day.weekday()) % 7) if second else day


def _easter(year: int) -> date:
    """Easter Sunday by the Gregorian reckoning of Meeus and Butcher."""
    golden, (century, rest) = year % 19, divmod(year, 100)
    moon = (19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (rest // 4) - moon - rest % 4) % 7
    late = (golden + 11 * moon + 22 * weekday) // 451
    month, day = divmod(moon + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)
