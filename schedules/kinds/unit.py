"""unit: what a unit owes: every so often, or within a time of an event (a finding, an external review)."""

from __future__ import annotations

from schedules.kinds.interval import interval
from schedules.kinds.once import after_anchor
from schedules.kinds.reading import Case, Reading, dated
from schedules.kinds.term import spells_around
from schedules.rules.requirement import Span


def unit(case: Case) -> Reading:
    """A midpoint check follows on an event too: the last external review, within half the period."""
    if case.requirement.anchor is None:
        return _in_term(case, interval(case)) if case.requirement.in_term else interval(case)
    if case.anchor_on is not None and any(d >= case.anchor_on for d in case.dates):
        return Reading(done=1, met=True)
    return after_anchor(case, case.anchor_on)


def _in_term(case: Case, reading: Reading) -> Reading:
    """What would fall due between terms is due so long after the next one begins."""
    due, every = reading.due_on, case.requirement.every or Span()
    if due is None or any(spell.first <= due <= spell.last for spell in spells_around(case)):
        return reading
    begins = next((spell.first for spell in spells_around(case) if spell.first > due), None)
    moved = case.timeline.add_active(begins, every) if begins else None
    return dated(case, moved, done=reading.done)
