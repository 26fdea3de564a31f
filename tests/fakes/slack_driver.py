"""Slack's side of the wire: signed commands, events and interactions to a running host, and forged ones."""

from __future__ import annotations

import hashlib
import hmac
import itertools
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import httpx

from tests.support.plain import plain

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
_numbers = itertools.count(1)


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """Slack's v0 signature."""
    return "v0=" + hmac.new(secret.encode(), f"v0:{timestamp}:".encode() + body, hashlib.sha256).hexdigest()


@dataclass(frozen=True, slots=True)
class SlackDriver:
    """Sends to `base_url` what Slack would send, over a real socket."""

    base_url: str
    secret: str
    clock: Callable[[], datetime]
    client: httpx.Client = field(default_factory=plain)

    def close(self) -> None:
        """Close the sockets."""
        self.client.close()

    def post(
        self, body: bytes, content_type: str = JSON, headers: Mapping[str, str] | None = None
    ) -> httpx.Response:
        """A rightly signed request, with `headers` added or put in the place of the right ones."""
        stamp = str(int(self.clock().timestamp()))
        return self.raw(
            body, self.headers(body, stamp) | {"content-type": content_type} | dict(headers or {})
        )

    def raw(self, body: bytes, headers: Mapping[str, str] | Mapping[bytes, bytes]) -> httpx.Response:
        """A request with just these headers."""
        return self.client.post(f"{self.base_url}/slack/events", content=body, headers=headers)

    def headers(self, body: bytes, stamp: str) -> dict[str, str]:
        """The two headers of a request signed at `stamp`."""
        return {"x-slack-request-timestamp": stamp, "x-slack-signature": sign(self.secret, stamp, body)}

    # --- the three kinds

    def command(self, command: str, text: str = "", **more: str) -> httpx.Response:
        """A slash command."""
        return self.post(urlencode(command_body(command, text, **more)).encode(), FORM)

    def event(
        self, event: Mapping[str, Any], headers: Mapping[str, str] | None = None, **more: Any
    ) -> httpx.Response:
        """An event in its envelope."""
        return self.post(json.dumps(event_body(event, **more)).encode(), headers=headers)

    def interaction(self, payload: Mapping[str, Any]) -> httpx.Response:
        """A pressed button."""
        return self.post(urlencode({"payload": json.dumps(payload)}).encode(), FORM)


def command_body(command: str, text: str = "", **more: str) -> dict[str, str]:
    """The form of a slash command in a channel."""
    return {
        "command": command,
        "text": text,
        "user_id": "U1",
        "user_name": "anna",
        "team_id": "T1",
        "channel_id": "C1",
        "channel_name": "st",
        "trigger_id": f"{next(_numbers)}.2.abc",
        "response_url": "https://hooks.slack.com/commands/1",
        "api_app_id": "A1",
    } | more


def event_body(event: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """An Events API envelope."""
    return {
        "type": "event_callback",
        "event_id": f"Ev{next(_numbers)}",
        "event_time": 1795339800,
        "team_id": "T1",
        "api_app_id": "A1",
        "authorizations": [{"user_id": "UBOT", "is_bot": True, "team_id": "T1", "enterprise_id": None}],
        "event": event,
    } | more


def direct(text: str, **more: Any) -> dict[str, Any]:
    """A message in the chat with the bot."""
    event = {"type": "message", "channel_type": "im", "channel": "D1", "user": "U1", "text": text}
    return event | {"ts": "1795339800.000100", "event_ts": "1795339800.000100"} | more


def moment() -> dict[str, str]:
    """A message's stamps by the real clock: for a bot that is a process with that clock."""
    stamp = f"{time.time():.6f}"
    return {"ts": stamp, "event_ts": stamp}


def mention(text: str, **more: Any) -> dict[str, Any]:
    """The bot's name in a channel."""
    event = {"type": "app_mention", "channel": "C1", "user": "U1", "text": text}
    return event | {"ts": "1795339801.000100", "event_ts": "1795339801.000100"} | more


def edited(before: str, after: str, **more: Any) -> dict[str, Any]:
    """A changed message in the chat with the bot."""
    message = {"type": "message", "user": "U1", "ts": "1795339800.000100"}
    new = message | {"text": after, "edited": {"user": "U1", "ts": "1795339900.000000"}}
    changed = {"subtype": "message_changed", "message": new, "previous_message": message | {"text": before}}
    return direct("", ts="1795339900.000200", event_ts="1795339900.000200") | changed | more


def deleted(before: str, **more: Any) -> dict[str, Any]:
    """A deleted message in the chat with the bot."""
    previous = {"type": "message", "user": "U1", "ts": "1795339800.000100", "text": before}
    gone = {"subtype": "message_deleted", "deleted_ts": "1795339800.000100", "previous_message": previous}
    return direct("", ts="1795339900.000300", event_ts="1795339900.000300") | gone | more


def press(
    value: str, *, response_url: str = "", channel: str = "D1", at: str = "1795339950.5", **more: Any
) -> dict[str, Any]:
    """A pressed button: of an ephemeral message when a response_url is given, else of a normal one."""
    stamp = "1795339800.000900"
    return {
        "type": "block_actions",
        "user": {"id": "U1", "name": "anna", "team_id": "T1"},
        "team": {"id": "T1", "domain": "kliniken"},
        "channel": {"id": channel, "name": "directmessage"},
        "container": {
            "type": "message",
            "message_ts": stamp,
            "channel_id": channel,
            "is_ephemeral": bool(response_url),
        },
        "trigger_id": f"{next(_numbers)}.3.def",
        "response_url": response_url or "https://hooks.slack.com/actions/1",
        "actions": [{"type": "button", "action_id": "handledd:0", "value": value, "action_ts": at}],
    } | more


def home_press(value: str, **more: Any) -> dict[str, Any]:
    """A pressed button in the App Home: there is no channel."""
    body = press(value, **more)
    body |= {"container": {"type": "view", "view_id": "VHOME"}, "view": {"id": "VHOME", "type": "home"}}
    del body["channel"]
    return body


def home_opened(**more: Any) -> dict[str, Any]:
    """The App Home's tab was opened."""
    event = {"type": "app_home_opened", "user": "U1", "channel": "D1", "tab": "home"}
    return event | {"event_ts": "1795339960.000100"} | more


def submitted(view: Mapping[str, Any], values: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """A modal as it was opened, sent with `values`: by input the state of its element."""
    kept = {key: view[key] for key in ("type", "callback_id", "private_metadata")}
    state = {name: {"value": {"type": "any"} | value} for name, value in values.items()}
    return {
        "type": "view_submission",
        "user": {"id": "U1", "name": "anna", "team_id": "T1"},
        "team": {"id": "T1", "domain": "kliniken"},
        "trigger_id": f"{next(_numbers)}.4.ghi",
        "view": kept | {"id": "V1", "hash": "1.a", "state": {"values": state}},
        "response_urls": [],
    } | more
