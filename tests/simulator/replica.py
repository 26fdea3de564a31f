"""One process of the bot in a history: it can die at any port call, and nothing of it acts afterwards."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

import structlog
from sqlalchemy import Engine, event

from bot.delivery import Delivery
from handlers.message import Incoming, Reply
from handlers.receive import receive
from schedules.tick import tick
from tests.simulator.loop import PAUSE, Killed
from tests.simulator.platforms import Fake, Ground
from tests.support.world import ZONE

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Fate:
    """Where a process dies: at the `after`-th call of `port` ("any" counts every port)."""

    port: str
    after: int


class Heart:
    """Beats at each port call of a process, and stops where its fate says."""

    def __init__(self) -> None:
        self.alive = True
        self.fate: Fate | None = None
        self.doing = "idle"
        self.died_at: list[str] = []

    def __call__(self, port: str) -> None:
        """Pass a port. Raises Killed there, and at every later one, once the process is dead."""
        if not self.alive:
            raise Killed
        if self.fate and self.fate.port in (port, self.doing + ":" + port, "any"):
            self.fate.after -= 1
            if self.fate.after <= 0:
                self.alive, self.fate = False, None
                self.died_at.append(f"{self.doing}:{port}")
                raise Killed


class Wired:
    """An engine whose every statement and commit is a port. Kept for many histories: opening costs most."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.heart = Heart()
        self.commits = 0
        for call in ("begin", "before_cursor_execute"):
            event.listen(engine, call, lambda *_: self.heart("statement"))
        commit: Callable[[Any], None] = engine.dialect.do_commit

        def do_commit(connection: Any) -> None:
            self.heart("commit")
            commit(connection)
            self.commits += 1
            self.heart("committed")

        setattr(engine.dialect, "do_commit", do_commit)  # noqa: B010 mypy: no method is assigned to


class Replica:
    """One life of a process."""

    def __init__(
        self,
        wired: Wired,
        grounds: Mapping[str, Ground],
        clock: Callable[[], datetime],
        dice: Random,
        finished: Callable[[], None],
    ) -> None:
        self.heart = wired.heart = Heart()
        self.engine = wired.engine
        self._clock = clock
        platforms = {name: Fake(ground, self.heart, lambda: self.alive) for name, ground in grounds.items()}
        self.delivery = Delivery(self.engine, platforms, clock, ZONE, spread=dice.random)
        self.work: asyncio.Task[None] | None = None
        self.born = clock()
        self.buried = False
        self.pause_for = 0.0
        """Seconds for which it is stopped (SIGSTOP) at a thrown point of its next sending."""
        self.stopped_until = self.born
        self._dice = dice
        self._finished = finished

    @property
    def alive(self) -> bool:
        return self.heart.alive

    @property
    def busy(self) -> bool:
        """Whether its last beat is still under way (a slow send, say)."""
        return self.work is not None and not self.work.done()

    async def hear(self, incoming: Incoming) -> Reply | None:
        """Take in an update; None when the platform got no "received"."""
        try:
            reply: Reply = await self._job("receive", receive, self.engine, incoming, self._clock(), ZONE)
        except Killed:
            return None
        return reply

    def beat(self, *, ticks: bool) -> None:
        """Tick, then send what is due, beside whatever else goes on."""
        if not self.busy:
            self.work = asyncio.get_running_loop().create_task(self._beat(ticks))
            self.work.add_done_callback(lambda _: self._finished())

    def _pause(self) -> float:
        now = self._clock()
        if self.pause_for and self._dice.random() < 0.5:
            self.stopped_until = now + timedelta(seconds=self.pause_for)
            self.pause_for = 0.0
        return max(0.0, (self.stopped_until - now).total_seconds())

    async def _beat(self, ticks: bool) -> None:
        PAUSE.set(self._pause)
        try:
            if ticks:
                await self._job("tick", tick, self.engine, self._clock(), ZONE)
            await self.delivery.drain()
        except Killed:
            self.heart.alive = False

    async def _job(self, doing: str, func: Callable[..., Any], *args: Any) -> Any:
        def run() -> Any:
            self.heart.doing = doing
            try:
                self.heart("begin")
                return func(*args)
            finally:
                self.heart.doing = "deliver"

        return await asyncio.get_running_loop().run_in_executor(None, run)

    def bury(self) -> None:
        """Close what the dead process held open."""
        self.buried = True
        if self.busy and self.work:
            self.work.cancel()
        self.engine.dispose()
