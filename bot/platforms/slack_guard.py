"""What a request must be before Bolt sees it: its size, its headers' form, our signature, a JSON object.

Bolt answers 500 with a traceback to a non-numeric timestamp or a non-ASCII signature, writes the whole
body to the log on a bad one, and accepts a stamp five minutes into the future. Here each of those is a
plain refusal that says nothing of the body.
"""

from __future__ import annotations

import hmac
import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request

from bot.platforms.bodies import RefusedError, only, small_body

MAX_BODY = 256 * 1024
MAX_AGE_SECONDS = 300
MAX_AHEAD_SECONDS = 5
"""Slack's clock and ours are never quite the same; more than this into the future is not Slack."""

_TIMESTAMP = re.compile(r"[0-9]{1,12}", re.ASCII)
_SIGNATURE = re.compile(r"v0=[0-9a-f]{64}", re.ASCII)


async def signed_body(request: Request, secret: str, now: datetime) -> bytes:
    """The body of a request that Slack signed with `secret` in the last five minutes. Raises RefusedError."""
    timestamp = only(request.headers, "x-slack-request-timestamp") or ""
    signature = only(request.headers, "x-slack-signature") or ""
    if not _TIMESTAMP.fullmatch(timestamp) or not _SIGNATURE.fullmatch(signature):
        raise RefusedError(401, "malformed signature headers")
    if not -MAX_AHEAD_SECONDS <= now.timestamp() - int(timestamp) <= MAX_AGE_SECONDS:
        raise RefusedError(401, "stale timestamp")
    body = await small_body(request, MAX_BODY)
    if not hmac.compare_digest(sign(secret, timestamp, body), signature):
        raise RefusedError(401, "wrong signature")
    return body


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """Slack's v0 signature over the raw bytes; the SDK's own raises on a body that is not UTF-8."""
    signed = b"v0:" + timestamp.encode() + b":" + body
    return "v0=" + hmac.digest(secret.encode(), signed, "sha256").hex()


def parse(body: bytes, content_type: str) -> Mapping[str, Any]:
    """The object in an event (JSON), an interaction (JSON in `payload`) or a command (a form).

    Bolt's own parser takes any form that has the word "payload" in it for an interaction, and loses a
    command whose text happens to say so. Raises RefusedError(400).
    """
    try:
        text = body.decode()
        parsed = json.loads(text) if "json" in content_type or text.startswith("{") else _form(text)
    except (ValueError, RecursionError):
        raise RefusedError(400, "malformed body") from None
    if not isinstance(parsed, dict):
        raise RefusedError(400, "body is not an object")
    return parsed


def _form(text: str) -> Any:
    form = dict(parse_qsl(text, keep_blank_values=True, max_num_fields=100))
    return json.loads(form["payload"]) if "payload" in form else form
