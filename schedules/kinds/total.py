"""total: so many over the whole training, the k-th by a fraction of its length."""

from __future__ import annotations

from datetime import date
from math import ceil

from schedules.kinds.reading import Case, Reading, dated
from schedules.timeline import Timeline


def total(case: Case) -> Reading:
    """Due on the date of the next unmet fraction; met when all are done (domain.md)."""
    requirement, done = case.requirement, len(case.dates)
    if done >= requirement.count:
        return Reading(done=done, required=requirement.count, met=True)
    dues = [fraction_date(case.timeline, f) for f in sorted(requirement.fractions)]
    served = _served(case, dues)
    due = dues[served] if served < len(dues) else None
    return dated(case, due, done=done, required=requirement.count)


def fraction_date(timeline: Timeline, fraction: float) -> date | None:
    """The date by which that share of the training's active days is served; None while its end is open.

    Active days, because absence pauses the clock; over the planned end as absence has moved it.
    """
    end = timeline.planned_end
    if end is None:
        return None
    share = ceil(fraction * timeline.active_days(timeline.starts_on, end))
    return timeline.nth_active(timeline.starts_on, max(1, share))


def _served(case: Case, dues: list[date | None]) -> int:
    """How many fractions are served: a date before the bot watched is held against nobody."""
    start = case.timeline.clock_start
    waived = sum(due is not None and due < start for due in dues)
    return max(len(case.dates), waived + sum(d >= start for d in case.dates))
