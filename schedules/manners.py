"""The hours in which anyone is spoken to: on speaking days, in office hours, never during absence.

Pure policy (behaviour.md, Nudges). Times are naive and local.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from schedules.calendar import DAY, WorkCalendar
from schedules.habits import EARLIEST, LATEST, USUAL, Habits

MORNING, EVENING = EARLIEST, LATEST
_LOOK_AHEAD = timedelta(days=730)


class Quiet(NamedTuple):
    """A stretch in which something is not spoken of, for a reason of its own: up to, not with, `until`."""

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Days:
    """The days one may speak on, and the hour at which they begin."""

    calendar: WorkCalendar
    habits: Habits
    quiet: tuple[Quiet, ...] = ()

    def morning(self, d: date) -> datetime:
        return datetime.combine(self.calendar.next_speaking_day(d), self.habits.morning)

    def spoken(self, at: datetime) -> datetime:
        day = at.date()
        return at if self.calendar.next_speaking_day(day) == day else self.morning(day)

    def after_quiet(self, at: datetime) -> datetime:
        """The moment, or when that may be spoken of again which is to be said then."""
        ends = [each.until for each in self.quiet if each.since <= at < each.until]
        return self.after_quiet(max(at, self._begun(max(ends)))) if ends else at

    def _begun(self, at: datetime) -> datetime:
        """Midnight stands for its day."""
        return self.morning(at.date()) if at.time() == time.min else self.spoken(at)

    def asked(self, monday: date) -> datetime:
        """When the week of a Monday is asked about, should that be a speaking day."""
        day = monday + (self.habits.weekly_day - 1) * DAY
        return datetime.combine(day, max(self.habits.weekly_at, self.habits.morning))


def morning(d: date, calendar: WorkCalendar, habits: Habits = USUAL) -> datetime:
    """The first morning on or after a day on which one may speak."""
    return Days(calendar, habits).morning(d)


def speaking_time(
    at: datetime, calendar: WorkCalendar, is_absent: Callable[[date], bool], morning: time = MORNING
) -> datetime | None:
    """The first moment from `at` on, `morning` to 17:00 on a speaking day, with the recipient not absent.

    None when there is none within two years (an open-ended absence).
    """
    day = at.date() if at.time() <= EVENING else at.date() + DAY
    last = day + _LOOK_AHEAD
    while (day := calendar.next_speaking_day(day)) <= last:
        if not is_absent(day):
            return max(at, datetime.combine(day, morning))
        day += DAY
    return None
