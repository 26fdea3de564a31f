"""Applying a checked roster: new is added, changed is changed, the same is left alone, nobody is removed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from handlers.roster.changes import Changes, Difference, Work, by_email, change, told, unit_id
from handlers.roster.checking import RosterRow
from handlers.roster.reading import Fault, RosterError
from handlers.roster.training import apply_training, leave_rulebook
from schedules.agenda import plan_digests
from schedules.recompute import recompute
from schedules.rules.rulebook import DEFAULT_RULEBOOK
from schedules.zone import to_local
from storage.columns import Facts
from storage.tables import NAMELESS, Audit, Identity, Person, Role, RoleName, Trainee, Unit


def apply_roster(
    session: Session,
    rows: Sequence[RosterRow],
    now: datetime,
    zone: str,
    progress: Callable[[str], None] = lambda _step: None,
) -> Changes:
    """Write a checked roster. Raises RosterError when an account belongs to somebody else already."""
    work = Work(session, now, to_local(now, zone).date(), zone, Changes())
    books = {row.units[0]: row.rulebook for row in rows if len(row.units) == 1 and row.rulebook}
    for unit in dict.fromkeys(unit for row in rows for unit in row.units):
        _unit(work, unit, books.get(unit))
    for row in rows:
        _person(work, row)
        progress(row.email)
    for row in rows:
        if row.role is RoleName.TRAINEE:
            apply_training(work, row)
    recompute(session, sorted(work.touched), now, "roster")
    plan_digests(session, now, zone)
    _missing(work, {row.email for row in rows})
    if work.changes:
        counts = {name: len(getattr(work.changes, name)) for name in ("added", "changed", "ended")}
        session.add(Audit(at=now, act="roster_imported", subject="roster", facts=counts))
    return work.changes


def _unit(work: Work, name: str, rulebook: str | None) -> None:
    unit = work.session.exec(select(Unit).where(Unit.name == name)).first()
    if unit is None:
        unit = Unit(name=name, rulebook=rulebook or DEFAULT_RULEBOOK, timezone=work.zone)
        work.session.add(unit)
        work.session.flush()
        work.changes.added.append(Difference(f"enhet {name}", "rulebook", new=unit.rulebook))
    elif rulebook and rulebook != unit.rulebook:
        work.changes.changed.append(Difference(f"enhet {name}", "rulebook", unit.rulebook, rulebook))
        unit.rulebook_before, unit.rulebook_from = unit.rulebook, work.today
        for trainee in work.session.exec(select(Trainee).where(Trainee.unit_id == unit.id)).all():
            leave_rulebook(work, trainee, unit.rulebook)
        unit.rulebook = rulebook
        work.session.add(unit)
        work.session.flush()


def _person(work: Work, row: RosterRow) -> None:
    person = by_email(work.session, row.email)
    if person is None:
        person = Person(email=row.email, name=row.name, locale=row.locale, created_at=work.now)
        work.session.add(person)
        work.session.flush()
        work.changes.added.append(Difference(row.email, "name", new=row.name))
    change(work, person, row.email, name=row.name, locale=row.locale)
    _roles(work, person, row)
    if row.platform and row.platform_id:
        _account(work, person, row)


def _roles(work: Work, person: Person, row: RosterRow) -> None:
    wanted: set[int | None] = {unit_id(work.session, name) for name in row.units} or {None}
    held = select(Role.unit_id).where(Role.person_id == person.id, Role.role == row.role)
    for unit in wanted - set(work.session.exec(held).all()):
        work.session.add(Role(person_id=person.id or 0, role=row.role, unit_id=unit))
        place = "alla" if unit is None else told(work.session, "unit_id", unit)
        work.changes.added.append(Difference(row.email, row.role, new=place))
    work.session.flush()
    if row.role is RoleName.SUPERVISOR:
        _last_day(work, person, row)


def _last_day(work: Work, person: Person, row: RosterRow) -> None:
    """A supervisor's, the same in every unit."""
    mine = select(Role).where(Role.person_id == person.id, Role.role == row.role)
    roles = work.session.exec(mine.order_by(col(Role.id))).all()
    if all(role.last_day == row.end for role in roles):
        return
    old, new = (told(work.session, "end", day) for day in (roles[0].last_day, row.end))
    work.changes.changed.append(Difference(row.email, "end", old, new))
    for role in roles:
        role.last_day = row.end
        work.session.add(role)
    work.session.flush()


def _account(work: Work, person: Person, row: RosterRow) -> None:
    names: Facts = {
        "platform": row.platform or "",
        "workspace": row.workspace,
        "external_id": row.platform_id or "",
    }
    known = work.session.exec(select(Identity).filter_by(**names)).first()
    if known is None:
        work.session.add(Identity(person_id=person.id or 0, linked_at=work.now, **names))
        work.session.flush()
        work.changes.added.append(Difference(row.email, row.platform or "", new=row.platform_id or ""))
    elif known.person_id != person.id:
        owner = work.session.get_one(Person, known.person_id)
        text = f"{row.platform} {row.platform_id} är redan kopplad till {owner.email}"
        raise RosterError([Fault(row.line, text)])


def _missing(work: Work, emails: set[str]) -> None:
    named = select(Person.email).where(col(Person.email).not_like(f"%@{NAMELESS}"))
    everyone = work.session.exec(named.order_by(col(Person.email))).all()
    work.changes.missing = [email for email in everyone if email not in emails]


def is_supervisor(session: Session) -> Callable[[str], bool]:
    """Whether an e-mail already belongs to a supervisor."""

    def known(email: str) -> bool:
        found = select(Role.id).join(Person, col(Person.id) == col(Role.person_id))
        return (
            session.exec(found.where(Person.email == email, Role.role == RoleName.SUPERVISOR)).first()
            is not None
        )

    return known
