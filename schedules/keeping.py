"""Standing rows while they are judged: read as plain rows, written where they changed, many at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from itertools import chain
from operator import attrgetter
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlmodel import Session

from storage.columns import Facts, columns, table
from storage.lists import Listed
from storage.prepared import Prepared
from storage.tables import Standing, StandingChange


@dataclass(slots=True)
class Kept:
    """A standing row, field by field as storage has it; one that is not written yet has no `id`."""

    id: int | None
    trainee_id: int
    requirement: str
    occasion: str
    says_from: datetime
    state: str = ""
    period: str = ""
    due_on: date | None = None
    overdue_from: date | None = None
    last_on: date | None = None
    done: int = 0
    required: int = 0
    missed: int = 0
    said_at: datetime | None = None
    snoozed_until: datetime | None = None
    look_at: datetime | None = None
    as_read: tuple[Any, ...] = field(default=(), repr=False, kw_only=True)

    @property
    def key(self) -> tuple[str, str]:
        """Which of its trainee's rows it is."""
        return self.requirement, self.occasion


_FIXED = ("id", "trainee_id", "requirement", "occasion")
_CHANGING = tuple(each.name for each in fields(Kept) if not each.kw_only)[len(_FIXED) :]
_changing = attrgetter(*_CHANGING)

_S = columns(Standing)
_SHAPE = select(*(_S[name] for name in _FIXED + _CHANGING))
_ALL = Listed(lambda among: _SHAPE.where(among(_S.trainee_id, "ids")), "ids")
_SOME = Listed(
    lambda among: _SHAPE.where(among(_S.trainee_id, "ids"), among(_S.requirement, "keys")),
    *("ids", "keys"),
)
_CHANGED = Prepared(update(table(Standing)).where(_S.id == bindparam("this")))
_NEW, _NOTED = Prepared(table(Standing).insert()), Prepared(table(StandingChange).insert())


def nudge_facts(row: Kept | Standing) -> Facts:
    """What a reminder about a row remembers of it, to be held against how it stands when it is said."""
    return {
        "trainee": row.trainee_id,
        "requirement": row.requirement,
        "occasion": row.occasion,
        "due_on": row.due_on.isoformat() if row.due_on else None,
        "spell": row.period,
    }


def read(
    session: Session, trainees: Sequence[int], keys: Mapping[int, Collection[str]] | None
) -> dict[int, dict[tuple[str, str], Kept]]:
    """The rows there are, by trainee and key: all of them, or of each those of some requirements."""
    session.flush()
    rows = {trainee: dict[tuple[str, str], Kept]() for trainee in trainees}
    if keys is None:
        found = _ALL.ask(session, ids=trainees)
    else:
        found = _SOME.ask(session, ids=trainees, keys=set(chain.from_iterable(keys.values())))
    for values in found:
        row = Kept(*values, as_read=tuple(values[len(_FIXED) :]))
        if keys is None or row.requirement in keys[row.trainee_id]:
            rows[row.trainee_id][row.key] = row
    return rows


def write(session: Session, rows: Sequence[Kept], changes: Sequence[Facts]) -> None:
    """Write the rows that are new or differ from what was read, and the changes of state.

    Whoever holds one of these rows as an object of the session finds it as it is now.
    """
    new = [_values(row) | {name: getattr(row, name) for name in _FIXED[1:]} for row in rows if row.id is None]
    changed = [_values(row) | {"this": row.id} for row in rows if row.id and _changing(row) != row.as_read]
    for statement, values in ((_NEW, new), (_CHANGED, changed), (_NOTED, changes)):
        statement.write_all(session, values)
    if changed:
        _expire(session)


def _values(row: Kept) -> Facts:
    return {name: getattr(row, name) for name in _CHANGING}


def _expire(session: Session) -> None:
    for held in session.identity_map.values():
        if isinstance(held, Standing):
            session.expire(held)
