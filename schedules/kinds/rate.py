"""rate: so many per twelve months, and never too long between two.

Worked in *active days*: day 1 is the first day in service that is watched, absence does not count. In those
numbers the rule has no absences in it, and the day it breaks can be computed instead of searched for.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import date

from schedules.calendar import DAY
from schedules.kinds.reading import Case, Reading, falls_in_training, overdue_at

YEAR = 365


@dataclass(frozen=True, slots=True)
class Quota:
    """`per_year` within the last 365 active days, in proportion while fewer have passed."""

    per_year: int
    numbers: tuple[int, ...]
    """On which active day each was done, ascending."""

    def required(self, day: int) -> int:
        return self.per_year * min(day, YEAR) // YEAR

    def done(self, day: int) -> int:
        return bisect_right(self.numbers, day) - bisect_right(self.numbers, day - YEAR)

    def is_short(self, day: int) -> bool:
        return self.done(day) < self.required(day)

    def first_short(self, day: int, known: int) -> int | None:
        """The first day from `day` on that is short if only the first `known`, done by then, ever were."""
        in_reach = self.numbers[bisect_right(self.numbers, day - YEAR, hi=known) : known]
        if day >= YEAR:  # as many are asked for ever after: it is short when one too many has dropped out
            spare = len(in_reach) - self.per_year
            return day if spare < 0 else in_reach[spare] + YEAR
        so_far = Quota(self.per_year, in_reach)
        return next((at for at in so_far.turns(day) if so_far.is_short(at)), None)

    def turns(self, day: int) -> list[int]:
        """`day`, and the later days on which one more is asked for or an old one drops out."""
        steps = [-(-k * YEAR // self.per_year) for k in range(1, self.per_year + 1)]
        drops = [n + YEAR for n in self.numbers[bisect_right(self.numbers, day - YEAR) :]]
        return sorted({day, *(at for at in (*steps, *drops) if at > day)})


def rate(case: Case) -> Reading:
    """Due on the first day that is short if nothing more is logged, or whose gap is too long (domain.md)."""
    quota = _quota(case)
    now = _number(case, case.today)
    done, required = quota.done(now), quota.required(now)
    due = _due(case, quota)
    turns = _coming(case, quota, now)
    if due is None:
        return Reading(done=done, required=required, turns=turns)
    # Due is the first day that is short (domain.md), so without grace it is overdue that very day.
    overdue = case.timeline.add_active_days(due, case.requirement.grace_days)
    reading = overdue_at(case, due, overdue, done, required)
    return reading._replace(turns=(*reading.turns, *turns))


def is_known_from(case: Case, since: date) -> bool:
    """Whether the reading is the same for all that took place before `since`, the latest apart.

    It is, if after some happening enough had been done in the year up to it, all of it since then: no spell
    that is short now or later is traced back past that day, and nothing older than that year counts.
    """
    start = case.timeline.clock_start
    if since <= start:
        return True
    quota, unread = _quota(case), case.timeline.active_days(start, since - DAY)
    begun = range(len(quota.numbers), bisect_right(quota.numbers, unread + YEAR - 1), -1)
    return any(not Quota(quota.per_year, quota.numbers[:at]).is_short(quota.numbers[at - 1]) for at in begun)


def _quota(case: Case) -> Quota:
    return Quota(case.requirement.count, case.all_numbers[: len(_watched(case))])


def _watched(case: Case) -> tuple[date, ...]:
    return case.dates[bisect_left(case.dates, case.timeline.clock_start) :]


def _number(case: Case, d: date) -> int:
    return case.timeline.active_days(case.timeline.clock_start, d)


def _due(case: Case, quota: Quota) -> date | None:
    """The first day of the spell that is short now, or of the coming one; None if the training ends first.

    Between two happenings being short can only begin, not end, so the spell is traced back over those
    that were too few to end it.
    """
    known = len(quota.numbers)
    short = _short_from(case, quota, known)
    while short is not None and known and short == quota.numbers[known - 1]:
        known -= 1
        earlier = _short_from(case, quota, known)
        if earlier is None or earlier >= short:
            break
        short = earlier
    return None if short is None else case.timeline.nth_active(case.timeline.clock_start, short)


def _short_from(case: Case, quota: Quota, known: int) -> int | None:
    """The first active day that is short, had only the first `known` been done."""
    begin = max(1, quota.numbers[known - 1]) if known else 1
    days = (quota.first_short(begin, known), _gap_ends(case, known))
    return min((day for day in days if day is not None), default=None)


def _gap_ends(case: Case, known: int) -> int | None:
    """The first active day more than the longest gap after the last one."""
    gap = case.requirement.longest_gap
    last = _watched(case)[known - 1] if known else case.told_last
    if gap is None or last is None:
        return None
    at = case.timeline.add_active(last, gap)
    return None if at is None or not falls_in_training(case.timeline, at) else _number(case, at) + 1


def _coming(case: Case, quota: Quota, now: int) -> tuple[date, ...]:
    """When a figure changes next."""
    later = next((day for day in quota.turns(now) if day > now), None)
    on = later and case.timeline.nth_active(case.timeline.clock_start, later)
    return (on,) if on else ()
