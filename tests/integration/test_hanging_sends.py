"""While a platform does not answer, what falls due by time alone goes out: on a virtual clock."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

from bot.delivery import HANGS, Delivery
from bot.platforms.contract import Address
from bot.platforms.sim import Sim
from handlers.message import Message
from storage.engine import writing
from storage.tables import Outbox
from tests.simulator.loop import VirtualLoop
from tests.support.databases import database
from tests.support.statements import listening
from tests.support.world import ZONE, World

HANG = 10.0
NEVER = 3_600.0


class Hanging(Sim):
    """Answers for Anna after ten seconds, for everybody else at once; notes when each was shown."""

    limits = replace(Sim.limits, at_once=4)

    def __init__(self, loop: VirtualLoop) -> None:
        super().__init__()
        self._loop = loop
        self.shown: list[tuple[str, float]] = []

    async def send(self, to: Address, message: Message, delivery: str) -> str:
        if to.external_id.startswith("anna"):
            await asyncio.sleep(HANG)
        self.shown.append((to.external_id.partition("@")[0], self._loop.time()))
        return await super().send(to, message, delivery)


@pytest.fixture
def loop() -> Iterator[VirtualLoop]:
    made = VirtualLoop(Random(1))
    yield made
    made.close()


@dataclass(frozen=True, slots=True)
class Scene:
    """An answer to Anna, due now, and one to Bo, the row `bos`, due in some seconds."""

    world: World
    loop: VirtualLoop
    platform: Hanging
    bos: int

    def deliver(self) -> None:
        """Until nothing is under way."""
        start = self.world.clock()

        def now() -> datetime:
            return start + timedelta(seconds=self.loop.time())

        platforms = {self.platform.name: self.platform}
        self.loop.run_until_complete(Delivery(self.world.engine, platforms, now, ZONE).drain())


def scene(engine: Engine, loop: VirtualLoop, seconds: float) -> Scene:
    platform = Hanging(loop)
    world = World(engine, platform=platform)
    world.take(world.incoming("anna", "status"))
    world.take(world.incoming("bo", "status"))
    bos = max(row.id or 0 for row in world.rows(Outbox))
    with writing(engine) as session:
        session.get_one(Outbox, bos).next_at = world.clock() + timedelta(seconds=seconds)
    return Scene(world, loop, platform, bos)


@pytest.mark.parametrize("seconds", [HANGS / 2, 4.5, 9.9])
def test_what_falls_due_while_a_send_hangs_is_not_kept_waiting(
    engine: Engine, loop: VirtualLoop, seconds: float
) -> None:
    played = scene(engine, loop, seconds)
    played.deliver()
    assert played.platform.shown == [("bo", max(HANGS, seconds)), ("anna", HANG)]


def test_while_a_send_hangs_and_nothing_falls_due_the_database_is_left_alone(
    engine: Engine, loop: VirtualLoop
) -> None:
    played = scene(engine, loop, NEVER)
    with listening(engine) as said:
        played.deliver()
    assert played.platform.shown == [("anna", HANG)]
    # The one to Anna is claimed and worded; then, once, when the next falls due.
    asked = [statement.split("FROM ")[-1].split()[0] for statement, _ in said if "FROM " in statement]
    assert asked == ["outbox", "inbox", "outbox"]


def test_what_another_process_has_locked_is_looked_for_once_a_second(
    loop: VirtualLoop, tmp_path: Path
) -> None:
    with database("postgresql", tmp_path) as engine:
        played = scene(engine, loop, 0.0)
        with engine.connect() as other, listening(engine) as said:
            other.execute(select(Outbox).where(col(Outbox.id) == played.bos).with_for_update())
            played.deliver()
    assert played.platform.shown == [("anna", HANG)]
    assert sum(" FOR UPDATE " in statement for statement, _ in said) <= HANG / HANGS + 3
