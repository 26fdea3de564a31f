"""Several days in one line, each of a session of its own: `mån, tis och tors`, `3, 10 och 17 november`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from operator import attrgetter

from handlers.language.days.dates import Span
from handlers.language.days.spans import Point, first_day
from handlers.language.finders.found import Findings

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
    """What a question for the day offers, without the mark that every one of them may be meant."""
    return tuple(piece for piece in (reason or "").split() if piece != EACH)


def asks_for_each(reason: str | None) -> bool:
    """Whether a question for the day may be answered with all that it offers."""
    return (reason or "").startswith(f"{EACH} ")


def listed(found: Findings, days: Sequence[date], rule: str) -> list[date]:
    """All the days, where a line names several as equals; two that may be one (`torsdag 12/12`) are in doubt.

    `days` are those that it is asked about, `rule` as in days.first_day.
    """
    spans = each_its_own(found.spans)
    points = [span.first for span in spans if span.kind == "on" and span.first]
    if len(points) < 2 or len(points) != len(spans) or found.vague or found.repeat:
        return []
    between, ands = set(_between(found)), {*found.words.marks["and"].entries, "&", "+"}
    small = found.words.filler - found.words.marks["either"].entries.keys()
    if not between <= ands | _JOINTS | small:
        return []
    joined = any(span.listed for span in found.spans) or bool(between & ands)
    every = _whole(points, days, joined, lambda point: first_day(point, found.today, rule))
    return sorted(every) if 1 < len(every) <= MOST else []


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
