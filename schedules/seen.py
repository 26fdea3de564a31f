"""Whom a digest looks at: the trainees of some units with their standing rows, now and a week ago."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from schedules.lives import rulebook_of
from schedules.requirement import Requirement
from storage.tables import (
    Person,
    Standing,
    StandingChange,
    Trainee,
    Unit,
)


@dataclass(frozen=True, slots=True)
class Seen:
    """A trainee in the digest's remit, with the standing rows that apply."""

    trainee: Trainee
    person: Person
    unit: Unit
    rows: tuple[Standing, ...]

    def requirement(self, row: Standing) -> Requirement:
        """The requirement a row is about."""
        return rulebook_of(self.unit).requirements[row.requirement]


def look_at(session: Session, units: Sequence[Unit], today: date) -> tuple[Seen, ...]:
    by_id = {unit.id: unit for unit in units}
    people = session.exec(
        select(Trainee, Person)
        .join(Person, col(Person.id) == col(Trainee.person_id))
        .where(col(Trainee.unit_id).in_(by_id), col(Trainee.starts_on) <= today)
        .order_by(col(Person.name))
    ).all()
    rows = _rows(session, [trainee.id or 0 for trainee, _ in people])
    seen = (Seen(t, p, by_id[t.unit_id], tuple(rows.get(t.id or 0, ()))) for t, p in people)
    return tuple(each for each in seen if each.rows)


def _rows(session: Session, trainees: list[int]) -> dict[int, list[Standing]]:
    found: dict[int, list[Standing]] = {}
    wanted = select(Standing).where(
        col(Standing.trainee_id).in_(trainees), Standing.state != "not_applicable"
    )
    for row in session.exec(wanted).all():
        found.setdefault(row.trainee_id, []).append(row)
    return found


def states_before(session: Session, seen: Sequence[Seen], then: datetime) -> dict[tuple[int, str, str], str]:
    """The state each row had at an earlier moment: the old state of its first change since."""
    changes = session.exec(
        select(StandingChange)
        .where(
            col(StandingChange.trainee_id).in_([each.trainee.id or 0 for each in seen]),
            col(StandingChange.at) > then,
        )
        .order_by(col(StandingChange.id).desc())
    ).all()
    return {(change.trainee_id, change.requirement, change.occasion): change.old for change in changes}


def then(row: Standing, before: dict[tuple[int, str, str], str]) -> str:
    """The state it had a week ago."""
    return before.get((row.trainee_id, row.requirement, row.occasion), row.state)
