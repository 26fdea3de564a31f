"""Applying a checked roster: new is added, changed is changed, the same is left alone, nobody is removed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlmodel import Session, col, select

from handlers.roster.checking import RosterRow
from handlers.roster.reading import Fault, RosterError
from schedules.agenda import plan_digests
from schedules.recompute import recompute
from schedules.rulebook import DEFAULT_RULEBOOK
from schedules.zone import to_local
from storage.tables import Audit, Identity, Pairing, Person, Role, RoleName, Trainee, Unit


@dataclass(slots=True)
class Changes:
    """What an import did, or would do: one line for each, in the file's order."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    """People who are known but not in the file: listed, never removed."""


@dataclass(slots=True)
class _Work:
    session: Session
    now: datetime
    today: date
    zone: str
    changes: Changes
    touched: set[int] = field(default_factory=set)


def apply_roster(
    session: Session,
    rows: Sequence[RosterRow],
    now: datetime,
    zone: str,
    progress: Callable[[str], None] = lambda _step: None,
) -> Changes:
    """Write a checked roster. Raises RosterError when an account belongs to somebody else already."""
    work = _Work(session, now, to_local(now, zone).date(), zone, Changes())
    for row in rows:
        for unit in row.units:
            _unit(work, unit, row.rulebook if len(row.units) == 1 else None)
    for row in rows:
        _person(work, row)
        progress(row.email)
    for row in rows:
        if row.role is RoleName.TRAINEE:
            _training(work, row)
    recompute(session, sorted(work.touched), now, "roster")
    plan_digests(session, now, zone)
    _missing(work, {row.email for row in rows})
    if work.changes.added or work.changes.changed:
        counts = {"added": len(work.changes.added), "changed": len(work.changes.changed)}
        session.add(Audit(at=now, act="roster_imported", subject="roster", facts=counts))
    return work.changes


def _unit(work: _Work, name: str, rulebook: str | None) -> None:
    unit = work.session.exec(select(Unit).where(Unit.name == name)).first()
    if unit is None:
        unit = Unit(name=name, rulebook=rulebook or DEFAULT_RULEBOOK, timezone=work.zone)
        work.session.add(unit)
        work.session.flush()
        work.changes.added.append(f"enhet {name} ({unit.rulebook})")
    elif rulebook and rulebook != unit.rulebook:
        work.changes.changed.append(f"enhet {name}: {unit.rulebook} → {rulebook}")
        unit.rulebook_before, unit.rulebook_from = unit.rulebook, work.today
        unit.rulebook = rulebook
        work.session.add(unit)
        work.session.flush()
        work.touched |= set(work.session.exec(select(Trainee.id).where(Trainee.unit_id == unit.id)).all())  # type: ignore[arg-type]


def _person(work: _Work, row: RosterRow) -> None:
    person = _by_email(work.session, row.email)
    if person is None:
        person = Person(email=row.email, name=row.name, locale=row.locale, created_at=work.now)
        work.session.add(person)
        work.session.flush()
        work.changes.added.append(f"{row.name} <{row.email}>")
    _change(work, person, row.email, name=row.name, locale=row.locale)
    _roles(work, person, row)
    if row.platform and row.platform_id:
        _account(work, person, row)


def _change(work: _Work, thing: Person | Trainee, label: str, **values: object) -> bool:
    """Set what differs and say so; True when anything did."""
    changed = {key: value for key, value in values.items() if getattr(thing, key) != value}
    for key, value in changed.items():
        work.changes.changed.append(f"{label}: {key} {getattr(thing, key)} → {value}")
        setattr(thing, key, value)
    if changed:
        work.session.add(thing)
        work.session.flush()
    return bool(changed)


def _roles(work: _Work, person: Person, row: RosterRow) -> None:
    wanted: set[int | None] = {_unit_id(work.session, name) for name in row.units} or {None}
    held = select(Role.unit_id).where(Role.person_id == person.id, Role.role == row.role)
    for unit in wanted - set(work.session.exec(held).all()):
        work.session.add(Role(person_id=person.id or 0, role=row.role, unit_id=unit))
    work.session.flush()


def _unit_id(session: Session, name: str) -> int:
    return session.exec(select(Unit.id).where(Unit.name == name)).one() or 0


def _account(work: _Work, person: Person, row: RosterRow) -> None:
    known = work.session.exec(
        select(Identity).where(
            Identity.platform == row.platform,
            Identity.workspace == row.workspace,
            Identity.external_id == row.platform_id,
        )
    ).first()
    if known is None:
        work.session.add(
            Identity(
                person_id=person.id or 0,
                platform=row.platform or "",
                workspace=row.workspace,
                external_id=row.platform_id or "",
                linked_at=work.now,
            )
        )
        work.session.flush()
        work.changes.added.append(f"{row.email}: {row.platform} {row.platform_id}")
    elif known.person_id != person.id:
        owner = work.session.get_one(Person, known.person_id)
        text = f"{row.platform} {row.platform_id} är redan kopplad till {owner.email}"
        raise RosterError([Fault(row.line, text)])


def _training(work: _Work, row: RosterRow) -> None:
    person = _by_email(work.session, row.email)
    if person is None or row.start is None:
        msg = f"{row.email} was checked and yet has no person or start"
        raise AssertionError(msg)
    trainee = work.session.exec(select(Trainee).where(Trainee.person_id == person.id)).first()
    unit = _unit_id(work.session, row.units[0])
    ends, employed = row.end, row.employed or row.start
    if trainee is None:
        trainee = Trainee(
            person_id=person.id or 0,
            unit_id=unit,
            kind=row.kind,
            starts_on=row.start,
            ends_on=ends,
            employed_on=employed,
            watched_from=work.today,
        )
        work.session.add(trainee)
        work.session.flush()
        work.touched.add(trainee.id or 0)
    terms = {
        "unit_id": unit,
        "kind": row.kind,
        "starts_on": row.start,
        "ends_on": ends,
        "employed_on": employed,
    }
    if _change(work, trainee, row.email, **terms):
        work.touched.add(trainee.id or 0)
    if row.supervisor:
        _pair(work, trainee, row)


def _pair(work: _Work, trainee: Trainee, row: RosterRow) -> None:
    """The main supervisor from today on; the one before answered until yesterday."""
    supervisor = _by_email(work.session, row.supervisor or "")
    if supervisor is None:
        msg = f"{row.supervisor} was checked and yet has no person"
        raise AssertionError(msg)
    current = work.session.exec(
        select(Pairing).where(
            Pairing.trainee_id == trainee.id, Pairing.kind == "main", col(Pairing.to_on).is_(None)
        )
    ).first()
    if current is not None and current.supervisor_id == supervisor.id:
        return
    since = trainee.starts_on
    if current is not None:
        since = max(work.today, current.from_on)
        current.to_on = max(current.from_on, since - timedelta(days=1))
        work.session.add(current)
        work.session.flush()
        work.changes.changed.append(f"{row.email}: handledare → {supervisor.name}")
    work.session.add(Pairing(trainee_id=trainee.id or 0, supervisor_id=supervisor.id or 0, from_on=since))
    work.session.flush()
    work.touched.add(trainee.id or 0)


def _missing(work: _Work, emails: set[str]) -> None:
    everyone = work.session.exec(select(Person.email).order_by(col(Person.email))).all()
    work.changes.missing = [email for email in everyone if email not in emails]


def _by_email(session: Session, email: str) -> Person | None:
    return session.exec(select(Person).where(Person.email == email)).first()


def is_supervisor(session: Session) -> Callable[[str], bool]:
    """Whether an e-mail already belongs to a supervisor."""

    def known(email: str) -> bool:
        found = select(Role.id).join(Person, col(Person.id) == col(Role.person_id))
        return (
            session.exec(found.where(Person.email == email, Role.role == RoleName.SUPERVISOR)).first()
            is not None
        )

    return known
