"""once: a single time, counted from an anchor; and the unit's duties that follow on an event."""

from __future__ import annotations

from datetime import date

from schedules.calendar import DAY, subtract_span
from schedules.kinds.reading import Case, Reading, dated
from schedules.kinds.service import service
from schedules.rules.requirement import Span


def once(case: Case) -> Reading:
    """Give only the happenings that concern the anchor (a placement's own), where there are several."""
    if case.requirement.service_months:
        return service(case)
    if case.dates:
        return Reading(done=1, met=True)
    if case.requirement.anchor == "training_end":
        return dated(case, _before_end(case), done=0)
    anchor = _anchor(case)
    if _is_waived(case, anchor) or _has_lapsed(case):
        return Reading(required=0, applies=False)
    reading = after_anchor(case, anchor)
    return reading._replace(turns=(*reading.turns, case.lapses_on + DAY)) if case.lapses_on else reading


def _has_lapsed(case: Case) -> bool:
    return case.lapses_on is not None and case.today > case.lapses_on


def _is_waived(case: Case, anchor: date | None) -> bool:
    """newcomers_only: it was over before the bot watched, and is not asked for afterwards."""
    if anchor is None or not case.requirement.newcomers_only:
        return False
    due = case.timeline.add_active(anchor, case.requirement.within or Span())
    return due is not None and due < case.timeline.clock_start


def after_anchor(case: Case, anchor: date | None) -> Reading:
    """Due within the requirement's time from the anchor; not applicable where there is none."""
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
    """A date that had passed before the bot watched is asked for within the same time from then on, but
    no later than the end. The end as it was when the watch began decides which: an absence that moves it
    later makes nothing due sooner.
    """
    timeline, within = case.timeline, case.requirement.within or Span()
    end, start = timeline.planned_end, timeline.clock_start
    if end is None or timeline.ends_on is None:
        return None
    if subtract_span(timeline.end_before(start) or end, within) >= start:
        return subtract_span(end, within)
    return min(end, timeline.add_active(start, within) or end)
