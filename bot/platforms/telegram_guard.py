"""What a request to the webhook must be: Telegram's secret in it, its size, an update."""

from __future__ import annotations

import hmac
import json

from starlette.datastructures import Headers
from starlette.requests import Request
from telegram import Update

from bot.platforms import telegram_wire as wire
from bot.platforms.bodies import RefusedError, only, small_body
from bot.platforms.telegram_incoming import GREATEST

MAX_BODY = 1024 * 1024
"""An update is a few kilobytes; anything beyond this is not from Telegram."""


async def posted(request: Request, secret: str) -> Update:
    """The update that Telegram posted with our secret; of one that cannot be parsed only its id.

    Raises RefusedError for what is no update, such as one cut short, and ClientDisconnect.
    """
    _check(request.headers, secret)
    try:
        data = json.loads(await small_body(request, MAX_BODY))
    except (ValueError, RecursionError):
        data = None
    if not isinstance(data, dict) or not _is_id(data.get("update_id")):
        raise RefusedError(400, "no update")
    return wire.parsed(data) or Update.de_json(wire.bare(data))


def _is_id(value: object) -> bool:
    return type(value) is int and 0 <= value <= GREATEST


def _check(headers: Headers, secret: str) -> None:
    """401 without Telegram's secret, 403 with a wrong one. Compared in constant time."""
    given = only(headers, "X-Telegram-Bot-Api-Secret-Token")
    if given is None:
        raise RefusedError(401, "no secret")
    if not hmac.compare_digest(given.encode("utf-8", "replace"), secret.encode()):
        raise RefusedError(403, "another secret")
