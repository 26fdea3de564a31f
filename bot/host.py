"""The host: one Starlette app that mounts every platform, the health page and the metrics."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from bot.clock import Clock
from bot.delivery import Delivered, Delivery
from bot.hearing import Hearing
from bot.metrics import Metrics
from bot.metronome import Metronome
from bot.platforms.contract import Hear, Platform, Streams
from schedules.postbox import next_due
from storage.engine import reading
from storage.tables import Inbox

log = structlog.get_logger(__name__)

FINISH_SECONDS = 2.0
PLATFORM_SECONDS = 4.0
"""For the delivery, then for the platforms, at the end. With the server's own it stays within ten."""
OLDEST_TICK = timedelta(minutes=5)
OLDEST_PENDING = timedelta(minutes=15)

Make = Callable[[Hear], Platform]
"""Builds a platform once it can be given somebody to hear it."""


@dataclass(frozen=True, slots=True)
class House:
    """A running bot, put together: what the command line and the tests start."""

    app: Starlette
    hearing: Hear
    delivery: Delivery
    metronome: Metronome
    platforms: Mapping[str, Platform]

    async def leave(self) -> None:
        """End what streams to pages without end, so that a server that is stopping need not wait for it."""
        for platform in self.platforms.values():
            if isinstance(platform, Streams):
                platform.hang_up()


def build(
    engine: Engine,
    clock: Clock,
    zone: str,
    makers: Sequence[Make],
    *,
    watch: Callable[[Delivered], None] | None = None,
    beats: bool = True,
) -> House:
    """Put the bot together. Without `beats` nothing ticks by itself (the demo moves its own clock)."""
    platforms: dict[str, Platform] = {}
    metrics = Metrics(engine, clock)
    delivery = Delivery(engine, platforms, clock, zone, watch=metrics.watching(watch))
    hearing = metrics.counting(Hearing(engine, clock, zone, delivery))
    for make in makers:
        platform = make(hearing)
        platforms[platform.name] = platform
    metronome = Metronome(engine, clock, zone, delivery)
    routes: list[BaseRoute] = [
        Route("/healthz", _health(engine, clock, metronome)),
        Route("/metrics", metrics.page),
        *(route for platform in platforms.values() for route in platform.routes()),
    ]
    lifespan = _lifespan(platforms, delivery, metronome if beats else None)
    app = Starlette(routes=routes, lifespan=lifespan)
    return House(app, hearing, delivery, metronome, platforms)


def _lifespan(
    platforms: Mapping[str, Platform], delivery: Delivery, metronome: Metronome | None
) -> Callable[[Starlette], contextlib.AbstractAsyncContextManager[None]]:
    @contextlib.asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        sending = asyncio.create_task(delivery.run())
        for platform in platforms.values():
            await platform.start()
        if metronome:
            metronome.start()
        log.info("started", platforms=sorted(platforms))
        try:
            yield
        finally:
            if metronome:
                metronome.stop()
            # The delivery first: it sends over the platforms' connections, which their stop closes.
            await delivery.stop(sending, FINISH_SECONDS)
            await _stop_all(platforms.values())
            log.info("stopped")

    return lifespan


async def _stop_all(platforms: Iterable[Platform]) -> None:
    """At the same time, so that together they take no longer than the slowest, and none too long."""
    stopping = asyncio.gather(*(platform.stop() for platform in platforms), return_exceptions=True)
    try:
        found = await asyncio.wait_for(stopping, PLATFORM_SECONDS)
    except TimeoutError:
        log.warning("platforms_stopped_late")
        return
    for fault in found:
        if isinstance(fault, Exception):
            log.warning("platform_stop_failed", error=type(fault).__name__)


def _health(engine: Engine, clock: Clock, metronome: Metronome) -> Callable[[Request], object]:
    async def healthz(_request: Request) -> Response:
        problems = await asyncio.to_thread(_problems, engine, clock, metronome)
        if problems:
            return JSONResponse({"ok": False, "problems": problems}, status_code=503)
        return PlainTextResponse("ok\n")

    return healthz


def _problems(engine: Engine, clock: Clock, metronome: Metronome) -> list[str]:
    """What keeps the bot from doing its work: the database, the tick, what waits to be sent."""
    now = clock()
    found = []
    if metronome.last_tick is not None and now - metronome.last_tick > OLDEST_TICK:
        found.append("no tick for a while")
    try:
        with reading(engine) as session:
            session.get(Inbox, 0)
            oldest = next_due(session)
    except SQLAlchemyError as error:
        log.warning("health_database", error=type(error).__name__)
        return [*found, "the database does not answer"]
    if oldest is not None and now - oldest > OLDEST_PENDING:
        found.append("messages wait to be sent")
    return found
