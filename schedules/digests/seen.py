"""Whom a digest looks at: the trainees of some units with their standing rows, now and a week ago."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from schedules.lives.reading import batches, load_many, rulebook_of
from schedules.naming import alphabetical
from schedules.rules.requirement import Requirement
from schedules.standings import judged
from schedules.verdict import NO_AGREED_INTERVAL
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
    unagreed: bool = False
    """Whether the pair is to agree on an interval and has not."""

    def requirement(self, row: Standing) -> Requirement:
        """The requirement a row is about."""
        return rulebook_of(self.unit).requirements[row.requirement]


def look_at(
    session: Session, units: Sequence[Unit], today: date, judged_at: datetime | None = None
) -> tuple[Seen, ...]:
    """By name, as the rows stand; with `judged_at` as they would at another moment, from the journal."""
    by_id = {unit.id: unit for unit in units}
    people = session.exec(
        select(Trainee, Person)
        .join(Person, col(Person.id) == col(Trainee.person_id))
        .where(col(Trainee.unit_id).in_(by_id), col(Trainee.starts_on) <= today)
    ).all()
    rows: dict[int, list[Standing]] = {}
    ids = [trainee.id or 0 for trainee, _ in people]
    for row in _kept(session, ids) if judged_at is None else _judged(session, ids, judged_at):
        rows.setdefault(row.trainee_id, []).append(row)
    in_order = sorted(people, key=lambda pair: (alphabetical(pair[1].name), pair[0].id or 0))
    seen = (_seen(t, p, by_id[t.unit_id], rows.get(t.id or 0, [])) for t, p in in_order)
    return tuple(each for each in seen if each.rows)


def _seen(trainee: Trainee, person: Person, unit: Unit, rows: Sequence[Standing]) -> Seen:
    known = rulebook_of(unit).requirements  # a row of a rulebook that they have just left tells nothing
    asked = tuple(row for row in rows if row.state != "not_applicable" and row.requirement in known)
    return Seen(trainee, person, unit, asked, any(row.period == NO_AGREED_INTERVAL for row in rows))


def _kept(session: Session, trainees: list[int]) -> Sequence[Standing]:
    shown = (col(Standing.state) != "not_applicable") | (col(Standing.period) == NO_AGREED_INTERVAL)
    return session.exec(select(Standing).where(col(Standing.trainee_id).in_(trainees), shown)).all()


def _judged(session: Session, trainees: list[int], now: datetime) -> Iterator[Standing]:
    for some in batches(trainees):
        for life in load_many(session, some, now):
            yield from judged(life)


def states_at(session: Session, seen: Sequence[Seen], then: datetime) -> dict[tuple[int, str, str], str]:
    """The state each row would have had at an earlier moment, from the journal."""
    rows = _judged(session, [each.trainee.id or 0 for each in seen], then)
    return {(row.trainee_id, row.requirement, row.occasion): row.state for row in rows}


def states_before(session: Session, seen: Sequence[Seen], then: datetime) -> dict[tuple[int, str, str], str]:
    """The state each row had at an earlier moment: the old state of its first change since.

    That a row came to be is no change: it was not asked for then.
    """
    changes = session.exec(
        select(StandingChange)
        .where(
            col(StandingChange.trainee_id).in_([each.trainee.id or 0 for each in seen]),
            col(StandingChange.at) > then,
            StandingChange.old != "",
        )
        .order_by(col(StandingChange.id).desc())
    ).all()
    return {(change.trainee_id, change.requirement, change.occasion): change.old for change in changes}


def then(row: Standing, before: dict[tuple[int, str, str], str]) -> str:
    """The state it had a week ago."""
    return before.get((row.trainee_id, row.requirement, row.occasion), row.state)
