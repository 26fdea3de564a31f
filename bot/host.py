"""The host: one Starlette app that mounts every platform, the health page and the metrics."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from bot import failpoints
from bot.calendar_page import CalendarPage
from bot.callers import Refusals
from bot.clock import Clock
from bot.delivery import Delivery
from bot.health import Health
from bot.hearing import Hearing
from bot.metrics import Metrics
from bot.metronome import Metronome
from bot.platforms.contract import Hear, Platform, Streams
from bot.sending import Delivered
from bot.watchdog import Watchdog

log = structlog.get_logger(__name__)

FINISH_SECONDS = 2.0
PLATFORM_SECONDS = 4.0
"""For the delivery, then for the platforms, at the end. With the server's own it stays within ten."""

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
    public_url: str = "",
    watchdog_url: str = "",
    lines_a_minute: int = 0,
) -> House:
    """Put the bot together. Without `beats` nothing ticks by itself (the demo moves its own clock).

    One person's lines beyond `lines_a_minute` are held back; 0 where a clock stands still between moves.
    """
    platforms: dict[str, Platform] = {}
    metrics = Metrics(engine, clock)
    delivery = Delivery(engine, platforms, clock, zone, watch=metrics.watching(watch))
    hearing = metrics.counting(Hearing(engine, clock, zone, delivery, public_url, lines_a_minute))
    for make in makers:
        platform = make(hearing)
        platforms[platform.name] = platform
    metronome = Metronome(engine, clock, zone, delivery)
    health = Health(engine, clock, metronome)
    watchdog = Watchdog(watchdog_url, health.problems)
    metronome.pulse, metronome.drifted = watchdog.pulse, metrics.drifted
    metrics.last_tick = lambda: metronome.last_tick
    routes: list[BaseRoute] = [
        Route("/healthz", health.healthz),
        Route("/readyz", health.readyz),
        Route("/metrics", metrics.page),
        Route("/calendar/{name}", CalendarPage(engine, clock, zone).page, methods=["GET"]),
        *(route for platform in platforms.values() for route in platform.routes()),
    ]
    lifespan = _lifespan(platforms, delivery, health, watchdog, metronome if beats else None)
    app = Starlette(
        routes=routes,
        lifespan=lifespan,
        middleware=[Middleware(Refusals, clock=clock), *failpoints.middleware()],
        exception_handlers={SQLAlchemyError: _away},
    )
    # Behind a proxy a redirect would name this server without TLS, and a calendar's address with it.
    app.router.redirect_slashes = False
    return House(app, hearing, delivery, metronome, platforms)


async def _away(_request: Request, error: Exception) -> Response:
    """Whoever asks for a page is to come again; nothing of the question or the statement is logged."""
    log.warning("page_database", error=type(error).__name__)
    return PlainTextResponse("the database does not answer\n", 503, {"Retry-After": "60"})


def _lifespan(
    platforms: Mapping[str, Platform],
    delivery: Delivery,
    health: Health,
    watchdog: Watchdog,
    metronome: Metronome | None,
) -> Callable[[Starlette], contextlib.AbstractAsyncContextManager[None]]:
    @contextlib.asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        sending = asyncio.create_task(delivery.run())
        for platform in platforms.values():
            await platform.start()
        if metronome:
            metronome.start()
        log.info("started", platforms=sorted(platforms))
        health.is_open = True
        try:
            yield
        finally:
            health.is_open = False
            if metronome:
                metronome.stop()
            await watchdog.stop()
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
