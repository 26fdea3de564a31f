"""What a request to the webhook must be: Telegram's secret in it, its size, an update."""

from __future__ import annotations

import hmac
import json

from starlette.datastructures import Headers
from starlette.requests import Request
from telegram import Update

from bot.platforms import telegram_wire as wire
from bot.platforms.bodies import RefusedError, only, small_body

MAX_BODY = 1024 * 1024
"""An update is a few kilobytes; anything beyond this is not from Telegram."""


async def posted(request: Request, secret: str) -> Update:
    """The update that Telegram posted with our secret. Raises RefusedError, and ClientDisconnect."""
    _check(request.headers, secret)
    try:
        data = json.loads(await small_body(request, MAX_BODY))
    except (ValueError, RecursionError):
        data = None
    update = wire.parsed(data) if isinstance(data, dict) else None
    if update is None:
        raise RefusedError(400, "no update")
    return update


def _check(headers: Headers, secret: str) -> None:
    """401 without Telegram's secret, 403 with a wrong one. Compared in constant time."""
    given = only(headers, "X-Telegram-Bot-Api-Secret-Token")
    if given is None:
        raise RefusedError(401, "no secret")
    if not hmac.compare_digest(given.encode("utf-8", "replace"), secret.encode()):
        raise RefusedError(403, "another secret")
