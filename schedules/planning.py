"""When people would be reminded of a requirement, by their habits and what is booked: pure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import NamedTuple

from schedules.calendar import SWEDEN
from schedules.evaluate import Verdict
from schedules.habits import Habits
from schedules.lives.life import Life
from schedules.manners import Days
from schedules.moment import ALWAYS, UNCHANGED, Booked, Changed, Moment, answered
from schedules.moments import is_spoken_about, moments, short_notice
from schedules.rules.requirement import Requirement


class Window(NamedTuple):
    """Of a spell what may be said: from a local moment, `since`, and by what lay behind if a change made it.

    With `any_booking` one puts off what came before it was made too: what still waits to be said. Of the
    repeats after `until` only the first is planned.
    """

    since: datetime
    changed: Changed = UNCHANGED
    any_booking: bool = False
    until: datetime = ALWAYS


def planned_for(
    life: Life, requirement: Requirement, verdict: Verdict, habits: Habits, window: Window
) -> list[Moment]:
    """The reminders of this spell. Escalation is told in the digest, not here."""
    if not is_spoken_about(requirement, verdict):
        return []
    booked = _booked(life, requirement, window.any_booking)
    after = _after(life, requirement)
    quiet = life.quiet.get(requirement.key, ())
    until = window.until
    every = moments(requirement, verdict, SWEDEN, booked, habits, after, window.changed, until, quiet)
    every = short_notice(requirement, every, window.since, SWEDEN, habits, quiet)
    return [m for m in every if m.step != "escalated"]


def put_off(life: Life, requirement: Requirement, moment: Moment, habits: Habits) -> Moment:
    """A moment that waits for a morning of its own, by the bookings made until then."""
    days = Days(SWEDEN, habits, life.quiet.get(requirement.key, ()))
    return answered(moment, days, _booked(life, requirement))


def _booked(life: Life, requirement: Requirement, any_booking: bool = False) -> list[Booked]:
    mine = [b for b in life.bookings if b.activity in requirement.activities]
    return [Booked(b.on, None if any_booking else b.made_at, b.stands, b.end) for b in mine]


def _after(life: Life, requirement: Requirement) -> Callable[[date, int], date | None]:
    """So many days in service after a day."""
    return life.timeline_of(requirement).add_active_days
