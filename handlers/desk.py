"""The desk at which outgoing messages are worded: for whom, in which language, on which local day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from handlers.context import owned_button
from handlers.message import Button, Message
from handlers.words import Words
from schedules.zone import to_local
from storage.tables import Outbox, Person


@dataclass(frozen=True, slots=True)
class Skip:
    """A notice that is not to be sent after all, and why: "answered", "undone", "no longer allowed"."""

    reason: str


@dataclass(frozen=True, slots=True)
class Desk:
    """Where one message is worded: for whom, in which words, as of when, in which time zone."""

    session: Session
    person: Person
    words: Words
    now: datetime
    today: date
    zone: str

    def button(
        self, label: str, verb: str, *about: int | None, primary: bool = False, **named: str
    ) -> Button:
        """A button that only this person may press; its label is a text of the catalogue."""
        owner = self.person.id or 0
        text = self.words.say(f"button.{label}", **named)
        return owned_button(text, verb, *(part or 0 for part in about), owner=owner, primary=primary)


def desk_of(session: Session, person: Person, now: datetime, zone: str) -> Desk:
    """The desk at which somebody is written to at an aware moment."""
    today = to_local(now, zone).date()
    return Desk(session, person, Words(person.locale, today), now, today, zone)


@dataclass(frozen=True, slots=True)
class Worded:
    """The message, and which of the rows it says; the others are skipped for their reasons."""

    message: Message
    said: tuple[Outbox, ...]
    skipped: tuple[tuple[Outbox, str], ...] = ()
