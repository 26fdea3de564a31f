"""What a command is given, and how it answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import Session

from handlers.message import Button, Incoming, IncomingKind, Message, Reply
from handlers.namesakes import called_in
from handlers.words import Words
from storage.columns import Facts, table
from storage.prepared import Prepared
from storage.tables import Audit, Person, Trainee

_NOTING = Prepared(table(Audit).insert())


@dataclass(frozen=True, slots=True)
class Context:
    """One message being handled, inside its one transaction.

    `now` is an aware moment; `said_at` the naive local time at which the person wrote, which is what
    "idag" means even when the bot was down meanwhile.
    """

    session: Session
    now: datetime
    said_at: datetime
    zone: str
    person: Person
    incoming: Incoming
    inbox_id: int
    words: Words
    training: Trainee | None
    """The person's own training, if they are a trainee."""
    public_url: str = ""
    """Where people reach this server from outside; "" when they do not."""

    @property
    def today(self) -> date:
        """The local date on which the person wrote."""
        return self.said_at.date()

    @property
    def person_id(self) -> int:
        """The id of the person who wrote."""
        return self.person.id or 0

    def button(self, label: str, verb: str, *about: int, primary: bool = False) -> Button:
        """A button that only this person may press: its owner is part of what it says."""
        return owned_button(
            self.words.say(f"button.{label}"), verb, *about, owner=self.person_id, primary=primary
        )

    def reply(
        self,
        text: str,
        outcome: str,
        *,
        buttons: Sequence[Button] = (),
        facts: Facts | None = None,
        replace: bool = False,
        secret: bool = False,
    ) -> Reply:
        """The one answer. `replace` puts it where the pressed button was; `secret` forgets it once sent."""
        pressed = self.incoming.kind in (IncomingKind.PRESS, IncomingKind.FORM)  # else it is their own line
        replaces = self.incoming.message_ref if replace and pressed else ""
        message = Message(text, buttons=tuple(buttons), private=True, replaces=replaces, secret=secret)
        return Reply(message, outcome, facts=facts or {})

    def say(self, key: str, outcome: str, *, replace: bool = False, **values: object) -> Reply:
        """An answer that is one text of the catalogue."""
        return self.reply(self.words.say(key, **values), outcome, replace=replace)

    def called(self, person: Person) -> str:
        """A person's name; the e-mail too where somebody else in one of their units bears it."""
        return person.name if person.id == self.person_id else called_in(self.session, person)

    def note(self, act: str, subject: str, **facts: str | int | list[Any] | None) -> None:
        """Write the audit trail: names of things and dates, never what was written."""
        row = {"at": self.now, "actor_id": self.person.id, "act": act, "subject": subject, "facts": facts}
        _NOTING.write(self.session, row)


def owned_button(label: str, verb: str, *about: int, owner: int, primary: bool = False) -> Button:
    """A button as `verb.about….owner`, e.g. "undo.17.4": short, and checked against who presses it."""
    return Button(label, ".".join([verb, *map(str, about), str(owner)]), primary)


GREATEST_ID = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Press:
    """A pressed button, taken apart."""

    verb: str
    about: tuple[int, ...]
    owner: int


def take_apart(press: str) -> Press | None:
    """The verb, the numbers and the owner; None for anything that no button of ours says."""
    verb, *numbers = press.split(".")
    if not numbers or not verb.isalpha() or not all(map(_is_row_number, numbers)):
        return None
    *about, owner = map(int, numbers)
    return Press(verb, tuple(about), owner)


def _is_row_number(text: str) -> bool:
    """Whether a column of ids could hold it: PostgreSQL refuses even to look for a greater one."""
    return text.isascii() and text.isdigit() and len(text) <= 10 and int(text) <= GREATEST_ID
