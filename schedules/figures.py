"""The figures of a digest: who needs somebody, how many are in step, what is ahead. Facts, no words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session, col, select

from schedules.duties import OpenFinding, UnitDue, open_findings, unit_dues
from schedules.life import rulebook_of
from schedules.requirement import Kind, Requirement
from schedules.verdict import NO_AGREED_INTERVAL
from storage.tables import (
    Identity,
    Outbox,
    OutboxState,
    Pairing,
    Person,
    Standing,
    StandingChange,
    Trainee,
    Unit,
)

AHEAD = timedelta(days=30)
WEEK = timedelta(days=7)
NAMED = ("kollegium", "annual_followup", "planning_meeting")
"""What a studierektor takes part in or arranges is told by name (behaviour.md, Digest)."""


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


@dataclass(frozen=True, slots=True)
class Escalated:
    """One pair that has waited long enough to be named."""

    seen: Seen
    row: Standing
    requirement: Requirement


@dataclass(frozen=True, slots=True)
class Share:
    """How many are in step with one requirement, and the change since a week ago."""

    requirement: Requirement
    in_step: int
    of: int
    change: int


@dataclass(frozen=True, slots=True)
class Ahead:
    """What falls due within thirty days for one requirement, and for whom."""

    requirement: Requirement
    people: tuple[Person, ...]
    named: bool


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything a text digest says. Lists are empty where there is nothing to say."""

    seen: tuple[Seen, ...]
    escalated: tuple[Escalated, ...]
    in_step: int
    shares: tuple[Share, ...]
    ahead: tuple[Ahead, ...]
    undelivered: int
    unlinked: tuple[Person, ...]
    without_supervisor: tuple[Person, ...]
    no_interval: tuple[Person, ...] = ()
    """Pairs that are to agree on an interval and have not: the trainees."""
    unit_dues: tuple[UnitDue, ...] = ()
    findings: tuple[OpenFinding, ...] = ()


def figures(session: Session, units: Sequence[Unit], now: datetime, today: date) -> Figures:
    """Gather the digest of some units as of an aware moment and the local date it falls on."""
    seen = _seen(session, units, today)
    before = _states_before(session, seen, now - WEEK)
    return Figures(
        seen=seen,
        escalated=tuple(_escalated(seen, today)),
        in_step=sum(all(row.state != "overdue" for row in each.rows) for each in seen),
        shares=tuple(_shares(seen, before)),
        ahead=tuple(_ahead(seen, today)),
        undelivered=_undelivered(session, seen, now - WEEK),
        unlinked=_unlinked(session, seen, today),
        without_supervisor=_without_supervisor(session, seen, today),
        no_interval=_no_interval(session, units, today),
        unit_dues=tuple(unit_dues(session, units, today)),
        findings=tuple(open_findings(session, units)),
    )


def is_escalated(requirement: Requirement, row: Standing, today: date) -> bool:
    """28 days overdue, or three missed weeks in a row (both settable per requirement)."""
    if row.state != "overdue" or row.overdue_from is None:
        return False
    long = today >= row.overdue_from + timedelta(days=requirement.escalate_days)
    return long or (row.missed >= requirement.escalate_missed > 0)


def _seen(session: Session, units: Sequence[Unit], today: date) -> tuple[Seen, ...]:
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


def _states_before(session: Session, seen: Sequence[Seen], then: datetime) -> dict[tuple[int, str, str], str]:
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


def _escalated(seen: Sequence[Seen], today: date) -> list[Escalated]:
    found = [
        Escalated(each, row, each.requirement(row))
        for each in seen
        for row in each.rows
        if is_escalated(each.requirement(row), row, today)
    ]
    return sorted(found, key=lambda e: (e.row.overdue_from or today, e.seen.person.name))


def _shares(seen: Sequence[Seen], before: dict[tuple[int, str, str], str]) -> list[Share]:
    by_key: dict[str, list[tuple[Requirement, Standing]]] = {}
    for each in seen:
        for row in each.rows:
            by_key.setdefault(row.requirement, []).append((each.requirement(row), row))
    in_order = sorted(by_key.values(), key=lambda rows: _place(seen, rows[0][0]))
    return [_share(rows, before) for rows in in_order]


def _place(seen: Sequence[Seen], requirement: Requirement) -> int:
    """Where a requirement stands in its rulebook: the file's order is the order of importance."""
    books = (list(rulebook_of(each.unit).requirements) for each in seen)
    return min(book.index(requirement.key) for book in books if requirement.key in book)


def _share(rows: list[tuple[Requirement, Standing]], before: dict[tuple[int, str, str], str]) -> Share:
    now_well = [row for _, row in rows if row.state != "overdue"]
    then_well = [
        row
        for _, row in rows
        if before.get((row.trainee_id, row.requirement, row.occasion), row.state) != "overdue"
    ]
    return Share(rows[0][0], len(now_well), len(rows), len(now_well) - len(then_well))


def _ahead(seen: Sequence[Seen], today: date) -> list[Ahead]:
    by_key: dict[str, tuple[Requirement, list[Person]]] = {}
    for each in seen:
        for row in each.rows:
            if row.due_on and today <= row.due_on <= today + AHEAD and _is_news(each, row):
                found = by_key.setdefault(row.requirement, (each.requirement(row), []))
                found[1].append(each.person)
    return [Ahead(requirement, tuple(people), key in NAMED) for key, (requirement, people) in by_key.items()]


def _is_news(each: Seen, row: Standing) -> bool:
    """What is overdue is told above, and a weekly duty falls due every week."""
    return row.state != "overdue" and each.requirement(row).kind is not Kind.WEEKLY


def _undelivered(session: Session, seen: Sequence[Seen], since: datetime) -> int:
    people = [each.person.id for each in seen]
    rows = session.exec(
        select(Outbox.id).where(
            col(Outbox.person_id).in_(people),
            col(Outbox.state).in_([OutboxState.FAILED, OutboxState.UNCERTAIN]),
            col(Outbox.ended_at) > since,
        )
    )
    return len(rows.all())


def _unlinked(session: Session, seen: Sequence[Seen], today: date) -> tuple[Person, ...]:
    """Trainees and their supervisors whom no platform reaches."""
    trainees = [each.trainee.id for each in seen]
    supervisors = session.exec(
        select(Person)
        .join(Pairing, col(Pairing.supervisor_id) == col(Person.id))
        .where(
            col(Pairing.trainee_id).in_(trainees),
            (col(Pairing.to_on).is_(None)) | (col(Pairing.to_on) >= today),
        )
    ).all()
    people = {person.id: person for person in [*(each.person for each in seen), *supervisors]}
    linked = set(
        session.exec(
            select(Identity.person_id).where(
                col(Identity.person_id).in_(people), col(Identity.disabled_at).is_(None)
            )
        ).all()
    )
    return tuple(sorted((p for key, p in people.items() if key not in linked), key=lambda p: p.name))


def _without_supervisor(session: Session, seen: Sequence[Seen], today: date) -> tuple[Person, ...]:
    paired = set(
        session.exec(
            select(Pairing.trainee_id).where(
                Pairing.kind == "main",
                col(Pairing.from_on) <= today,
                (col(Pairing.to_on).is_(None)) | (col(Pairing.to_on) >= today),
            )
        ).all()
    )
    return tuple(each.person for each in seen if each.trainee.id not in paired)


def _no_interval(session: Session, units: Sequence[Unit], today: date) -> tuple[Person, ...]:
    found = session.exec(
        select(Person)
        .join(Trainee, col(Trainee.person_id) == col(Person.id))
        .join(Standing, col(Standing.trainee_id) == col(Trainee.id))
        .where(
            col(Trainee.unit_id).in_([unit.id for unit in units]),
            col(Trainee.starts_on) <= today,
            Standing.period == NO_AGREED_INTERVAL,
        )
        .order_by(col(Person.name))
    )
    return tuple(found.unique().all())
