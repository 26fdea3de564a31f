"""The single days, weeks and months a line names, one at a time: what begins at a token."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from handlers.language.calendar_forms import numeric_at, year_at
from handlers.language.days import Point, add_months, first_day, monday_of
from handlers.language.numbers import whole_at
from handlers.language.phrases import ENDING, JOINT, LONG, NUMBER, POINT, bits
from handlers.language.tokens import Line
from handlers.language.vocabulary import KEPT, KINDS, Vocabulary


class Points:
    """Methods give the point that begins at an index, and the index after it, or None."""

    def __init__(self, line: Line, words: Vocabulary, today: date) -> None:
        self.line, self.words, self.today = line, words, today

    def point_at(self, index: int) -> tuple[Point, int] | None:
        """One named day, week or month."""
        said = self.line.said
        for needs, read in _forms_of(self.words, self.line.begins[index]):
            if said & needs:
                found = read(self, index)
                if found:
                    return found
        return None

    def _mark(self, role: str, index: int) -> int | None:
        found = self.line.phrase(index, self.words.marks[role])
        return self._after_name(found[1]) if found else None

    def _numeric_at(self, index: int) -> tuple[Point, int] | None:
        return numeric_at(self.line, index, self.today)

    def _relative_week_at(self, index: int) -> tuple[Point, int] | None:
        relative, start = self.words.table("relative_weeks"), self._mark("whole", index)
        weeks = self.line.phrase(index, relative) or (self.line.phrase(start, relative) if start else None)
        if weeks is None:
            return None
        return Point(monday=monday_of(self.today) + timedelta(weeks=int(weeks[0]))), weeks[1]

    def _relative_day_at(self, index: int) -> tuple[Point, int] | None:
        found = self.line.phrase(index, self.words.table("relative_days"))
        return (Point(exact=self.today + timedelta(days=int(found[0]))), found[1]) if found else None

    def _ago_at(self, index: int) -> tuple[Point, int] | None:
        """`3 dagar sedan`, `för två veckor sedan`, `om två veckor`, `för ett halvår sedan`."""
        within = self._mark("within", index)
        start = within or self._mark("ago_before", index) or index
        counted = self._counted_at(start)
        if counted is None:
            return None
        count, unit, end = counted
        if within:
            return self._moved(count, unit), end
        ago = self._mark("ago", end)
        return (self._moved(-count, unit), ago) if ago else None

    def _counted_at(self, index: int) -> tuple[int, str, int] | None:
        """How many, of what, and the index after it: `två veckor`, `ett halvår`."""
        if half := self._mark("half_year", index):
            return 6, "month", half
        count = whole_at(self.line, index, self.words)
        unit = self.line.phrase(count[1], self.words.long_units) if count else None
        return (count[0], *unit) if count and unit else None

    def _moved(self, count: int, unit: str) -> Point:
        count = max(-1200, min(count, 1200))
        if unit in ("month", "year"):
            return Point(exact=add_months(self.today, count * (12 if unit == "year" else 1)))
        if unit == "week":
            return Point(exact=self.today + timedelta(weeks=count), tense="about")
        return Point(exact=self.today + timedelta(days=count))

    def _week_at(self, index: int) -> tuple[Point, int] | None:
        """`v46`, `v. 46`, `vecka 46 2026`, `v46-2026`."""
        mark = self._mark("week", index)
        if mark is None:
            return None
        start = mark + 1 if self.line.words[mark] in (".", ":") else mark
        number = self.line.number(start, 2)
        if number is None:
            return None
        dashed = self.line.words[start + 1] == "-" and self.line.glued(start + 2)
        year = self._year_at(start + 1) or (self._year_at(start + 2) if dashed else None)
        return Point(week=number, year=year[0] if year else None), year[1] if year else start + 1

    def _year_at(self, index: int) -> tuple[int, int] | None:
        if (
            self.line.words[index] == ","
            and self.line.number(index + 1)
            and len(self.line.words[index + 1]) == 4
        ):
            index += 1
        return year_at(self.line, index)

    def _weekday_at(self, index: int) -> tuple[Point, int] | None:
        """`torsdag`, `i torsdags`, `förra torsdagen`, `på tors`, `nästa torsdag`."""
        for role, tense in (("past", "past"), ("coming", "coming")):
            mark = self._mark(role, index)
            named = self._named_weekday(mark) if mark else None
            if named:
                said = "" if self._mark("on", index) and is_told(self.line, self.words) else tense
                return Point(weekday=named[0], tense=named[1] or said), self._after_name(named[2])
        start = self._mark("on", index)
        named = self._named_weekday(index) or (self._named_weekday(start) if start else None)
        return (Point(weekday=named[0], tense=named[1]), self._after_name(named[2])) if named else None

    def _farther_weekday_at(self, index: int) -> tuple[Point, int] | None:
        """`förrförra torsdagen`, `nästnästa torsdag`"""
        for role, tense, weeks in (("before_last", "past", -1), ("after_next", "coming", 1)):
            mark = self._mark(role, index)
            named = self._named_weekday(mark) if mark else None
            if named and (near := first_day(Point(weekday=named[0], tense=tense), self.today, "session")):
                return Point(exact=near + timedelta(weeks=weeks)), self._after_name(named[2])
        return None

    def _named_weekday(self, index: int) -> tuple[int, str, int] | None:
        for section, tense in (("weekdays_past", "past"), ("weekdays", "")):
            found = self.line.phrase(index, self.words.table(section))
            if found:
                return int(found[0]), tense, found[1]
        short = self.line.phrase(index, self.words.table("weekdays_dated"))
        after = self._after_comma(short[1]) if short else index
        before = short and (self.line.number(after, 2) or self._week_at(after))
        return (int(short[0]), "", short[1]) if short and before else None

    def _after_comma(self, index: int) -> int:
        index = self._after_name(index)
        return index + 1 if self.line.words[index] == "," else index

    def _after_name(self, index: int) -> int:
        """The full stop of an abbreviation belongs to it."""
        return index + 1 if self.line.words[index] == "." and self.line.glued(index) else index

    def _day_number_at(self, index: int) -> tuple[int, int] | None:
        """`12`, `12:e`, `12:de`, `12th`, `tolfte`."""
        line, ordinals = self.line, self.words.table("ordinals")
        found = line.phrase(index, ordinals) if line.begins[index] & ordinals.bit else None
        if found:
            return int(found[0]), found[1]
        number = line.number(index, 2)
        if number is None:
            return None
        end = index + 1
        following = line.words[end]
        if line.begins[end] & ENDING:
            return number, end + 1 if line.glued(end) else end
        parted = following in _BEFORE_AN_ENDING and line.begins[end + 1] & ENDING and line.glued(end + 1)
        return number, end + 2 if parted else end

    def _named_month_at(self, index: int) -> tuple[Point, int] | None:
        """`12 nov`, `den 12:e november 2026`, `november 12th`."""
        start = self._mark("on", index) or index
        day = self._day_number_at(start)
        after = day[1] if day else start
        if day and self.line.words[after] == "i" and self.line.words[index - 1] in self.words.marks["clock"]:
            return None  # `kl 8 i december`
        if day and self.line.words[after] in (".", "-", "of", "i") and self._month(after + 1):
            after += 1
        month = self._month(after)
        if month and day:
            return self._with_year(day[0], month)
        if month is None or day or start != index:
            return None
        day = self._day_number_at(month[1])
        if day and self._year_at(day[1]):
            return self._with_year(day[0], (month[0], day[1]))
        free = day and not self._is_amount(day[1]) and not self._continues(day[1])
        return self._with_year(day[0], (month[0], day[1])) if day and free else None

    def _is_amount(self, index: int) -> bool:
        unit = self.line.phrase(index, self.words.table("units"))
        return unit is not None or self.line.words[index] in ("-", "½")

    def _month(self, index: int) -> tuple[int, int] | None:
        found = self.line.phrase(index, self.words.table("months"))
        return (int(found[0]), self._after_name(found[1])) if found else None

    def _with_year(self, day: int, month: tuple[int, int]) -> tuple[Point, int]:
        year = self._year_at(month[1]) or self._short_year_at(month[1])
        return Point(day=day, month=month[0], year=year[0] if year else None), year[1] if year else month[1]

    def _short_year_at(self, index: int) -> tuple[int, int] | None:
        """`12 nov -26`, `12 nov '26`: the dash or the apostrophe stands against the year."""
        if self.line.words[index] not in ("-", "'", "’") or not self.line.glued(index + 1):
            return None
        year = self.line.number(index + 1, 2)
        near = year is not None and abs(2000 + year - self.today.year) <= 3
        return (2000 + year, index + 2) if year and near and not self._month(index + 2) else None

    def _day_at(self, index: int) -> tuple[Point, int] | None:
        """`den 12`, `den 12:e`, `12:e`."""
        mark = self.line.words[index] == "den"
        day = self._day_number_at(index + 1 if mark else index)
        if day is None:
            return None
        spelled = self.line.tokens[day[1] - 1].is_word and self.line.tokens[index].is_number
        digits = mark and self.line.tokens[index + 1].is_number
        if not (spelled or digits) or self._is_amount(day[1]) or self._continues(day[1]):
            return None
        return Point(day=day[0]), day[1]

    def _is_range_of_months(self, index: int) -> bool:
        """`jan-juni`, `dec till feb`"""
        joint = index + 2 if self.line.words[index + 1] == "-" else self._mark("until", index + 1)
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

    def _continues(self, index: int) -> bool:
        """Whether a bare number goes on as a time, a date or an amount."""
        following = self.line.words[index]
        return following in (":", ".", ",", "/") and self.line.glued(index) and self.line.glued(index + 1)


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
    weekdays = bits(*map(table, ("weekdays", "weekdays_past", "weekdays_dated")))
    weeks, relative_days = table("relative_weeks").bit, table("relative_days").bit
    counted, months = NUMBER | table("numbers").bit, table("months").bit
    dated = NUMBER | on | table("ordinals").bit
    return (
        _Form(ago | counted, ago | marks["ago"].bit, Points._ago_at),
        _Form(weekdays | bits(marks["past"], marks["coming"]) | on, weekdays, Points._weekday_at),
        _Form(bits(marks["before_last"], marks["after_next"]), weekdays, Points._farther_weekday_at),
        _Form(weeks | whole, weeks, Points._relative_week_at),
        _Form(relative_days, relative_days, Points._relative_day_at),
        _Form(marks["week"].bit, NUMBER, Points._week_at),
        _Form(dated | months, months, Points._named_month_at),
        _Form(NUMBER, LONG | JOINT | POINT, Points._numeric_at),
        _Form(dated, ENDING | on, Points._day_at),
        _Form(whole | months, months, Points._whole_month_at),
    )


@lru_cache(KINDS)
def _forms_of(words: Vocabulary, begins: int) -> tuple[tuple[int, _Reading], ...]:
    """Those that begin with a kind of token: what each needs, and its reading."""
    return tuple((needs, read) for opens, needs, read in _forms(words) if begins & opens)


def is_told(line: Line, words: Vocabulary) -> bool:
    """Whether the line tells of what was: `vi hade handledning på torsdagen` is no booking."""
    said = {token.word for token in line.tokens}
    told, planned = (words.marks[role].entries for role in ("told", "planned"))
    return not said.isdisjoint(told) and said.isdisjoint(planned)


@lru_cache(KEPT)
def _short(words: Vocabulary) -> frozenset[str]:
    """Abbreviated months, which are names and other words too: `jan`, `mar`, `may`."""
    return frozenset(word for word in words.table("months").entries if len(word) < 4 and word != "maj")


_CHRISTMAS = "jul"
"""Short for July in `12 jul`, but `i jul` is at Christmas."""
_BEFORE_AN_ENDING = (":", "-", "’", "'")
