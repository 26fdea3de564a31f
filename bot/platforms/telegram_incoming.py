"""Telegram's updates → `Incoming`: pure functions, no network."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime

from telegram import CallbackQuery, Chat, ChatMemberUpdated, MaybeInaccessibleMessage, Message, Update, User
from telegram.constants import ChatMemberStatus, ChatType

from handlers.message import Incoming, IncomingKind, Sender

COMMAND = re.compile(r"/(?P<name>\w+)(?:@(?P<bot>\w+))?(?!\S)")
"""A command as people type it: `\\w` takes å, ä, ö, which Telegram's own command entity does not."""


GREATEST = 2**63 - 1
"""Telegram's numbers are integers of at most 64 bits; PTB looks at neither their type nor their size."""
PRESS_BYTES = 64


class MalformedError(ValueError):
    """An update that is not what the Bot API says; the text names only its id."""


def read(update: Update, me: str, now: datetime) -> Incoming | None:
    """What the person did, or None when it is not for us. `me`: the bot's user name (used in groups only).

    A text with the bot's name alone in a group gives an empty text. Raises MalformedError.
    """
    try:
        return _read(update, me, now)
    except (AttributeError, KeyError, TypeError, ValueError, OverflowError):
        msg = f"update {update.update_id!r:.24}"
        raise MalformedError(msg) from None


def in_group(update: Update) -> bool:
    """Whether the bot's user name is needed to tell if the update is for us."""
    chat = update.effective_chat
    return chat is not None and chat.type in (ChatType.GROUP, ChatType.SUPERGROUP)


def clean(text: str) -> str:
    """NFC, without NUL (PostgreSQL refuses it) and lone surrogates (UTF-8 refuses them)."""
    whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return unicodedata.normalize("NFC", whole.replace("\x00", ""))


def addressed(text: str, me: str) -> str | None:
    """A group's text without our name, or None when neither a command nor a mention makes it ours."""
    if command := COMMAND.match(text):
        theirs = command["bot"] and command["bot"].casefold() != me.casefold()
        return None if theirs else bare_command(text)
    # Each run of blanks is looked at once: thousands of them would else hold everybody up.
    mention = re.compile(rf"(?:(?<![ \t])[ \t]+)?(?<!\w)@{re.escape(me)}(?!\w)[,:]?[ \t]*", re.IGNORECASE)
    return mention.sub(" ", text).strip() if me and mention.search(text) else None


def bare_command(text: str) -> str:
    """`/handledning@bot idag` → `/handledning idag`; other texts as they are."""
    return COMMAND.sub(r"/\g<name>", text, count=1) if COMMAND.match(text) else text


def _read(update: Update, me: str, now: datetime) -> Incoming | None:
    key = f"upd:{_number(update.update_id, 0)}"
    if update.callback_query is not None:
        return _press(update.callback_query, key, now)
    if update.message is not None:
        return _words(update.message, IncomingKind.TEXT, key, me)
    if update.edited_message is not None:
        return _words(update.edited_message, IncomingKind.EDIT, key, me)
    if update.my_chat_member is not None:
        return _membership(update.my_chat_member, key)
    return None


def _number(value: object, least: int = -GREATEST) -> int:
    """An id of Telegram's. Raises TypeError and OverflowError."""
    if type(value) is not int:
        raise TypeError
    if not least <= value <= GREATEST:
        raise OverflowError
    return value


def _membership(change: ChatMemberUpdated, key: str) -> Incoming | None:
    """The person blocked the bot in their own chat, or let it in again; what groups do is nothing to us."""
    if change.chat.type != ChatType.PRIVATE:
        return None
    blocked = change.new_chat_member.status in (ChatMemberStatus.BANNED, ChatMemberStatus.LEFT)
    return Incoming(
        sender=_sender(change.from_user),
        delivery_key=key,
        at=change.date,
        kind=IncomingKind.LOST if blocked else IncomingKind.FOUND,
        inline=True,
    )


def _words(message: Message, kind: IncomingKind, key: str, me: str) -> Incoming | None:
    person, chat = message.from_user, message.chat
    if person is None or person.is_bot or message.sender_chat is not None:  # channels, anonymous admins
        return None
    text = _for_us(clean(message.text or message.caption or ""), chat, me)
    if text is None:
        return None
    return Incoming(
        sender=_sender(person),
        delivery_key=key,
        at=message.date,
        kind=kind,
        text=text,
        message_ref=_ref(message),
        private=chat.type == ChatType.PRIVATE,
    )


def _ref(message: MaybeInaccessibleMessage) -> str:
    return f"{_number(message.chat.id)}:{_number(message.message_id)}"


def _for_us(text: str, chat: Chat, me: str) -> str | None:
    if chat.type == ChatType.PRIVATE:
        return bare_command(text) or None
    if chat.type in (ChatType.GROUP, ChatType.SUPERGROUP):
        return addressed(text, me)
    return None


def _press(query: CallbackQuery, key: str, now: datetime) -> Incoming | None:
    if query.message is None or not query.data or query.from_user.is_bot:
        return None
    if len(query.data.encode("utf-8", "replace")) > PRESS_BYTES:
        raise ValueError
    chat = query.message.chat
    return Incoming(
        sender=_sender(query.from_user),
        delivery_key=key,
        at=now,
        kind=IncomingKind.PRESS,
        press=clean(query.data),
        message_ref=_ref(query.message),
        private=chat.type == ChatType.PRIVATE,
    )


def _sender(person: User) -> Sender:
    """A private chat's id is the person's own: whatever an update says, nothing is answered elsewhere."""
    who = str(_number(person.id, 1))
    return Sender("telegram", who, name=clean(person.first_name), address=who)
