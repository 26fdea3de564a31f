"""The metronome: APScheduler beats, and each beat is one idempotent tick. No truth is kept in it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from apscheduler.job import Job
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger
from sqlalchemy import Engine

from bot import failpoints
from bot.clock import Clock, system_clock
from bot.delivery import Delivery
from bot.logs import failed
from handlers.privacy.retention import Kept, retain
from schedules.drift import drifts
from schedules.tick import tick, tidy
from storage.engine import reading

log = structlog.get_logger(__name__)

BEAT_SECONDS = 15
TIDY_HOURS = 6
RETAIN_AT = (3, 40)
"""Once a night, local time: not between 02:00 and 03:00, which some nights come twice or not at all."""
CHECK_AT = (4, 10)


class Metronome:
    """Ticks every few seconds, in a worker thread, and wakes the delivery afterwards."""

    def __init__(self, engine: Engine, clock: Clock, zone: str, delivery: Delivery) -> None:
        self._engine = engine
        self._clock = clock
        self._zone = zone
        self._delivery = delivery
        self.last_tick: datetime | None = None
        self.kept = Kept()
        self.pulse: Callable[[str], None] = lambda _problem: None
        """Told after each beat what went wrong in it, "" for nothing."""
        self.drifted: Callable[[int], None] = lambda _rows: None
        """Told each night how many standing rows do not say what the journal says."""
        self._winding: asyncio.Task[None] | None = None
        # A late beat is played late, not skipped (the default skips after one second); beats missed
        # during a pause become one; and no beat begins before the last one ended.
        self._scheduler = AsyncIOScheduler(
            timezone="UTC", job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        )

    def start(self) -> None:
        """Begin to beat in the running event loop: at once, then every `BEAT_SECONDS`."""
        # Triggers, not their names: for a name the scheduler reads what every installed package offers.
        every = IntervalTrigger(seconds=BEAT_SECONDS, timezone="UTC")
        beats = self._scheduler.add_job(self.beat, every, next_run_time=self._clock())
        self._scheduler.add_job(self._tidy, IntervalTrigger(hours=TIDY_HOURS, timezone="UTC"))
        self._scheduler.add_job(self.retain, self._nightly(*RETAIN_AT))
        self._scheduler.add_job(self.check, self._nightly(*CHECK_AT))
        self._scheduler.start()
        self._winding = asyncio.create_task(_wind(beats))

    def _nightly(self, hour: int, minute: int) -> CronTrigger:
        return CronTrigger(hour=hour, minute=minute, timezone=self._zone)

    def stop(self) -> None:
        """Beat no more."""
        if self._winding:
            self._winding.cancel()
        self._scheduler.shutdown(wait=False)

    async def beat(self) -> None:
        """One tick. A fault is logged and the next beat tries again: nothing is lost by waiting."""
        failpoints.passing("tick.before")
        try:
            looked = await asyncio.to_thread(tick, self._engine, self._clock(), self._zone)
        except Exception as error:  # noqa: BLE001 whatever it was: the next beat tries again, and /readyz tells of it
            failed(log, "tick_failed", error)
            self.pulse("tick failed")
            return
        failpoints.passing("tick.after")
        self.last_tick = self._clock()
        if looked:
            log.info("ticked", trainees=looked)
        self.pulse("")
        self._delivery.wake()

    async def _tidy(self) -> None:
        try:
            await asyncio.to_thread(tidy, self._engine, self._clock())
        except Exception as error:  # noqa: BLE001 tried again some hours later
            failed(log, "tidying_failed", error)

    async def retain(self) -> None:
        """Let go of what has been kept for long enough. A fault is logged; the next night tries again."""
        try:
            count = await asyncio.to_thread(retain, self._engine, self._clock(), self._zone, self.kept)
        except Exception as error:  # noqa: BLE001 nothing waits for it: said in the log and the alert, and tried again next night
            failed(log, "retention_failed", error)
            return
        log.info("retained", rows=count)

    async def check(self) -> None:
        """Hold every standing row against the journal, as `handledd verify` does. A fault is logged."""
        try:
            count = await asyncio.to_thread(self._drift)
        except Exception as error:  # noqa: BLE001 it only looks: said in the log, and looked at again next night
            failed(log, "check_failed", error)
            return
        self.drifted(count)
        if count:
            log.error("drift", rows=count)

    def _drift(self) -> int:
        with reading(self._engine) as session:
            return sum(1 for _ in drifts(session, self._clock()))


async def _wind(beats: Job) -> None:
    """The scheduler waits by the clock on the wall, and for an hour more where that was put back by one."""
    while True:
        await asyncio.sleep(BEAT_SECONDS)  # by a clock that nobody puts back
        now = system_clock()
        if beats.next_run_time and beats.next_run_time - now > 2 * timedelta(seconds=BEAT_SECONDS):
            log.warning("clock_put_back")
            beats.modify(next_run_time=now)
