"""/healthz: whether the bot can do its work. /readyz: whether it should be given any just now."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from datetime import timedelta
from typing import TypeVar

import structlog
from sqlalchemy import Engine, update
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from bot.clock import Clock
from bot.metronome import Metronome
from schedules.outbox.postbox import oldest_wait
from storage.columns import columns, table
from storage.engine import reading, writing
from storage.tables import Inbox

T = TypeVar("T")

log = structlog.get_logger(__name__)

OLDEST_TICK = timedelta(minutes=5)
OLDEST_PENDING = timedelta(minutes=15)
PATIENCE = 4.0
"""Seconds for a look."""
DEAF = "the database does not answer"
FULL = "the database takes no writes"

_I = columns(Inbox)
_NOTHING = update(table(Inbox)).where(_I.id == 0).values(outcome=_I.outcome)
"""Meets no row: whether it may be said is what is asked."""


class Health:
    """One process's health. `is_open` from when its platforms have started until it begins to stop."""

    def __init__(self, engine: Engine, clock: Clock, metronome: Metronome) -> None:
        self._engine = engine
        self._clock = clock
        self._metronome = metronome
        # Their own: the loop's threads may all be waiting for the very database that is asked about.
        self._well, self._ready = (ThreadPoolExecutor(1, thread_name_prefix="health") for _ in range(2))
        self.is_open = False

    async def healthz(self, _request: Request) -> Response:
        """200, or 503 with what is wrong: a restart may help, and a human should look."""
        try:
            problems = await _looked(self._well, self.problems)
        except TimeoutError:  # it waits for its turn to write
            problems = [FULL]
        return _answer(problems)

    async def readyz(self, _request: Request) -> Response:
        """200, or 503 while it starts, stops or cannot reach its database: others take the deliveries.

        What waits to be sent is no reason: while a platform is away it waits in every process alike.
        """
        if not self.is_open:
            return _answer(["starting or stopping"])
        try:
            waits = await _looked(self._ready, self._oldest)
        except TimeoutError:
            waits = None
        return _answer([DEAF] if waits is None else [])

    def problems(self) -> list[str]:
        """What keeps the bot from doing its work: the database, the tick, what waits to be sent."""
        last = self._metronome.last_tick
        late = last is not None and abs(self._clock() - last) > OLDEST_TICK
        found = ["no tick for a while"] if late else []
        waits = self._oldest()
        if waits is None:
            return [*found, DEAF]
        found += [] if self._takes_writes() else [FULL]
        return [*found, "messages wait to be sent"] if waits > OLDEST_PENDING else found

    def _takes_writes(self) -> bool:
        """False also where another holds it for longer than a message waits: nothing is saved then."""
        try:
            with writing(self._engine, alone=False) as session:
                session.execute(_NOTHING)
        except SQLAlchemyError as error:
            log.warning("health_database", error=type(error).__name__)
            return False
        return True

    def _oldest(self) -> timedelta | None:
        """How long the oldest message has waited; None when the database does not answer."""
        try:
            with reading(self._engine) as session:
                session.get(Inbox, 0)
                oldest = oldest_wait(session)
        except SQLAlchemyError as error:
            log.warning("health_database", error=type(error).__name__)
            return None
        return max(timedelta(), self._clock() - oldest) if oldest else timedelta()


async def _looked(threads: Executor, look: Callable[[], T]) -> T:
    """What it finds. Raises TimeoutError: whoever asks has a patience of its own, mostly five seconds."""
    return await asyncio.wait_for(asyncio.get_running_loop().run_in_executor(threads, look), PATIENCE)


def _answer(problems: list[str]) -> Response:
    if problems:
        return JSONResponse({"ok": False, "problems": problems}, status_code=503)
    return PlainTextResponse("ok\n")
