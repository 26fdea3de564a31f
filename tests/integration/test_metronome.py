"""The metronome beats late rather than never, and once for all the beats it missed (platforms.md, row 3)."""

from __future__ import annotations

import asyncio
import tomllib
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path

import pytest
from apscheduler.events import EVENT_JOB_MAX_INSTANCES, EVENT_JOB_MISSED, JobExecutionEvent
from packaging.requirements import Requirement
from sqlalchemy import Engine

from bot.clock import MovableClock, system_clock
from bot.delivery import Delivery
from bot.metronome import Metronome
from tests.support.world import ZONE

ROOT = Path(__file__).parents[2]
HOUR = 3600


class Counted(Metronome):
    """Counts its beats."""

    beats = 0

    async def beat(self) -> None:
        self.beats += 1
        await super().beat()


def beats_of_a_late_metronome(engine: Engine) -> int:
    """How often it beats when its first beat was due ten and a half beats ago."""
    then = MovableClock(system_clock() - timedelta(seconds=10.5 * HOUR))
    metronome = Counted(engine, then, ZONE, Delivery(engine, {}, then, ZONE))

    missed: list[JobExecutionEvent] = []
    metronome._scheduler.add_listener(missed.append, EVENT_JOB_MISSED)

    async def listen() -> None:
        metronome.start()
        async with asyncio.timeout(30):
            while metronome.last_tick is None and not missed:  # noqa: ASYNC110 the scheduler tells nobody
                await asyncio.sleep(0.01)
        await asyncio.sleep(0.2)  # time for more beats, were there any
        metronome.stop()

    asyncio.run(listen())
    return metronome.beats


def test_a_beat_that_is_late_is_played_once(sqlite: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.metronome.BEAT_SECONDS", HOUR)  # the next beat is half an hour away
    assert beats_of_a_late_metronome(sqlite) == 1


class Endless(Counted):
    """Its beats do not end before it is stopped."""

    async def beat(self) -> None:
        self.beats += 1
        await asyncio.Event().wait()


def test_no_beat_begins_before_the_last_one_ended(sqlite: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.metronome.BEAT_SECONDS", 0.01)
    metronome = Endless(sqlite, system_clock, ZONE, Delivery(sqlite, {}, system_clock, ZONE))
    left_out: list[object] = []
    metronome._scheduler.add_listener(left_out.append, EVENT_JOB_MAX_INSTANCES)

    async def listen() -> None:
        metronome.start()
        async with asyncio.timeout(30):
            while not left_out and metronome.beats < 2:  # noqa: ASYNC110 the scheduler tells nobody
                await asyncio.sleep(0.01)
        metronome.stop()

    asyncio.run(listen())
    assert metronome.beats == 1


def test_a_clock_that_is_put_back_holds_up_no_beat(sqlite: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next beat is then due as much later by the clock as that was put back."""
    monkeypatch.setattr("bot.metronome.BEAT_SECONDS", 0.01)
    metronome = Counted(sqlite, system_clock, ZONE, Delivery(sqlite, {}, system_clock, ZONE))

    async def listen() -> None:
        metronome.start()
        for job in metronome._scheduler.get_jobs():
            job.modify(next_run_time=system_clock() + timedelta(hours=1))
        async with asyncio.timeout(30):
            while metronome.beats < 2:  # noqa: ASYNC110 the scheduler tells nobody
                await asyncio.sleep(0.01)
        metronome.stop()

    asyncio.run(listen())


def test_a_metronomes_jobs_are_in_its_own_memory(sqlite: Engine) -> None:
    """A store that two of them share fires twice, and crashes one."""
    both = [Metronome(sqlite, system_clock, ZONE, Delivery(sqlite, {}, system_clock, ZONE)) for _ in range(2)]

    async def listen() -> list[int]:
        for metronome in both:
            metronome.start()
        found = [len(metronome._scheduler.get_jobs()) for metronome in both]
        for metronome in both:
            metronome.stop()
        return found

    first, second = asyncio.run(listen())
    assert first == second


def test_no_apscheduler_is_let_in_that_hangs_at_the_autumn_clock_change() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    asked = {one.name: one.specifier for one in map(Requirement, project["dependencies"])}
    for wrong in ("3.10.4", "3.11.0", "3.11.1", "3.12.0", "4.0.0a6"):
        assert not asked["apscheduler"].contains(wrong, prereleases=True), wrong
    assert asked["apscheduler"].contains(version("apscheduler"))
