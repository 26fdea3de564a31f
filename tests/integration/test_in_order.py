"""What one chat is told comes in the order in which it came about, whoever sends it and whatever fails."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

import pytest
from sqlalchemy import Engine

from bot.delivery import Delivery
from bot.ledger import LEASE
from bot.platforms.contract import Address, SendError
from bot.platforms.sim import Sim
from handlers.message import Message
from schedules.outbox import claiming, postbox
from schedules.outbox.in_order import LONGEST, SEND
from schedules.outbox.postbox import Claim, next_due
from storage.engine import choosing, reading, writing
from storage.tables import Outbox, OutboxState
from tests.integration.test_delivery import Failing
from tests.simulator.loop import VirtualLoop
from tests.support.world import ZONE, World


class Wide(Failing):
    """Takes several messages at once, as the networks do."""

    limits = replace(Failing.limits, at_once=4)


@pytest.fixture
def platform() -> Wide:
    return Wide()


@pytest.fixture
def world(engine: Engine, platform: Wide) -> World:
    return World(engine, platform=platform)


def two(world: World, second: str = "anna") -> None:
    """A log and, to the same chat unless another is named, its undoing."""
    world.take(world.incoming("anna", "handledning idag 1h"))
    world.take(world.incoming(second, "ångra"))


def claim(world: World) -> Claim | None:
    """As another process does it."""
    now = world.clock()
    with choosing(world.engine) as session:
        found = claiming.claim(session, now, LEASE, f"another {now:%H%M%S}", ZONE, most=claiming.URGENT)
        if found:
            postbox.hold(session, found, world.platform.name)
    return found


def first_words(platform: Wide) -> list[str]:
    return [text.split(":")[0].split()[0] for _, text in platform.shown]


def test_what_is_behind_one_that_failed_comes_after_it(world: World, platform: Wide) -> None:
    platform.faults = [SendError("refused")]
    two(world)
    world.deliver()
    assert platform.shown == []
    with reading(world.engine) as session:
        assert next_due(session) == world.clock() + timedelta(seconds=1)
    world.pass_to("2026-11-23T09:01")
    assert first_words(platform) == ["Sparat", "Ångrat"]


def test_what_another_process_sends_is_waited_for(world: World, platform: Wide) -> None:
    two(world)
    held = claim(world)
    world.deliver()
    assert platform.shown == []
    assert held is not None
    with writing(world.engine) as session:
        postbox.end(session, held, held.rows, OutboxState.SENT, "", "", world.clock())
    world.deliver()
    assert first_words(platform) == ["Ångrat"]


@pytest.mark.parametrize(
    ("seconds", "passed"),
    [(SEND.total_seconds() - 1, False), (SEND.total_seconds(), True)],
)
def test_who_has_not_sent_in_half_a_lease_is_passed(world: World, seconds: float, passed: bool) -> None:
    two(world)
    claim(world)
    world.clock.move_to(world.clock() + timedelta(seconds=seconds))
    assert (claim(world) is not None) is passed


def test_one_that_keeps_failing_is_passed_after_a_minute(world: World, platform: Wide) -> None:
    platform.faults = [SendError("refused")] * 6
    two(world)
    begun = world.clock()
    while not platform.shown and (at := due(world)) < begun + LONGEST:
        world.clock.move_to(at)
        world.deliver()
    assert platform.shown == []  # at 1, 3, 7, 15 and 31 seconds
    world.clock.move_to(begun + LONGEST)
    world.deliver()
    assert first_words(platform) == ["Ångrat"]


def due(world: World) -> datetime:
    with reading(world.engine) as session:
        found = next_due(session)
    assert found
    return found


def test_nobody_else_waits(world: World, platform: Wide) -> None:
    platform.faults = [SendError("refused")]
    two(world, "eva")
    world.deliver()
    assert {to for to, _ in platform.shown} == {"eva@exempel.se"}


@pytest.mark.parametrize("other", [{"priority": 2}, {"platform": "other"}, {"address": "another chat"}])
def test_what_is_more_urgent_or_goes_elsewhere_waits_for_neither(
    world: World, other: dict[str, object]
) -> None:
    two(world)
    with writing(world.engine) as session:
        front = session.get_one(Outbox, min(row.id or 0 for row in world.rows(Outbox) if row.kind == "reply"))
        for name, value in other.items():
            setattr(front, name, value)
        front.next_at = world.clock() + timedelta(seconds=5)
    found = claim(world)
    assert found is not None
    assert found.rows[0].subject == "inbox:2"


class Slow(Sim):
    """Takes four at once, each in a time of its own."""

    limits = replace(Sim.limits, at_once=4)

    def __init__(self) -> None:
        super().__init__()
        self.seconds = [3.0]
        self.shown: list[str] = []

    async def send(self, to: Address, message: Message, delivery: str) -> str:
        await asyncio.sleep(self.seconds.pop() if self.seconds else 0.1)
        self.shown.append(message.text.split(":")[0].split()[0])
        return await super().send(to, message, delivery)


def test_what_is_slow_to_send_is_waited_for_and_the_rest_goes_in_the_same_round(engine: Engine) -> None:
    loop, platform = VirtualLoop(Random(1)), Slow()
    world = World(engine, platform=platform)
    two(world)
    world.take(world.incoming("anna", "status"))
    start = world.clock()

    def now() -> datetime:
        return start + timedelta(seconds=loop.time())

    delivery = Delivery(engine, {platform.name: platform}, now, ZONE)
    assert loop.run_until_complete(delivery.drain()) == 3
    assert platform.shown[:2] == ["Sparat", "Ångrat"]
    loop.close()
