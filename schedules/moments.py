"""The moments of a requirement's reminders: which there are, and which of them has come.

Pure policy (behaviour.md, Nudges). Times are naive and local; what the chat sends, and to whom it may, is
decided above. The period keys a reminder so that none goes out twice.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import islice
from typing import NamedTuple

from schedules.calendar import DAY, WEEK, WorkCalendar, monday_of, week_label
from schedules.habits import USUAL, Habits
from schedules.manners import Days, morning
from schedules.requirement import Kind, Requirement
from schedules.verdict import State, Verdict

_REPEAT_DAYS, _REPEAT_AT_MOST = 7, 3
"""A requirement that says no other repeats than these follows the unit's."""
_WEEKS_AHEAD = 80
_SPOKEN_ABOUT = (State.OK, State.SOON, State.OVERDUE)


class Moment(NamedTuple):
    """One planned reminder. `step`: soon, overdue, repeat or escalated (the digest's, by name)."""

    step: str
    period: str
    at: datetime
    roles: tuple[str, ...]


def moments(
    requirement: Requirement,
    verdict: Verdict,
    calendar: WorkCalendar,
    booked: Collection[date] = (),
    habits: Habits = USUAL,
    excused: Callable[[date], bool] = lambda _monday: False,
    after: Callable[[date, int], date | None] = lambda day, days: day + timedelta(days=days),
    made_late: datetime | None = None,
) -> tuple[Moment, ...]:
    """All reminders of the verdict's spell, past ones included, oldest first.

    `booked` are the dates of bookings that would meet it: one within a week of a reminder answers it until
    the booking has passed, and a week with a booking in it is not asked about on its Thursday. `excused`
    tells of a Monday whether absence leaves too little of that week, `after` the day that is so many days in
    service after another: absence pauses the repeats too, and None is never. `made_late` is when a
    change made it late, if one did. While paused, met or not applicable nothing is said; topics never nag.
    """
    if not is_spoken_about(requirement, verdict):
        return ()
    assert verdict.due_on is not None  # noqa: S101
    requirement = _repeating(requirement, habits)
    days = Days(calendar, habits)
    late = _late(requirement, verdict, days, after, made_late)
    people = [*_soon(requirement, verdict, days), *late]
    if booked:
        people = [_answered(m, days, booked) for m in people]
    kept = _before_late(people)
    if requirement.kind is Kind.WEEKLY and _has_booking(monday_of(verdict.due_on), booked):
        kept = [m for m in kept if m.step != "soon"]
    again = _later_weeks(requirement, verdict, days, booked, excused)
    return tuple(sorted((*kept, *again, *_escalated(verdict, days)), key=lambda m: m.at))


def is_spoken_about(requirement: Requirement, verdict: Verdict) -> bool:
    """Whether there is anything to remind of."""
    return (
        requirement.kind is not Kind.TOPIC and verdict.state in _SPOKEN_ABOUT and verdict.due_on is not None
    )


def silenced(planned: Iterable[Moment], until: datetime) -> list[Moment]:
    """Nothing before a moment: the most pressing of what falls earlier is said then, if nothing else is."""
    planned = list(planned)
    later = [m for m in planned if m.at >= until]
    earlier = sorted((m for m in planned if m.at < until), key=lambda m: (m.step != "soon", m.at))
    if not earlier or any(m.at == until for m in later):
        return later
    return [earlier[-1]._replace(at=until), *later]


def short_notice(
    requirement: Requirement,
    planned: Iterable[Moment],
    since: datetime,
    calendar: WorkCalendar,
    habits: Habits = USUAL,
) -> tuple[Moment, ...]:
    """What is to be seen to before something begins is said the next morning when it was learnt of late.

    `since` is when the spell began to be known. Without this a placement written down within its lead time
    would be told of only when it is too late.
    """
    if not requirement.precedes_start:
        return tuple(planned)
    next_day = morning(since.date() + DAY, calendar, habits)
    said = [m._replace(at=next_day) if m.step == "soon" and m.at <= since else m for m in planned]
    return tuple(_before_late(said))


def due_between(planned: Iterable[Moment], after: datetime, until: datetime) -> tuple[Moment, ...]:
    """Those in (after, until]."""
    return tuple(m for m in planned if after < m.at <= until)


def latest(planned: Iterable[Moment], after: datetime, until: datetime) -> Moment | None:
    """After a downtime one message catches up, not one per missed moment. Escalation is the digest's."""
    due = [m for m in due_between(planned, after, until) if m.step != "escalated"]
    return max(due, key=lambda m: m.at, default=None)


def next_after(planned: Iterable[Moment], now: datetime) -> Moment | None:
    return min((m for m in planned if m.at > now), key=lambda m: m.at, default=None)


def _repeating(requirement: Requirement, habits: Habits) -> Requirement:
    """A requirement with the unit's repeats, where it has no other of its own."""
    if habits.repeat_days and requirement.repeat_days == _REPEAT_DAYS:
        requirement = replace(requirement, repeat_days=habits.repeat_days)
    if habits.repeat_at_most is not None and requirement.repeat_at_most == _REPEAT_AT_MOST:
        requirement = replace(requirement, repeat_at_most=habits.repeat_at_most)
    return requirement


def _before_late(planned: Sequence[Moment]) -> list[Moment]:
    """Without what would be told as coming only once it is told as late."""
    overdue = [m.at for m in planned if m.step == "overdue"]
    return [m for m in planned if m.step != "soon" or all(m.at < at for at in overdue)]


def _asked(weekly: Requirement) -> tuple[str, ...]:
    """Who is asked about a week that is not over: the trainee alone, where trainees are reminded of it."""
    return tuple(role for role in weekly.reminds if role == "trainee") or weekly.reminds


def _soon(requirement: Requirement, verdict: Verdict, days: Days) -> list[Moment]:
    assert verdict.due_on is not None  # noqa: S101
    if requirement.kind is Kind.WEEKLY:
        asked = days.asked(monday_of(verdict.due_on))
        at = datetime.combine(min(asked.date(), verdict.due_on), asked.time())
        roles = _asked(requirement)
    else:
        at = datetime.combine(verdict.due_on - timedelta(days=requirement.lead_days), days.habits.morning)
        roles = requirement.reminds
    return [Moment("soon", verdict.period, days.spoken(at), roles)]


def _later_weeks(
    requirement: Requirement,
    verdict: Verdict,
    days: Days,
    booked: Collection[date],
    excused: Callable[[date], bool],
) -> list[Moment]:
    """A weekly duty is asked for every Thursday of a week with neither log nor booking, a missed week or
    not (behaviour.md, Nudges); like the repeats it falls silent after as many weeks as there are repeats.
    Weeks in which nothing is asked for are none of these.
    """
    if requirement.kind is not Kind.WEEKLY or verdict.overdue_from is None or verdict.due_on is None:
        return []
    roles = _asked(requirement)
    mondays = (monday_of(verdict.due_on) + n * WEEK for n in range(1, _WEEKS_AHEAD))
    least = requirement.excused_below
    counting = (m for m in mondays if len(days.calendar.working_days_of_week(m)) >= least and not excused(m))
    planned = [(m, days.spoken(days.asked(m))) for m in islice(counting, requirement.repeat_at_most)]
    return [
        Moment("soon", week_label(monday), at, roles)
        for monday, at in planned
        if at.date() < monday + WEEK and not _has_booking(monday, booked)
    ]


def _has_booking(monday: date, booked: Collection[date]) -> bool:
    return any(monday_of(d) == monday for d in booked)


def _late(
    requirement: Requirement,
    verdict: Verdict,
    days: Days,
    after: Callable[[date, int], date | None],
    made_late: datetime | None,
) -> list[Moment]:
    """The first morning it is overdue, and the repeats counted from that morning.

    What a change (an undo, another date, a rule of the unit's own) made late so long ago that all of it would
    lie in the past is told on the morning after the change: else nobody would ever hear of it.
    """
    if verdict.overdue_from is None:
        return []
    planned = _late_from(days.morning(verdict.overdue_from), requirement, verdict, days, after)
    if made_late is None or any(moment.at > made_late for moment in planned):
        return planned
    return _late_from(days.morning(made_late.date() + DAY), requirement, verdict, days, after)


def _late_from(
    first: datetime,
    requirement: Requirement,
    verdict: Verdict,
    days: Days,
    after: Callable[[date, int], date | None],
) -> list[Moment]:
    roles = requirement.reminds
    numbers = range(1, requirement.repeat_at_most + 1)
    again = [(n, after(first.date(), n * requirement.repeat_days)) for n in numbers]
    repeats = [Moment("repeat", f"{verdict.period}#{n}", days.morning(day), roles) for n, day in again if day]
    return [Moment("overdue", verdict.period, first, roles), *repeats]


def _escalated(verdict: Verdict, days: Days) -> list[Moment]:
    if verdict.escalates_on is None:
        return []
    at = days.morning(verdict.escalates_on)
    return [Moment("escalated", verdict.period, at, ("studierektor",))]


def _answered(moment: Moment, days: Days, booked: Collection[date]) -> Moment:
    """Put off until the morning after the bookings that answer it, one after the other."""
    answers = [d for d in booked if moment.at.date() <= d <= moment.at.date() + WEEK]
    if not answers:
        return moment
    later = days.morning(max(answers) + DAY)
    return _answered(moment._replace(at=later), days, booked)
