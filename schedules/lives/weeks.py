"""Which weeks were served: what a receipt and a digest tell about a weekly duty."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from schedules.calendar import SWEDEN, WEEK, monday_of
from schedules.evaluate import Case
from schedules.kinds.reading import meets
from schedules.kinds.weekly import next_counting_week
from schedules.lives.life import Life
from schedules.rules.requirement import Requirement

WEEKS_BACK = 26
"""A week missed longer ago than half a year is history, not news."""


def looks_back_to(before: date) -> date:
    """The first day that has a say in which week was missed latest."""
    return monday_of(before - timedelta(weeks=WEEKS_BACK))


def last_missed_week(life: Life, requirement: Requirement, before: date) -> date | None:
    """The Monday of the latest unserved, unexcused week before the week of `before`; None when none."""
    first, week = looks_back_to(before), monday_of(before) - WEEK
    happenings = life.since(requirement.activities, first)
    case = Case(requirement, happenings, life.timeline_of(requirement), SWEDEN, before)
    served = {monday_of(each.on) for each in happenings}
    while week >= first and (week in served or next_counting_week(case, week) != week):
        week -= WEEK
    return week if week >= first else None


@dataclass(frozen=True, slots=True)
class Served:
    """Of the weeks that asked for a session, how many had one."""

    weeks: int
    of: int


def weeks_served(life: Life, requirement: Requirement, first: date, last: date) -> Served:
    """The unexcused weeks that began on `first` or later and ended by `last`, and those with a session.

    Weeks before the clock's start, with absence or with too few working days are not asked for (weekly kind).
    """
    happenings = life.of(requirement.activities)
    case = Case(requirement, happenings, life.timeline_of(requirement), SWEDEN, last)
    met = {monday_of(h.done_on) for h in happenings if meets(h, requirement)}
    served = asked = 0
    week = next_counting_week(case, monday_of(first + timedelta(days=6)))
    while week is not None and week + WEEK <= last + timedelta(days=1):
        asked, served = asked + 1, served + (week in met)
        week = next_counting_week(case, week + WEEK)
    return Served(served, asked)
