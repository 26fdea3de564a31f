"""That it is late, and the repeats: from which morning on, how far apart and how often. Pure policy."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from schedules.calendar import DAY, WEEK, monday_of
from schedules.manners import Days, Quiet
from schedules.moment import Booked, Changed, Moment, answered
from schedules.rules.requirement import Kind, Requirement
from schedules.verdict import Verdict

After = Callable[[date, int], date | None]
"""The day that is so many days in service after another; None is never."""


def late(
    requirement: Requirement,
    verdict: Verdict,
    days: Days,
    after: After,
    changed: Changed,
    booked: Collection[Booked],
    until: datetime,
) -> list[Moment]:
    """The first morning it is overdue, and the repeats counted from that morning.

    What a change (an undo, another date, a rule of the unit's own) made late after that morning had passed is
    told on the morning after the change, and repeated from then: it is news, and no repeat of anything. Where
    it had been told, it goes on, by whatever date, as long after that as a repeat would; and of what is to be
    done once no more than there would have been without. A repeat whose day it moves into the past is said
    after it.
    """
    if verdict.overdue_from is None:
        return []
    first = in_service(verdict.overdue_from, days, after)
    if changed.at is not None and not changed.told and first <= changed.at:
        first = in_service(changed.at.date() + DAY, days, after)
    days = replace(days, quiet=(*days.quiet, *_lately_told(changed, requirement)))
    told = _late_from(first, requirement, verdict, days, after, booked, until, changed)
    if changed.at is None or not changed.told or requirement.kind is not Kind.ONCE:
        return told
    said = sum(m.at <= changed.at for m in told)
    return told[: max(said, said + 1 + requirement.repeat_at_most - changed.told)]


def _lately_told(changed: Changed, requirement: Requirement) -> Iterator[Quiet]:
    """What a change leaves to be told is not told so soon after it was told by another date."""
    if changed.heard:
        again = changed.heard.date() + timedelta(days=requirement.repeat_days)
        yield Quiet(changed.heard + datetime.resolution, datetime.combine(again, time.min))


def in_service(d: date, days: Days, after: After) -> datetime:
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
    after: After,
    booked: Collection[Booked],
    until: datetime,
    changed: Changed,
) -> list[Moment]:
    """That it is late, and the repeats, each so many days after the one before, in service.

    A day off moves only the message that falls on it. What a booking put off is news when it has passed: the
    next is counted from then, else it would follow within days. Weeks are told of on their day, for a repeat
    of theirs tells of one more that was missed: so the next is another week's.
    """
    told, day = list[Moment](), first.date()
    for n in range(requirement.repeat_at_most + 1):
        step, period = ("repeat", f"{verdict.period}#{n}") if n else ("overdue", verdict.period)
        if _is_passed(n, period, days.morning(day), changed):
            day = _after_the_change(requirement, changed, days, after)
        planned = Moment(step, period, days.morning(day) if n else first, requirement.reminds)
        planned = planned._replace(caught_up=changed.is_late and n == 0)
        told.append(_as_said(answered(planned, days, booked), changed.said))
        put_off_to = told[-1].at.date() if told[-1] != planned else None
        again = _next_day(requirement, day, put_off_to, after) if told[-1].at <= until else None
        if again is None:
            break
        day = again
    return _in_turn(told, changed.said)


def _is_passed(n: int, period: str, at: datetime, changed: Changed) -> bool:
    """Whether what would have come after what had been told lies before the change that brought it there."""
    is_next = 1 <= changed.told <= n and period not in changed.said
    return is_next and changed.at is not None and at <= changed.at


def _after_the_change(requirement: Requirement, changed: Changed, days: Days, after: After) -> date:
    """The morning after; weeks keep their Mondays."""
    assert changed.at is not None  # noqa: S101
    on = changed.at.date()
    is_weekly = requirement.kind is Kind.WEEKLY
    return in_service(monday_of(on) + WEEK if is_weekly else on + DAY, days, after).date()


def _as_said(moment: Moment, said: Mapping[str, date]) -> Moment:
    """What went out was planned for the day it was, whatever absence has moved it since."""
    day = said.get(moment.period, moment.at.date())
    return moment if day == moment.at.date() else moment._replace(at=datetime.combine(day, moment.at.time()))


def _in_turn(told: Sequence[Moment], said: Mapping[str, date]) -> list[Moment]:
    """Without those that come before one that was said already: no repeat is followed by an earlier one."""
    last = max((n for n, moment in enumerate(told) if moment.period in said), default=0)
    return [m for n, m in enumerate(told) if n == 0 or n >= last or m.period in said]


def _next_day(requirement: Requirement, day: date, put_off_to: date | None, after: After) -> date | None:
    """When the next repeat is planned for, after one planned for a day and put off to another, if it was."""
    if put_off_to is None or requirement.kind is not Kind.WEEKLY:
        return after(put_off_to or day, requirement.repeat_days)
    again = after(day, requirement.repeat_days)
    while again is not None and monday_of(again) <= monday_of(put_off_to):
        again = after(again, requirement.repeat_days)
    return again
