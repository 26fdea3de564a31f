"""What units owe: reviews from outside and inside, and the follow-up of what they found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from schedules.calendar import SWEDEN, add_months, add_span
from schedules.evaluate import Happening, evaluate
from schedules.lives.reading import rulebook_of
from schedules.rules.requirement import Kind, Requirement, Span
from schedules.rules.rulebook import Rulebook
from schedules.timeline import Timeline
from storage.tables import Unit, UnitDuty

RECORDED = (
    *("external_review", "internal_review", "quality_review"),
    *("internal_teaching", "supervisor_capacity"),
)
"""What a studierektor or head records in the chat."""

MONTHS_AHEAD = 12
FOLLOW_UP = Span(months=6)
"""002, Extern granskning: an extra review with a written report within six months of a finding."""


@dataclass(frozen=True, slots=True)
class UnitDue:
    """A review that is due or late; `due_on` None: none was ever recorded."""

    unit: Unit
    requirement: Requirement
    last_on: date | None
    due_on: date | None
    overdue: bool


@dataclass(frozen=True, slots=True)
class OpenFinding:
    """Something a review asked to be mended, and is not yet."""

    unit: Unit
    duty: UnitDuty


def follow_up_on(rulebook: Rulebook, done_on: date) -> date:
    """By when a finding of a review is to be followed up."""
    asked = (r for r in rulebook.requirements.values() if r.anchor == "finding")
    within = next((r.within for r in asked if r.within), FOLLOW_UP)
    return add_span(done_on, within)


def unit_dues(session: Session, units: Sequence[Unit], today: date) -> list[UnitDue]:
    """What is overdue or due before long (a year for those of five), and external reviews never recorded."""
    return [due for due in every_due(session, units, today) if _is_near(due, today)]


def every_due(session: Session, units: Sequence[Unit], today: date) -> list[UnitDue]:
    """Each review that is asked of each unit, however far ahead."""
    rows = recorded(session, units)
    dues = (_due(unit, r, rows, today) for unit in units for r in _asked(rulebook_of(unit)))
    return [due for due in dues if due]


def open_findings(session: Session, units: Sequence[Unit]) -> list[OpenFinding]:
    """What reviews found and nobody has mended, the earliest follow-up first."""
    by_id = {unit.id: unit for unit in units}
    found = [OpenFinding(by_id[row.unit_id], row) for row in recorded(session, units) if is_open(row)]
    return sorted(found, key=lambda each: each.duty.follow_up_on or date.max)


def is_open(row: UnitDuty) -> bool:
    """A finding that waits for its follow-up."""
    return bool(row.finding) and row.closed_at is None


def recorded(session: Session, units: Sequence[Unit]) -> list[UnitDuty]:
    """What some units have recorded and not undone, oldest first."""
    wanted = select(UnitDuty).where(
        col(UnitDuty.unit_id).in_([unit.id for unit in units]), col(UnitDuty.voided_at).is_(None)
    )
    return list(session.exec(wanted.order_by(col(UnitDuty.done_on), col(UnitDuty.id))).all())


def _asked(rulebook: Rulebook) -> list[Requirement]:
    """The reviews of a rulebook; the follow-up of findings is told finding by finding."""
    units = (r for r in rulebook.requirements.values() if r.kind is Kind.UNIT and r.anchor != "finding")
    return [r for r in units if any(activity in RECORDED for activity in r.activities)]


def _due(unit: Unit, requirement: Requirement, rows: Iterable[UnitDuty], today: date) -> UnitDue | None:
    mine = [row for row in rows if row.unit_id == unit.id and row.done_on <= today]
    done = [Happening(row.done_on, row.duty) for row in mine]
    times = [h.on for h in done if h.activity in requirement.activities]
    outside = max((row.done_on for row in mine if row.duty == "external_review"), default=None)
    anchor = outside if requirement.anchor == "external_review" else None
    if anchor is None and not times:
        return UnitDue(unit, requirement, None, None, overdue=False)
    timeline = Timeline(starts_on=min([*times, *([anchor] if anchor else [])]))
    verdict = evaluate(requirement, done, timeline, SWEDEN, today, anchor_on=anchor)
    if verdict.due_on is None:
        return None
    return UnitDue(unit, requirement, verdict.last_on, verdict.due_on, overdue=verdict.state == "overdue")


def _is_near(due: UnitDue, today: date) -> bool:
    if due.due_on is None:
        return "external_review" in due.requirement.activities
    return due.due_on <= add_months(today, _months_ahead(due.requirement))


def _months_ahead(requirement: Requirement) -> int:
    """A fifth of the interval, a year at most: five years are told a year ahead, a year two months."""
    every = requirement.every
    return min(MONTHS_AHEAD, every.months // 5) if every else MONTHS_AHEAD
