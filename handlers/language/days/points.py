"""The single days, weeks and months a line names, one at a time: what begins at a token."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from handlers.language.days.calendar_forms import numeric_at, year_at
from handlers.language.days.day_numbers import SELDOM_COUNTED
from handlers.language.days.feasts import Feasts
from handlers.language.days.relative_points import years_said
from handlers.language.days.spans import Point, counted_weekday, first_day, last_day, nearest
from handlers.language.lexicon.numbers import whole_at
from handlers.language.lexicon.phrases import ENDING, JOINT, LONG, NUMBER, POINT, bits
from handlers.language.lexicon.vocabulary import KEPT, KINDS, Vocabulary


class Points(Feasts):
    """Methods give the point that begins at an index, and the index after it, or None."""

    def point_at(self, index: int) -> tuple[Point, int] | None:
        """One named day, week or month."""
        said = self.line.said
        for needs, read in _forms_of(self.words, self.line.begins[index]):
            if said & needs:
                found = read(self, index)
                if found:
                    return found
        return None

    def dated_at(self, index: int) -> tuple[Point, int] | None:
        """The same, and the date behind a weekday with it: `fredag 11/12`, where a stretch begins or ends.

        Where the date is no such weekday the point is a day that is none, so that it is asked about.
        """
        named = self.point_at(index)
        dated = self.point_at(named[1]) if named and named[0].weekday else None
        if named is None or dated is None or not dated[0].day:
            return named
        point = dated[0]
        days = (first_day(point, self.today, "period"), last_day(point, self.today))
        meant = next((day for day in days if day and day.isoweekday() == named[0].weekday), None)
        if meant is None:
            return point._replace(month=0), dated[1]
        return point._replace(year=meant.year) if point.month else Point(exact=meant), dated[1]

    def _year_before_at(self, index: int) -> tuple[Point, int] | None:
        """`förra året 12/11`, `i fjol den 12 november`."""
        year = self._said_year_at(index)
        if year is None:
            return None
        found = self._named_month_at(year[1])
        if found is None and self.line.is_number(year[1]):
            found = self._numeric_at(year[1])
        whole = found and found[0].day and found[0].month and not found[0].year
        return (found[0]._replace(year=year[0]), found[1]) if found and whole else None

    def _numeric_at(self, index: int) -> tuple[Point, int] | None:
        found = numeric_at(self.line, index, self.today)
        if found is None or not self.line.said & years_said(self.words):
            return found
        year = self._said_year_at(found[1]) if found[0].year is None else None
        return (found[0]._replace(year=year[0]), year[1]) if year and found[0].day else found

    def _named_month_at(self, index: int) -> tuple[Point, int] | None:
        """`12 nov`, `den 12:e november 2026`, `november 12th`."""
        start = self._mark("on", index) or index
        day = self._day_number_at(start) or self._day_in_words_at(start)
        after = day[1] if day else start
        if day and self.line.words[after] == "i" and self.line.words[index - 1] in self.words.marks["clock"]:
            return None  # `kl 8 i december`
        joined = self.line.words[after] in ("of", "i") or self._is_glued_mark(after)
        if day and joined and self._month(after + 1):
            after += 1
        month = self._month(after)
        if month and day:
            hour = self.line.is_number(month[1]) and start == index and self._is_an_hour(index, month[1])
            return None if hour else self._with_year(day[0], month)
        if month is None or day or start != index:
            return None
        day = self._day_number_at(month[1])
        if day and self._year_at(day[1]):
            return self._with_year(day[0], (month[0], day[1]))
        free = day and not self._is_amount(day[1]) and not self._continues(day[1])
        return self._with_year(day[0], (month[0], day[1])) if day and free else None

    def _day_in_words_at(self, index: int) -> tuple[int, int] | None:
        """`femton november`, as it is dictated; but not `klockan femton november`, nor `en maj`."""
        day = None if self.line.is_number(index) else whole_at(self.line, index, self.words)
        timed = self.line.words[index - 1] in self.words.marks["clock"]
        return day if day and not timed and 1 < day[0] <= 31 and self._month(day[1]) else None

    def _counted_weekday_at(self, index: int) -> tuple[Point, int] | None:
        """`första torsdagen i december`, `last friday of january 2027`; with `boka` the next such."""
        line, start = self.line, self._mark("on", index) or index
        named = line.phrase(start, self.words.table("ordinals"))
        count, end = (int(named[0]), named[1]) if named else (_LAST, start + 1)
        if not (1 <= count <= _MOST_WEEKS if named else line.words[start] in _LAST_WORDS):
            return None
        weekday = line.phrase(end, self.words.table("weekdays"))
        month = self._month(weekday[1] + (line.words[weekday[1]] in _OF_A_MONTH)) if weekday else None
        if weekday is None or month is None:
            return None
        year = self._year_at(month[1])
        years = [year[0]] if year else range(self.today.year - 1, self.today.year + 2)
        days = [counted_weekday(each, month[0], int(weekday[0]), count) for each in years]
        coming = [day for day in days if day and day >= self.today]
        books = line.said & bits(self.words.marks["book"], self.words.marks["planned"])
        day = coming[0] if books and coming else nearest(filter(None, days), self.today)
        return (Point(exact=day), year[1] if year else month[1]) if day else None

    def _is_an_hour(self, index: int, behind: int) -> bool:
        """The 13 of `kl 13 nov 19` and the 14 of `kl 13-14 nov 19`: the day stands behind the month."""
        day = self._day_number_at(behind)
        if day is None or day[0] > 31 or self._is_amount(day[1]) or self._continues(day[1]):
            return False
        clock, words = self.words.marks["clock"], self.line.words
        return words[index - 1] in clock or (words[index - 1] == "-" and words[index - 3] in clock)

    def _last_of_month_at(self, index: int) -> tuple[Point, int] | None:
        """`sista februari`, where a range ends."""
        mark = self._mark("last_of", index)
        month = self._month(mark) if mark else None
        return self._of_month(month) if month else None

    def _with_year(self, day: int, month: tuple[int, int]) -> tuple[Point, int]:
        year = self._year_at(month[1]) or self._short_year_at(month[1])
        return Point(day=day, month=month[0], year=year[0] if year else None), year[1] if year else month[1]

    def _short_year_at(self, index: int) -> tuple[int, int] | None:
        """`12 nov -26`, `12 nov '26`, `12-nov-2026`: the dash or the apostrophe stands against the year; and
        `12 nov 26`, where nothing is counted.
        """
        if self.line.begins[index] & NUMBER:
            return self._bare_year_at(index)
        if self.line.words[index] not in ("-", "'", "’") or not self.line.glued(index + 1):
            return None
        if self.line.glued(index) and (whole := year_at(self.line, index + 1)):
            return whole
        year = self.line.number(index + 1, 2)
        near = year is not None and abs(2000 + year - self.today.year) <= 3
        return (2000 + year, index + 2) if year and near and not self._month(index + 2) else None

    def _bare_year_at(self, index: int) -> tuple[int, int] | None:
        year, end = 2000 + (self.line.number(index, 2) or 0), index + 1
        near = abs(year - self.today.year) <= 1 and not self.line.tokens[index].glued
        whole = near and not (self._is_amount(end) or self._continues(end) or self._month(end))
        return (year, end) if whole and self._counts_nothing(end) else None

    def _day_at(self, index: int) -> tuple[Point, int] | None:
        """`den 12`, `den 12:e`, `12:e`."""
        mark = self.line.words[index] == "den"
        day = self._day_number_at(index + 1 if mark else index)
        if day is None:
            return None
        spelled = self.line.tokens[day[1] - 1].is_word and self.line.tokens[index].is_number
        digits = mark and self.line.tokens[index + 1].is_number
        counted = not spelled and self._is_amount(day[1])  # `12:e kvart` counts no quarters
        if not (spelled or digits) or counted or self._continues(day[1]):
            return None
        if spelled and not mark and day[0] <= SELDOM_COUNTED and not self._counts_nothing(day[1]):
            return None  # `2:a försöket`
        if self.line.words[index - 1] in _EVERY and self.line.phrase(day[1], self.words.table("units")):
            return None  # `var 4:e timme`
        return Point(day=day[0]), day[1]

    def _spelled_day_at(self, index: int) -> tuple[Point, int] | None:
        """`den tolfte`, `tolfte elfte`, `den tolfte i elfte`, `12:e i 11:e`; not `den andra patienten`."""
        if self.line.said & self.words.marks["advent"].bit and (sunday := self._counted_advent_at(index)):
            return sunday
        mark = self.line.words[index] == "den"
        day = self._day_number_at(index + mark)
        led = day is not None and self.line.words[day[1]] == "i"
        if day is None or not (mark or self.line.is_number(index) or self._is_ordinal(day[1] + led)):
            return None
        led = led or ((mark or self.line.tokens[day[1] - 1].is_word) and self._is_ordinal(day[1]))
        month = self._day_number_at(day[1] + (self.line.words[day[1]] == "i")) if led else None
        if month and 1 <= month[0] <= 12 and self.line.tokens[month[1] - 1].is_word:
            return self._with_year(day[0], month)
        spelled = self.line.tokens[index + mark].is_word and (mark or self.line.is_number(index))
        return (Point(day=day[0]), day[1]) if spelled and self._counts_nothing(*day[::-1]) else None

    def _is_range_of_months(self, index: int) -> bool:
        """`jan-juni`, `dec till feb`, `feb och mars`"""
        joint = index + 2 if self.line.words[index + 1] in ("-", ",") else self._mark("until", index + 1)
        joint = joint or self._mark("and", index + 1)
        return joint is not None and self._month(joint) is not None

    def _whole_month_at(self, index: int) -> tuple[Point, int] | None:
        """`hela december`, `i december 2026`, `december`."""
        mark = self._mark("whole", index)
        month = self._month(mark or index)
        if month is None:
            return None
        if mark and self.line.words[mark] == _CHRISTMAS and not self._year_at(month[1]):
            return None
        short = mark is None and self.line.words[index] in _short(self.words)
        if short and not self._is_range_of_months(index) and not self._year_at(month[1]):
            return None
        return self._of_month(month)

    def _of_month(self, month: tuple[int, int]) -> tuple[Point, int]:
        year = self._year_at(month[1])
        return Point(month=month[0], year=year[0] if year else None), year[1] if year else month[1]


_EVERY = ("var", "varje", "every")
_LAST, _MOST_WEEKS = -1, 5
_LAST_WORDS = ("sista", "siste", "last")
_OF_A_MONTH = ("i", "in", "of")


_Reading = Callable[[Points, int], tuple[Point, int] | None]


class _Form(NamedTuple):
    """A way to write a day: what it begins with, what stands somewhere in the line, and its reading."""

    opens: int
    needs: int
    read: _Reading


@lru_cache(KEPT)
def _forms(words: Vocabulary) -> tuple[_Form, ...]:
    """All of them, the surest first."""
    table, marks = words.table, words.marks
    ago, on, whole = bits(marks["within"], marks["ago_before"]), marks["on"].bit, marks["whole"].bit
    weekdays = bits(*map(table, ("weekdays", "weekdays_past", "weekdays_dated", "weekdays_short")))
    weeks, relative_days = table("relative_weeks").bit, table("relative_days").bit
    counted, months = NUMBER | table("numbers").bit, table("months").bit
    dated = NUMBER | on | table("ordinals").bit
    nth = bits(marks["on"], marks["past"], marks["last_of"], table("ordinals"))
    feasts = table("feasts").bit
    return (
        _Form(feasts | on | bits(marks["day_before"], marks["day_after"]), feasts, Points._feast_at),
        _Form(nth, months, Points._counted_weekday_at),
        _Form(marks["last_of"].bit | on, months, Points._month_end_at),
        _Form(years_said(words), NUMBER | months, Points._year_before_at),
        _Form(ago | counted, ago | marks["ago"].bit, Points._ago_at),
        _Form(weekdays | bits(marks["past"], marks["coming"]) | on, weekdays, Points._weekday_at),
        _Form(bits(marks["before_last"], marks["after_next"]), weekdays, Points._farther_weekday_at),
        _Form(weeks | whole, weeks, Points._relative_week_at),
        _Form(relative_days, relative_days, Points._relative_day_at),
        _Form(marks["week"].bit, NUMBER | table("numbers").bit, Points._week_at),
        _Form(dated | months | table("numbers").bit, months, Points._named_month_at),
        _Form(NUMBER, LONG | JOINT | POINT, Points._numeric_at),
        _Form(dated, ENDING | table("ordinals").bit, Points._spelled_day_at),
        _Form(dated, ENDING | on, Points._day_at),
        _Form(whole | months, months, Points._whole_month_at),
    )


@lru_cache(KINDS)
def _forms_of(words: Vocabulary, begins: int) -> tuple[tuple[int, _Reading], ...]:
    """Those that begin with a kind of token: what each needs, and its reading."""
    return tuple((needs, read) for opens, needs, read in _forms(words) if begins & opens)


@lru_cache(KEPT)
def _short(words: Vocabulary) -> frozenset[str]:
    """Abbreviated months, which are names and other words too: `jan`, `mar`, `may`."""
    short = {word for word in words.table("months").entries if len(word) < 4}
    return frozenset(short.difference(_NO_OTHER_WORD))


_NO_OTHER_WORD = ("maj", "feb", "apr", "aug", "okt", "oct", "nov", "dec")
_CHRISTMAS = "jul"
"""Short for July in `12 jul`, but `i jul` is at Christmas."""
