"""Going live: somebody in the middle of a training is asked once what was done last before the bot came."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, select

from handlers.people import own_training
from schedules.calendar import DAY, SWEDEN
from schedules.lives.reading import load
from schedules.manners import MORNING, speaking_time
from schedules.outbox.outgoing import Notice, tell
from schedules.zone import to_utc
from storage.states import IS_LIVE
from storage.tables import Entry, Outbox, Person

SUBJECT = "latest"
"""The outbox subject of the question: its UNIQUE key is what makes it asked once."""


def ask_once(session: Session, person: Person, now: datetime) -> None:
    """Plan the question for the next working morning, for a trainee who began before the bot watched."""
    trainee = own_training(session, person)
    if trainee is None or trainee.watched_from is None or trainee.watched_from <= trainee.starts_on:
        return
    if _is_planned(session, person):
        return
    life = load(session, trainee.id or 0, now)
    tomorrow = datetime.combine(life.local.date() + DAY, MORNING)
    at = speaking_time(tomorrow, SWEDEN, life.timeline.is_absent)
    if at is None:  # away with no end in sight: there is time to ask when they are back and write
        return
    notice = Notice(
        person_id=person.id or 0,
        kind="notice",
        subject=SUBJECT,
        due_at=to_utc(at, life.unit.timezone),
        facts={"notice": "latest", "trainee": trainee.id},
    )
    tell(session, notice, now)


def is_open(session: Session, person: Person, trainee_id: int) -> bool:
    """Whether the question was planned for this person and has no answer yet."""
    return _is_planned(session, person) and not answered(session, trainee_id)


def _is_planned(session: Session, person: Person) -> bool:
    found = select(Outbox.id).where(
        Outbox.recipient == f"person:{person.id}", Outbox.kind == "notice", Outbox.subject == SUBJECT
    )
    return session.exec(found.limit(1)).first() is not None


def answered(session: Session, trainee_id: int) -> bool:
    """Whether any history stands."""
    found = select(Entry.id).where(Entry.trainee_id == trainee_id, Entry.origin == "history", IS_LIVE)
    return session.exec(found.limit(1)).first() is not None
