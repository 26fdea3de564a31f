"""Matrix events → `Incoming`: pure functions, no network.

What only a look at another event can tell (which choice a number means, whether what was taken away was a
message) comes out as a question: `Choice` and `Removal` name the event to look at.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from bot.platforms import matrix_render as render
from handlers.message import Incoming, IncomingKind, Sender

Event = Mapping[str, Any]

LONGEST_ID = 250
"""What a row can keep of an id, with what is put before it; Matrix itself allows 255."""
STALE_MS = 24 * 60 * 60 * 1000
"""A bare number means nothing below a message older than a day."""

_ID = re.compile(r"[^\s\x00-\x1f]+")
_USER = re.compile(r"@[^:\s]+:[^\s]+")
_COMMAND = re.compile(r"!(?=\w)")
_QUOTE = re.compile(r"(?:>[^\n]*\n)+\n?")
_MEDIA = frozenset({"m.image", "m.file", "m.audio", "m.video"})


class MalformedError(ValueError):
    """An event that is not what the specification says."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an event stands, and who reads it: `me` is the bot's user id, `name` its display name.

    `private`: nobody but the bot and the sender is in the room, or asked into it.
    """

    room: str
    me: str
    name: str
    now: datetime
    private: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """A number under a message of ours, `target`; "" means the newest. `said`: the same, read as a text."""

    number: int
    target: str
    said: Incoming
    reaction: bool

    def pressed(self, press: str, ref: str) -> Incoming:
        """The press that was meant, on the message named `ref`."""
        return replace(self.said, kind=IncomingKind.PRESS, text="", press=press, message_ref=ref)


@dataclass(frozen=True, slots=True)
class Removal:
    """Something was taken away: `target`. Heard as `said` when that was a message of the remover's own."""

    target: str
    said: Incoming


def read(event: Event, place: Place) -> Incoming | Choice | Removal | None:
    """What the person did, or None when it is not for us. Raises MalformedError."""
    content = event.get("content")
    if not isinstance(content, Mapping):
        raise MalformedError
    match event.get("type"):
        case "m.room.message":
            return _message(event, content, place)
        case "m.reaction" if place.private:
            return _reaction(event, content, place)
        case "m.room.redaction" if place.private:
            return _removal(event, content, place)
        case _:
            return None


def _message(event: Event, content: Event, place: Place) -> Incoming | Choice | None:
    earlier = render.edited(event)
    text = _for_us(_words(render.current({"content": _newest(content)})), content, place)
    if text is None:
        return None
    if earlier:
        return _said(event, place, IncomingKind.EDIT, text, earlier)
    said = _said(event, place, IncomingKind.TEXT, text)
    number = render.number_in(text) if place.private else None
    return Choice(number, _answered(content), said, reaction=False) if number else said


def _newest(content: Event) -> Event:
    """An edit's new words stand in a content of their own."""
    inner = content.get("m.new_content")
    return inner if isinstance(inner, Mapping) else content


def _words(content: Event) -> str:
    """What a person wrote: a text, or the line under a picture; "" for notices (other bots') and the rest."""
    kind, body = content.get("msgtype"), content.get("body")
    if not isinstance(body, str):
        return ""
    if kind in _MEDIA:
        return clean(body) if content.get("filename") not in (None, body) else ""
    return clean(_own_words(body) if _is_answer(content) else body) if kind == "m.text" else ""


def _own_words(body: str) -> str:
    """An answer without what it answers, which stands quoted before it."""
    quoted = _QUOTE.match(body)
    return body[quoted.end() :] if quoted else body


def clean(text: str) -> str:
    """NFC, without NUL (PostgreSQL refuses it) and lone surrogates (UTF-8 refuses them)."""
    whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return unicodedata.normalize("NFC", whole.replace("\x00", "")).strip()


def _for_us(text: str, content: Event, place: Place) -> str | None:
    """The text without our name and with a command as other platforms write it; None: not for us."""
    if not text:
        return None
    if place.private or _COMMAND.match(text):
        return _COMMAND.sub("/", text, count=1) if _COMMAND.match(text) else text
    bare = unnamed(text, place)
    return bare if bare != text or _mentions(content, place.me) else None


def unnamed(text: str, place: Place) -> str:
    """A text without the bot's name in front or within: its user id, or what clients write for a mention."""
    local = place.me[1:].partition(":")[0]
    # Each run of blanks is looked at once: sixty thousand of them would else hold everybody up.
    ids = re.sub(rf"(?:(?<![ \t])[ \t]+)?{re.escape(place.me)}(?![\w.-])[,:]?[ \t]*", " ", text).strip()
    names = "|".join(re.escape(name) for name in (place.name, local) if name)
    return re.sub(rf"^@?(?:{names})\s*[:,]\s*", "", ids, count=1, flags=re.IGNORECASE) if names else ids


def _mentions(content: Event, me: str) -> bool:
    mentioned = content.get("m.mentions")
    users = mentioned.get("user_ids") if isinstance(mentioned, Mapping) else None
    return isinstance(users, list) and me in users


def _reaction(event: Event, content: Event, place: Place) -> Choice | None:
    relation = content.get("m.relates_to")
    if not isinstance(relation, Mapping):
        raise MalformedError
    key, target = relation.get("key"), relation.get("event_id")
    if not isinstance(key, str) or not isinstance(target, str) or not target:
        raise MalformedError
    number = render.number_in(key)
    said = _said(event, place, IncomingKind.TEXT, "")
    return Choice(number, target, said, reaction=True) if number else None


def _removal(event: Event, content: Event, place: Place) -> Removal | None:
    """The id stands in the content from room version 11 on, beside it before."""
    target = content.get("redacts", event.get("redacts"))
    if not isinstance(target, str):
        raise MalformedError
    return Removal(target, _said(event, place, IncomingKind.DELETE, "", target))


def _said(event: Event, place: Place, kind: IncomingKind, text: str, about: str = "") -> Incoming:
    event_id = _id(event, "event_id")
    return Incoming(
        sender=Sender("matrix", user(event), address=place.room if place.private else ""),
        delivery_key=f"evt:{event_id}",
        at=_moment(event, place.now),
        kind=kind,
        text=text,
        message_ref=reference(place.room, about or event_id),
        private=place.private,
    )


def user(event: Event) -> str:
    """Who did it. Raises MalformedError."""
    found = _id(event, "sender")
    if not _USER.fullmatch(found):
        raise MalformedError
    return found


def _id(event: Event, key: str) -> str:
    found = event.get(key)
    if isinstance(found, str) and len(found) <= LONGEST_ID and _ID.fullmatch(found):
        return found
    raise MalformedError


def reference(room: str, event_id: str) -> str:
    """A message's name in our rows. Raises MalformedError for ids that no row can keep."""
    made = f"{room}|{event_id}"
    if len(made) > LONGEST_ID or not _ID.fullmatch(made):
        raise MalformedError
    return made


def _moment(event: Event, now: datetime) -> datetime:
    """When it was said, by its sender's homeserver; never later than now. Raises MalformedError."""
    stamp = event.get("origin_server_ts")
    if not isinstance(stamp, int):
        raise MalformedError
    try:
        return min(datetime.fromtimestamp(stamp / 1000, UTC), now)
    except (OverflowError, OSError, ValueError):
        raise MalformedError from None


def _is_answer(content: Event) -> bool:
    return bool(_answered(content))


def _answered(content: Event) -> str:
    """The message this one is a reply to, or ""."""
    relation = content.get("m.relates_to")
    inner = relation.get("m.in_reply_to") if isinstance(relation, Mapping) else None
    found = inner.get("event_id") if isinstance(inner, Mapping) else None
    return found if isinstance(found, str) else ""


def is_fresh(event: Event, said: Incoming) -> bool:
    """Whether a message of ours is young enough for a bare number to mean it."""
    stamp = event.get("origin_server_ts")
    return isinstance(stamp, int) and said.at.timestamp() * 1000 - stamp < STALE_MS
