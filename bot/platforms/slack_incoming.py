"""What comes in: a request body from Slack → `Incoming`. Pure: no network, no clock."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit

from bot.platforms.fields import (
    Body,
    MalformedError,
    identifier,
    object_in,
    optional_id,
    optional_in,
    text_in,
)
from bot.platforms.slack_fields import is_direct, moment, stamp_in, workspace_in
from bot.platforms.slack_forms import submission
from bot.platforms.slack_text import by_account, clean, people_in, readable
from handlers.message import Incoming, IncomingKind, Sender

_PRESS = re.compile(r"[\x20-\x7e]{1,64}")
_WRITTEN = frozenset({None, "", "file_share", "thread_broadcast", "me_message"})
"""Subtypes of `message` that hold what a person wrote; a line under an attached picture is a line too."""


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
        case "view_submission":
            return submission(body, context.now)
        case str():
            return None
        case _:
            raise MalformedError("no type")


# --- slash commands


def _command(body: Body, context: Context) -> Incoming:
    channel = identifier(body, "channel_id")
    text = text_in(body, "text")
    words = f"{text_in(body, 'command')} {readable(by_account(text))}"
    # The address is left out: a command may be typed in a chat that the bot is no member of.
    sender = Sender(
        "slack", identifier(body, "user_id"), workspace_in(body), clean(text_in(body, "user_name"))
    )
    return Incoming(
        sender=sender,
        delivery_key=f"cmd:{identifier(body, 'trigger_id')}",
        at=context.now,
        text=clean(words).strip(),
        private=is_direct(channel),
        inline=True,
        forms=True,
        mentions=people_in(text),
    )


# --- events


def _event(body: Body, context: Context) -> Incoming | None:
    event = object_in(body, "event")
    bot = _bot_user(body) or context.bot_user
    match event.get("type"):
        case "message" if event.get("channel_type") == "im":
            return _direct_message(body, event, bot)
        case "app_home_opened" if event.get("tab") == "home":
            return _home(body, event)
        case "app_uninstalled":
            return _removed(body, context)
        case "tokens_revoked" if optional_in(event, "tokens").get("bot"):
            return _removed(body, context)
        case "app_mention" if not is_direct(identifier(event, "channel")):
            # Slack sends an edited mention as one more app_mention, marked "edited".
            kind = IncomingKind.EDIT if event.get("edited") else IncomingKind.TEXT
            return _written(body, event, event, bot, kind)
        case str():
            return None
        case _:
            raise MalformedError("no type")


def _removed(body: Body, context: Context) -> Incoming:
    """The app is out of the workspace: nobody there can be written to."""
    return Incoming(
        sender=Sender("slack", "", identifier(body, "team_id")),
        delivery_key=f"evt:{identifier(body, 'event_id')}",
        at=context.now,
        kind=IncomingKind.REMOVED,
        inline=True,
    )


def _home(body: Body, event: Body) -> Incoming:
    sender = Sender(
        "slack", identifier(event, "user"), workspace_in(body), address=optional_id(event, "channel")
    )
    return Incoming(
        sender=sender,
        delivery_key=f"evt:{identifier(body, 'event_id')}",
        at=moment(stamp_in(event, "event_ts")),
        kind=IncomingKind.HOME,
        inline=True,
    )


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
    message = object_in(event, "message")
    if message.get("subtype") == "tombstone":  # how a deleted message that has a thread looks
        return _deleted(body, event, bot)
    before = event.get("previous_message")
    if isinstance(before, dict) and before.get("text") == message.get("text"):
        return None  # an unfurled link, a pin, a reaction: nobody wrote anything
    return _written(body, event, message, bot, IncomingKind.EDIT)


def _deleted(body: Body, event: Body, bot: str) -> Incoming | None:
    message = object_in(event, "previous_message")
    if not _by_person(message, bot):
        return None
    return _said(body, event, message, IncomingKind.DELETE, "")


def _written(body: Body, event: Body, message: Body, bot: str, kind: IncomingKind) -> Incoming | None:
    if not _by_person(message, bot):
        return None
    text = _without_mention(text_in(message, "text"), bot)
    said = _said(body, event, message, kind, clean(readable(by_account(text))))
    return replace(said, mentions=people_in(text))


def _said(body: Body, event: Body, message: Body, kind: IncomingKind, text: str) -> Incoming:
    channel, stamp = identifier(event, "channel"), stamp_in(message, "ts")
    workspace = workspace_in(event, "user_team") or workspace_in(body)
    return Incoming(
        sender=Sender("slack", identifier(message, "user"), workspace, address=_where(channel, message)),
        delivery_key=f"evt:{identifier(body, 'event_id')}",
        at=moment(stamp_in(event, "event_ts") if event.get("event_ts") else stamp),
        kind=kind,
        text=text,
        message_ref=f"{channel}:{stamp}",
        private=is_direct(channel),
    )


def _where(channel: str, message: Body) -> str:
    """Where the answer goes: `channel/thread` for a reply in a channel's thread, where its writer looks."""
    if is_direct(channel) or message.get("thread_ts") in (None, message.get("ts")):
        return channel
    return f"{channel}/{stamp_in(message, 'thread_ts')}"


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
    user, container = object_in(body, "user"), optional_in(body, "container")
    # In the App Home there is no chat; what is answered then goes to the private one.
    channel = "" if container.get("type") == "view" else identifier(object_in(body, "channel"), "id")
    ephemeral = container.get("is_ephemeral") is True
    # An ephemeral answer can stand in a chat between two people, where the bot itself cannot post.
    address = "" if ephemeral and is_direct(channel) else channel
    workspace = workspace_in(optional_in(body, "team"), "id") or workspace_in(user)
    return Incoming(
        sender=Sender("slack", identifier(user, "id"), workspace, clean(text_in(user, "name")), address),
        delivery_key=f"act:{identifier(body, 'trigger_id')}",
        at=moment(stamp_in(action, "action_ts")) if "action_ts" in action else context.now,
        kind=IncomingKind.PRESS,
        press=press,
        message_ref=_hook_ref(body, context) if ephemeral else _ref(container, channel),
        private=not channel or is_direct(channel),
        forms=True,
    )


def _ref(container: Body, channel: str) -> str:
    return f"{channel}:{stamp_in(container, 'message_ts')}" if channel else ""


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
