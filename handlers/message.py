"""What comes in from any platform and what goes out to any platform.

Platforms translate to and from these and know nothing of the domain; commands use these and know
nothing of platforms. Everything here is frozen: a message is a fact, not a place to keep state.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final, Literal


class IncomingKind(StrEnum):
    """What the person did."""

    TEXT = "text"
    PRESS = "press"
    EDIT = "edit"
    DELETE = "delete"
    FORM = "form"
    HOME = "home"
    """Opened the page on which the platform shows how one stands (Slack's App Home)."""

    LOST = "lost"
    FOUND = "found"
    REMOVED = "removed"
    """The platform's own news: the bot was blocked, unblocked, or taken out of the whole workspace."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Who wrote, in the platform's own terms. `workspace` is "" where the platform has none."""

    platform: str
    external_id: str
    workspace: str = ""
    name: str = ""
    address: str = ""
    """Where a private answer reaches the sender later (a chat or channel id), if already known."""

    email: str | None = ""
    """As the workspace itself has confirmed it, where the sender is not linked yet; never what they say.
    None: the platform can ask, and does when StrangerError says that it is needed."""


MOST_MENTIONS: Final = 10
"""Accounts looked up in one message."""


@dataclass(frozen=True, slots=True)
class Mentioned:
    """Whose an account is, as its workspace says: a name and a confirmed e-mail; "" unknown."""

    name: str = ""
    email: str = ""


class StrangerError(Exception):
    """Nobody is linked to some accounts, and the platform has not said who they are: nothing was written."""

    def __init__(self, *accounts: str) -> None:
        super().__init__(*accounts)
        self.accounts = accounts
        """As `Sender.external_id`: the sender's, or of `Incoming.mentions`."""


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

    forms: bool = False
    """The platform can show a form in answer to this very update."""

    mentions: Mapping[str, Mentioned | None] = field(default_factory=dict)
    """Whose the accounts are (as `Sender.external_id`) that the text names as `@account`. None: the platform
    can ask, and does when StrangerError says that it is needed."""

    values: Mapping[str, str] = field(default_factory=dict)
    """What was filled in, by the inputs' names; several choices parted by commas. `press` is the form's."""


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
    """A file that goes along: a picture (shown in place where possible), a calendar, a workbook.

    `shows` is what a picture shows, in words, for who does not see it.
    """

    name: str
    content: bytes
    media_type: str
    shows: str = ""


@dataclass(frozen=True, slots=True)
class Input:
    """One thing to fill in. `value` is what stands there at first; `options` are (label, value) to choose.

    `kind` is date (ISO), text, long (several lines), one or many (choices; many parted by commas).
    """

    name: str
    label: str
    kind: Literal["date", "text", "long", "one", "many"] = "text"
    value: str = ""
    hint: str = ""
    options: Sequence[tuple[str, str]] = ()
    optional: bool = True


@dataclass(frozen=True, slots=True)
class Form:
    """Something to fill in, where the platform has that; `press` names it as a button's does."""

    title: str
    submit: str
    press: str
    inputs: Sequence[Input]


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
    papers: Sequence[str] = ()
    """What is drawn for the reader at the sending (handlers/papers); platforms get it as `files`."""
    private: bool = True
    """Only the addressee may see it: ephemeral in a channel, never posted openly."""

    replaces: str = ""
    secret: bool = False
    """It holds a key (a calendar's address): nothing of it is kept once it was sent."""
    form: Form | None = None
    """Shown instead where that can be done; elsewhere the text says the same in words."""

    def plain(self) -> str:
        """The text and the fields as lines, for platforms and places without a layout."""
        return "\n".join([self.text, *(f"{f.label}: {f.value}" for f in self.fields)])


@dataclass(frozen=True, slots=True)
class Reply:
    """What `receive` answers: the one message, whether it was already given once, and what it was.

    `outcome` is the word the inbox row keeps ("logged", "asked", "refused", ...); `facts` names what
    was touched (never what was written). `errors` says, by an input's name, what is to be mended in a form
    that stays open.
    `locale` is the reader's language where the answer is inline, "" where it is not known: for the few words
    that a platform adds of its own.
    """

    message: Message
    outcome: str
    repeated: bool = False
    facts: Mapping[str, int | str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    locale: str = ""
