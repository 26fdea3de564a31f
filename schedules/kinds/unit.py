"""unit: what a unit owes: every so often, or within a time of an event (a finding, an external review)."""

from __future__ import annotations

from schedules.kinds.interval import interval
from schedules.kinds.once import after_anchor
from schedules.kinds.reading import Case, Reading


def unit(case: Case) -> Reading:
    """A midpoint check follows on an event too: the last external review, within half the period."""
    if case.requirement.anchor is None:
        return interval(case)
    if case.anchor_on is not None and any(d >= case.anchor_on for d in case.dates):
        return Reading(done=1, met=True)
    return after_anchor(case, case.anchor_on)
