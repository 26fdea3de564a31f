"""The metronome: APScheduler beats, and each beat is one idempotent tick. No truth is kept in it."""

from __future__ import annotations

import asyncio
from datetime import datetime

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlalchemy import Engine

from bot.clock import Clock
from bot.delivery import Delivery
from schedules.tick import tick, tidy

log = structlog.get_logger(__name__)

BEAT_SECONDS = 15
TIDY_HOURS = 6


class Metronome:
    """Ticks every few seconds, in a worker thread, and wakes the delivery afterwards."""

    def __init__(self, engine: Engine, clock: Clock, zone: str, delivery: Delivery) -> None:
        self._engine = engine
        self._clock = clock
        self._zone = zone
        self._delivery = delivery
        self.last_tick: datetime | None = None
        # A late beat is played late, not skipped (the default skips after one second); beats missed
        # during a pause become one; and no beat begins before the last one ended.
        self._scheduler = AsyncIOScheduler(
            timezone="UTC", job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        )

    def start(self) -> None:
        """Begin to beat in the running event loop: at once, then every `BEAT_SECONDS`."""
        self._scheduler.add_job(self.beat, "interval", seconds=BEAT_SECONDS, next_run_time=self._clock())
        self._scheduler.add_job(self._tidy, "interval", hours=TIDY_HOURS)
        self._scheduler.start()

    def stop(self) -> None:
        """Beat no more."""
        self._scheduler.shutdown(wait=False)

    async def beat(self) -> None:
        """One tick. A fault is logged and the next beat tries again: nothing is lost by waiting."""
        try:
            looked = await asyncio.to_thread(tick, self._engine, self._clock(), self._zone)
        except Exception:
            log.exception("tick_failed")
            return
        self.last_tick = self._clock()
        if looked:
            log.info("ticked", trainees=looked)
        self._delivery.wake()

    async def _tidy(self) -> None:
        await asyncio.to_thread(tidy, self._engine, self._clock())
