"""When is it due, when is it overdue, how does it stand: three questions about one requirement.

Pure: no clock, no session, no locale. Dates are local; the order of the happenings does not matter.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from schedules.calendar import WorkCalendar
from schedules.kinds import EVALUATORS
from schedules.kinds.reading import Case, Reading
from schedules.rules.requirement import Kind, Requirement, Span
from schedules.timeline import Timeline
from schedules.verdict import NO_AGREED_INTERVAL, Elsewhere, Happening, State, Verdict

__all__ = [
    "NO_AGREED_INTERVAL",
    "Case",
    "Elsewhere",
    "Happening",
    "State",
    "Verdict",
    "evaluate",
]


def evaluate(
    requirement: Requirement,
    happenings: Iterable[Happening],
    timeline: Timeline,
    calendar: WorkCalendar,
    today: date,
    *,
    agreed: Span | None = None,
    anchor_on: date | None = None,
    elsewhere: tuple[Elsewhere, ...] = (),
    lapses_on: date | None = None,
) -> Verdict:
    """How the requirement stands on `today`.

    `agreed` is the pair's own interval (kind agreed). `anchor_on` is the date of the placement, hand-over,
    finding or review that a `once` or `unit` requirement follows; without it that is not applicable.
    `elsewhere` is the placements, for what asks for months of service. After `lapses_on` what a `once`
    requirement has not seen done is asked for no more.
    """
    case = Case(
        *(requirement, tuple(happenings), timeline, calendar, today),
        *(agreed, anchor_on, elsewhere, lapses_on),
    )
    reading = _read(case)
    state = _state(case, reading)
    return _verdict(case, reading, state, _changes_on(case, reading, state))


def _read(case: Case) -> Reading:
    return EVALUATORS[case.requirement.kind](case)


def _verdict(case: Case, reading: Reading, state: State, changes_on: date | None = None) -> Verdict:
    return Verdict(
        state=state,
        due_on=reading.due_on,
        overdue_from=reading.overdue_from,
        last_on=case.last,
        done=reading.done,
        required=reading.required,
        missed=reading.missed,
        period=_period(case, reading),
        changes_on=changes_on,
        escalates_on=reading.escalates_on,
        again_on=reading.again_on,
    )


def _period(case: Case, reading: Reading) -> str:
    unset = case.requirement.kind is Kind.AGREED and not reading.applies
    return NO_AGREED_INTERVAL if unset else reading.period


def _state(case: Case, reading: Reading) -> State:
    today = case.today
    if not reading.applies or not _is_training(case, today):
        return State.NOT_APPLICABLE
    if reading.met:
        return State.MET
    if case.timeline.is_absent(today):
        return State.PAUSED
    if reading.overdue_from is not None and today >= reading.overdue_from:
        return State.OVERDUE
    if reading.soon_from is not None and today >= reading.soon_from:
        return State.SOON
    return State.OK


def _is_training(case: Case, day: date) -> bool:
    end = case.timeline.planned_end
    has_begun = case.timeline.starts_on <= day or case.requirement.precedes_start
    return has_begun and (end is None or day <= end)


def _changes_on(case: Case, reading: Reading, state: State) -> date | None:
    """The first of the dates on which it could change, on which it does."""
    today, still_to_come = case.today, case.all_dates[len(case.dates) :]
    figures = {*case.timeline.turning_points(), *still_to_come, *reading.turns}
    bounds = {day for day in (reading.soon_from, reading.overdue_from) if day}
    # Where no figure can change, reaching a bound is what changes the state: that needs no second reading.
    sure = bounds - figures if state in (State.OK, State.SOON) else frozenset()
    for day in sorted([day for day in figures | bounds if day > today]):
        if day in sure or _ends(case, state, day) or _becomes(case.on(day)) != _verdict(case, reading, state):
            return day
    return None


def _ends(case: Case, state: State, day: date) -> bool:
    """Whether a day leaves no room for a state, whatever the figures: that needs no second reading either."""
    if not _is_training(case, day):
        return state is not State.NOT_APPLICABLE
    if case.timeline.is_absent(day):
        return state in (State.OK, State.SOON, State.OVERDUE)
    return state is State.PAUSED


def _becomes(case: Case) -> Verdict:
    reading = _read(case)
    return _verdict(case, reading, _state(case, reading))
