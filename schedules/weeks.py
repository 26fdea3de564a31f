"""Which weeks were served: what a receipt and a digest tell about a weekly duty."""

from __future__ import annotations

from datetime import date, timedelta

from schedules.calendar import WEEK, monday_of
from schedules.evaluate import Case
from schedules.kinds.weekly import next_counting_week
from schedules.life import Life
from schedules.requirement import Requirement
from schedules.standings import SWEDEN

WEEKS_BACK = 26
"""A week missed longer ago than half a year is history, not news."""


def last_missed_week(life: Life, requirement: Requirement, before: date) -> date | None:
    """The Monday of the latest unserved, unexcused week before the week of `before`; None when none."""
    case = Case(requirement, life.happenings, life.timeline_of(requirement), SWEDEN, before)
    served = {monday_of(h.on) for h in life.happenings if h.activity in requirement.activities}
    this_week, missed = monday_of(before), None
    week = next_counting_week(case, monday_of(before - timedelta(weeks=WEEKS_BACK)))
    while week is not None and week < this_week:
        missed = missed if week in served else week
        week = next_counting_week(case, week + WEEK)
    return missed
