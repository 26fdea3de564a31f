"""Several days in one line, each of a session of its own: `mån, tis och tors`, `3, 10 och 17 november`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise
from operator import attrgetter

from handlers.language.days.dates import Span
from handlers.language.days.spans import Point, first_day
from handlers.language.finders.found import Findings
from handlers.language.lexicon.vocabulary import Vocabulary

EACH = "each"
"""Begins the reason of a question for the day, where the line may mean every one of those it offers."""
MOST = 7
"""More days than these are not saved by one press."""
_LISTED = attrgetter("listed")
_JOINTS = frozenset({",", "&", "+", ";"})


def each_its_own(spans: Sequence[Span]) -> list[Span]:
    """The spans, with the days of a list (`3, 10 och 17 nov`) each as a day named apart."""
    if not any(map(_LISTED, spans)):  # as in most lines
        return list(spans)
    return [day for span in spans for day in ([Span("on", each) for each in span.listed] or [span])]


def days_said(reason: str | None) -> tuple[str, ...]:
    """What a question for the day offers, without the mark that every one of them may be meant, and without
    lengths of their own (see own_lengths).
    """
    return tuple(piece.partition("=")[0] for piece in (reason or "").split() if piece != EACH)


def asks_for_each(reason: str | None) -> bool:
    """Whether a question for the day may be answered with all that it offers."""
    return (reason or "").startswith(f"{EACH} ")


def listed(found: Findings, days: Sequence[date], rule: str) -> list[date]:
    """All the days, where a line names several as equals; two that may be one (`torsdag 12/12`) are in doubt.

    `days` are those that it is asked about, `rule` as in days.first_day.
    """
    spans = each_its_own(found.spans)
    if _is_a_stretch(spans):
        whole = all((two - one).days <= _A_WEEKEND for one, two in pairwise(days))
        return list(days) if whole and len(days) > 1 and not (found.vague or found.repeat) else []
    points = [span.first for span in spans if span.kind == "on" and span.first]
    if len(points) < 2 or len(points) != len(spans) or found.vague or found.repeat:
        return []
    between, ands = set(_between(found)), _ands(found.words)
    if not between <= small_joints(found.words):
        return []
    joined = any(span.listed for span in found.spans) or bool(between & ands)
    every = _whole(points, days, joined, lambda point: first_day(point, found.today, rule))
    return sorted(every) if 1 < len(every) <= MOST else []


def days_of_a_stretch(spans: Sequence[Span], first: date, last: date) -> list[date]:
    """The days of `mån-ons` and `16-18 nov`, less those of a weekend in it; its ends, where it is longer or
    not told by days.
    """
    if not _is_a_stretch(spans) or (last - first).days > 2 * MOST:
        return [first, last]
    days = [first + timedelta(days=ahead) for ahead in range((last - first).days + 1)]
    working = [day for day in days if day.isoweekday() < _SATURDAY or day in (first, last)]
    return working if len(working) <= MOST else [first, last]


_SATURDAY = 6
_A_WEEKEND = 3  # days from a Friday to a Monday


def _is_a_stretch(spans: Sequence[Span]) -> bool:
    """Whether all that is said of days is one range, from a day to a day."""
    if len(spans) != 1 or spans[0].kind != "range":
        return False
    ends = (spans[0].first, spans[0].last)
    return all(point is not None and not (point.is_week or point.is_month) for point in ends)


def small_joints(words: Vocabulary) -> frozenset[str]:
    """What may stand between the days of a list."""
    return words.filler - words.marks["either"].entries.keys() | _ands(words) | _JOINTS


def _ands(words: Vocabulary) -> frozenset[str]:
    return frozenset({*words.marks["and"].entries, "&", "+"})


def _between(found: Findings) -> Iterator[str]:
    """What stands between the first day and the last, and is of none; "" for what is of something else."""
    taken = found.line.taken
    of_days = [at for at, name in enumerate(taken) if name == "date"]
    return (found.line.words[at] for at in range(of_days[0], of_days[-1]) if taken[at] != "date")


def _whole(
    points: Sequence[Point], days: Sequence[date], joined: bool, day_of: Callable[[Point], date | None]
) -> set[date]:
    """Every day that is meant. A weekday is beside its date or a day of its own: never some of each."""
    kinds = {_kind(point) for point in points}
    if len(kinds) == 1:  # `mån tis`, `3/11 10/11`
        return set(days) if len(points) == len(days) else set()
    weekdays = {point for point in points if point.weekday}
    if "week" in kinds:
        weeks = {point for point in points if point.is_week}
        once = min(len({point.weekday for point in weekdays}), len(weeks)) == 1
        return set(days) if joined and once and len(kinds) == 2 else set()
    apart = {point for point in weekdays if point.weekday not in {day.isoweekday() for day in days}}
    if apart and apart == weekdays and joined:
        return {*days, *(day for point in apart if (day := day_of(point)))}
    beside = len(points) == 2 * len(days) and kinds == {"weekday", "day"}
    return set(days) if not apart and (joined or beside) else set()


def _kind(point: Point) -> str:
    if point.weekday:
        return "weekday"
    if point.is_week:
        return "week"
    return "exact" if point.exact else "day" if point.day else "month"
