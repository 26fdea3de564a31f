"""Supervisors' own training: refreshed regularly (002, 3. Handledning; 001, Handledare)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import Select

from schedules.calendar import add_span
from schedules.lives.reading import rulebook_of
from schedules.rules.requirement import Requirement
from schedules.zone import to_local
from storage.tables import Pairing, Person, SupervisorTraining, Trainee, Unit
from storage.trainees import lasts_on

ACTIVITY = "supervisor_refresher"


@dataclass(frozen=True, slots=True)
class Refresher:
    """A supervisor of a unit and by when the training is to be refreshed; `last_on` None: none is known.

    Of whom nothing is known the time runs from the day the bot first knew the person.
    """

    person: Person
    unit: Unit
    requirement: Requirement
    last_on: date | None
    due_on: date


def refreshers(
    session: Session, units: Sequence[Unit], today: date, person: Person | None = None
) -> list[Refresher]:
    """The supervisors of today, in the units whose rulebook asks for it, by name; or one of them."""
    asked = {unit.id: (unit, requirement) for unit in units if (requirement := _asked(unit))}
    found = session.exec(_supervisors(list(asked), today, person)).all()
    last = _latest(session, [each.id or 0 for each, _ in found], today)
    return [_refresher(each, *asked[unit], last.get(each.id or 0)) for each, unit in found]


def _asked(unit: Unit) -> Requirement | None:
    return next((r for r in rulebook_of(unit).requirements.values() if ACTIVITY in r.activities), None)


def _supervisors(units: Sequence[int | None], today: date, person: Person | None) -> Select[Person, int]:
    wanted = (
        select(Person, Trainee.unit_id)
        .join(Pairing, col(Pairing.supervisor_id) == col(Person.id))
        .join(Trainee, col(Trainee.id) == col(Pairing.trainee_id))
        .where(
            col(Trainee.unit_id).in_(units),
            Pairing.kind == "main",
            lasts_on(today),
        )
    )
    wanted = wanted.where(Person.id == person.id) if person else wanted
    return wanted.distinct().order_by(col(Person.name), col(Trainee.unit_id))


def _latest(session: Session, people: Sequence[int], today: date) -> dict[int, date]:
    wanted = select(SupervisorTraining.person_id, func.max(SupervisorTraining.done_on)).where(
        col(SupervisorTraining.person_id).in_(people),
        col(SupervisorTraining.voided_at).is_(None),
        col(SupervisorTraining.done_on) <= today,
    )
    return dict(session.exec(wanted.group_by(col(SupervisorTraining.person_id))).all())


def _refresher(person: Person, unit: Unit, requirement: Requirement, last_on: date | None) -> Refresher:
    since = last_on or to_local(person.created_at, unit.timezone).date()
    if requirement.every is None:
        msg = f"{requirement.key} of {unit.rulebook} has no interval"
        raise ValueError(msg)
    return Refresher(person, unit, requirement, last_on, add_span(since, requirement.every))
