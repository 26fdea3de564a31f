"""Writing in the journal: every version kept, the standing rows true in the same transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, Final, NamedTuple

from sqlalchemy import String, bindparam, or_
from sqlalchemy import select as rows
from sqlmodel import Session, col, select

from handlers.describe import public_note
from handlers.language.command import Command
from schedules.bookings import settle_by_log
from schedules.bundles import ALONE_AFTER, coming_bundle
from schedules.keeping import Kept
from schedules.lives.life import Life
from schedules.lives.weeks import looks_back_to
from schedules.outbox.outgoing import Notice, tell, withdraw_all
from schedules.standings import Refreshed, refresh
from schedules.zone import to_local
from storage.columns import Facts, columns, table
from storage.known import as_read
from storage.numbers import next_number
from storage.prepared import Prepared
from storage.states import IS_LIVE
from storage.tables import Entry, EntryState, Person, Trainee

_E = columns(Entry)
_SAME_DAY = Prepared(
    rows(_E.id).where(
        _E.trainee_id == bindparam("trainee"),
        _E.activity == bindparam("activity"),
        _E.on_date == bindparam("day"),
        IS_LIVE,
        or_(
            _E.instrument.is_(None),
            _E.instrument == bindparam("instrument"),
            bindparam("instrument", type_=String).is_(None),
        ),
    )
)
_BLANK = dict.fromkeys(column.name for column in _E)


class Written(NamedTuple):
    """A version that was written, the trainee's life with it, and the standing rows that it bears on."""

    entry: Entry
    life: Life
    rows: Sequence[Kept]


def add(
    session: Session,
    trainee: Trainee,
    command: Command,
    author: Person,
    inbox_id: int | None,
    now: datetime,
    *,
    origin: str = "chat",
) -> Written:
    """Write the first version of an entry from an understood line. `command.date` must be set.

    `origin` is "history" for what is told of the time before the bot watched.
    """
    entry = _open_chain(session, _version(trainee.id or 0, command, author, inbox_id, now, origin))
    settle_by_log(session, entry.trainee_id, entry.activity, entry.on_date, now)
    return Written(entry, *_settle(session, entry, now, "log"))


def _open_chain(session: Session, version: Facts) -> Entry:
    """Write a first version by Core, far cheaper than by a flush; the session then knows the object."""
    session.flush()
    key = _opening(session.get_bind().dialect.name).value(session, version)
    return as_read(session, Entry, {**_BLANK, **version, "id": key, "chain_id": key})


@cache
def _opening(engine: str) -> Prepared:
    """A chain bears the number of its first version. Built once, as the others: every log says them."""
    number = next_number(Entry, engine)
    return Prepared(table(Entry).insert().values(id=number, chain_id=number).returning(_E.id))


def amend(
    session: Session, entry: Entry, command: Command, author: Person, inbox_id: int | None, now: datetime
) -> Written:
    """Replace the live version by a new one; what was confirmed must be confirmed anew."""
    entry.state = EntryState.AMENDED
    session.add(entry)
    session.flush()
    made = _version(entry.trainee_id, command, author, inbox_id, now, entry.origin)
    version = Entry(**made, chain_id=entry.chain_id)
    session.add(version)
    session.flush()
    if (version.activity, version.on_date) != (entry.activity, entry.on_date):
        settle_by_log(session, version.trainee_id, version.activity, version.on_date, now)
    return Written(version, *_settle(session, version, now, "amend", entry.activity))


def void(session: Session, entry: Entry, now: datetime) -> None:
    """Undo: the version stays in the journal and no longer counts."""
    entry.state = EntryState.VOID
    session.add(entry)
    session.flush()
    _settle(session, entry, now, "undo")


def live(session: Session, chain_id: int) -> Entry | None:
    """The version of a chain that counts; None when it was undone."""
    return session.exec(select(Entry).where(Entry.chain_id == chain_id, IS_LIVE)).first()


def same_day(session: Session, trainee: Trainee, command: Command) -> Entry | None:
    """An entry of the same activity on the same day: perhaps the same session written twice.

    Two instruments are two assessments; where only one is named it may be the same: `bedömning`, then `dops`.
    """
    about = {
        "trainee": trainee.id,
        "activity": command.activity,
        "day": command.date,
        "instrument": command.instrument or None,
    }
    found = _SAME_DAY.value(session, about)
    return session.get_one(Entry, found) if found else None


def latest(
    session: Session, trainee_id: int, count: int, activity: str | None = None, instrument: str | None = None
) -> list[Entry]:
    """The latest live entries of a trainee, newest first; of one activity or instrument, if it is named."""
    named = {"activity": activity, "instrument": instrument}
    found = session.exec(
        select(Entry)
        .where(Entry.trainee_id == trainee_id, IS_LIVE)
        .filter_by(**{name: value for name, value in named.items() if value})
        .order_by(col(Entry.on_date).desc(), col(Entry.id).desc())
        .limit(count)
    )
    return list(found.all())


def as_command(entry: Entry, reader: int) -> Command:
    """The line that would write this entry: what an amendment by `reader` starts from.

    Another author's private note stays with the version that it was written in.
    """
    return Command(
        intent="log",
        activity=entry.activity,
        date=entry.on_date,
        end_date=entry.end_date,
        time=entry.start_time,
        minutes=entry.minutes,
        topics=tuple(entry.topics),
        instrument=entry.instrument,
        goals=tuple(entry.goals),
        people=tuple(entry.people),
        note=entry.note if reader == entry.written_by else public_note(entry.note),
    )


def says_already(entry: Entry, command: Command, reader: int) -> bool:
    """Whether a line of `reader`'s would write the entry as it stands."""
    there = as_command(entry, reader)
    return all(getattr(command, name) == getattr(there, name) for name in _SAID)


_SAID: Final = (
    "activity",
    "date",
    "end_date",
    "time",
    "minutes",
    "topics",
    "instrument",
    "goals",
    "people",
    "note",
)


def other_of(session: Session, entry: Entry, person_id: int) -> int | None:
    """Whom an entry concerns beside somebody: its author, else its trainee."""
    trainee = session.get_one(Trainee, entry.trainee_id).person_id
    return next((other for other in (entry.written_by, trainee) if other and other != person_id), None)


def ask_confirmation(
    session: Session, entries: Sequence[Entry], other: int, now: datetime, zone: str
) -> None:
    """Ask the other half of the pair, by person id, whether these versions are right: once, only the newest,
    and those of one trainee that were saved together in one message.

    When a bundle goes to them later the same day the question travels in it.
    """
    bundle, first = coming_bundle(session, other, now, zone), entries[0]
    several = len(entries) > 1  # a change of one unsays the question about it alone
    tell(
        session,
        Notice(
            person_id=other,
            kind="confirm",
            subject=f"{'entries' if several else 'entry'}:{first.chain_id}",
            period=str(first.id),
            due_at=bundle + ALONE_AFTER if bundle else now,
            bundle=to_local(bundle, zone).date() if bundle else None,
            facts={"trainee": first.trainee_id}
            | ({"entries": [entry.id for entry in entries]} if several else {"entry": first.id}),
        ),
        now,
    )


def asked_about(facts: Mapping[str, Any]) -> list[int]:
    """The versions that a confirmation is about."""
    return [int(key) for key in facts.get("entries") or [facts["entry"]]]


def ask_again(session: Session, entry: Entry, other: Person, now: datetime) -> bool:
    """Ask who objected once more, after the author stood by it; False when that was done before."""
    notice = Notice(
        person_id=other.id or 0,
        kind="confirm",
        subject=f"entry:{entry.chain_id}",
        period=str(entry.id),
        step="held",
        due_at=now,
        facts={"entry": entry.id, "trainee": entry.trainee_id},
    )
    return tell(session, notice, now) is not None


def _version(
    trainee_id: int, command: Command, author: Person, inbox_id: int | None, now: datetime, origin: str
) -> Facts:
    """A live version's columns; what is left out is NULL, or follows when it is written."""
    if command.date is None:
        msg = "an entry needs a date"
        raise ValueError(msg)
    return {
        "state": EntryState.LIVE,
        "trainee_id": trainee_id,
        "activity": command.activity or "",
        "on_date": command.date,
        "end_date": command.end_date,
        "start_time": command.time,
        "minutes": command.minutes,
        "instrument": command.instrument,
        "topics": list(command.topics),
        "goals": list(command.goals),
        "people": list(command.people),
        "note": command.note,
        "origin": origin,
        "written_by": author.id,
        "written_at": now,
        "inbox_id": inbox_id,
    }


def _settle(session: Session, entry: Entry, now: datetime, reason: str, before: str = "") -> Refreshed:
    """Unsay what is no longer so, and bring the standing rows along in this very transaction.

    `before` is the activity of the version that this one replaces.
    """
    if entry.chain_id != entry.id or entry.state != EntryState.LIVE:  # of a new one nothing was said yet
        withdraw_all(session, "confirm", f"entry:{entry.chain_id}", reason, now)
    touched, since = {entry.activity, before or entry.activity}, looks_back_to(entry.on_date)
    return refresh(session, entry.trainee_id, now, reason, touched, since)
