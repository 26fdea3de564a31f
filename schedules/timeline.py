"""One training in time: when it runs, when its doctor is away, and arithmetic in active days.

Dates are local and inclusive. Days are counted by merged absence intervals, never one by one.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import accumulate

from schedules.calendar import add_span
from schedules.rules.requirement import Span

LEAVE_KINDS = ("vacation", "parental", "sick", "child_care", "leave")
ODD_DAYS = 3
"""003, Frånvaro: odd working days do not prolong the training. It gives no figure; up to this many
consecutive working days (Mon-Fri) count as odd here."""

Intervals = tuple[tuple[int, int], ...]
"""Half-open ordinals, sorted, not touching."""
_FOREVER = date.max.toordinal() + 1


@dataclass(frozen=True, slots=True)
class Leave:
    """Away from `from_on` to `to_on`, both included; `to_on` None is an open end. Kinds: LEAVE_KINDS."""

    kind: str
    from_on: date
    to_on: date | None = None


@dataclass(frozen=True, slots=True)
class Timeline:
    """A training (or, without leaves, a unit's life).

    `watched_from` is the day the bot went live for it; None when its history was imported.
    """

    starts_on: date
    ends_on: date | None = None
    employed_on: date | None = None
    watched_from: date | None = None
    leaves: tuple[Leave, ...] = ()
    _away: Intervals = field(init=False, repr=False, compare=False)
    _away_before: tuple[int, ...] = field(init=False, repr=False, compare=False)
    """The days away before each of those intervals begins."""
    clock_start: date = field(init=False, repr=False, compare=False)
    """What lies before the bot watched is not held against anyone."""
    first_watched: date | None = field(init=False, repr=False, compare=False)
    """The first day in service since then; None when there is none or none is known."""
    planned_end: date | None = field(init=False, repr=False, compare=False)
    """`ends_on` moved by all absence but vacation and odd days (003, Frånvaro).

    None when no end is set, or an open-ended absence makes it unknowable.
    """

    def __post_init__(self) -> None:
        # Worked out once: a verdict asks for them hundreds of times.
        away = _merged(self.leaves)
        object.__setattr__(self, "_away", away)
        object.__setattr__(self, "_away_before", (0, *accumulate(end - begin for begin, end in away)))
        start = max(self.starts_on, self.watched_from or self.starts_on)
        object.__setattr__(self, "clock_start", start)
        object.__setattr__(self, "planned_end", _planned_end(self.starts_on, self.ends_on, self.leaves))
        object.__setattr__(self, "first_watched", self.next_active(start))

    def end_before(self, d: date) -> date | None:
        """The planned end as absence that began before a day has moved it."""
        return _planned_end(self.starts_on, self.ends_on, tuple(x for x in self.leaves if x.from_on < d))

    def is_absent(self, d: date) -> bool:
        n = bisect_right(self._away, (d.toordinal(), _FOREVER))
        return n > 0 and d.toordinal() < self._away[n - 1][1]

    def is_active(self, d: date) -> bool:
        """In service: begun, not ended, not absent."""
        end = self.planned_end
        return self.starts_on <= d and (end is None or d <= end) and not self.is_absent(d)

    def active_days(self, from_on: date, to_on: date) -> int:
        """Days in service among `from_on` to `to_on`, both included."""
        first = max(from_on, self.starts_on).toordinal()
        last = min(to_on, self.planned_end or to_on).toordinal()
        if last < first:
            return 0
        if not self._away:
            return last + 1 - first
        return last + 1 - first - (self._absent_before(last + 1) - self._absent_before(first))

    def is_served(self, first: date, days: int) -> bool:
        """Whether so many days from one on are all days in service."""
        begin, end = first.toordinal(), self.planned_end
        if first < self.starts_on or (end is not None and begin + days - 1 > end.toordinal()):
            return False
        n = bisect_right(self._away, (begin + days - 1, _FOREVER))
        return n == 0 or self._away[n - 1][1] <= begin

    def numbers(self, from_on: date, days: Iterable[date]) -> tuple[int, ...]:
        """The `active_days` from `from_on` to each of some days, in their order."""
        first = max(from_on, self.starts_on).toordinal()
        end = self.planned_end.toordinal() if self.planned_end else _FOREVER
        lasts = [d.toordinal() for d in days]
        if lasts and (lasts[0] < first - 1 or lasts[-1] > end):
            lasts = [max(first - 1, min(last, end)) for last in lasts]
        if not self._away:
            return tuple([last + 1 - first for last in lasts])
        away = self._absent_before(first)
        return tuple([last + 1 - first - (self._absent_before(last + 1) - away) for last in lasts])

    def add_active(self, d: date, span: Span) -> date | None:
        """`d` plus the calendar span, moved by the absence days after `d` up to where it lands.

        None when an open-ended absence stops the clock. The training's end does not.
        """
        target = add_span(d, span)
        return _moved(d, target, self._away) if self._away else target

    def add_active_days(self, d: date, days: int) -> date | None:
        """As `add_active`, for a plain number of days."""
        target = d + timedelta(days=days)
        return _moved(d, target, self._away) if self._away else target

    def next_active(self, d: date) -> date | None:
        """The first day in service on or after `d`; None when there is none or none is known."""
        return self.nth_active(d, 1)

    def nth_active(self, from_on: date, n: int) -> date | None:
        """The n-th (1 = first) day in service on or after `from_on`; None past the end."""
        first = max(from_on, self.starts_on).toordinal()
        at = first + n - 1
        return self._within_training(_pushed(first, at, self._away) if self._away else at)

    def turning_points(self) -> list[date]:
        """The dates on which being in service begins or stops."""
        bounds = [bound for interval in self._away for bound in interval]
        days = [date.fromordinal(bound) for bound in bounds if bound < _FOREVER]
        end = self.planned_end
        after = [date.fromordinal(end.toordinal() + 1)] if end and end < date.max else []
        return [self.starts_on, self.clock_start, *days, *after]

    def _absent_before(self, ordinal: int) -> int:
        n = bisect_right(self._away, (ordinal,))
        if n == 0:
            return 0
        begin, end = self._away[n - 1]
        return self._away_before[n - 1] + min(end, ordinal) - begin

    def _within_training(self, ordinal: int) -> date | None:
        end = self.planned_end
        if ordinal >= _FOREVER or (end is not None and ordinal > end.toordinal()):
            return None
        return date.fromordinal(ordinal)


def _planned_end(starts_on: date, ends_on: date | None, leaves: tuple[Leave, ...]) -> date | None:
    if ends_on is None or not leaves:
        return ends_on
    away = _merged(leave for leave in leaves if leave.kind != "vacation")
    before = date.fromordinal(starts_on.toordinal() - 1)
    return _moved(before, ends_on, _without_odd_days(away))


def _merged(leaves: Iterable[Leave]) -> Intervals:
    merged: list[tuple[int, int]] = []
    for begin, end in sorted(_ordinals(leave) for leave in leaves):
        if merged and begin <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        elif begin < end:
            merged.append((begin, end))
    return tuple(merged)


def _ordinals(leave: Leave) -> tuple[int, int]:
    end = _FOREVER if leave.to_on is None else leave.to_on.toordinal() + 1
    return leave.from_on.toordinal(), end


def _without_odd_days(intervals: Intervals) -> Intervals:
    """Leave out the runs of at most ODD_DAYS working days; a run goes on over a weekend between."""
    runs: list[list[tuple[int, int]]] = []
    for interval in intervals:
        if runs and _weekdays(runs[-1][-1][1], interval[0]) == 0:
            runs[-1].append(interval)
        else:
            runs.append([interval])
    return tuple(interval for run in runs if _is_long(run) for interval in run)


def _is_long(run: list[tuple[int, int]]) -> bool:
    return sum(_weekdays(begin, end) for begin, end in run) > ODD_DAYS


def _weekdays(begin: int, end: int) -> int:
    """Mondays to Fridays among the ordinals begin <= n < end. (Ordinal 1 was a Monday.)"""

    def until(ordinal: int) -> int:
        weeks, rest = divmod(ordinal - 1, 7)
        return weeks * 5 + min(rest, 5)

    return until(end) - until(begin)


def _moved(d: date, target: date, intervals: Intervals) -> date | None:
    """`target` later by the days of `intervals` after `d` up to where it ends; None if never."""
    at = _pushed(d.toordinal() + 1, target.toordinal(), intervals)
    return date.fromordinal(at) if at < _FOREVER else None


def _pushed(first: int, at: int, intervals: Intervals) -> int:
    """`at` later by the days of `intervals` from `first` up to where it ends."""
    for begin, end in intervals[max(0, bisect_right(intervals, (first,)) - 1) :]:
        if max(begin, first) > at:
            break
        at += max(0, end - max(begin, first))
    return at
