"""When people would be reminded of a requirement, by their habits and what is booked: pure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from schedules.calendar import SWEDEN
from schedules.evaluate import Verdict
from schedules.habits import Habits
from schedules.lives.life import Life
from schedules.manners import Days, morning
from schedules.moments import (
    ALWAYS,
    UNCHANGED,
    Booked,
    Changed,
    Moment,
    answered,
    is_spoken_about,
    moments,
    short_notice,
)
from schedules.newest import silenced
from schedules.rules.requirement import Requirement


def planned_for(
    life: Life,
    requirement: Requirement,
    verdict: Verdict,
    habits: Habits,
    since: datetime,
    changed: Changed = UNCHANGED,
    any_booking: bool = False,
    until: datetime = ALWAYS,
) -> list[Moment]:
    """The reminders of this spell. Escalation is told in the digest, not here.

    With `any_booking` one puts off what came before it was made too: what still waits to be said. Of the
    repeats after `until`, and after a mute, only the first is planned.
    """
    if not is_spoken_about(requirement, verdict):
        return []
    booked = _booked(life, requirement, any_booking)
    after = _after(life, requirement)
    muted = life.muted.get(requirement.key)
    speaks = morning(muted.until, SWEDEN, habits) if muted else until
    every = moments(requirement, verdict, SWEDEN, booked, habits, after, changed, max(until, speaks))
    every = short_notice(requirement, every, since, SWEDEN, habits)
    planned = [m for m in every if m.step != "escalated"]
    return silenced(planned, speaks) if muted else planned


def put_off(life: Life, requirement: Requirement, moment: Moment, habits: Habits) -> Moment:
    """A moment that waits for a morning of its own, by the bookings made until then."""
    return answered(moment, Days(SWEDEN, habits), _booked(life, requirement))


def _booked(life: Life, requirement: Requirement, any_booking: bool = False) -> list[Booked]:
    mine = [b for b in life.bookings if b.activity in requirement.activities]
    return [Booked(b.on, None if any_booking else b.made_at, b.stands, b.end) for b in mine]


def _after(life: Life, requirement: Requirement) -> Callable[[date, int], date | None]:
    """So many days in service after a day."""
    return life.timeline_of(requirement).add_active_days
