"""The wire to a Matrix homeserver: its client-server API over HTTP, and what each fault means.

Source of the paths and the error codes: https://spec.matrix.org/latest/client-server-api/
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote

import httpx

from bot.platforms.contract import SendError
from bot.platforms.pauses import retry_after
from bot.platforms.unsent import NOT_SENT, is_between

JSON = dict[str, Any]

OURS = frozenset(
    {
        "M_UNKNOWN_TOKEN",
        "M_MISSING_TOKEN",
        "M_USER_DEACTIVATED",
        "M_USER_LOCKED",
        "M_CONSENT_NOT_GIVEN",
        "M_RESOURCE_LIMIT_EXCEEDED",
    }
)
"""The bot's own account or its server is at fault: every address would fail alike."""

UNREACHABLE = frozenset({"M_FORBIDDEN", "M_NOT_FOUND", "M_INVITE_BLOCKED"})
"""This person, or this room, cannot be reached by asking again."""

DOWN = frozenset({502, 503, 504})
"""What stands before the homeserver says that it is away, or it says so itself: no message is at fault."""


class RefusedError(Exception):
    """The homeserver said no (4xx): nothing was done. The text is the server's code, never what was said."""

    def __init__(self, status: int, code: str, retry_after: float | None = None) -> None:
        super().__init__(code or f"HTTP {status}")
        self.status, self.code, self.retry_after = status, code, retry_after


class UnclearError(Exception):
    """An answer that tells neither success nor refusal (5xx, no JSON): it may have been done."""

    def __init__(self, status: int) -> None:
        super().__init__(f"HTTP {status}")
        self.status = status


class Wire:
    """One client of one account. Every method raises RefusedError, UnclearError or httpx.HTTPError."""

    def __init__(self, homeserver: str, token: str, seconds: float, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._http = httpx.AsyncClient(
            base_url=f"{homeserver.rstrip('/')}/_matrix/",
            headers={"Authorization": f"Bearer {token}"},
            timeout=seconds,
        )

    async def get(self, *path: str, seconds: float | None = None, **params: str | int) -> JSON:
        """Ask. `seconds` is how long the server may keep quiet beyond the usual."""
        wait = self._http.timeout.read or 0.0
        timeout = httpx.Timeout(self._http.timeout.connect, read=wait + (seconds or 0.0))
        return _read(await self._http.get(_join(path), params=params, timeout=timeout), self._clock())

    async def put(self, *path: str, body: JSON) -> JSON:
        """Set, or send under a transaction id: done once, however often it is asked."""
        return _read(await self._http.put(_join(path), json=body), self._clock())

    async def post(self, *path: str, body: JSON) -> JSON:
        """Do what the path names; asked again, it is done again."""
        return _read(await self._http.post(_join(path), json=body), self._clock())

    async def upload(self, name: str, content: bytes, media_type: str, seconds: float) -> str:
        """Store a file; returns its mxc address."""
        answer = await self._http.post(
            _join(("media", "v3", "upload")),
            params={"filename": name},
            content=content,
            headers={"Content-Type": media_type},
            timeout=seconds,
        )
        return str(_read(answer, self._clock()).get("content_uri", ""))

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()


def _join(path: tuple[str, ...]) -> str:
    """Room and event ids hold `!`, `:`, `$` and, from strangers, anything at all: each part is quoted."""
    return "/".join(quote(part, safe="") for part in path)


def _read(answer: httpx.Response, now: datetime) -> JSON:
    body = _object(answer)
    if answer.is_success and body is not None:
        return body
    if answer.is_client_error:
        code = (body or {}).get("errcode")
        raise RefusedError(
            answer.status_code, code if isinstance(code, str) else "", asked_wait(answer.headers, body, now)
        )
    raise UnclearError(answer.status_code)


def _object(answer: httpx.Response) -> JSON | None:
    """The body; a list (a room's state) as `{"chunk": [...]}`, None when it is no JSON."""
    try:
        body = answer.json()
    except (ValueError, RecursionError):
        return None
    if isinstance(body, list):
        return {"chunk": body}
    return body if isinstance(body, dict) else None


def asked_wait(headers: Mapping[str, str], body: JSON | None, now: datetime) -> float | None:
    """The seconds a 429 asks for, in its header or, from older servers, in its body; None: it says none."""
    given = headers.get("Retry-After")
    if given is not None:
        return retry_after(given, now)
    match body:
        case {"retry_after_ms": int(asked) | float(asked)} if math.isfinite(asked):
            return max(0.0, asked / 1000)
    return None


def send_error(error: Exception, *, posting: bool = False, begun: bool = False) -> SendError:
    """What `error` means for the delivery.

    `posting`: the question was the message itself, of which earlier parts were shown where it had `begun`.
    A lost answer is then `perhaps`, so that the delivery comes back as it was, with nothing added to it:
    under the same transaction id a homeserver that did it answers with the event it made, and adds nothing.
    """
    match error:
        case SendError():
            return error
        case RefusedError():
            return _refusal(error, begun)
    if isinstance(error, NOT_SENT):
        return SendError(f"Matrix is not reached ({fault(error)})", perhaps=begun, away=True)
    down = isinstance(error, UnclearError) and (error.status in DOWN or is_between(error.status))
    return SendError(f"no answer from Matrix ({fault(error)})", perhaps=posting, away=down)


def mend(error: BaseException) -> str:
    """What an operator does about a homeserver that does not answer."""
    if isinstance(error, RefusedError) and _is_ours(error):
        return "log in again for a new HANDLEDD_MATRIX_ACCESS_TOKEN"
    if isinstance(error, RefusedError | UnclearError):
        return "the fault is the homeserver's; the bot tries again"
    return "look at network, proxy and HANDLEDD_MATRIX_HOMESERVER; the bot tries again"


def _is_ours(error: RefusedError) -> bool:
    return error.status == httpx.codes.UNAUTHORIZED or error.code in OURS


def _refusal(error: RefusedError, begun: bool) -> SendError:
    if error.status == httpx.codes.TOO_MANY_REQUESTS:
        return SendError("Matrix asks for a pause", perhaps=begun, retry_after=error.retry_after, away=True)
    if _is_ours(error):
        return SendError(f"Matrix refuses the account ({error})", perhaps=begun, ours=True)
    if not error.code and is_between(error.status):
        return SendError(f"Matrix is not reached ({error})", perhaps=begun, away=True)
    gone = error.code in UNREACHABLE
    return SendError(f"Matrix refuses: {error}", perhaps=begun, permanent=gone, refused=not gone)


def fault(error: BaseException) -> str:
    """The error's kind, for logs: never a text that may hold an address or a message."""
    return str(error) if isinstance(error, (RefusedError, UnclearError)) else type(error).__name__
