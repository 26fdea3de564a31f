"""When to speak: the moments of a requirement's reminders, and the hours in which anyone is spoken to.

Pure policy (behaviour.md, Nudges). Times are naive and local; what the chat sends, and to whom it may, is
decided above. The period keys a reminder so that none goes out twice.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from schedules.calendar import DAY, WEEK, WorkCalendar, monday_of, week_label
from schedules.requirement import Kind, Requirement
from schedules.verdict import State, Verdict

MORNING = time(8)
EVENING = time(17)
WEEKLY_ASK = time(12, 15)
_THURSDAY = timedelta(days=3)
_LOOK_AHEAD_DAYS = 731
_SPOKEN_ABOUT = (State.OK, State.SOON, State.OVERDUE)


@dataclass(frozen=True, slots=True)
class Moment:
    """One planned reminder. `step`: soon, overdue, repeat or escalated (the digest's, by name)."""

    step: str
    period: str
    at: datetime
    roles: tuple[str, ...]


def moments(
    requirement: Requirement, verdict: Verdict, calendar: WorkCalendar, booked: Collection[date] = ()
) -> tuple[Moment, ...]:
    """All reminders of the verdict's spell, past ones included, oldest first.

    `booked` are the dates of bookings that would meet it: one within a week of a reminder answers it until
    the booking has passed, and a week with a booking in it is not asked about on its Thursday. While
    paused, met or not applicable nothing is said; topics never nag.
    """
    if requirement.kind is Kind.TOPIC or verdict.state not in _SPOKEN_ABOUT or verdict.due_on is None:
        return ()
    late = _late(requirement, verdict, calendar)
    people = [_answered(m, calendar, booked) for m in (*_soon(requirement, verdict, calendar), *late)]
    overdue = [m.at for m in people if m.step == "overdue"]
    kept = [m for m in people if m.step != "soon" or all(m.at < at for at in overdue)]
    if requirement.kind is Kind.WEEKLY and _has_booking(monday_of(verdict.due_on), booked):
        kept = [m for m in kept if m.step != "soon"]
    again = _later_weeks(requirement, verdict, calendar, booked)
    return tuple(sorted((*kept, *again, *_escalated(verdict, calendar)), key=lambda m: m.at))


def due_between(planned: Iterable[Moment], after: datetime, until: datetime) -> tuple[Moment, ...]:
    """Those in (after, until]."""
    return tuple(m for m in planned if after < m.at <= until)


def latest(planned: Iterable[Moment], after: datetime, until: datetime) -> Moment | None:
    """After a downtime one message catches up, not one per missed moment. Escalation is the digest's."""
    due = [m for m in due_between(planned, after, until) if m.step != "escalated"]
    return max(due, key=lambda m: m.at, default=None)


def next_after(planned: Iterable[Moment], now: datetime) -> Moment | None:
    return min((m for m in planned if m.at > now), key=lambda m: m.at, default=None)


def speaking_time(at: datetime, calendar: WorkCalendar, is_absent: Callable[[date], bool]) -> datetime | None:
    """The first moment from `at` on, 08:00-17:00 on a speaking day, with the recipient not absent.

    None when there is none within two years (an open-ended absence).
    """
    day = at.date() if at.time() <= EVENING else at.date() + DAY
    days = (day + timedelta(days=n) for n in range(_LOOK_AHEAD_DAYS))
    free = next((d for d in days if not calendar.is_quiet_day(d) and not is_absent(d)), None)
    return None if free is None else max(at, datetime.combine(free, MORNING))


def _soon(requirement: Requirement, verdict: Verdict, calendar: WorkCalendar) -> list[Moment]:
    assert verdict.due_on is not None  # noqa: S101
    if requirement.kind is Kind.WEEKLY:
        day, at = min(monday_of(verdict.due_on) + _THURSDAY, verdict.due_on), WEEKLY_ASK
        roles = tuple(r for r in requirement.reminds if r == "trainee") or requirement.reminds
    else:
        day, at = verdict.due_on - timedelta(days=requirement.lead_days), MORNING
        roles = requirement.reminds
    return [Moment("soon", verdict.period, _spoken(datetime.combine(day, at), calendar), roles)]


def _later_weeks(
    requirement: Requirement, verdict: Verdict, calendar: WorkCalendar, booked: Collection[date]
) -> list[Moment]:
    """A weekly duty is asked for every Thursday of a week with neither log nor booking, a missed week or
    not (behaviour.md, Nudges); like the repeats it falls silent after as many weeks as there are repeats.
    """
    if requirement.kind is not Kind.WEEKLY or verdict.overdue_from is None or verdict.due_on is None:
        return []
    roles = tuple(r for r in requirement.reminds if r == "trainee") or requirement.reminds
    mondays = (monday_of(verdict.due_on) + n * WEEK for n in range(1, requirement.repeat_at_most + 1))
    planned = [(m, _spoken(datetime.combine(m + _THURSDAY, WEEKLY_ASK), calendar)) for m in mondays]
    return [
        Moment("soon", week_label(monday), at, roles)
        for monday, at in planned
        if at.date() < monday + WEEK
        and len(calendar.working_days_of_week(monday)) >= requirement.excused_below
        and not _has_booking(monday, booked)
    ]


def _has_booking(monday: date, booked: Collection[date]) -> bool:
    return any(monday_of(d) == monday for d in booked)


def _late(requirement: Requirement, verdict: Verdict, calendar: WorkCalendar) -> list[Moment]:
    """The first morning it is overdue, and the repeats counted from that morning."""
    if verdict.overdue_from is None:
        return []
    first = _morning(verdict.overdue_from, calendar)
    roles = requirement.reminds
    repeats = [
        Moment("repeat", f"{verdict.period}#{n}", _repeat(requirement, first, n, calendar), roles)
        for n in range(1, requirement.repeat_at_most + 1)
    ]
    return [Moment("overdue", verdict.period, first, roles), *repeats]


def _repeat(requirement: Requirement, first: datetime, n: int, calendar: WorkCalendar) -> datetime:
    return _morning(first.date() + n * timedelta(days=requirement.repeat_days), calendar)


def _escalated(verdict: Verdict, calendar: WorkCalendar) -> list[Moment]:
    if verdict.escalates_on is None:
        return []
    at = _morning(verdict.escalates_on, calendar)
    return [Moment("escalated", verdict.period, at, ("studierektor",))]


def _answered(moment: Moment, calendar: WorkCalendar, booked: Collection[date]) -> Moment:
    """Put off until the morning after the bookings that answer it, one after the other."""
    answers = [d for d in booked if moment.at.date() <= d <= moment.at.date() + WEEK]
    if not answers:
        return moment
    later = _morning(max(answers) + DAY, calendar)
    return _answered(Moment(moment.step, moment.period, later, moment.roles), calendar, booked)


def _spoken(at: datetime, calendar: WorkCalendar) -> datetime:
    return at if not calendar.is_quiet_day(at.date()) else _morning(at.date(), calendar)


def _morning(d: date, calendar: WorkCalendar) -> datetime:
    return datetime.combine(calendar.next_speaking_day(d), MORNING)
