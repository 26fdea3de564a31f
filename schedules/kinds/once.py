"""once: a single time, counted from an anchor; and the unit's duties that follow on an event."""

from __future__ import annotations

from datetime import date

from schedules.calendar import subtract_span
from schedules.kinds.reading import Case, Reading, dated
from schedules.requirement import Span


def once(case: Case) -> Reading:
    """Give only the happenings that concern the anchor (a placement's own), where there are several."""
    if case.dates:
        return Reading(done=1, met=True)
    if case.requirement.anchor == "training_end":
        return dated(case, _before_end(case), done=0)
    return after_anchor(case, _anchor(case))


def after_anchor(case: Case, anchor: date | None) -> Reading:
    if anchor is None:
        return Reading(required=0, applies=False)
    within = case.requirement.within or Span()
    return dated(case, _watched(case, anchor, within), done=0)


def _anchor(case: Case) -> date | None:
    timeline = case.timeline
    if case.requirement.anchor == "training_start":
        return timeline.starts_on
    if case.requirement.anchor == "employment":
        return timeline.employed_on or timeline.starts_on
    return case.anchor_on


def _watched(case: Case, anchor: date, within: Span) -> date | None:
    """A date that had passed before the bot watched is asked for within the same time from then on."""
    due = case.timeline.add_active(anchor, within)
    if due is None or due >= case.timeline.clock_start:
        return due
    return case.timeline.add_active(case.timeline.clock_start, within)


def _before_end(case: Case) -> date | None:
    end = case.timeline.planned_end
    if end is None:
        return None
    return max(subtract_span(end, case.requirement.within or Span()), case.timeline.clock_start)
