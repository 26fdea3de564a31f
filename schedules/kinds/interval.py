"""interval and agreed: again within so much active time of the last one."""

from __future__ import annotations

from datetime import date

from schedules.kinds.reading import Case, Reading, after_start, dated
from schedules.requirement import Span


def interval(case: Case) -> Reading:
    every = case.requirement.every or Span()
    return recurring(case, every, case.requirement.first_within or every)


def agreed(case: Case) -> Reading:
    """As `interval`, with the pair's own span; without one there is nothing to be late with."""
    if case.agreed is None:
        return Reading(applies=False)
    return recurring(case, case.agreed, case.agreed)


def recurring(case: Case, every: Span, first_within: Span) -> Reading:
    due = due_after(case, every, first_within)
    served = case.last is not None and (due is None or case.today <= due)
    return dated(case, due, done=int(served))


def due_after(case: Case, every: Span, first_within: Span) -> date | None:
    """Active time counts from the last one; at first, and from one before the clock ran, from the start."""
    first = after_start(case.timeline, first_within)
    if case.last is None:
        return first
    due = case.timeline.add_active(case.last, every)
    if case.last >= case.timeline.clock_start or case.told_last or first is None or due is None:
        return due
    return max(due, first)
