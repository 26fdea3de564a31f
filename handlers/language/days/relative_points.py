"""Days said from today, and weeks: `i torsdags`, `förra veckan`, `för två veckor sedan`, `v46`."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

from handlers.language.days.calendar_forms import year_at
from handlers.language.days.short_weekdays import short_weekday_at
from handlers.language.days.spans import Point, after, first_day, monday_of
from handlers.language.lexicon.numbers import whole_at
from handlers.language.lexicon.phrases import bits
from handlers.language.lexicon.tokens import Line
from handlers.language.lexicon.vocabulary import KEPT, Vocabulary


class RelativePoints:
    """Methods give the point that begins at an index, and the index after it, or None."""

    line: Line
    words: Vocabulary
    today: date

    def _mark(self, role: str, index: int) -> int | None:
        found = self.line.phrase(index, self.words.marks[role])
        return self._after_name(found[1]) if found else None

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
            every = self.line.said & self.words.table("weekdays_every").bit
            return self._weekdays_ago_at(start) if every else None
        count, unit, end = counted
        if within:
            return self._moved(count, unit), end
        ago = self._mark("ago", end)
        return (self._moved(-count, unit), ago) if ago else None

    def _weekdays_ago_at(self, index: int) -> tuple[Point, int] | None:
        """`två torsdagar sedan`: the second Thursday before today."""
        count = whole_at(self.line, index, self.words)
        named = self.line.phrase(count[1], self.words.table("weekdays_every")) if count else None
        ago = self._mark("ago", named[1]) if named else None
        if count is None or named is None or ago is None or not 0 < count[0] < 53:
            return None
        last = first_day(Point(weekday=int(named[0]), tense="past"), self.today, "session")
        return (Point(exact=last - timedelta(weeks=count[0] - 1)), ago) if last else None

    def _counted_at(self, index: int) -> tuple[int, str, int] | None:
        """How many, of what, and the index after it: `två veckor`, `ett halvår`."""
        if half := self._mark("half_year", index):
            return 6, "month", half
        count = whole_at(self.line, index, self.words)
        unit = self.line.phrase(count[1], self.words.long_units) if count else None
        return (count[0], *unit) if count and unit else None

    def _moved(self, count: int, unit: str) -> Point:
        day = after(self.today, max(-1200, min(count, 1200)), unit)
        return Point(exact=day, tense="about" if unit == "week" else "")

    def _week_at(self, index: int) -> tuple[Point, int] | None:
        """`v46`, `v. 46`, `vecka 46 2026`, `v46-2026`."""
        mark = self._mark("week", index)
        if mark is None or self.line.words[index - 1] in self.words.marks["pregnant"]:
            return None  # `gravid v 28`
        start = mark + 1 if self.line.words[mark] in (".", ":") else mark
        number = self.line.number(start, 2)
        if number is None:
            return self._spelled_week_at(start)
        if (
            self.line.words[start + 1] == "+"
            and self.line.glued(start + 2)
            and self.line.is_number(start + 2)
        ):
            return None  # `v 38+2`, of a pregnancy
        dashed = self.line.words[start + 1] == "-" and self.line.glued(start + 2)
        year = self._year_at(start + 1) or (self._year_at(start + 2) if dashed else None)
        return Point(week=number, year=year[0] if year else None), year[1] if year else start + 1

    def _spelled_week_at(self, index: int) -> tuple[Point, int] | None:
        """`vecka fyrtiosex`; the one of `veckan en timme` counts hours."""
        spelled, before = whole_at(self.line, index, self.words), self.line.words[index - 1]
        led = before in _SPELLED_OUT or before in self.words.marks["until"]
        if spelled is None or not 1 <= spelled[0] <= 53 or not led:
            return None
        counts = self.line.phrase(spelled[1], self.words.table("units"))
        length = self.line.phrase(index, self.words.table("lengths"))
        return None if counts or length else (Point(week=spelled[0]), spelled[1])

    def _year_at(self, index: int) -> tuple[int, int] | None:
        if (
            self.line.words[index] == ","
            and self.line.number(index + 1)
            and len(self.line.words[index + 1]) == 4
        ):
            index += 1
        year = year_at(self.line, index)
        return self._said_year_at(index) if year is None and self.line.said & years_said(self.words) else year

    def _said_year_at(self, index: int) -> tuple[int, int] | None:
        """The year of `2/11 förra året`, `20 mars nästa år`."""
        ends = ((self._mark(role, index), years) for role, years in _YEARS)
        return next(((self.today.year + years, end) for end, years in ends if end), None)

    def _weekday_at(self, index: int) -> tuple[Point, int] | None:
        """`torsdag`, `i torsdags`, `förra torsdagen`, `på tors`, `nästa torsdag`."""
        for role, tense in (("past", "past"), ("coming", "coming")):
            mark = self._mark(role, index)
            named = self._named_weekday(mark) if mark else None
            wednesday = named and self.line.words[index] == "on"  # `on to fr`
            if named and not (wednesday and short_weekday_at(self.line, index, self.words)):
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
        counted = self.line.begins[index] & self.words.long_units.bit and self.line.is_number(index - 1)
        if counted and not self._ends_a_clock(index - 1):
            return None  # `6 mån från 1/1`
        for section, tense in (("weekdays_past", "past"), ("weekdays", "")):
            found = self.line.phrase(index, self.words.table(section))
            if found:
                return int(found[0]), tense, found[1]
        if brief := short_weekday_at(self.line, index, self.words):
            return brief[0], "", brief[1]
        short = self.line.phrase(index, self.words.table("weekdays_dated"))
        after = self._after_comma(short[1]) if short else index
        before = short and (self.line.number(after, 2) or self._week_at(after))
        return (int(short[0]), "", short[1]) if short and before else None

    def _ends_a_clock(self, index: int) -> bool:
        """Whether a number ends a clock time, as in `13-14 mån`, so that `mån` is Monday."""
        words, before = self.words, self.line.words[index - 1]
        joined = before in ("-", ":", ".") and self.line.is_number(index - 2)
        if self.line.said & bits(words.table("absences"), words.table("placements")):
            return False  # `randning 3-4 mån`
        dated = self.line.is_number(index + 2) and self.line.words[index + 3] == "/"  # `1 tim 30 mån 16/11`
        return joined or dated or before in words.marks["clock"]

    def _after_comma(self, index: int) -> int:
        index = self._after_name(index)
        return index + 1 if self.line.words[index] == "," else index

    def _after_name(self, index: int) -> int:
        """The full stop of an abbreviation belongs to it."""
        return index + 1 if self.line.words[index] == "." and self.line.glued(index) else index


_SPELLED_OUT = ("v", "vecka", "week")
_YEARS = (("last_year", -1), ("this_year", 0), ("next_year", 1))


@lru_cache(KEPT)
def years_said(words: Vocabulary) -> int:
    return bits(*(words.marks[role] for role, _ in _YEARS))


def is_told(line: Line, words: Vocabulary) -> bool:
    """Whether the line tells of what was: `vi hade handledning på torsdagen` is no booking."""
    said = {token.word for token in line.tokens}
    told, planned = (words.marks[role].entries for role in ("told", "planned"))
    return not said.isdisjoint(told) and said.isdisjoint(planned)
