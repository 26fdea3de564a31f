"""What every kind is given and gives back."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import NamedTuple

from schedules.calendar import DAY, WorkCalendar
from schedules.rules.requirement import Requirement, Span
from schedules.timeline import Timeline
from schedules.verdict import Elsewhere, Happening


@dataclass(eq=False)
class Case:
    """One requirement of one subject on one day. Made for every verdict, and not frozen: that takes 2 µs."""

    requirement: Requirement
    happenings: Iterable[Happening]
    timeline: Timeline
    calendar: WorkCalendar
    today: date
    agreed: Span | None = None
    anchor_on: date | None = None
    elsewhere: tuple[Elsewhere, ...] = ()
    lapses_on: date | None = None
    all_dates: tuple[date, ...] = field(init=False)
    """The dates of what meets the requirement, oldest first, later than today included."""
    dates: tuple[date, ...] = field(init=False)
    """Those up to today: what has not happened yet counts for nothing."""
    last: date | None = field(init=False)

    def __post_init__(self) -> None:
        activities, instruments = self.requirement.activities, self.requirement.instruments
        met = [h for h in self.happenings if h.activity in activities]
        if instruments:
            met = [h for h in met if h.instrument in instruments]
        self.all_dates = tuple(sorted([h.end_on or h.on for h in met]))
        self._look_back()

    def _look_back(self) -> None:
        self.dates = self.all_dates[: bisect_right(self.all_dates, self.today)]
        self.last = self.dates[-1] if self.dates else None

    @cached_property
    def all_numbers(self) -> tuple[int, ...]:
        """On which active day since the clock's start each of those took place that the clock saw."""
        start = self.timeline.clock_start
        return self.timeline.numbers(start, self.all_dates[bisect_left(self.all_dates, start) :])

    @property
    def told_last(self) -> date | None:
        """The latest of those that were told as history, if it is the latest of all."""
        told = (h.done_on for h in self.happenings if h.told and meets(h, self.requirement))
        latest = max((d for d in told if d <= self.today), default=None)
        return latest if latest == self.last else None

    def on(self, today: date) -> Case:
        """The same case on another day; what met the requirement is not looked for once more."""
        then = object.__new__(Case)  # `replace` would begin anew, and a standing row looks at many days
        then.__dict__.update(self.__dict__, today=today)
        then._look_back()
        return then


def meets(happening: Happening, requirement: Requirement) -> bool:
    """The activity is one of those named and, where instruments are named, so is its instrument."""
    if happening.activity not in requirement.activities:
        return False
    return not requirement.instruments or happening.instrument in requirement.instruments


class Reading(NamedTuple):
    """A kind's answer, before absence and the training's ends are weighed in."""

    due_on: date | None = None
    overdue_from: date | None = None
    soon_from: date | None = None
    escalates_on: date | None = None
    done: int = 0
    required: int = 1
    missed: int = 0
    period: str = ""
    met: bool = False
    applies: bool = True
    again_on: date | None = None
    turns: tuple[date, ...] = ()
    """Further dates on which the figures may change by themselves."""


Evaluator = Callable[[Case], Reading]


def dated(case: Case, due: date | None, *, done: int, required: int = 1) -> Reading:
    """A reading with a plain due date: soon the lead time before it, overdue after the grace."""
    if due is None or not falls_in_training(case.timeline, due):
        return Reading(done=done, required=required, turns=(due + DAY,) if due else ())
    # The grace, and the day after it. Absence pauses this clock too.
    overdue = case.timeline.add_active_days(due, case.requirement.grace_days + 1)
    return overdue_at(case, due, overdue, done, required)


def overdue_at(case: Case, due: date, overdue: date | None, done: int, required: int) -> Reading:
    """A reading with a due date and the day it is overdue from, told by name some active days after that."""
    requirement = case.requirement
    late = overdue if requirement.escalates else None
    return Reading(
        due_on=due,
        overdue_from=overdue,
        soon_from=due - timedelta(days=requirement.lead_days),
        escalates_on=late and case.timeline.add_active_days(late, requirement.escalate_days),
        done=done,
        required=required,
        period=due.isoformat(),
        turns=(due + DAY,),
    )


def falls_in_training(timeline: Timeline, due: date) -> bool:
    """What would fall due after the training has ended is never asked for."""
    end = timeline.planned_end
    return end is None or due <= end


def after_start(timeline: Timeline, span: Span) -> date | None:
    """`span` of active time from the first day in service that is watched."""
    first = timeline.first_watched
    return timeline.add_active(first, span) if first else None
