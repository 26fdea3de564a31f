"""The moments of a requirement's reminders: which there are, and which of them has come.

Pure policy (behaviour.md, Nudges). Times are naive and local; what is sent, and to whom, is decided above.
The period keys a reminder so that none goes out twice.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from operator import attrgetter
from types import MappingProxyType
from typing import NamedTuple

from schedules.calendar import DAY, WEEK, WorkCalendar, monday_of, week_label
from schedules.habits import USUAL, Habits
from schedules.manners import Days, Quiet
from schedules.rules.requirement import Kind, Requirement
from schedules.verdict import State, Verdict

_REPEAT_DAYS, _REPEAT_AT_MOST = 7, 3  # a requirement that says no others follows the unit's
_SPOKEN_ABOUT = (State.OK, State.SOON, State.OVERDUE)


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


UNCHANGED, ALWAYS = Changed(), datetime.combine(date.max, time.min)
_After = Callable[[date, int], date | None]
"""The day that is so many days in service after another; None is never."""
_at = attrgetter("at")


def moments(
    requirement: Requirement,
    verdict: Verdict,
    calendar: WorkCalendar,
    booked: Collection[Booked] = (),
    habits: Habits = USUAL,
    after: _After = lambda day, days: day + timedelta(days=days),
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
    late = _late(requirement, verdict, days, after, changed, booked, until)
    soon = _back_in_service(_soon(requirement, verdict.due_on, verdict.period, days), days, after)
    kept = _before_late([answered(soon, days, booked), *late])
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
    back = _in_service(day, days, after)
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


def _late(
    requirement: Requirement,
    verdict: Verdict,
    days: Days,
    after: _After,
    changed: Changed,
    booked: Collection[Booked],
    until: datetime,
) -> list[Moment]:
    """The first morning it is overdue, and the repeats counted from that morning.

    What a change (an undo, another date, a rule of the unit's own) made late after that morning had passed is
    told on the morning after the change, and repeated from then: it is news, and no repeat of anything. Where
    it had been told, it goes on, by whatever date, as long after that as a repeat would; and of what is to be
    done once no more than there would have been without.
    """
    if verdict.overdue_from is None:
        return []
    first = _in_service(verdict.overdue_from, days, after)
    if changed.at is not None and not changed.told and first <= changed.at:
        first = _in_service(changed.at.date() + DAY, days, after)
    days = replace(days, quiet=(*days.quiet, *_lately_told(changed, requirement)))
    late = _late_from(first, requirement, verdict, days, after, booked, until, changed.said)
    if changed.at is None or not changed.told or requirement.kind is not Kind.ONCE:
        return late
    said = sum(m.at <= changed.at for m in late)
    return late[: max(said, said + 1 + requirement.repeat_at_most - changed.told)]


def _lately_told(changed: Changed, requirement: Requirement) -> Iterator[Quiet]:
    """What a change leaves to be told is not told so soon after it was told by another date."""
    if changed.heard:
        again = changed.heard.date() + timedelta(days=requirement.repeat_days)
        yield Quiet(changed.heard + datetime.resolution, datetime.combine(again, time.min))


def _in_service(d: date, days: Days, after: _After) -> datetime:
    """The first morning to speak on that is in service: the repeats are counted from when it can be said."""
    at = days.morning(d)
    while (there := after(at.date() - DAY, 1)) is not None and there != at.date():
        at = days.morning(there)
    return at


def _late_from(
    first: datetime,
    requirement: Requirement,
    verdict: Verdict,
    days: Days,
    after: _After,
    booked: Collection[Booked],
    until: datetime,
    said: Mapping[str, date],
) -> list[Moment]:
    """That it is late, and the repeats, each so many days after the one before, in service.

    A day off moves only the message that falls on it. What a booking put off is news when it has passed: the
    next is counted from then, else it would follow within days. Weeks are told of on their day, for a repeat
    of theirs tells of one more that was missed: so the next is another week's.
    """
    told, day = list[Moment](), first.date()
    for n in range(requirement.repeat_at_most + 1):
        step, period = ("repeat", f"{verdict.period}#{n}") if n else ("overdue", verdict.period)
        planned = Moment(step, period, days.morning(day) if n else first, requirement.reminds)
        told.append(_as_said(answered(planned, days, booked), said))
        put_off_to = told[-1].at.date() if told[-1] != planned else None
        again = _next_day(requirement, day, put_off_to, after) if told[-1].at <= until else None
        if again is None:
            break
        day = again
    return _in_turn(told, said)


def _as_said(moment: Moment, said: Mapping[str, date]) -> Moment:
    """What went out was planned for the day it was, whatever absence has moved it since."""
    day = said.get(moment.period, moment.at.date())
    return moment if day == moment.at.date() else moment._replace(at=datetime.combine(day, moment.at.time()))


def _in_turn(told: Sequence[Moment], said: Mapping[str, date]) -> list[Moment]:
    """Without those that come before one that was said already: no repeat is followed by an earlier one."""
    last = max((n for n, moment in enumerate(told) if moment.period in said), default=0)
    return [m for n, m in enumerate(told) if n == 0 or n >= last or m.period in said]


def _next_day(requirement: Requirement, day: date, put_off_to: date | None, after: _After) -> date | None:
    """When the next repeat is planned for, after one planned for a day and put off to another, if it was."""
    if put_off_to is None or requirement.kind is not Kind.WEEKLY:
        return after(put_off_to or day, requirement.repeat_days)
    again = after(day, requirement.repeat_days)
    while again is not None and monday_of(again) <= monday_of(put_off_to):
        again = after(again, requirement.repeat_days)
    return again


def _escalated(verdict: Verdict, days: Days) -> list[Moment]:
    if verdict.escalates_on is None:
        return []
    at = days.morning(verdict.escalates_on)
    return [Moment("escalated", verdict.period, at, ("studierektor",))]


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
