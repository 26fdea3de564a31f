"""What comes in from any platform and what goes out to any platform.

Platforms translate to and from these and know nothing of the domain; commands use these and know
nothing of platforms. Everything here is frozen: a message is a fact, not a place to keep state.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class IncomingKind(StrEnum):
    """What the person did."""

    TEXT = "text"
    PRESS = "press"
    EDIT = "edit"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class Sender:
    """Who wrote, in the platform's own terms. `workspace` is "" where the platform has none."""

    platform: str
    external_id: str
    workspace: str = ""
    name: str = ""
    address: str = ""
    """Where a private answer reaches the sender later (a chat or channel id), if already known."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """One update from a platform.

    `delivery_key` is the platform's own name for this delivery: the same key twice is the same update.
    `message_ref` names the chat message itself: for a text the sender's own, so that an edit of it finds
    the entry it made; for a press the bot's message with the button, so that the answer can replace it.
    `press` is the `Button.press` of the pressed button, and `at` an aware UTC moment.
    """

    sender: Sender
    delivery_key: str
    at: datetime
    kind: IncomingKind = IncomingKind.TEXT
    text: str = ""
    press: str = ""
    message_ref: str = ""
    private: bool = True
    """False in a channel or group: answers are then shown to the sender alone."""

    inline: bool = False
    """The answer goes back in this very exchange (a slash command's response), so none need be sent."""


@dataclass(frozen=True, slots=True)
class Button:
    """A choice under a message. `press` is at most 64 ASCII bytes: Telegram's limit is everyone's."""

    label: str
    press: str
    primary: bool = False

    def __post_init__(self) -> None:
        if not self.press.isascii() or not 1 <= len(self.press) <= 64:
            msg = f"a button's press is 1-64 ASCII bytes, not {len(self.press)}"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True)
class Field:
    """A labelled value, shown as a small table where the platform has one, else as `label: value`."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class File:
    """A file that goes along: a picture (shown in place where possible), a calendar, a workbook."""

    name: str
    content: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class Message:
    """Words on their way out, in no platform's markup: every character of `text` is meant literally.

    `replaces` is the reference of an earlier message that this one takes the place of (a receipt
    that becomes "Ångrat" when its button was pressed), or "".
    """

    text: str
    fields: Sequence[Field] = ()
    buttons: Sequence[Button] = ()
    files: Sequence[File] = ()
    private: bool = True
    """Only the addressee may see it: ephemeral in a channel, never posted openly."""

    replaces: str = ""

    def plain(self) -> str:
        """The text and the fields as lines, for platforms and places without a layout."""
        return "\n".join([self.text, *(f"{f.label}: {f.value}" for f in self.fields)])


@dataclass(frozen=True, slots=True)
class Reply:
    """What `receive` answers: the one message, whether it was already given once, and what it was.

    `outcome` is the word the inbox row keeps ("logged", "asked", "refused", ...); `facts` names what
    was touched (never what was written). `ticket` is the outbox row that carries the message where it is
    not answered inline.
    """

    message: Message
    outcome: str
    repeated: bool = False
    facts: Mapping[str, int | str] = field(default_factory=dict)
    ticket: int | None = None
