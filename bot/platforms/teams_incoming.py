"""What comes in: an activity from Teams → `Incoming`. Pure: no network, no clock.

Read from the JSON itself and not through the SDK's models: they refuse a whole message for a field that we
never look at. What is read here has the same names as in
learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/conversation-messages.

The delivery key is not the activity's id: Teams repeats what is not answered within 15 seconds, first with
the same id and then with a new one. A text is named by its chat, its writer, the moment on the writer's own
clock and its words, none of which a repetition changes; a press by the chat, the presser, the button, the
mark of the card it sits on, which is new each time a card is drawn (`teams_cards`), and the day: a button
that was pressed on Monday works again on Tuesday.
"""

from __future__ import annotations

import hashlib
import html
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

from bot.platforms.fields import (
    ID,
    Body,
    MalformedError,
    identifier,
    object_in,
    optional_id,
    optional_in,
    text_in,
)
from bot.platforms.teams_guard import tenant_of
from bot.platforms.teams_service import address
from handlers.message import Incoming, IncomingKind, Sender

EXECUTE = "adaptiveCard/action"
INSTALLED = "hjälp"
"""What a person who has just added the app is taken to have said: the bot introduces itself."""

_PRESS = re.compile(r"[\x20-\x7e]{1,64}")
_MARK = re.compile(r"[0-9a-f]{1,32}")
_AT = re.compile(r"<at\b[^<>]{0,80}>(.{0,200}?)</at>", re.IGNORECASE | re.DOTALL)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def read(body: Body, now: datetime) -> Incoming | None:
    """What the person did, or None when it is not for us, or a bot's doing. Raises MalformedError."""
    if _is_bots(body):
        return None
    match body.get("type"):
        case "message":
            return _message(body, now)
        case "messageUpdate" if _event(body) == "editMessage":
            return _written(body, now, IncomingKind.EDIT)
        case "messageDelete" if _event(body) in ("softDeleteMessage", ""):
            return _deleted(body, now)
        case "invoke" if body.get("name") == EXECUTE:
            return _press(body, _action_data(body), now)
        case "installationUpdate" if body.get("action") in ("add", "add-upgrade"):
            return _installed(body, now)
        case "installationUpdate" if body.get("action") == "remove":
            return _removed(body, now)
        case str():
            return None
        case _:
            raise MalformedError("no type")


# --- what people write


def _message(body: Body, now: datetime) -> Incoming | None:
    value = body.get("value")
    if isinstance(value, dict) and "press" in value:
        return _press(body, value, now)
    return _written(body, now, IncomingKind.TEXT)


def _written(body: Body, now: datetime, kind: IncomingKind) -> Incoming | None:
    """None for a message of a picture alone, and in a channel for one that does not name the bot."""
    raw = text_in(body, "text")
    if not _is_personal(body) and not any(_mentions_us(body)):
        return None
    text = readable(raw, list(_mentions_us(body)))
    if not text and _is_personal(body):
        return None
    message, stamp = identifier(body, "id"), text_in(body, "timestamp")
    if kind is IncomingKind.EDIT:  # stamped like its original on the writer's clock
        return _said(body, now, kind, text, (message, stamp, raw))
    return _said(body, now, kind, text, (text_in(body, "localTimestamp") or stamp or message, raw))


def _deleted(body: Body, now: datetime) -> Incoming | None:
    """In a channel nobody can tell whether the message named the bot: it is let be."""
    if not _is_personal(body):
        return None
    return _said(body, now, IncomingKind.DELETE, "", (identifier(body, "id"),))


def _installed(body: Body, now: datetime) -> Incoming | None:
    """The first word of a chat: from now on the person can be reached there. A team's is nobody's."""
    if not _is_personal(body):
        return None
    return _said(body, now, IncomingKind.TEXT, INSTALLED, ("installed", text_in(body, "timestamp")))


def _removed(body: Body, now: datetime) -> Incoming | None:
    """The person has taken the app away: unreached until they write again. A team's removal is nobody's."""
    if not _is_personal(body):
        return None
    stamp = text_in(body, "timestamp")
    return Incoming(
        sender=replace(sender(body), address=""),
        delivery_key=_key(body, IncomingKind.LOST.value, stamp),
        at=_moment(stamp, now),
        kind=IncomingKind.LOST,
        inline=True,
    )


def _said(body: Body, now: datetime, kind: IncomingKind, text: str, name: tuple[str, ...]) -> Incoming:
    """`name` is what tells this delivery from every other in the chat."""
    return Incoming(
        sender=sender(body),
        delivery_key=_key(body, kind.value, *name),
        at=_moment(text_in(body, "timestamp"), now),
        kind=kind,
        text=text,
        message_ref=_ref(body, identifier(body, "id")),
        private=_is_personal(body),
    )


def readable(text: str, ours: list[str]) -> str:
    """A message as its writer saw it, without the mentions that are `ours`: other people's names stay."""
    for mention in ours:
        text = text.replace(mention, " ")
    text = html.unescape(_AT.sub(r"\1", text)).replace("\xa0", " ")
    return clean(text).strip()


def clean(text: str) -> str:
    """NFC, line ends as `\\n`, without what cannot be stored: control characters and half characters."""
    whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").replace("\r\n", "\n")
    return unicodedata.normalize("NFC", _CONTROL.sub(" ", whole))


def _mentions_us(body: Body) -> Iterator[str]:
    """The `<at>…</at>` of each mention of the bot, as it stands in the text."""
    bot, entities = object_in(body, "recipient").get("id"), body.get("entities")
    for entity in entities if isinstance(entities, list) else []:
        match entity:
            case {"type": "mention", "mentioned": {"id": str(who)}, "text": str(text)} if who == bot and text:
                yield text


# --- what people press


def _action_data(body: Body) -> Body:
    match body.get("value"):
        case {"action": {"data": dict(data)}}:
            return data
        case {"action": dict()}:
            return {}
        case _:
            raise MalformedError("no action")


def _press(body: Body, data: Body, now: datetime) -> Incoming | None:
    """None for a button of somebody else's card."""
    press, mark = data.get("press"), data.get("mark", "")
    if not isinstance(press, str) or not _PRESS.fullmatch(press):
        return None
    name = mark if isinstance(mark, str) and _MARK.fullmatch(mark) else identifier(body, "id")
    card, at = optional_id(body, "replyToId"), _moment(text_in(body, "timestamp"), now)
    return Incoming(
        sender=sender(body),
        delivery_key=_key(body, "press", name, press, at.date().isoformat()),
        at=at,
        kind=IncomingKind.PRESS,
        press=press,
        message_ref=_ref(body, card) if card else "",
        private=_is_personal(body),
    )


# --- fields of an activity


def sender(body: Body) -> Sender:
    """Who it is, and where; raises MalformedError. The address holds the chat only in a chat of two."""
    person, service = object_in(body, "from"), text_in(body, "serviceUrl")
    who = person.get("aadObjectId") or person.get("id")
    if not isinstance(who, str) or not ID.fullmatch(who):
        raise MalformedError("no sender")
    chat = identifier(object_in(body, "conversation"), "id") if _is_personal(body) else ""
    tenant = tenant_of(body) if ID.fullmatch(tenant_of(body)) else ""
    return Sender(
        "teams", who.lower(), tenant[:64], clean(text_in(person, "name"))[:200], address(chat, service)
    )


def _key(body: Body, kind: str, *parts: str) -> str:
    """A name for this delivery that a repetition has too, whatever its id. Only the hash is kept."""
    where = identifier(object_in(body, "conversation"), "id")
    whole = "\x00".join([where, sender(body).external_id, *parts])
    return f"{kind}:{hashlib.sha256(whole.encode('utf-8', 'replace')).hexdigest()[:40]}"


def _ref(body: Body, message: str) -> str:
    """A message's name: its id is a moment in milliseconds, so the chat is part of it."""
    reference = f"{identifier(object_in(body, 'conversation'), 'id')}:{message}"
    if len(reference) > 255:
        raise MalformedError("ids too long")
    return reference


def _is_personal(body: Body) -> bool:
    chat = object_in(body, "conversation")
    kind = chat.get("conversationType")
    return kind == "personal" or (kind is None and not chat.get("isGroup"))


def _is_bots(body: Body) -> bool:
    """Two bots that answer each other would never end; people's ids begin with 29: or are the directory's."""
    writer = optional_in(body, "from")
    return writer.get("role") == "bot" or text_in(writer, "id").startswith("28:")


def _event(body: Body) -> str:
    return text_in(optional_in(body, "channelData"), "eventType")


def _moment(stamp: str, now: datetime) -> datetime:
    """Teams' time of an activity as an aware UTC moment; `now` where it gives none that can be read."""
    try:
        moment = datetime.fromisoformat(stamp)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return now
