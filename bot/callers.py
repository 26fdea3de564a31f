"""Who calls from where, and how often in vain: an address that keeps failing its checks is told to wait.

Kept in the memory of one process, of a bounded size: it slows guessing down and is no account of anything.
"""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime, timedelta
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.clock import Clock

MINUTE: Final = timedelta(minutes=1)
REFUSALS: Final = 1_000
"""Requests a minute from one address that fail a signature or a token; the next ones are told to wait."""
_FAILED: Final = (401, 403)


class Limit:
    """At most so many in a window, by key; the oldest keys are forgotten when there are too many."""

    def __init__(self, most: int, window: timedelta, keys: int = 10_000) -> None:
        self._most, self._window, self._keys = most, window, keys
        self._seen: OrderedDict[str, tuple[datetime, int]] = OrderedDict()

    def count(self, key: str, now: datetime) -> None:
        """One more of a key's, at an aware moment."""
        begun, count = self._at(key, now)
        self._seen[key] = (begun, count + 1)
        self._seen.move_to_end(key)
        while len(self._seen) > self._keys:
            self._seen.popitem(last=False)

    def wait(self, key: str, now: datetime) -> int:
        """Whole seconds until another one is allowed; 0 when it is now."""
        begun, count = self._at(key, now)
        left = (begun + self._window - now).total_seconds()
        return max(1, round(left)) if count >= self._most else 0

    def _at(self, key: str, now: datetime) -> tuple[datetime, int]:
        begun, count = self._seen.get(key, (now, 0))
        return (begun, count) if begun <= now < begun + self._window else (now, 0)


class Refusals:
    """Around the whole app: 429 with Retry-After in the place of the refusals beyond `REFUSALS` a minute.

    Only what failed its check is answered so, after the check: a platform's valid requests pass from
    whatever address they come, one that others fail from too (a proxy, a region's way out) included.
    """

    def __init__(self, app: ASGIApp, clock: Clock) -> None:
        self._app, self._clock = app, clock
        self._refused = Limit(REFUSALS, MINUTE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] in _FAILED:
                message = self._judged(message, (scope.get("client") or ("",))[0])
            await send(message)

        await self._app(scope, receive, sending)

    def _judged(self, refusal: Message, caller: str) -> Message:
        now = self._clock()
        if wait := self._refused.wait(caller, now):
            headers = [*refusal.get("headers", ()), (b"retry-after", str(wait).encode())]
            return {**refusal, "status": 429, "headers": headers}
        self._refused.count(caller, now)
        return refusal
