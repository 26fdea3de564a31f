"""One planned reminder, and the bookings that put it off. Pure: times are naive and local."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime, time
from types import MappingProxyType
from typing import NamedTuple

from schedules.calendar import DAY, WEEK
from schedules.manners import Days


class Moment(NamedTuple):
    """One planned reminder. `step`: soon, overdue, repeat or escalated (the digest's, by name)."""

    step: str
    period: str
    at: datetime
    roles: tuple[str, ...]
    until: date | None = None
    """What is asked for anew while an earlier week, month or term is missed: its last day."""
    caught_up: bool = False  # what nobody was told in its time


class Booked(NamedTuple):
    """A booking that would meet it: its date, and when it was made. It puts off nothing that came before.

    None: made before all that is asked about.
    """

    on: date
    made_at: datetime | None = None
    stands: bool = True
    end: date | None = None  # the last day of several: it answers until that has passed


class Changed(NamedTuple):
    """A change: its local moment if it left something late, how often and when last that had been told before
    it, and the days for which it was `said`, by the reminder's period."""

    at: datetime | None = None
    told: int = 0
    heard: datetime | None = None
    said: Mapping[str, date] = MappingProxyType({})
    is_late: bool = False  # time alone passed over the day on which it was to be told first


UNCHANGED, ALWAYS = Changed(), datetime.combine(date.max, time.min)


def answered(moment: Moment, days: Days, booked: Collection[Booked]) -> Moment:
    """A moment, put off to the end of what is quiet and past the bookings that answer it, one by one."""
    moment = moment._replace(at=days.after_quiet(moment.at)) if days.quiet else moment
    if not booked:
        return moment
    day = moment.at.date()
    known = [b for b in booked if b.made_at is None or b.made_at < moment.at]
    answers = [last for b in known if day <= (last := b.end or b.on) and b.on <= day + WEEK]
    if not answers:
        return moment
    later = days.morning(max(answers) + DAY)
    return answered(moment._replace(at=later), days, booked)
