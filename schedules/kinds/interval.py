"""interval and agreed: again within so much active time of the last one."""

from __future__ import annotations

from datetime import date

from schedules.kinds.reading import Case, Reading, after_start, dated
from schedules.rules.requirement import Span
from schedules.timeline import Timeline


def interval(case: Case) -> Reading:
    """Due so much active time after the last one; the first time after the start (domain.md)."""
    every = case.requirement.every or Span()
    return recurring(case, every, case.requirement.first_within or every)


def agreed(case: Case) -> Reading:
    """As `interval`, with the pair's own span; without one there is nothing to be late with."""
    if case.agreed is None:
        return Reading(applies=False)
    return recurring(case, case.agreed, case.agreed)


def recurring(case: Case, every: Span, first_within: Span) -> Reading:
    """The reading of what comes again. `done` is 1 while the latest one still serves, else 0."""
    due = due_after(case, every, first_within)
    served = case.last is not None and (due is None or case.today <= due)
    return dated(case, due, done=int(served))


def due_after(case: Case, every: Span, first_within: Span) -> date | None:
    """As `due_again`; but what was told as history, and is the latest, counts from its own day."""
    last, timeline = case.last, case.timeline
    if last is not None and last < timeline.clock_start and case.told_last:
        return timeline.add_active(last, every)
    return due_again(timeline, last, every, first_within)


def due_again(timeline: Timeline, last: date | None, every: Span, first_within: Span) -> date | None:
    """Active time counts from the last one; at first, and from one before the clock ran, from the start."""
    if last is None:
        return after_start(timeline, first_within)
    due = timeline.add_active(last, every)
    if last >= timeline.clock_start or due is None:
        return due
    first = after_start(timeline, first_within)
    return max(due, first) if first else due
