"""/healthz: whether the bot can do its work. /readyz: whether it should be given any just now."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from bot.clock import Clock
from bot.metronome import Metronome
from schedules.outbox.postbox import next_due
from storage.engine import reading
from storage.tables import Inbox

log = structlog.get_logger(__name__)

OLDEST_TICK = timedelta(minutes=5)
OLDEST_PENDING = timedelta(minutes=15)
DEAF = "the database does not answer"


class Health:
    """One process's health. `is_open` from when its platforms have started until it begins to stop."""

    def __init__(self, engine: Engine, clock: Clock, metronome: Metronome) -> None:
        self._engine = engine
        self._clock = clock
        self._metronome = metronome
        self.is_open = False

    async def healthz(self, _request: Request) -> Response:
        """200, or 503 with what is wrong: a restart may help, and a human should look."""
        problems = await asyncio.to_thread(self.problems)
        return _answer(problems)

    async def readyz(self, _request: Request) -> Response:
        """200, or 503 while it starts, stops or cannot reach its database: others take the deliveries.

        What waits to be sent is no reason: while a platform is away it waits in every process alike.
        """
        if not self.is_open:
            return _answer(["starting or stopping"])
        waits = await asyncio.to_thread(self._oldest)
        return _answer([DEAF] if waits is None else [])

    def problems(self) -> list[str]:
        """What keeps the bot from doing its work: the database, the tick, what waits to be sent."""
        last = self._metronome.last_tick
        late = last is not None and self._clock() - last > OLDEST_TICK
        found = ["no tick for a while"] if late else []
        waits = self._oldest()
        if waits is None:
            return [*found, DEAF]
        return [*found, "messages wait to be sent"] if waits > OLDEST_PENDING else found

    def _oldest(self) -> timedelta | None:
        """How long the oldest message has waited; None when the database does not answer."""
        try:
            with reading(self._engine) as session:
                session.get(Inbox, 0)
                oldest = next_due(session)
        except SQLAlchemyError as error:
            log.warning("health_database", error=type(error).__name__)
            return None
        return max(timedelta(), self._clock() - oldest) if oldest else timedelta()


def _answer(problems: list[str]) -> Response:
    if problems:
        return JSONResponse({"ok": False, "problems": problems}, status_code=503)
    return PlainTextResponse("ok\n")
