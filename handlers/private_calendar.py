"""A person's private calendar: its secret addresses, and what stands in it."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from sqlmodel import Session, col, select

from handlers import calendar_file, stays
from handlers.calendar_file import HAPPENS
from handlers.namesakes import called_in
from handlers.people import own_training, person_of_trainee
from handlers.words import Words
from schedules.bookings import ALONE
from storage.tables import Booking, CalendarFeed, Pairing, Person, Trainee, Unit
from storage.trainees import lasts_on

if TYPE_CHECKING:
    from icalendar import Event

TOKEN_BYTES = 32
"""256 bits out of the system's own randomness: nobody guesses an address."""
MOST_ADDRESSES = 5
"""One for the phone, one for Outlook, and some to spare."""
BACK = timedelta(days=90)
"""What lies longer ago is left out."""


@dataclass(frozen=True, slots=True)
class Theirs:
    """Bookings of one trainee that a reader may see: those from one date to another, None for no end."""

    trainee: int
    first: date
    last: date | None


def open_address(session: Session, person: Person, now: datetime) -> str | None:
    """Make one more address and return its token, which is told once; None when there are enough."""
    if len(live_addresses(session, person)) >= MOST_ADDRESSES:
        return None
    token = secrets.token_urlsafe(TOKEN_BYTES)
    session.add(CalendarFeed(person_id=person.id or 0, token_hash=_hash(token), made_at=now))
    session.flush()
    return token


def close_addresses(session: Session, person: Person, now: datetime) -> int:
    """Let no address of a person's work any more; returns how many did."""
    open_ones = live_addresses(session, person)
    for row in open_ones:
        row.revoked_at = now
        session.add(row)
    session.flush()
    return len(open_ones)


def live_addresses(session: Session, person: Person) -> Sequence[CalendarFeed]:
    """The addresses of a person that work."""
    found = select(CalendarFeed).where(CalendarFeed.person_id == person.id)
    return session.exec(found.where(col(CalendarFeed.revoked_at).is_(None))).all()


def reader_of(session: Session, token: str) -> Person | None:
    """Whose calendar a token opens; None for one that is unknown or revoked, alike."""
    wanted = _hash(token)
    row = session.exec(select(CalendarFeed).where(CalendarFeed.token_hash == wanted)).first()
    if row is None or not hmac.compare_digest(row.token_hash, wanted) or row.revoked_at is not None:
        return None
    return session.get(Person, row.person_id)


def calendar_of(session: Session, person: Person, today: date) -> bytes:
    """Own bookings, and those of the trainees one supervises today, as a calendar file."""
    words = Words(person.locale, today)
    spans = _theirs(session, person, today)
    rows = [row for span in spans for row in _bookings(session, span, today)]
    once = sorted({row.id: row for row in rows}.values(), key=lambda row: (row.on_date, row.id))
    events = [_event(session, person, row, words) for row in once]
    return calendar_file.feed(words.say("calendar.name"), events)


def _theirs(session: Session, person: Person, today: date) -> list[Theirs]:
    own = own_training(session, person)
    mine = [Theirs(own.id or 0, own.starts_on, None)] if own else []
    pairs = session.exec(
        select(Pairing).where(
            Pairing.supervisor_id == person.id,
            lasts_on(today),
        )
    ).all()
    return mine + [Theirs(pair.trainee_id, pair.from_on, pair.to_on) for pair in pairs]


def _bookings(session: Session, span: Theirs, today: date) -> Sequence[Booking]:
    found = select(Booking).where(
        Booking.trainee_id == span.trainee, Booking.on_date >= max(span.first, today - BACK)
    )
    return session.exec(found.where(Booking.on_date <= span.last) if span.last else found).all()


def _event(session: Session, reader: Person, booking: Booking, words: Words) -> Event:
    """What is met about and with whom. It is stamped with the moment it was written, so that asking twice
    gives the same bytes."""
    trainee = session.get_one(Trainee, booking.trainee_id)
    zone = session.get_one(Unit, trainee.unit_id).timezone
    title = title_of(session, reader, booking, words)
    return calendar_file.event(booking, title, zone, booking.written_at)


def title_of(session: Session, reader: Person, booking: Booking, words: Words) -> str:
    """As in "Handledning: Eva Ek", with whom the reader meets.

    That it is off stands in the title too: Outlook shows no status of what is subscribed to.
    """
    what = words.name("activity", booking.activity)
    title = what[:1].upper() + what[1:]
    alone = booking.activity in ALONE and own_training(session, reader) is not None
    title = title if alone else f"{title}: {other_half(session, reader, booking, words)}"
    return title if booking.state in HAPPENS else words.say("calendar.is_off", title=title)


def other_half(session: Session, reader: Person, booking: Booking, words: Words) -> str:
    """The name of whom the reader meets that day: the placement's own supervisor, if it has one."""
    trainee = person_of_trainee(session, booking.trainee_id)
    if trainee.id != reader.id:
        return called_in(session, trainee)
    supervisor = stays.met_on(session, booking.trainee_id, booking.on_date)
    return called_in(session, supervisor) if supervisor else words.say("booking.nobody")


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
