"""What an import changes: each difference as it is told, and how it is set."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from sqlmodel import Session

from handlers.roster.known import Known
from storage.tables import Person, Trainee, Unit


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
class Work:
    """One import under way. `touched` are the trainees whose standings are to be recomputed.

    Nothing is asked of the database for a line: what is there is `known`.
    """

    session: Session
    now: datetime
    today: date
    zone: str
    changes: Changes
    known: Known
    touched: set[int] = field(default_factory=set)


def change(work: Work, thing: Person | Trainee, label: str, **values: object) -> bool:
    """Set what differs and say so; True when anything did."""
    changed = {key: value for key, value in values.items() if getattr(thing, key) != value}
    for key, value in changed.items():
        old, new = (told(work.session, key, each) for each in (getattr(thing, key), value))
        work.changes.changed.append(Difference(label, _COLUMNS.get(key, key), old, new))
        setattr(thing, key, value)
    if changed:
        work.session.add(thing)
    return bool(changed)


def told(session: Session, key: str, value: object) -> str:
    """A value as the file writes it."""
    if key == "unit_id" and isinstance(value, int):
        return session.get_one(Unit, value).name
    return "–" if value is None else str(value)
