"""The sheets of what was written: the log, the assessments, the bookings with why they did not take place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, or_, select
from sqlmodel import col
from sqlmodel import select as rows

from handlers import describe
from handlers.desk import Desk
from handlers.papers.table import Column, Sheet, sheet
from handlers.words import Words
from schedules.digests.seen import Seen
from schedules.zone import to_local
from storage.columns import columns
from storage.states import IS_LIVE
from storage.tables import Booking, Entry, Person

_E, _P = columns(Entry), columns(Person)
_SHOWN = (
    *(_E.trainee_id, _E.activity, _E.on_date, _E.end_date, _E.start_time, _E.minutes, _E.instrument),
    *(_E.topics, _E.goals, _E.people, _E.note, _E.level, _E.written_by, _E.confirmed_by, _E.disputed_at),
)

SINCE = timedelta(days=365)
"""So far back the log and the bookings go; assessments are of the whole training."""


@dataclass(frozen=True, slots=True)
class _Entered:
    """A live entry, whose it is, and the names of who wrote and confirmed it."""

    unit: str
    trainee: str
    entry: Row[Any]
    """The columns of an Entry that are shown: tens of thousands are read, and none is changed."""
    author: str | None
    confirmed_by: str | None
    disputed_on: date | None


def logged(desk: Desk, read: Sequence[Seen]) -> tuple[Sheet, ...]:
    """The three sheets of some trainees. What is private to its author is in none of them."""
    return _log(desk, read), _assessments(desk, read), _bookings(desk, read)


_WHO: tuple[Column[_Entered], ...] = (
    ("unit", lambda of: of.unit),
    ("trainee", lambda of: of.trainee),
)
_END: tuple[Column[_Entered], ...] = (
    ("note", lambda of: describe.public_note(of.entry.note)),
    ("author", lambda of: of.author),
    ("confirmed_by", lambda of: of.confirmed_by),
    ("disputed_on", lambda of: of.disputed_on),
)


def _log(desk: Desk, read: Sequence[Seen]) -> Sheet:
    words = desk.words
    shown: tuple[Column[_Entered], ...] = (
        *_WHO,
        ("activity", lambda of: words.name("activity", of.entry.activity)),
        ("from_on", lambda of: of.entry.on_date),
        ("to_on", lambda of: of.entry.end_date),
        ("start", lambda of: of.entry.start_time),
        ("minutes", lambda of: of.entry.minutes),
        ("topics", lambda of: words.names("topic", of.entry.topics)),
        ("goals", lambda of: ", ".join(of.entry.goals)),
        ("people", lambda of: _people(of.entry)),
        *_END,
    )
    wanted = (_E.activity != "assessment") & (_E.on_date > desk.today - SINCE)
    return sheet(words, "log", shown, _entered(desk, read, wanted))


def _assessments(desk: Desk, read: Sequence[Seen]) -> Sheet:
    words = desk.words
    shown: tuple[Column[_Entered], ...] = (
        *_WHO,
        ("from_on", lambda of: of.entry.on_date),
        ("instrument", lambda of: _name(words, "instrument", of.entry.instrument)),
        ("assessor", lambda of: _people(of.entry)),
        ("level", lambda of: _name(words, "level", of.entry.level)),
        ("goals", lambda of: ", ".join(of.entry.goals)),
        *_END,
    )
    return sheet(words, "assessments", shown, _entered(desk, read, _E.activity == "assessment"))


def _bookings(desk: Desk, read: Sequence[Seen]) -> Sheet:
    words, by_id = desk.words, _by_id(read)
    shown: tuple[Column[Booking], ...] = (
        ("unit", lambda of: by_id[of.trainee_id].unit.name),
        ("trainee", lambda of: by_id[of.trainee_id].person.name),
        ("activity", lambda of: words.name("activity", of.activity)),
        ("from_on", lambda of: of.on_date),
        ("start", lambda of: of.start_time),
        ("minutes", lambda of: of.minutes),
        ("state", lambda of: words.name("booked", of.state)),
        ("reason", lambda of: _name(words, "reason", of.reason)),
        ("topics", lambda of: words.names("topic", of.topics)),
        ("note", lambda of: describe.public_note(of.note)),
    )
    found = desk.session.exec(
        rows(Booking)
        .where(col(Booking.trainee_id).in_(by_id), col(Booking.on_date) > desk.today - SINCE)
        .order_by(col(Booking.on_date).desc(), col(Booking.id))
    )
    return sheet(words, "bookings", shown, found.all())


def _entered(desk: Desk, read: Sequence[Seen], wanted: ColumnElement[bool]) -> Iterator[_Entered]:
    """The live entries, the latest first."""
    whose = {
        key: (seen.unit.name, seen.person.name, seen.unit.timezone) for key, seen in _by_id(read).items()
    }
    chosen = (_E.trainee_id.in_(whose), IS_LIVE, wanted)
    names = _names(desk, chosen)
    found = select(*_SHOWN).where(*chosen).order_by(_E.on_date.desc(), _E.id)
    for entry in desk.session.execute(found):
        unit, trainee, zone = whose[entry.trainee_id]
        disputed = to_local(entry.disputed_at, zone).date() if entry.disputed_at else None
        author, confirmed_by = names.get(entry.written_by), names.get(entry.confirmed_by)
        yield _Entered(unit, trainee, entry, author, confirmed_by, disputed)


def _names(desk: Desk, chosen: Sequence[ColumnElement[bool]]) -> dict[int | None, str]:
    """Of who wrote and who confirmed the chosen entries, by person id."""
    ids = (select(who).where(*chosen) for who in (_E.written_by, _E.confirmed_by))
    found = select(_P.id, _P.name).where(or_(*(_P.id.in_(some) for some in ids)))
    return {person.id: person.name for person in desk.session.execute(found)}


def _by_id(read: Sequence[Seen]) -> dict[int, Seen]:
    return {each.trainee.id or 0: each for each in read}


def _people(of: Row[Any]) -> str:
    return ", ".join(name.title() for name in of.people)


def _name(words: Words, group: str, key: str | None) -> str | None:
    return words.name(group, key) if key else None
