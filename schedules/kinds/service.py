"""once, for months of service: enough of the training at the own kind of unit, checked against placements."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from schedules.calendar import DAY
from schedules.kinds.reading import Case, Reading, dated
from schedules.timeline import Leave, Timeline
from schedules.verdict import Elsewhere

_DAYS_IN_MONTH = 30
"""Thirty calendar months are 911 to 915 days: counted so, whoever plans for exactly thirty has enough."""


def service(case: Case) -> Reading:
    """Asked for by the start of a placement that leaves too few months, or of a first one that is too early.

    `done` and `required` are whole months of service, absence left out. What cannot be planned otherwise is
    not asked for: a first placement that has begun, a training too short without any placement.
    """
    required = case.requirement.service_months or 0
    served = _served(case.timeline, case.elsewhere)
    done = _months(served, min(case.today, case.timeline.planned_end or case.today))
    days = [day for day in (_too_early(case), _leaves_too_few(case, required)) if day]
    asked = (
        dated(case, min(days), done=done, required=required)
        if days
        else Reading(done=done, required=required)
    )
    turns = (*asked.turns, *_turns(case, served, done))
    return asked._replace(met=not days and done >= required, turns=turns)


def _too_early(case: Case) -> date | None:
    """003: 12-18 months at the own unit before the first placement."""
    first = min((stay.from_on for stay in case.elsewhere), default=None)
    least = next(iter(case.requirement.own_unit_first), 0)
    if first is None or first < max(case.today, case.timeline.clock_start):
        return None
    return first if _months(case.timeline, first - DAY) < least else None


def _leaves_too_few(case: Case, required: int) -> date | None:
    """003: at least 30 months in all. The placement, in the order of time, that is one too many."""
    end = case.timeline.planned_end
    if end is None or _months(case.timeline, end) < required:
        return None
    stays = sorted((stay for stay in case.elsewhere if not stay.counts), key=lambda stay: stay.from_on)
    few = (at for at in range(len(stays)) if _months(_served(case.timeline, stays[: at + 1]), end) < required)
    too_many = next(few, None)
    return None if too_many is None else max(stays[too_many].from_on, case.timeline.clock_start)


def _served(timeline: Timeline, elsewhere: Iterable[Elsewhere]) -> Timeline:
    """The time that counts: service elsewhere is left out as if it were absence."""
    stays = [Leave("placement", stay.from_on, stay.to_on) for stay in elsewhere if not stay.counts]
    return Timeline(timeline.starts_on, leaves=(*timeline.leaves, *stays)) if stays else timeline


def _months(served: Timeline, until: date) -> int:
    """Whole months of days in service, up to and with a day."""
    return served.active_days(served.starts_on, until) // _DAYS_IN_MONTH


def _turns(case: Case, served: Timeline, done: int) -> list[date]:
    """The day of one more whole month, and the day after a coming first placement has begun."""
    days = served.active_days(served.starts_on, case.today)
    fuller = served.nth_active(case.today + DAY, max(1, (done + 1) * _DAYS_IN_MONTH - days))
    first = min((stay.from_on + DAY for stay in case.elsewhere), default=None)
    return [day for day in (fuller, first) if day]
