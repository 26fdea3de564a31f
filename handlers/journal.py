"""Writing in the journal: every version kept, the standing rows true in the same transaction."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, col, select

from handlers.describe import public_note
from handlers.language.command import Command
from schedules.bookings import settle_by_log
from schedules.outgoing import Notice, tell, withdraw_all
from schedules.standings import refresh
from storage.tables import Entry, EntryState, Person, Trainee


def add(
    session: Session,
    trainee: Trainee,
    command: Command,
    author: Person,
    inbox_id: int | None,
    now: datetime,
    *,
    origin: str = "chat",
) -> Entry:
    """Write the first version of an entry from an understood line. `command.date` must be set.

    `origin` is "history" for what is told of the time before the bot watched.
    """
    entry = _version(trainee.id or 0, command, author, inbox_id, now)
    entry.origin = origin
    session.add(entry)
    session.flush()
    entry.chain_id = entry.id
    session.add(entry)
    settle_by_log(session, entry.trainee_id, entry.activity, entry.on_date, now)
    _settle(session, entry, now, "log")
    return entry


def amend(
    session: Session, entry: Entry, command: Command, author: Person, inbox_id: int, now: datetime
) -> Entry:
    """Replace the live version by a new one; what was confirmed must be confirmed anew."""
    entry.state = EntryState.AMENDED
    session.add(entry)
    session.flush()
    version = _version(entry.trainee_id, command, author, inbox_id, now)
    version.chain_id, version.origin = entry.chain_id, entry.origin
    session.add(version)
    session.flush()
    _settle(session, version, now, "amend")
    return version


def void(session: Session, entry: Entry, now: datetime) -> None:
    """Undo: the version stays in the journal and no longer counts."""
    entry.state = EntryState.VOID
    session.add(entry)
    session.flush()
    _settle(session, entry, now, "undo")


def live(session: Session, chain_id: int) -> Entry | None:
    """The version of a chain that counts; None when it was undone."""
    return session.exec(
        select(Entry).where(Entry.chain_id == chain_id, Entry.state == EntryState.LIVE)
    ).first()


def same_day(session: Session, trainee: Trainee, command: Command) -> Entry | None:
    """An entry of the same activity on the same day: perhaps the same session written twice."""
    return session.exec(
        select(Entry).where(
            Entry.trainee_id == trainee.id,
            Entry.activity == command.activity,
            Entry.on_date == command.date,
            Entry.state == EntryState.LIVE,
            col(Entry.instrument) == command.instrument
            if command.instrument
            else col(Entry.instrument).is_(None),
        )
    ).first()


def latest(session: Session, trainee_id: int, count: int) -> list[Entry]:
    """The latest live entries of a trainee, newest first."""
    found = session.exec(
        select(Entry)
        .where(Entry.trainee_id == trainee_id, Entry.state == EntryState.LIVE)
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


def ask_confirmation(session: Session, entry: Entry, other: Person, now: datetime) -> None:
    """Ask the other half of the pair whether this version is right: once, and only the newest."""
    tell(
        session,
        Notice(
            person_id=other.id or 0,
            kind="confirm",
            subject=f"entry:{entry.chain_id}",
            period=str(entry.id),
            due_at=now,
            facts={"entry": entry.id, "trainee": entry.trainee_id},
        ),
        now,
    )


def _version(trainee_id: int, command: Command, author: Person, inbox_id: int | None, now: datetime) -> Entry:
    if command.date is None:
        msg = "an entry needs a date"
        raise ValueError(msg)
    return Entry(
        trainee_id=trainee_id,
        activity=command.activity or "",
        on_date=command.date,
        end_date=command.end_date,
        start_time=command.time,
        minutes=command.minutes,
        instrument=command.instrument,
        topics=list(command.topics),
        goals=list(command.goals),
        people=list(command.people),
        note=command.note,
        written_by=author.id,
        written_at=now,
        inbox_id=inbox_id,
    )


def _settle(session: Session, entry: Entry, now: datetime, reason: str) -> None:
    """Unsay what is no longer so, and bring the standing rows along in this very transaction."""
    withdraw_all(session, "confirm", f"entry:{entry.chain_id}", reason, now)
    refresh(session, entry.trainee_id, now, reason)
