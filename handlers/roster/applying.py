"""Applying a checked roster: new is added, changed is changed, the same is left alone, nobody is removed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from handlers.roster.changes import Changes, Difference, Work, change, told
from handlers.roster.checking import RosterRow
from handlers.roster.known import known_of
from handlers.roster.reading import Fault, RosterError
from handlers.roster.training import apply_trainings, leave_rulebook
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
    progress: Callable[[int], None] = lambda _count: None,
) -> Changes:
    """Write a checked roster. Raises RosterError when an account belongs to somebody else already.

    `progress` is told of all its `steps` as they are done.
    """
    work = Work(session, now, to_local(now, zone).date(), zone, Changes(), known_of(session, rows))
    _apply_units(work, rows)
    _apply_people(work, rows, progress)
    trainees = _trainees(rows)
    apply_trainings(work, trainees)
    progress(max(0, len(trainees) - len(work.touched)))  # the others' stay as they are
    recompute(session, sorted(work.touched), now, "roster", progress)
    plan_digests(session, now, zone)
    _missing(work, {row.email for row in rows})
    if work.changes:
        counts = {name: len(getattr(work.changes, name)) for name in ("added", "changed", "ended")}
        session.add(Audit(at=now, act="roster_imported", subject="roster", facts=counts))
    return work.changes


def steps(rows: Sequence[RosterRow]) -> int:
    """How much there is to do: every row is written, and every trainee's standings are judged."""
    return len(rows) + len(_trainees(rows))


def _trainees(rows: Sequence[RosterRow]) -> list[RosterRow]:
    return [row for row in rows if row.role is RoleName.TRAINEE]


def _apply_units(work: Work, rows: Sequence[RosterRow]) -> None:
    books = {row.units[0]: row.rulebook for row in rows if len(row.units) == 1 and row.rulebook}
    for name in dict.fromkeys(unit for row in rows for unit in row.units):
        unit, book = work.known.units.get(name), books.get(name)
        if unit is None:
            _add_unit(work, name, book or DEFAULT_RULEBOOK)
        elif book and book != unit.rulebook:
            _change_rulebook(work, unit, book)
    work.session.flush()


def _add_unit(work: Work, name: str, book: str) -> None:
    unit = work.known.units[name] = Unit(name=name, rulebook=book, timezone=work.zone)
    work.session.add(unit)
    work.changes.added.append(Difference(f"enhet {name}", "rulebook", new=book))


def _change_rulebook(work: Work, unit: Unit, book: str) -> None:
    work.changes.changed.append(Difference(f"enhet {unit.name}", "rulebook", unit.rulebook, book))
    unit.rulebook_before, unit.rulebook_from = unit.rulebook, work.today
    for trainee in work.session.exec(select(Trainee).where(Trainee.unit_id == unit.id)).all():
        leave_rulebook(work, trainee, unit.rulebook)
    unit.rulebook = book
    work.session.add(unit)


def _apply_people(work: Work, rows: Sequence[RosterRow], progress: Callable[[int], None]) -> None:
    """Everybody first, in one go: a role and an account need the number that the database gives a person."""
    first = {row.email: row for row in reversed(rows)}
    new = {
        row.email: Person(email=row.email, name=row.name, locale=row.locale, created_at=work.now)
        for row in rows
        if first[row.email] is row and row.email not in work.known.people
    }
    work.session.add_all(new.values())
    work.session.flush()
    work.known.people |= new
    for row in rows:
        if new.pop(row.email, None):
            work.changes.added.append(Difference(row.email, "name", new=row.name))
        _apply_person(work, row)
        progress(1)
    work.session.flush()


def _apply_person(work: Work, row: RosterRow) -> None:
    person = work.known.people[row.email]
    change(work, person, row.email, name=row.name, locale=row.locale)
    _roles(work, person, row)
    if row.platform and row.platform_id:
        _account(work, person, row)


def _roles(work: Work, person: Person, row: RosterRow) -> None:
    held = work.known.roles.get((person.id or 0, row.role), [])
    units: list[Unit | None] = [work.known.units[name] for name in row.units] or [None]
    for unit in units:
        if (unit.id if unit else None) in {role.unit_id for role in held}:
            continue
        role = Role(person_id=person.id or 0, role=row.role, unit_id=unit.id if unit else None)
        work.session.add(role)
        work.known.add_role(role)
        work.changes.added.append(Difference(row.email, row.role, new=unit.name if unit else "alla"))
    if row.role is RoleName.SUPERVISOR:
        _last_day(work, person, row)


def _last_day(work: Work, person: Person, row: RosterRow) -> None:
    """A supervisor's, the same in every unit."""
    roles = work.known.roles[person.id or 0, row.role]
    if all(role.last_day == row.end for role in roles):
        return
    old, new = (told(work.session, "end", day) for day in (roles[0].last_day, row.end))
    work.changes.changed.append(Difference(row.email, "end", old, new))
    for role in roles:
        role.last_day = row.end
        work.session.add(role)


def _account(work: Work, person: Person, row: RosterRow) -> None:
    account = (row.platform or "", row.workspace, row.platform_id or "")
    known = work.known.accounts.get(account)
    if known is None:
        names: Facts = dict(zip(("platform", "workspace", "external_id"), account, strict=True))
        added = Identity(person_id=person.id or 0, linked_at=work.now, **names)
        work.session.add(added)
        work.known.accounts[account] = added
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
