"""Taking a history: offered to the trainee it names by e-mail, written only when they say it is theirs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlmodel import Session, col, select

from handlers.portable import signing
from handlers.portable.history import Away, Held, History, HistoryError, Placed, canonical, parsed
from schedules.outbox.outgoing import Notice, tell
from schedules.standings import refresh
from storage.tables import Absence, Audit, Entry, Person, Placement, Trainee, Transfer

ACCEPTED, DECLINED = "accepted", "declined"
UNBROKEN = timedelta(days=31)
"""So long may lie between the file and this unit's first day for the time to count as watched throughout."""


@dataclass(frozen=True, slots=True)
class Offered:
    """What became of a file: whether it was taken before, else how many entries wait for an answer."""

    name: str
    entries: int
    taken: bool


def offer(session: Session, history: History, raw: dict[str, Any], key: str, now: datetime) -> Offered:
    """Ask the trainee whether the history is theirs. Raises HistoryError when nobody here is named."""
    found = session.exec(
        select(Trainee, Person)
        .join(Person, col(Person.id) == col(Trainee.person_id))
        .where(Person.email == history.trainee.email.casefold())
    ).first()
    if found is None:
        raise HistoryError(f"{history.trainee.email} is no trainee in the roster here")
    trainee, person = found
    row = _row(session, trainee, history, raw, key, now)
    if row.answer != ACCEPTED:
        row.history, row.answer, row.answered_at, row.offered_at = raw, None, None, now
        session.add(row)
        session.flush()
        _ask(session, row, person, now)
        session.add(Audit(at=now, act="history_offered", subject=subject_of(row)))
    return Offered(person.name, len(history.entries), row.answer == ACCEPTED)


def _row(
    session: Session, trainee: Trainee, history: History, raw: dict[str, Any], key: str, now: datetime
) -> Transfer:
    digest = sha256(canonical(raw)).hexdigest()
    same = select(Transfer).where(Transfer.trainee_id == trainee.id, Transfer.digest == digest)
    return session.exec(same).first() or Transfer(
        trainee_id=trainee.id or 0,
        digest=digest,
        issuer=key,
        from_unit=history.unit,
        issued_at=history.issued_at,
        offered_at=now,
    )


def subject_of(row: Transfer) -> str:
    """The outbox and audit subject of a transfer."""
    return f"transfer:{row.id}"


def _ask(session: Session, row: Transfer, person: Person, now: datetime) -> None:
    notice = Notice(
        person_id=person.id or 0,
        kind="notice",
        subject=subject_of(row),
        period=f"{now:%Y%m%dT%H%M%S}",
        due_at=now,
        facts={"notice": "transfer", "transfer": row.id, "trainee": row.trainee_id},
    )
    tell(session, notice, now)


def decline(session: Session, row: Transfer, now: datetime) -> None:
    """It is not theirs, or not wanted: nothing of it is kept."""
    row.history, row.answer, row.answered_at = None, DECLINED, now
    session.add(row)


def accept(session: Session, row: Transfer, now: datetime) -> int:
    """Write what is not here yet, and let the standings follow; returns how many entries are new."""
    history = parsed(row.history)
    trainee = session.get_one(Trainee, row.trainee_id)
    own = signing.fingerprint(signing.public_key())
    new = [_entry(trainee, held, now) for held in _missing(session, Entry, history.entries, own)]
    session.add_all(new)
    session.flush()
    for entry in new:
        entry.chain_id = entry.id
    away = _missing(session, Absence, history.absences, own)
    session.add_all([_absence(trainee, each, now) for each in away])
    places = _missing(session, Placement, history.placements, own)
    session.add_all([_placement(trainee, each, now) for each in places])
    trainee.watched_from = _watched_from(trainee, history)
    row.history, row.answer, row.answered_at = None, ACCEPTED, now
    session.add_all([trainee, row])
    session.flush()
    refresh(session, trainee.id or 0, now, "import")
    return len(new)


def _missing(session: Session, model: type[Any], parts: list[Any], own: str) -> list[Any]:
    """What was brought along before, or was written here in the first place, is not written again."""
    there: set[str] = set()
    uids = [part.uid for part in parts]
    for at in range(0, len(uids), 400):
        found = select(model.imported_as).where(model.imported_as.in_(uids[at : at + 400]))
        there.update(session.exec(found).all())
    fresh = {part.uid: part for part in parts if part.uid not in there}
    return [part for uid, part in fresh.items() if not uid.startswith(f"{own}:")]


def _entry(trainee: Trainee, held: Held, now: datetime) -> Entry:
    return Entry(
        trainee_id=trainee.id or 0,
        activity=held.activity,
        on_date=held.on_date,
        end_date=held.end_date,
        start_time=held.start_time,
        minutes=held.minutes,
        instrument=held.instrument,
        topics=held.topics,
        goals=held.goals,
        people=held.people,
        note=held.note,
        level=held.level,
        origin="import",
        written_at=now,
        confirmed_at=held.confirmed_at,
        imported_as=held.uid,
        imported={"unit": held.unit, "author": held.author, "confirmed_by": held.confirmed_by},
    )


def _absence(trainee: Trainee, away: Away, now: datetime) -> Absence:
    return Absence(
        trainee_id=trainee.id or 0,
        kind=away.kind,
        from_on=away.from_on,
        to_on=away.to_on,
        written_by=trainee.person_id,
        written_at=now,
        imported_as=away.uid,
    )


def _placement(trainee: Trainee, placed: Placed, now: datetime) -> Placement:
    return Placement(
        trainee_id=trainee.id or 0,
        place=placed.place,
        from_on=placed.from_on,
        to_on=placed.to_on,
        supervisor_name=placed.supervisor,
        written_by=trainee.person_id,
        written_at=now,
        imported_as=placed.uid,
    )


def _watched_from(trainee: Trainee, history: History) -> date | None:
    """From when the clocks run: as far back as the history is whole, if no gap follows it."""
    here, there = trainee.watched_from, history.trainee.watched_from
    if here is None or history.issued_at.date() + UNBROKEN < here:
        return here
    return None if there is None else min(here, there)
