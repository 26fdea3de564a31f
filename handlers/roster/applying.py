"""Applying a checked roster: new is added, changed is changed, the same is left alone, nobody is removed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlmodel import Session, col, select

from handlers.roster.checking import NOBODY, RosterRow
from handlers.roster.reading import Fault, RosterError
from schedules.agenda import plan_digests
from schedules.recompute import recompute
from schedules.rulebook import DEFAULT_RULEBOOK
from schedules.zone import to_local
from storage.tables import NAMELESS, Audit, Identity, Pairing, Person, Role, RoleName, Trainee, Unit


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that the file says and the database did not: whose, what, as it was and as it is."""

    who: str
    what: str = ""
    old: str = ""
    new: str = ""

    def __str__(self) -> str:
        said = " → ".join(part for part in (self.old, self.new) if part)
        return f"{self.who}: {self.what} {said}".rstrip() if self.what else self.who


@dataclass(slots=True)
class Changes:
    """What an import did, or would do, in the file's order."""

    added: list[Difference] = field(default_factory=list)
    changed: list[Difference] = field(default_factory=list)
    ended: list[Difference] = field(default_factory=list)
    """Pairs whose time is over, and trainings that are: the file names another supervisor, or a past end."""
    missing: list[str] = field(default_factory=list)
    """People who are known but not in the file: listed, never removed."""

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.ended)


_COLUMNS = {"unit_id": "unit", "starts_on": "start", "ends_on": "end", "employed_on": "employed"}
"""The file's name of what is kept under another."""


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
    if work.changes:
        counts = {name: len(getattr(work.changes, name)) for name in ("added", "changed", "ended")}
        session.add(Audit(at=now, act="roster_imported", subject="roster", facts=counts))
    return work.changes


def _unit(work: _Work, name: str, rulebook: str | None) -> None:
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
            _leave_rulebook(work, trainee, unit.rulebook)
        unit.rulebook = rulebook
        work.session.add(unit)
        work.session.flush()


def _leave_rulebook(work: _Work, trainee: Trainee, key: str) -> None:
    """What came before today is not judged again by what another rulebook brings."""
    trainee.rulebooks_before = [*trainee.rulebooks_before, [key, work.today.isoformat()]]
    work.session.add(trainee)
    work.touched.add(trainee.id or 0)


def _person(work: _Work, row: RosterRow) -> None:
    person = _by_email(work.session, row.email)
    if person is None:
        person = Person(email=row.email, name=row.name, locale=row.locale, created_at=work.now)
        work.session.add(person)
        work.session.flush()
        work.changes.added.append(Difference(row.email, "name", new=row.name))
    _change(work, person, row.email, name=row.name, locale=row.locale)
    _roles(work, person, row)
    if row.platform and row.platform_id:
        _account(work, person, row)


def _change(work: _Work, thing: Person | Trainee, label: str, **values: object) -> bool:
    """Set what differs and say so; True when anything did."""
    changed = {key: value for key, value in values.items() if getattr(thing, key) != value}
    for key, value in changed.items():
        old, new = (_told(work.session, key, each) for each in (getattr(thing, key), value))
        work.changes.changed.append(Difference(label, _COLUMNS.get(key, key), old, new))
        setattr(thing, key, value)
    if changed:
        work.session.add(thing)
        work.session.flush()
    return bool(changed)


def _told(session: Session, key: str, value: object) -> str:
    """A value as the file writes it."""
    if key == "unit_id" and isinstance(value, int):
        return session.get_one(Unit, value).name
    return "–" if value is None else str(value)


def _roles(work: _Work, person: Person, row: RosterRow) -> None:
    wanted: set[int | None] = {_unit_id(work.session, name) for name in row.units} or {None}
    held = select(Role.unit_id).where(Role.person_id == person.id, Role.role == row.role)
    for unit in wanted - set(work.session.exec(held).all()):
        work.session.add(Role(person_id=person.id or 0, role=row.role, unit_id=unit))
        place = "alla" if unit is None else _told(work.session, "unit_id", unit)
        work.changes.added.append(Difference(row.email, row.role, new=place))
    work.session.flush()
    if row.role is RoleName.SUPERVISOR:
        _last_day(work, person, row)


def _last_day(work: _Work, person: Person, row: RosterRow) -> None:
    """A supervisor's, the same in every unit."""
    mine = select(Role).where(Role.person_id == person.id, Role.role == row.role)
    roles = work.session.exec(mine.order_by(col(Role.id))).all()
    if all(role.last_day == row.end for role in roles):
        return
    old, new = (_told(work.session, "end", day) for day in (roles[0].last_day, row.end))
    work.changes.changed.append(Difference(row.email, "end", old, new))
    for role in roles:
        role.last_day = row.end
        work.session.add(role)
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
        work.changes.added.append(Difference(row.email, row.platform or "", new=row.platform_id or ""))
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
    if trainee.unit_id != unit:
        _move(work, trainee, unit)
    terms = {
        "unit_id": unit,
        "kind": row.kind,
        "starts_on": row.start,
        "ends_on": ends,
        "employed_on": employed,
    }
    before = trainee.ends_on
    if _change(work, trainee, row.email, **terms):
        work.touched.add(trainee.id or 0)
        _ended(work, row, before)
    if row.supervisor == NOBODY:
        _unpair(work, trainee, row)
    elif row.supervisor:
        _pair(work, trainee, row)


def _ended(work: _Work, row: RosterRow, before: date | None) -> None:
    """A training that the file has ended, and that ran until now."""
    if row.end and row.end < work.today and (before is None or before >= work.today):
        work.changes.ended.append(Difference(row.email, "utbildning", new=str(row.end)))


def _move(work: _Work, trainee: Trainee, unit: int) -> None:
    """To another unit: where another rulebook holds, its clocks start today."""
    old, new = (work.session.get_one(Unit, key).rulebook for key in (trainee.unit_id, unit))
    if old != new:
        _leave_rulebook(work, trainee, old)


def _pair(work: _Work, trainee: Trainee, row: RosterRow) -> None:
    """The main supervisor from today on; the one before answered until yesterday."""
    supervisor = _by_email(work.session, row.supervisor or "")
    if supervisor is None:
        msg = f"{row.supervisor} was checked and yet has no person"
        raise AssertionError(msg)
    current = _main_pair(work, trainee)
    if current is not None and current.supervisor_id == supervisor.id:
        return
    since = trainee.starts_on
    if current is not None:
        since = max(work.today, current.from_on)
        before = _end_pair(work, current, since, row.email)
        work.changes.changed.append(Difference(row.email, "supervisor", before, supervisor.email))
    else:
        work.changes.added.append(Difference(row.email, "supervisor", new=supervisor.email))
    work.session.add(Pairing(trainee_id=trainee.id or 0, supervisor_id=supervisor.id or 0, from_on=since))
    work.session.flush()
    work.touched.add(trainee.id or 0)


def _unpair(work: _Work, trainee: Trainee, row: RosterRow) -> None:
    """Nobody from today on."""
    current = _main_pair(work, trainee)
    if current is not None:
        _end_pair(work, current, max(work.today, current.from_on), row.email)
        work.touched.add(trainee.id or 0)


def _main_pair(work: _Work, trainee: Trainee) -> Pairing | None:
    lasting = (Pairing.trainee_id == trainee.id, Pairing.kind == "main", col(Pairing.to_on).is_(None))
    return work.session.exec(select(Pairing).where(*lasting)).first()


def _end_pair(work: _Work, pair: Pairing, since: date, email: str) -> str:
    """The day before somebody else, or nobody, answers; whose pair it was."""
    pair.to_on = max(pair.from_on, since - timedelta(days=1))
    work.session.add(pair)
    work.session.flush()
    before = work.session.get_one(Person, pair.supervisor_id).email
    work.changes.ended.append(Difference(f"{before} – {email}", "par", new=str(pair.to_on)))
    return before


def _missing(work: _Work, emails: set[str]) -> None:
    named = select(Person.email).where(col(Person.email).not_like(f"%@{NAMELESS}"))
    everyone = work.session.exec(named.order_by(col(Person.email))).all()
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
