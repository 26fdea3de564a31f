"""Dates in figures: `12/11`, `12.11.2026`, `2026-11-12`, `20261112`, `261112`."""

from __future__ import annotations

from datetime import date

from handlers.language.days.spans import Point, valid
from handlers.language.lexicon.tokens import Line

_CENTURIES = range(1800, 2200)
_MARKS = ("/", ".", "-")  # what joins day, month and year
_NEAR = 3  # years: how far off a year of two figures may be to be read as one


def numeric_at(line: Line, index: int, today: date) -> tuple[Point, int] | None:
    """The date in figures at a number, and the index after it; an impossible day is given as written."""
    if len(line.words[index]) > 4:
        return _packed_at(line, index, today)
    mark = line.words[index + 1]
    if mark not in _MARKS:
        return None
    return (
        _year_first_at(line, index)
        or (mark == "-" and (_three_short_at(line, index, today) or _year_last_at(line, index)))
        or _day_month_at(line, index, today)
    )


def _packed_at(line: Line, index: int, today: date) -> tuple[Point, int] | None:
    raw = line.tokens[index].raw
    if len(raw) == 8 and int(raw[:4]) in _CENTURIES:
        return Point(day=int(raw[6:]), month=int(raw[4:6]), year=int(raw[:4])), index + 1
    if len(raw) != 6:
        return None
    found = valid(2000 + int(raw[:2]), int(raw[2:4]), int(raw[4:]))
    return (Point(exact=found), index + 1) if found and abs(found.year - today.year) <= 10 else None


def _joined(line: Line, index: int, mark: str) -> int | None:
    """The number after a mark that stands against both its neighbours."""
    tight = line.glued(index) and line.glued(index + 1)
    if line.words[index] != mark or not (tight or mark == "/"):
        return None
    return line.number(index + 1)


def _year_first_at(line: Line, index: int) -> tuple[Point, int] | None:
    year = line.number(index)
    if year not in _CENTURIES or len(line.tokens[index].raw) != 4:
        return None
    for mark in _MARKS:
        month, day = _joined(line, index + 1, mark), _joined(line, index + 3, mark)
        if month is not None and day is not None and max(month, day) < 100:
            return Point(day=day, month=month, year=year), index + 5
    return None


def _three_short_at(line: Line, index: int, today: date) -> tuple[Point, int] | None:
    """`26-11-12` and `12-11-26`: the year is the figure near this year; first when both are."""
    one, two, three = line.number(index, 2), _joined(line, index + 1, "-"), _joined(line, index + 3, "-")
    if one is None or two is None or three is None or max(one, two, three) > 99:
        return None
    for year, day in ((one, three), (three, one)):
        found = valid(2000 + year, two, day)
        if found and abs(found.year - today.year) <= _NEAR:
            return Point(exact=found), index + 5
    return None


def _year_last_at(line: Line, index: int) -> tuple[Point, int] | None:
    """`12-11-2026`"""
    day, month, year = line.number(index, 2), _joined(line, index + 1, "-"), _joined(line, index + 3, "-")
    if day is None or month is None or year not in _CENTURIES or len(line.tokens[index + 4].raw) != 4:
        return None
    return Point(day=day, month=month, year=year), index + 5


def _day_month_at(line: Line, index: int, today: date) -> tuple[Point, int] | None:
    day = line.number(index, 2)
    if day is None:
        return None
    slashed, dotted = _joined(line, index + 1, "/"), _joined(line, index + 1, ".")
    if slashed is not None and day < 40 and slashed < 20 and not _is_fraction(line, index, slashed):
        year = _year_after(line, index + 3, today)
        return Point(day=day, month=slashed, year=year[0] if year else None), year[1] if year else index + 3
    return _dotted_at(line, index, day, dotted, today) if dotted is not None else None


def _is_fraction(line: Line, index: int, below: int) -> bool:
    """`1/2 timme` is half an hour, `1/2` alone and `1/2 t.o.m. 3/2` the first of February."""
    halved = (line.number(index), below) in ((1, 2), (1, 4), (3, 4)) and line.words[index + 3] in _HOURS
    return halved and [word for word in line.words[index + 3 : index + 8] if word != "."][:3] != _TILL


_TILL = ["t", "o", "m"]
_HOURS = ("h", "tim", "timme", "timma", "t", "timmes", "hour", "hours")


def _year_after(line: Line, index: int, today: date) -> tuple[int, int] | None:
    """`12/11 2026`, `12/11-26`, `12/11/2026`, `12/11-2026`."""
    mark = line.words[index]
    year = _joined(line, index, mark) if mark in _MARKS else None
    if mark == "-" and year is None and line.glued(index + 1):  # `2/11 -25`
        year = line.number(index + 1, 2)
    if year is not None and line.words[index + 2] != "/":
        return _as_year(line, index + 1, year, today, index + 2)
    return year_at(line, index)


def year_at(line: Line, index: int) -> tuple[int, int] | None:
    """A year of four figures that begins no date of its own, and the index after it."""
    year = line.number(index)
    if not year or year not in _CENTURIES or len(line.tokens[index].raw) != 4:
        return None
    slashed = line.words[index + 1] == "/" and line.glued(index + 1)
    return None if slashed or _year_first_at(line, index) else (year, index + 1)


def _as_year(line: Line, index: int, year: int, today: date, end: int) -> tuple[int, int] | None:
    if year in _CENTURIES and len(line.tokens[index].raw) == 4:
        return year, end
    near = len(line.tokens[index].raw) == 2 and abs(2000 + year - today.year) <= _NEAR
    return (2000 + year, end) if near and line.words[end] not in (":", "/") else None


def _dotted_at(line: Line, index: int, day: int, month: int, today: date) -> tuple[Point, int] | None:
    """`12.11.2026`, `12.11.`; `12.11` when it can be no clock time (the minutes are no fives)."""
    year = _joined(line, index + 3, ".")
    if year is not None:
        found = _as_year(line, index + 4, year, today, index + 5)
        return (Point(day=day, month=month, year=found[0]), found[1]) if found else None
    spaced = line.number(index + 3)
    if spaced in _CENTURIES and valid(spaced or 0, month, day) and not _year_first_at(line, index + 3):
        return Point(day=day, month=month, year=spaced), index + 4
    if _of_a_range(line, index) or _of_a_range(line, index - 4):
        return Point(day=day, month=month), index + 3
    if _of_a_range(line, index, dot=1) or _of_a_range(line, index - 5, dot=1):
        return Point(day=day, month=month), index + 3 + _is_dot_before_a_dash(line, index + 3)
    odd = month % 5 != 0 and 1 <= month <= 12 and 1 <= day <= 31
    following = line.words[index + 3]
    return (
        (Point(day=day, month=month), index + 3)
        if odd and following not in _HOURS and following != "-"
        else None
    )


_HOURS_OF_WORK = range(6, 24)


def _is_dot_before_a_dash(line: Line, index: int) -> bool:
    return line.words[index] == "." and line.glued(index) and line.words[index + 1] == "-"


def _of_a_range(line: Line, index: int, dot: int = 0) -> bool:
    """Whether `20.12-10.1` begins at the index: two dates, and no clock times such as `8.10-9.12`; with a
    `dot`, `20.12.-10.1.`.
    """
    joint = index + 3 + dot
    if index < 0 or line.words[joint] != "-" or (dot and not _is_dot_before_a_dash(line, joint - 1)):
        return False
    pairs = [(line.number(at, 2), _joined(line, at + 1, ".")) for at in (index, joint + 1)]
    dates = all(day and month and valid(2000, month, day) for day, month in pairs)
    if dot or not dates or (line.words[joint + 4] == "." and line.is_number(joint + 5)):
        return dates and dot > 0
    hours = [hour in _HOURS_OF_WORK for hour, _ in pairs]
    figures = {len(line.tokens[at].raw) for at in (index + 2, index + 6)}
    return not (all(hours) and figures == {2} and pairs[0] < pairs[1])
