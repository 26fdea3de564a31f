"""The moments of a requirement's reminders: which there are, and which of them has come.

Pure policy (behaviour.md, Nudges). Times are naive and local; what is sent, and to whom, is decided above.
The period keys a reminder so that none goes out twice.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from operator import attrgetter

from schedules.calendar import DAY, WorkCalendar, monday_of, week_label
from schedules.habits import USUAL, Habits
from schedules.late import After, in_service, late
from schedules.manners import Days, Quiet
from schedules.moment import ALWAYS, UNCHANGED, Booked, Changed, Moment, answered
from schedules.rules.requirement import Kind, Requirement
from schedules.verdict import State, Verdict

_REPEAT_DAYS, _REPEAT_AT_MOST = 7, 3  # a requirement that says no others follows the unit's
_SPOKEN_ABOUT = (State.OK, State.SOON, State.OVERDUE)


_at = attrgetter("at")


def moments(
    requirement: Requirement,
    verdict: Verdict,
    calendar: WorkCalendar,
    booked: Collection[Booked] = (),
    habits: Habits = USUAL,
    after: After = lambda day, days: day + timedelta(days=days),
    changed: Changed = UNCHANGED,
    until: datetime = ALWAYS,
    quiet: tuple[Quiet, ...] = (),
) -> tuple[Moment, ...]:
    """All reminders of the verdict's spell, past ones included, oldest first.

    `booked` are the bookings that would meet it: one within a week of a reminder answers it until the booking
    has passed, and a week with a booking in it is not asked about on its Thursday. `after` gives
    the day that is so many days in service after another: absence pauses the repeats too, and None is never.
    `changed` is what left it late, if it was a change and not time alone. Of the repeats after `until` only
    the first is planned; what falls in a `quiet` stretch is said when that has ended. While paused, met or
    not applicable nothing is said; topics never nag.
    """
    if not is_spoken_about(requirement, verdict):
        return ()
    assert verdict.due_on is not None  # noqa: S101
    requirement = _repeating(requirement, habits)
    days = Days(calendar, habits, quiet)
    told = late(requirement, verdict, days, after, changed, booked, until)
    soon = _back_in_service(_soon(requirement, verdict.due_on, verdict.period, days), days, after)
    kept = _before_late([answered(soon, days, booked), *told])
    if requirement.kind is Kind.WEEKLY:
        kept = [m for m in kept if m.step != "soon" or _asks_in(monday_of(verdict.due_on), m, booked)]
    again = _anew(requirement, verdict, days, booked)
    return tuple(sorted((*kept, *again, *_escalated(verdict, days)), key=_at))


def is_spoken_about(requirement: Requirement, verdict: Verdict) -> bool:
    """Whether there is anything to remind of."""
    return (
        requirement.kind is not Kind.TOPIC and verdict.state in _SPOKEN_ABOUT and verdict.due_on is not None
    )


def short_notice(
    requirement: Requirement,
    planned: Iterable[Moment],
    since: datetime,
    calendar: WorkCalendar,
    habits: Habits = USUAL,
    quiet: tuple[Quiet, ...] = (),
) -> tuple[Moment, ...]:
    """What is to be seen to before something begins is said the next morning when it was learnt of late.

    `since` is when the spell began to be known. Without this a placement written down within its lead time
    would be told of only when it is too late.
    """
    if not requirement.precedes_start:
        return tuple(planned)
    days = Days(calendar, habits, quiet)
    next_day = days.after_quiet(days.morning(since.date() + DAY))
    said = [m._replace(at=next_day) if m.step == "soon" and m.at <= since else m for m in planned]
    return tuple(_before_late(said))


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


def _soon(requirement: Requirement, due: date, period: str, days: Days) -> Moment:
    if requirement.kind is Kind.WEEKLY:
        at, roles = days.asked(monday_of(due)), _asked(requirement)
    else:
        at = datetime.combine(due - timedelta(days=requirement.lead_days), days.habits.morning)
        roles = requirement.reminds
    return Moment("soon", period, days.spoken(at), roles)


def _back_in_service(moment: Moment, days: Days, after: Callable[[date, int], date | None]) -> Moment:
    """What falls in an absence is said on the first morning back, whenever its end was told."""
    day = moment.at.date()
    back = in_service(day, days, after)
    return moment if back.date() == day else moment._replace(at=back)


def _anew(requirement: Requirement, verdict: Verdict, days: Days, booked: Collection[Booked]) -> list[Moment]:
    """Every week, month and term is asked for in its time, an earlier one missed or not.

    What was missed cannot be made good, and what is said of it ends after the repeats; the next chance to
    meet would be passed over in silence else.
    """
    until = verdict.again_on
    if until is None:
        return []
    weekly = requirement.kind is Kind.WEEKLY
    soon = _soon(requirement, until, week_label(until) if weekly else until.isoformat(), days)
    soon = answered(soon, days, booked)._replace(until=until)
    holds = _asks_in(monday_of(until), soon, booked) if weekly else soon.at.date() <= until
    return [soon] if holds else []


def _asks_in(monday: date, soon: Moment, booked: Collection[Booked]) -> bool:
    """Whether a week is asked about: in the week itself, and with no booking in it that may still be held."""
    return monday_of(soon.at.date()) == monday and not any(
        b.stands and monday_of(b.on) == monday for b in booked
    )


def _escalated(verdict: Verdict, days: Days) -> list[Moment]:
    if verdict.escalates_on is None:
        return []
    at = days.morning(verdict.escalates_on)
    return [Moment("escalated", verdict.period, at, ("studierektor",))]
