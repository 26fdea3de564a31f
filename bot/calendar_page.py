"""GET /calendar/<token>.ics: a private calendar. Who has no address learns nothing, not even why."""

from __future__ import annotations

import asyncio
import hashlib
import re
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Engine
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from bot.callers import MINUTE, Limit
from bot.clock import Clock
from handlers.private_calendar import calendar_of, reader_of
from schedules.zone import to_local
from storage.engine import reading

_NAME = re.compile(r"([A-Za-z0-9_-]{40,64})\.ics")
HOUR = timedelta(hours=1)
MISSES = 30
"""Wrong addresses a minute from one caller; after that it waits, whatever it asks for."""
LOOKS = 60
"""Times an hour that one calendar is read: programs look a few times an hour at most."""

GUARDED: Final = {
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
    "Referrer-Policy": "no-referrer",
}
KEPT: Final = {**GUARDED, "Cache-Control": "private, max-age=900"}
NOT_KEPT: Final = {**GUARDED, "Cache-Control": "no-store"}


class CalendarPage:
    """The route. It reads and never writes."""

    def __init__(self, engine: Engine, clock: Clock, zone: str) -> None:
        self._engine, self._clock, self._zone = engine, clock, zone
        self._misses, self._looks = Limit(MISSES, MINUTE), Limit(LOOKS, HOUR)

    async def page(self, request: Request) -> Response:
        """The calendar, 304 while it is unchanged, 404 for anything unknown, 429 for too much."""
        now, caller = self._clock(), request.client.host if request.client else ""
        if wait := self._misses.wait(caller, now):
            return _too_many(wait)
        named = _NAME.fullmatch(request.path_params["name"])
        content = await asyncio.to_thread(self._read, named[1], now) if named else None
        if named is None or content is None:
            self._misses.count(caller, now)
            return PlainTextResponse("not found\n", 404, NOT_KEPT)
        # Counted by a hash: the token itself stays nowhere longer than the request.
        key = hashlib.sha256(named[1].encode()).hexdigest()
        if wait := self._looks.wait(key, now):
            return _too_many(wait)
        self._looks.count(key, now)
        return _calendar(content, request.headers.get("if-none-match", ""))

    def _read(self, token: str, now: datetime) -> bytes | None:
        with reading(self._engine) as session:
            person = reader_of(session, token)
            return calendar_of(session, person, to_local(now, self._zone).date()) if person else None


def _calendar(content: bytes, known: str) -> Response:
    tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    if tag in known:
        return Response(status_code=304, headers={**KEPT, "ETag": tag})
    named = {"ETag": tag, "Content-Disposition": 'inline; filename="handledd.ics"'}
    return Response(content, headers={**KEPT, **named}, media_type="text/calendar; charset=utf-8")


def _too_many(seconds: int) -> Response:
    return PlainTextResponse("too many requests\n", 429, {**NOT_KEPT, "Retry-After": str(seconds)})
