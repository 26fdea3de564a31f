"""The roster as it stands, in the columns that an import reads: importing it again changes nothing."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from sqlmodel import Session, col, select

from handlers.papers.table import Sheet
from handlers.papers.workbook import workbook
from handlers.roster.checking import understood
from handlers.roster.reading import COLUMNS
from storage.tables import Identity, Pairing, Person, Role, RoleName, Trainee, Unit

Cells = dict[str, str | date | None]
"""One row by column; a cell that is left out is empty."""
_ORDER: Final = tuple(RoleName)


@dataclass(frozen=True, slots=True)
class _Known:
    """What is asked for again and again, read once."""

    units: dict[int, Unit]
    trainees: dict[int, Trainee]
    supervisors: dict[int, str]
    """The e-mail of a trainee's main supervisor, by the training's id."""
    accounts: dict[int, list[Identity]]
    roles: dict[int, dict[str, set[int | None]]] = field(default_factory=dict)
    last_days: dict[int, date] = field(default_factory=dict)
    """A supervisor's, by person id."""


def exported(session: Session) -> list[Cells]:
    """One row for each person and role, by name. Who has no role has no row: a roster cannot say it.

    A person's accounts stand on as many rows as there are, the one linked last first; those that a roster
    cannot name (the demo's page) are left out.
    """
    known = _known(session)
    people = session.exec(select(Person).order_by(col(Person.name), col(Person.email))).all()
    return [row for person in people for row in _rows(person, known)]


def _known(session: Session) -> _Known:
    main = (
        select(Pairing.trainee_id, Person.email)
        .join(Person, col(Person.id) == col(Pairing.supervisor_id))
        .where(Pairing.kind == "main", col(Pairing.to_on).is_(None))
    )
    known = _Known(
        {unit.id or 0: unit for unit in session.exec(select(Unit)).all()},
        {trainee.person_id: trainee for trainee in session.exec(select(Trainee)).all()},
        dict(session.exec(main).all()),
        {},
    )
    for role in session.exec(select(Role)).all():
        known.roles.setdefault(role.person_id, {}).setdefault(role.role, set()).add(role.unit_id)
        if role.last_day:
            known.last_days[role.person_id] = role.last_day
    live = select(Identity).where(col(Identity.disabled_at).is_(None))
    for account in session.exec(live.order_by(col(Identity.linked_at).desc(), col(Identity.id))).all():
        known.accounts.setdefault(account.person_id, []).append(account)
    return known


def _rows(person: Person, known: _Known) -> Iterator[Cells]:
    accounts = _accounts(known.accounts.get(person.id or 0, ()))
    roles = known.roles.get(person.id or 0, {})
    for role in sorted(roles, key=lambda name: _ORDER.index(RoleName(name))):
        row: Cells = {"email": person.email, "name": person.name, "role": role, "locale": person.locale}
        row |= _training(known, person) if role == RoleName.TRAINEE else _place(known, roles[role])
        if role == RoleName.SUPERVISOR:
            row["end"] = known.last_days.get(person.id or 0)
        yield row | next(accounts, {})


def _accounts(accounts: Sequence[Identity]) -> Iterator[Cells]:
    for account in accounts:
        written = "/".join(part for part in (account.workspace, account.external_id) if part)
        if understood(account.platform, written) == (account.workspace, account.external_id):
            yield {"platform": account.platform, "platform_id": written}


def _place(known: _Known, ids: set[int | None]) -> Cells:
    """The units of a role; an empty cell is every unit. Only a single unit has its rulebook beside it."""
    units = [] if None in ids else [known.units[key] for key in ids if key]
    names = sorted(unit.name for unit in units)
    return {"unit": "|".join(names), "rulebook": units[0].rulebook if len(units) == 1 else None}


def _training(known: _Known, person: Person) -> Cells:
    trainee = known.trainees[person.id or 0]
    unit = known.units[trainee.unit_id]
    return {
        "unit": unit.name,
        "rulebook": unit.rulebook,
        "supervisor": known.supervisors.get(trainee.id or 0),
        "start": trainee.starts_on,
        "end": trainee.ends_on,
        "employed": trainee.employed_on,
        "kind": trainee.kind,
    }


def as_csv(rows: Sequence[Cells]) -> bytes:
    """UTF-8 with commas, as every program reads it."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([row.get(column) or "" for column in COLUMNS] for row in rows)
    return out.getvalue().encode()


def as_workbook(rows: Sequence[Cells], made: datetime) -> bytes:
    """An Excel file with real dates, for the secretary's yearly round."""
    cells = tuple(tuple(row.get(column) for column in COLUMNS) for row in rows)
    return workbook([Sheet("Roster", COLUMNS, cells)], made)
