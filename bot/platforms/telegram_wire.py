"""The wire to Telegram: PTB's HTTP request with our own eye on status codes, and what each fault means."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from typing import Any

import httpx
from telegram import Update
from telegram.constants import UpdateType
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    TelegramError,
)
from telegram.request import HTTPXRequest

from bot.platforms.contract import SendError
from bot.platforms.unsent import NOT_SENT, is_between

REASON_CHARACTERS = 160

_log = logging.getLogger(__name__)


class FloodedError(NetworkError):
    """HTTP 429: not accepted. `seconds` is the wait asked for, or None where the answer names none."""

    def __init__(self, seconds: float | None) -> None:
        super().__init__("Too Many Requests")
        self.seconds = seconds


class ServerFaultError(NetworkError):
    """HTTP 5xx: Telegram, or something before it, may have accepted all the same."""

    def __init__(self, status: int) -> None:
        super().__init__(f"HTTP {status}")
        self.status = status


class NotTelegramError(NetworkError):
    """A refusal in another form than Telegram's: PTB would take a proxy's 403 for a person's.

    `between`: something on the way to Telegram answered.
    """

    def __init__(self, status: int) -> None:
        super().__init__(f"HTTP {status}")
        self.between = is_between(status)


class Request(HTTPXRequest):
    """PTB's request. 429 is read here, because PTB's `RetryAfter` warns when made and drops a wait of 0."""

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        """Status and body; raises this module's errors besides PTB's own."""
        status, body = await super().do_request(*args, **kwargs)
        if status == httpx.codes.TOO_MANY_REQUESTS:
            raise FloodedError(_asked_wait(body))
        if status >= httpx.codes.INTERNAL_SERVER_ERROR and not is_between(status):
            raise ServerFaultError(status)
        if status >= httpx.codes.MULTIPLE_CHOICES and _object(body) is None:
            raise NotTelegramError(status)
        return status, body

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """As PTB's, but without logging the body: it holds what people wrote."""
        answer = _object(payload)
        if answer is None:
            msg = "Invalid server response"
            raise TelegramError(msg) from None
        return answer


class PollRequest(Request):
    """For getUpdates: one update PTB cannot parse must neither stop nor log the whole batch."""

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Unparsable updates come through bare (only their id): they are confirmed and mean nothing."""
        answer = Request.parse_json_payload(payload)
        found = answer.get("result")
        if isinstance(found, list):
            answer["result"] = [one if parsed(one) else bare(one) for one in found]
        return answer


def parsed(data: Any) -> Update | None:
    """The Update that PTB makes of `data`; None where it cannot."""
    try:
        return Update.de_json(data)
    except Exception:  # noqa: BLE001 PTB does not check types: anything can come out of a malformed one
        return None


def bare(data: dict[str, Any]) -> dict[str, Any]:
    """An update that PTB cannot parse, by its id alone: refused, it would come again and again."""
    passed_over(data["update_id"], data.get)
    return {"update_id": data["update_id"]}


def passed_over(update_id: object, part: Callable[[str], object]) -> None:
    """Log that an update was not read, by its kind: never what is in it."""
    kind = next((each.value for each in UpdateType if part(each.value) is not None), "an unknown kind")
    _log.warning("Telegram: update %.24r (%s) cannot be read", update_id, kind)


def send_error(error: Exception, *, repeatable: bool = False) -> SendError:
    """What `error` means for the delivery. `repeatable`: an edit, which shows nothing twice when repeated."""
    match error:
        case FloodedError():
            away = error.seconds is None
            return SendError("Telegram asks for a pause", retry_after=error.seconds, away=away)
        case NotTelegramError():
            return SendError(f"Telegram is not reached ({error})", away=error.between)
        case InvalidToken():  # every address would fail alike, so no single one is to blame
            return SendError("Telegram refuses the token", ours=True)
        case Forbidden():
            return SendError(f"Telegram refuses: {_description(error)}", permanent=True)
        case BadRequest():  # an unknown chat is the address's fault, anything else the message's own
            gone = "chat not found" in error.message.casefold()
            return SendError(f"Telegram refuses: {_description(error)}", permanent=gone, refused=not gone)
        case ChatMigrated():
            return SendError("Telegram: the chat has moved once more", permanent=True)
    if isinstance(error.__cause__, NOT_SENT):
        return SendError(f"Telegram is not reached ({type(error.__cause__).__name__})", away=True)
    return SendError(f"no answer from Telegram ({fault(error)})", perhaps=not repeatable)


def fault(error: BaseException) -> str:
    """The error's kind, for logs: never its text, which may hold an address, a token or a message."""
    if isinstance(error, ServerFaultError | NotTelegramError):
        return str(error)
    return type(error.__cause__ or error).__name__


def is_final(error: BaseException) -> bool:
    """Whether Telegram would say the same again."""
    return isinstance(error, BadRequest | Forbidden | InvalidToken)


def mend(error: BaseException) -> str:
    """What an operator does about a Telegram that does not answer."""
    match error:
        case InvalidToken():
            return "copy HANDLEDD_TELEGRAM_TOKEN again from @BotFather"
        case Conflict():
            return "stop the other process that polls with the same token"
        case BadRequest() | Forbidden():
            return "Telegram does not take it: see docs/platforms/telegram.md"
        case FloodedError() | ServerFaultError():
            return "the fault is Telegram's; the bot tries again"
    return "look at network, proxy and HANDLEDD_TELEGRAM_API_URL; the bot tries again"


def _description(error: TelegramError) -> str:
    """Telegram's own word; when the answer could not be parsed PTB puts the raw body in, so then none."""
    return fault(error) if error.__cause__ else error.message[:REASON_CHARACTERS]


def _object(body: bytes) -> dict[str, Any] | None:
    """The object in a body; None where there is none."""
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return answer if isinstance(answer, dict) else None


def _asked_wait(body: bytes) -> float | None:
    try:
        return max(0.0, float(json.loads(body)["parameters"]["retry_after"]))
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
