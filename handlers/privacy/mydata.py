"""All that is kept about one person, for that person: a file for programs and one to read."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, time
from typing import Any, Final

from sqlalchemy import func
from sqlmodel import Session, SQLModel, col, select

from handlers.describe import public_note
from handlers.desk import Desk
from handlers.message import File
from handlers.privacy.readable import readable
from storage.people import WISHES
from storage.tables import (
    Absence,
    AssessmentRequest,
    Away,
    Booking,
    CalendarFeed,
    Entry,
    Identity,
    Inbox,
    Mute,
    Outbox,
    Pairing,
    Person,
    Placement,
    Remark,
    Role,
    SupervisorTraining,
    Trainee,
    Unit,
)

Row = dict[str, Any]
_SAID: Final = "on_date end_date start_time minutes activity instrument topics goals people note"
_SIGNED: Final = "level state written_at confirmed_at disputed_at"
_OWN: Final[Sequence[tuple[str, type[SQLModel], str]]] = (
    ("entries", Entry, f"{_SAID} {_SIGNED}"),
    ("bookings", Booking, "on_date end_date start_time minutes activity topics note state reason written_at"),
    ("absences", Absence, "from_on to_on kind written_at voided_at"),
    ("placements", Placement, "from_on to_on place supervisor_name written_at voided_at"),
    ("requests", AssessmentRequest, "asked_on instrument topics goals note state"),
    ("silenced", Mute, "requirement until reason written_at lifted_at"),
)
"""What is kept of one's own training: section, table, columns."""


def files(desk: Desk) -> tuple[File, ...]:
    """The two files, as of now; the same content in both."""
    found = collect(desk.session, desk.person)
    name = desk.words.say("mine.file")
    machine = json.dumps(found, ensure_ascii=False, indent=1, default=_iso).encode()
    return (
        File(f"{name}.json", machine, "application/json"),
        File(f"{name}.txt", readable(desk, found).encode(), "text/plain; charset=utf-8"),
    )


def collect(session: Session, person: Person) -> dict[str, list[Row]]:
    """Every section with its rows; moments are in UTC, dates local. Nobody else's notes are in it."""
    key = person.id or 0
    found = {
        "person": [_row(person, f"name email locale {' '.join(WISHES)} created_at")],
        "roles": _roles(session, key),
        "accounts": _rows(session, Identity, key, "platform workspace external_id linked_at disabled_at"),
        "calendars": _rows(session, CalendarFeed, key, "made_at revoked_at"),
        "courses": _rows(session, SupervisorTraining, key, "done_on written_at voided_at"),
        "away": _rows(session, Away, key, "from_on to_on written_at voided_at"),
        "training": _rows(session, Trainee, key, "kind starts_on ends_on employed_on watched_from"),
        "pairs": _pairs(session, key),
        **_training(session, key),
        "remarks": [
            _row(each, "text at")
            for each in session.exec(select(Remark).where(Remark.author_id == key).order_by(col(Remark.id)))
        ],
        "messages": [{"received": _count(session, Inbox, key), "sent": _count(session, Outbox, key)}],
    }
    return {section: rows for section, rows in found.items() if rows}


def _row(row: SQLModel, names: str) -> Row:
    """The columns that hold anything."""
    values = {name: getattr(row, name) for name in names.split()}
    return {name: value for name, value in values.items() if value not in (None, "", [])}


def _iso(value: date | time) -> str:
    return value.isoformat()


def _rows(session: Session, model: type[SQLModel], key: int, names: str) -> list[Row]:
    mine = select(model).where(model.person_id == key).order_by(model.id)  # type: ignore[attr-defined]
    return [_row(each, names) for each in session.exec(mine).all()]


def _count(session: Session, model: type[SQLModel], key: int) -> int:
    mine = select(func.count()).select_from(model).where(model.person_id == key)  # type: ignore[attr-defined]
    return session.exec(mine).one()


def _roles(session: Session, key: int) -> list[Row]:
    held = select(Role, Unit).outerjoin(Unit, col(Unit.id) == col(Role.unit_id)).where(Role.person_id == key)
    return [
        _row(role, "role last_day") | ({"unit": unit.name} if unit else {})
        for role, unit in session.exec(held.order_by(col(Role.id))).all()
    ]


def _pairs(session: Session, key: int) -> list[Row]:
    """Both those one is supervised in and those one supervises, each with the other half's name."""
    both = select(Pairing, Trainee).where(
        Pairing.trainee_id == Trainee.id,
        (Pairing.supervisor_id == key) | (Trainee.person_id == key),
    )
    found = []
    for pairing, trainee in session.exec(both.order_by(col(Pairing.id))).all():
        other = pairing.supervisor_id if trainee.person_id == key else trainee.person_id
        name = session.get_one(Person, other).name
        found.append({"with": name, **_row(pairing, "kind from_on to_on agreed_days")})
    return found


def _training(session: Session, key: int) -> dict[str, list[Row]]:
    trainee = session.exec(select(Trainee.id).where(Trainee.person_id == key)).first()
    if trainee is None:
        return {}
    found: dict[str, list[Row]] = {}
    for section, model, names in _OWN:
        mine = select(model).where(model.trainee_id == trainee).order_by(model.id)  # type: ignore[attr-defined]
        found[section] = [_noted(each, names, key) for each in session.exec(mine).all()]
    return found


def _noted(row: SQLModel, names: str, reader: int) -> Row:
    """As it is kept, less what another author wrote for themselves alone."""
    told = _row(row, names)
    if "note" in told and getattr(row, "written_by", reader) != reader:
        told["note"] = public_note(told["note"])
    return told
