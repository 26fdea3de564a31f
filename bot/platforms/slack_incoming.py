"""What comes in: a request body from Slack → `Incoming`. Pure: no network, no clock."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from bot.platforms.slack_text import clean, readable
from handlers.message import Incoming, IncomingKind, Sender

Body = Mapping[str, Any]

_ID = re.compile(r"[\x21-\x7e]{1,200}")
_STAMP = re.compile(r"[0-9]{1,10}\.[0-9]{1,9}", re.ASCII)
_PRESS = re.compile(r"[\x20-\x7e]{1,64}")
_WRITTEN = frozenset({None, "", "file_share", "thread_broadcast", "me_message"})
"""Subtypes of `message` that hold what a person wrote; a line under an attached picture is a line too."""


class MalformedError(ValueError):
    """A body that claims to be something we handle but lacks what every such body has."""


@dataclass(frozen=True, slots=True)
class Context:
    """What reading needs to know: the time, where answers may be posted, who the bot is ("" unknown)."""

    now: datetime
    api_url: str
    bot_user: str = ""


def read(body: Body, context: Context) -> Incoming | None:
    """The update in a request body, or None for one that nobody handles. Raises MalformedError."""
    if "command" in body:
        return _command(body, context)
    match body.get("type"):
        case "event_callback":
            return _event(body, context)
        case "block_actions":
            return _press(body, context)
        case str():
            return None
        case _:
            raise MalformedError("no type")


# --- slash commands


def _command(body: Body, context: Context) -> Incoming:
    channel = _id(body, "channel_id")
    words = f"{_text(body, 'command')} {readable(_text(body, 'text'))}"
    # The address is left out: a command may be typed in a chat that the bot is no member of.
    sender = Sender("slack", _id(body, "user_id"), _workspace(body), clean(_text(body, "user_name")))
    return Incoming(
        sender=sender,
        delivery_key=f"cmd:{_id(body, 'trigger_id')}",
        at=context.now,
        text=clean(words).strip(),
        private=_is_direct(channel),
        inline=True,
    )


# --- events


def _event(body: Body, context: Context) -> Incoming | None:
    event = _object(body, "event")
    bot = _bot_user(body) or context.bot_user
    match event.get("type"):
        case "message" if event.get("channel_type") == "im":
            return _direct_message(body, event, bot)
        case "app_mention" if not _is_direct(_id(event, "channel")):
            # Slack sends an edited mention as one more app_mention, marked "edited".
            kind = IncomingKind.EDIT if event.get("edited") else IncomingKind.TEXT
            return _written(body, event, event, bot, kind)
        case str():
            return None
        case _:
            raise MalformedError("no type")


def _direct_message(body: Body, event: Body, bot: str) -> Incoming | None:
    match event.get("subtype"):
        case "message_changed":
            return _changed(body, event, bot)
        case "message_deleted":
            return _deleted(body, event, bot)
        case None | str() as subtype if subtype in _WRITTEN:
            return _written(body, event, event, bot, IncomingKind.TEXT)
        case _:
            return None


def _changed(body: Body, event: Body, bot: str) -> Incoming | None:
    message = _object(event, "message")
    if message.get("subtype") == "tombstone":  # how a deleted message that has a thread looks
        return _deleted(body, event, bot)
    before = event.get("previous_message")
    if isinstance(before, dict) and before.get("text") == message.get("text"):
        return None  # an unfurled link, a pin, a reaction: nobody wrote anything
    return _written(body, event, message, bot, IncomingKind.EDIT)


def _deleted(body: Body, event: Body, bot: str) -> Incoming | None:
    message = _object(event, "previous_message")
    if not _by_person(message, bot):
        return None
    return _said(body, event, message, IncomingKind.DELETE, "")


def _written(body: Body, event: Body, message: Body, bot: str, kind: IncomingKind) -> Incoming | None:
    if not _by_person(message, bot):
        return None
    text = clean(readable(_without_mention(_text(message, "text"), bot)))
    return _said(body, event, message, kind, text)


def _said(body: Body, event: Body, message: Body, kind: IncomingKind, text: str) -> Incoming:
    channel, stamp = _id(event, "channel"), _stamp(message, "ts")
    workspace = _workspace(event, "user_team") or _workspace(body)
    return Incoming(
        sender=Sender("slack", _id(message, "user"), workspace, address=channel),
        delivery_key=f"evt:{_id(body, 'event_id')}",
        at=_moment(_stamp(event, "event_ts") if event.get("event_ts") else stamp),
        kind=kind,
        text=text,
        message_ref=f"{channel}:{stamp}",
        private=_is_direct(channel),
    )


def _by_person(message: Body, bot: str) -> bool:
    """False for bots (this one above all: an answer to its own words would go round for ever)."""
    return not message.get("bot_id") and message.get("user") not in (None, bot, "USLACKBOT")


def _bot_user(body: Body) -> str:
    """The bot's own user id as the event itself tells it; known even when auth.test failed."""
    match body.get("authorizations"):
        case [{"is_bot": True, "user_id": str(user)}, *_]:
            return user
        case _:
            return ""


def _without_mention(text: str, bot: str) -> str:
    """The bot's name taken out wherever it stands, or the first mention of all when its id is unknown."""
    if bot:
        return re.sub(rf"<@{re.escape(bot)}(\|[^<>]*)?>[ ,:]*", "", text).strip()
    return re.sub(r"^\s*<@[^<>]*>[ ,:]*", "", text, count=1).strip()


# --- pressed buttons


def _press(body: Body, context: Context) -> Incoming | None:
    match body.get("actions"):
        case [{"value": str(press)}, *_] if _PRESS.fullmatch(press):
            action: Body = body["actions"][0]
        case _:
            return None
    user, container = _object(body, "user"), _optional(body, "container")
    channel = _id(_object(body, "channel"), "id")
    ephemeral = container.get("is_ephemeral") is True
    # An ephemeral answer can stand in a chat between two people, where the bot itself cannot post.
    address = "" if ephemeral and _is_direct(channel) else channel
    workspace = _workspace(_optional(body, "team"), "id") or _workspace(user)
    return Incoming(
        sender=Sender("slack", _id(user, "id"), workspace, clean(_text(user, "name")), address),
        delivery_key=f"act:{_id(body, 'trigger_id')}",
        at=_moment(_stamp(action, "action_ts")) if "action_ts" in action else context.now,
        kind=IncomingKind.PRESS,
        press=press,
        message_ref=_hook_ref(body, context) if ephemeral else _ref(container, channel),
        private=_is_direct(channel),
    )


def _ref(container: Body, channel: str) -> str:
    return f"{channel}:{_stamp(container, 'message_ts')}"


def _hook_ref(body: Body, context: Context) -> str:
    """An ephemeral message can be replaced only through its response_url."""
    url = body.get("response_url")
    return f"url:{url}" if may_post(url, context.api_url) else ""


def may_post(url: object, api_url: str) -> bool:
    """True for Slack's own hook host, or the very host the API is set to (a test's); no other is called."""
    if not isinstance(url, str) or not re.fullmatch(r"[A-Za-z0-9:/._~%?&=+-]{1,1000}", url):
        return False
    try:
        parts, api = urlsplit(url), urlsplit(api_url)
    except ValueError:
        return False
    return (parts.scheme, parts.netloc) in {("https", "hooks.slack.com"), (api.scheme, api.netloc)}


# --- fields of a body


def _id(body: Body, key: str) -> str:
    value = body.get(key)
    if isinstance(value, str) and _ID.fullmatch(value):
        return value
    raise MalformedError(f"no {key}")


def _workspace(body: Body, key: str = "team_id") -> str:
    value = body.get(key)
    return value if isinstance(value, str) and _ID.fullmatch(value) else ""


def _text(body: Body, key: str) -> str:
    value = body.get(key)
    return value if isinstance(value, str) else ""


def _object(body: Body, key: str) -> Body:
    value = body.get(key)
    if isinstance(value, dict):
        return value
    raise MalformedError(f"no {key}")


def _optional(body: Body, key: str) -> Body:
    value = body.get(key)
    return value if isinstance(value, dict) else {}


def _is_direct(channel: str) -> bool:
    return channel.startswith("D")


def _stamp(body: Body, key: str) -> str:
    """Slack's "seconds.micros"; with the channel it names a message."""
    value = body.get(key)
    if isinstance(value, str) and _STAMP.fullmatch(value):
        return value
    raise MalformedError(f"no {key}")


def _moment(stamp: str) -> datetime:
    """That as an aware UTC moment."""
    return datetime.fromtimestamp(float(stamp), UTC)
