"""A sign of life after every tick, for a service outside that notices when it stays away."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import httpx
import structlog

log = structlog.get_logger(__name__)

PATIENCE = 10.0
"""Seconds; a watchdog that does not answer hurts nobody."""


class Watchdog:
    """Asks for `url` when all is well, for `url`/fail when `problems` finds any; "" is no watchdog."""

    def __init__(self, url: str, problems: Callable[[], list[str]]) -> None:
        self._url = url.rstrip("/")
        self._problems = problems
        self._tasks: set[asyncio.Task[None]] = set()

    def pulse(self, problem: str) -> None:
        """In the background, and one at a time: the tick never waits for it."""
        if self._url and not self._tasks:
            task = asyncio.create_task(self._ask(problem))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _ask(self, problem: str) -> None:
        well = not problem and not await asyncio.to_thread(self._problems)
        try:
            async with httpx.AsyncClient(timeout=PATIENCE) as client:
                await client.get(self._url if well else f"{self._url}/fail")
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            log.warning("watchdog_away", error=type(error).__name__)

    async def stop(self) -> None:
        """Ask no more."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
