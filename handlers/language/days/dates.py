"""Finds the days a line names: single days, weeks, months and ranges."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import NamedTuple

from handlers.language.days.date_openings import Openings, openings
from handlers.language.days.day_numbers import SELDOM_COUNTED
from handlers.language.days.note_days import is_of_the_note
from handlers.language.days.points import Points
from handlers.language.days.spans import Point, follows, same_year
from handlers.language.lexicon.phrases import ARROWS, COLON, FRACTION, JOINT, POINT
from handlers.language.lexicon.tokens import Line
from handlers.language.lexicon.vocabulary import Vocabulary


class Span(NamedTuple):
    """`kind` is "on" (first only), "range" (both), "since" (first only), "until" or "back" (last only).

    "back" is the day after the last: `åter 7/1`. A list of days (`3, 10 och 17 nov`) is a range with each of
    them in `listed`, and with no last where there is a gap.
    """

    kind: str
    first: Point | None
    last: Point | None = None
    listed: tuple[Point, ...] = ()


def find_dates(
    line: Line, words: Vocabulary, today: date, hidden: list[tuple[int, int]] | None = None
) -> list[Span]:
    """Every day or range in the line, in order; their tokens are taken. Where those of the note are `hidden`,
    they are taken too, to be given back when all is found.
    """
    found: list[Span] = []
    opens = openings(words)
    counted = opens.counted if line.said & opens.with_a_number else 0
    begins, wanted = line.begins, opens.worded | counted
    if not line.said & wanted:
        return found
    reader = _Dates(line, words, today, opens)
    end = 0
    for index in range(len(line.tokens)):
        span = reader.span_at(index) if begins[index] & wanted and index >= end else None
        if span is None:
            continue
        end = span[1]
        if not (found and is_of_the_note(line, words, index, end, span[0].kind, span[0].first)):
            found.append(span[0])
        elif hidden is None:
            continue
        else:
            hidden.append((index, end))
        line.take(index, end, "date")
    return found


class _Dates(Points):
    """The grammar of dates over one line; methods give what begins at an index, and the index after it."""

    def __init__(self, line: Line, words: Vocabulary, today: date, opens: Openings) -> None:
        self.line, self.words, self.today, self._opens = line, words, today, opens

    def span_at(self, index: int) -> tuple[Span, int] | None:
        """A range, an open range or a single day."""
        begins, opens = self.line.begins[index], self._opens
        if begins & opens.bound and not (begins & opens.short and self._named_weekday(index)):
            opening = self._mark("since", index)
            amid = None if opening else self._mark("between", index)
            if opening or amid:
                at = opening or amid or index
                return self._days_of_month_at(at, between=amid is not None) or self._begun_at(at, "since")
            returns = self._mark("returns", index)
            closing = returns or self._mark("until", index)
            if closing is not None:
                last = self._last_of_month_at(closing) or self.dated_at(closing)
                if (
                    last
                    and (last[0].week or last[0].month)
                    and (new := self._range_from(last, between=False))
                ):
                    return new  # `ändra till v 51-52`, `till 1/2-31/8`; but `till fredag - lördag` is one day
                return (Span("back" if returns else "until", None, last[0]), last[1]) if last else None
        return (
            (self._days_of_month_at(index) if begins & opens.day and self.line.said & opens.joint else None)
            or (self._month_and_days_at(index) if begins & opens.month else None)
            or (self._weeks_at(index) if begins & opens.week and self.line.said & opens.joint else None)
            or self._begun_at(index, "on")
        )

    def _begun_at(self, index: int, alone: str) -> tuple[Span, int] | None:
        """A range, or the one day that is there, as a span of the kind `alone`."""
        first = self.point_at(index) if alone == "on" else self.dated_at(index)
        if first is None:
            return None
        joins = self.line.begins[first[1]] & self._opens.joint
        joins = joins and not (first[0].week and self._is_a_day_too(index, first[1]))
        joined = self._range_from(first, between=alone == "since") if joins else None
        if alone == "on" and self.line.words[first[1]] == "ut":
            return Span("until", None, first[0]), first[1] + 1  # `november ut`
        return joined or (Span(alone, first[0]), first[1])

    def _is_a_day_too(self, index: int, end: int) -> bool:
        """The `to` of `fr v 50 to v 51` is a Thursday, as a weekday stands before the first week."""
        short = self.line.begins[end] & self._opens.short and index and self.line.taken[index - 1] == "date"
        return bool(short and self._named_weekday(end))

    def _range_from(self, first: tuple[Point, int], *, between: bool) -> tuple[Span, int] | None:
        joint = self._joint(first[1], between)
        if joint is None:
            return None
        last = self._end_at(joint, first[0])
        return (Span("range", *same_year(first[0], last[0])), last[1]) if last else None

    def _weeks_at(self, index: int) -> tuple[Span, int] | None:
        """`v 28, 29 och 30` are one stretch; `v 28 och 30` are two, so that the line is asked about."""
        first = self._week_at(index)
        if first is None:
            return None
        weeks, end = [first[0]], first[1]
        while (more := self._another_week_at(end, weeks[-1])) is not None:
            weeks.append(more[0])
            end = more[1]
        if len(weeks) == 1:
            return None
        in_a_row = all(follows(one, two) for one, two in pairwise(weeks))
        return Span("range", weeks[0], weeks[-1] if in_a_row else None), end

    def _another_week_at(self, index: int, before: Point) -> tuple[Point, int] | None:
        joined = self._mark("and", index) or (index + 1 if self.line.words[index] == "," else None)
        if joined is None:
            return None
        number = self.line.number(joined, 2)
        counted = self.line.free(joined + 1) and self.line.tokens[joined + 1].is_word
        follows = self._mark("and", index) and number == (before.week or 0) + 1 and number > _FEW
        if follows and counted:  # `v 50 och 51 fjällresa`
            counted = self.line.phrase(joined + 1, self.words.table("units")) is not None
        if number is None or self._mark("week", joined):
            return self._week_at(joined)
        more = counted and self._mark("and", joined + 1)
        goes_on = self.line.glued(joined + 1) and self.line.begins[joined + 1] & _GOES_ON
        goes_on = goes_on and not (follows and not self.line.is_number(joined + 2))
        bare = not goes_on and self.line.words[joined + 1] != "-" and (more or not counted)
        bare = bare and (follows or not self.line.is_number(joined + 1))  # `v46, 1 1/2 h`, `v 45 och 46 1h`
        return (Point(week=number), joined + 1) if bare and 1 <= number <= 53 else None

    def _joint(self, index: int, between: bool = False) -> int | None:
        line = self.line
        if not self._may_join(index):
            return None
        if line.words[index] == "," and self._mark("until", index + 1):
            index += 1
        if line.words[index] in ARROWS or (line.words[index] == "-" and line.words[index + 1] == ">"):
            return index + (1 if line.words[index] in ARROWS else 2)
        if line.words[index] in ("-", "/"):
            after = index + (2 if line.words[index + 1] == "-" else 1)
            return after if line.words[index] == "-" or line.glued(index) else None
        return self._mark("until", index) or (self._mark("and", index) if between else None)

    def _may_join(self, index: int) -> bool:
        return self.line.begins[index] & self._opens.joint != 0

    def _end_at(self, index: int, first: Point) -> tuple[Point, int] | None:
        """The end of a range; after a week a bare number is a week, after a month a short name a month."""
        month = self._month(index) if first.is_month else None
        whole = self._of_month(month) if month else self._last_of_month_at(index)
        if whole:
            return whole
        number = self.line.number(index, 2)
        if first.week and number is None and (spelled := self._spelled_week_at(index)):
            return spelled  # `vecka femtiotvå till ett`
        bare = number is not None and not (self._continues(index + 1) or self._is_timed(index + 1))
        if first.week and bare and 1 <= (number or 0) <= 53:
            year = self._year_at(index + 1)
            return Point(week=number, year=year[0] if year else None), year[1] if year else index + 1
        last = self.dated_at(index)
        if last is None or (first.weekday and last[0].weekday is None):
            return last if last and not first.weekday else None
        return last

    def _is_timed(self, index: int) -> bool:
        """Whether a number goes on as a length or a span of clock times: `v46 - 45 min`, `v46 - 13-14`."""
        unit = self.line.phrase(index, self.words.table("units"))
        spanned = self.line.words[index] == "-" and self.line.glued(index) and self.line.is_number(index + 1)
        halved = self.line.begins[index] & FRACTION != 0
        return spanned or halved or (unit is not None and unit[0] in ("hour", "minute"))

    def _days_of_month_at(self, index: int, *, between: bool = False) -> tuple[Span, int] | None:
        """`9-11 november`, `9 till 11 november`, `1-5/12`."""
        start = self._mark("on", index) or index
        if self.line.words[index - 1] and self._is_no_day(index):  # "" for what is taken
            return None
        first = self._day_number_at(start)
        if first is None or not self._may_join(first[1]):
            return None
        joint = self._joint(first[1], between)
        if joint is None:
            return None if self._ends_between(index) else self._listed_days_at(index, first)
        last = self.point_at(joint)
        if last is None or last[0].day is None or last[0].month is None or last[0].day <= 0:
            return None if self.line.words[first[1]] == "/" else self._days_alone_at(index, first, joint)
        begun = Point(day=first[0], month=last[0].month, year=last[0].year)
        if first[0] <= last[0].day:
            return Span("range", begun, last[0]), last[1]
        return (Span("range", begun), last[1]) if first[0] <= 31 else None  # asked about

    def _days_alone_at(self, index: int, first: tuple[int, int], joint: int) -> tuple[Span, int] | None:
        """`den 19-20`, `den nittonde till den tjugoförsta`: of the month that is near, as one such day is."""
        last = self._last_day_at(joint) if self._is_said_day(index, first[1]) else None
        if last is None:
            return None
        backwards = last[0] < first[0] and self.line.words[first[1]] == "-"
        return Span("range", Point(day=first[0]), None if backwards else Point(day=last[0])), last[1]

    def _is_said_day(self, index: int, end: int) -> bool:
        """Whether a number is said to be a day: `den 19`, `19:e`, `nittonde`; and `från den 19`."""
        marks = (self.line.words[index], self.line.tokens[index - 1].word if index else "")
        return "den" in marks or self.line.tokens[end - 1].is_word

    def _last_day_at(self, index: int) -> tuple[int, int] | None:
        last = self._day_number_at(self._mark("on", index) or index)
        if last is None or not 1 <= last[0] <= 31 or self._is_amount(last[1]) or self._continues(last[1]):
            return None
        return last if last[0] > SELDOM_COUNTED or self._counts_nothing(last[1]) else None

    def _is_no_day(self, index: int) -> bool:
        """The 14 of `13-14 till 17/12`, the 13 of `kl 13 till 17/12`, the 11 of `10 till 11, 1/10`; and the 2
        of `typ 2, 1/10`.
        """
        before = self.line.words[index - 1]
        led = self.line.begins[index - 1] & self._opens.no_day
        if led and before not in self.words.marks["clock"] and self.line.words[index + 1] == "-":
            led = 0  # `typ 9-11 november`
        if led or (before in "-:." and self.line.glued(index)):
            return True
        return self.line.is_number(index - 2) and before in self.words.marks["until"]

    def _ends_between(self, index: int) -> bool:
        """The 10 and the 11 of `mellan 10 och 11, 3/12`."""
        words, between = self.line.words, self.words.marks["between"]
        return words[index - 1] in between or (index > 2 and words[index - 3] in between)

    def _listed_days_at(self, index: int, first: tuple[int, int]) -> tuple[Span, int] | None:
        """`18, 19 och 20 november` and `den 19 och 20` are a stretch; `18 och 20 november` is asked about."""
        days, end = [first[0]], first[1]
        while first[0] <= 31:
            joined = self._mark("and", end) or (end + 1 if self.line.words[end] in (",", "&") else None)
            last = self.point_at(joined) if joined else None
            if last and last[0].day and last[0].month:
                return _listed([*days, last[0].day], last[0]), last[1]
            and_last = joined and self.line.words[end] != "," and self._is_said_day(index, first[1])
            final = self._last_day_at(joined) if joined and and_last else None
            if final:
                return _listed([*days, final[0]], Point(day=final[0])), final[1]
            more = self._day_number_at(joined) if joined and len(days) < 31 else None
            if more is None:
                return None
            days.append(more[0])
            end = more[1]
        return None

    def _month_and_days_at(self, index: int) -> tuple[Span, int] | None:
        """`november 9-11`, `nov 9th - 11th`"""
        month = self._month(index)
        first = self._day_number_at(month[1]) if month else None
        joint = self._joint(first[1]) if first else None
        if month is None or first is None or joint is None:
            return None
        again = self._month(joint)
        last = self._day_number_at(again[1] if again else joint)
        if last is None or self._is_amount(last[1]) or self._continues(last[1]):
            return None
        begun = Point(day=first[0], month=month[0])
        end, behind = Point(day=last[0], month=again[0] if again else month[0]), last[1]
        if year := self._year_at(behind):
            end, behind = end._replace(year=year[0]), year[1]
        return Span("range", *same_year(begun, end)), behind


_FEW = 9  # a number beside a week that may count something else: `v 8 och 9 fall`
_GOES_ON = JOINT | POINT | COLON | FRACTION  # as a clock time, a date or an amount


def _listed(days: list[int], last: Point) -> Span:
    """A stretch of days in a row; those with a gap have no last, so that they are asked about."""
    in_a_row = all(two == one + 1 for one, two in pairwise(days))
    each = tuple(last._replace(day=day) for day in days)
    return Span("range", each[0], last if in_a_row else None, each)
