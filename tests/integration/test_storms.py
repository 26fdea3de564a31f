"""Platforms that are away or ask for a pause, on a virtual clock: nothing is lost, and nobody is hammered."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from datetime import datetime, timedelta

import httpx
import pytest
from sqlalchemy import Engine, insert

from bot.delivery import Delivery
from bot.health import Health
from bot.host import House, build
from bot.platforms.contract import Address, Limits, SendError
from bot.platforms.sim import Sim
from handlers.message import Message
from schedules.outbox.postbox import next_due
from schedules.zone import to_utc
from storage.columns import table
from storage.engine import reading, writing
from storage.tables import Outbox, OutboxState
from tests.support.world import ZONE, World

QUEUED = 2_100


class Stormy(Sim):
    """Fails as told until a moment, then shows everything; counts what it was asked."""

    name = "stormy"
    limits = Limits(characters=4000, chat_seconds=0.0, per_second=1e9, at_once=8)

    def __init__(self) -> None:
        super().__init__()
        self.world: World
        self.until: datetime
        self.fault = SendError("no connection", away=True)
        self.asked = 0
        self.shown: Counter[str] = Counter()

    async def send(self, to: Address, message: Message, delivery: str) -> str:
        self.asked += 1
        if self.world.clock() < self.until:
            raise self.fault
        self.shown[delivery] += 1
        return await super().send(to, message, delivery)


@pytest.fixture
def platform() -> Stormy:
    return Stormy()


@pytest.fixture
def world(sqlite: Engine, platform: Stormy) -> World:
    platform.world = World(sqlite, platform=platform)
    platform.until = platform.world.clock()
    return platform.world


def _replies(world: World) -> list[Outbox]:
    return [row for row in world.rows(Outbox) if row.kind == "reply"]


def _queue(world: World, count: int) -> None:
    """So many answers to Anna, made from one that is real."""
    world.take(world.incoming("anna", "status"))
    (row,) = _replies(world)
    values = row.model_dump(exclude={"id", "period"})
    with writing(world.engine) as session:
        session.execute(insert(table(Outbox)), [values | {"period": f"copy {n}"} for n in range(1, count)])


async def _weather(world: World, delivery: Delivery, until: datetime) -> None:
    """Deliver whenever something is due, up to a moment."""
    while True:
        await delivery.drain()
        with reading(world.engine) as session:
            at = next_due(session)
        if at is None or at > until:
            return
        world.clock.move_to(max(at, world.clock()))


def _pass(world: World, hours: float) -> None:
    delivery = Delivery(world.engine, {"stormy": world.platform}, world.clock, ZONE, spread=lambda: 1.0)
    asyncio.run(_weather(world, delivery, world.clock() + timedelta(hours=hours)))


@pytest.mark.parametrize("hours", [5 / 60, 6])
def test_an_outage_of_hours_loses_nothing_and_tries_one_message_at_a_time(
    world: World, platform: Stormy, hours: float
) -> None:
    platform.until = world.clock() + timedelta(hours=hours)
    _queue(world, 20)
    _pass(world, hours + 1)
    assert {row.state for row in _replies(world)} == {OutboxState.SENT}
    assert set(platform.shown.values()) == {1}
    # A first round of at most eight at once, then one each time: 1, 2, 4 … 256 s, and every five minutes.
    assert platform.asked <= 20 + 8 + 9 + hours * 12


def test_what_could_not_be_said_for_a_day_is_given_up_and_says_why(world: World, platform: Stormy) -> None:
    platform.until = world.clock() + timedelta(hours=48)
    _queue(world, 5)
    _pass(world, 49)
    assert {(row.state, row.reason.partition(":")[0]) for row in _replies(world)} == {
        (OutboxState.FAILED, "given up")
    }
    # The first try after a day; one is made every five minutes by then.
    day, ended = timedelta(hours=24), [row.ended_at - row.due_at for row in _replies(world) if row.ended_at]
    assert len(ended) == 5
    assert all(day < after <= day + timedelta(minutes=5) for after in ended)
    assert platform.shown == Counter()


def test_a_storm_of_429_for_half_an_hour_with_thousands_queued(world: World, platform: Stormy) -> None:
    platform.fault = SendError("rate limited", retry_after=30.0)
    platform.until = world.clock() + timedelta(minutes=30)
    _queue(world, QUEUED)
    _pass(world, 1)
    assert {row.state for row in _replies(world)} == {OutboxState.SENT}
    assert (len(platform.shown), set(platform.shown.values())) == (QUEUED, {1})
    # Sixty pauses of thirty seconds: one try for each, and eight before the first answer was known.
    assert platform.asked <= QUEUED + 8 + 60


def test_our_own_fault_gives_up_nobody_and_is_over_when_it_is_mended(world: World, platform: Stormy) -> None:
    platform.fault = SendError("invalid_auth", ours=True)
    platform.until = world.clock() + timedelta(hours=3)
    _queue(world, 3)
    _pass(world, 4)
    assert {row.state for row in _replies(world)} == {OutboxState.SENT}


def test_another_platform_is_not_held_up(world: World, platform: Stormy) -> None:
    platform.until = world.clock() + timedelta(hours=1)
    _queue(world, 50)
    calm = Stormy()
    calm.name, calm.world, calm.until = "calm", world, world.clock()
    with writing(world.engine) as session:
        row = _replies(world)[0].model_dump(exclude={"id", "period", "platform"})
        session.execute(insert(table(Outbox)), [row | {"period": "there", "platform": "calm"}])
    both = {"stormy": platform, "calm": calm}
    asyncio.run(Delivery(world.engine, both, world.clock, ZONE, spread=lambda: 1.0).drain())
    assert sum(calm.shown.values()) == 1


def test_while_a_platform_is_away_whoever_watches_is_told(world: World, platform: Stormy) -> None:
    """What waits has waited since it was due, however often it was put off."""
    platform.until = world.clock() + timedelta(hours=6)
    _queue(world, 20)
    house = build(world.engine, world.clock, ZONE, [], beats=False)
    health = Health(world.engine, world.clock, house.metronome)
    _pass(world, 0.2)
    assert health.problems() == []
    _pass(world, 0.3)
    assert health.problems() == ["messages wait to be sent"]
    assert waited(house) > timedelta(minutes=15)  # the alert HandleddMessagesWait
    _pass(world, 7)
    assert health.problems() == []
    assert waited(house) == timedelta()


def waited(house: House) -> timedelta:
    """What GET /metrics says of the message that has waited longest."""

    async def page() -> str:
        transport = httpx.ASGITransport(app=house.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://bot") as client:
            return (await client.get("/metrics")).text

    (found,) = re.findall(r"^handledd_oldest_pending_seconds (\S+)", asyncio.run(page()), re.MULTILINE)
    return timedelta(seconds=float(found))


def test_what_waited_for_ones_return_is_not_given_up_for_its_age(world: World, platform: Stormy) -> None:
    """Eva is away for two weeks; on the morning of her return the platform is away for five minutes."""
    world.say("eva", "jag har semester 24/11-6/12")
    world.jump_to("2026-11-24T09:00")
    world.say("anna", "handledning igår 1h")
    world.pass_to("2026-12-06T12:00")
    platform.until = to_utc(datetime.fromisoformat("2026-12-07T08:10"), ZONE)
    world.pass_to("2026-12-07T12:00")
    (question,) = world.to("eva", "confirm")
    assert f"{question.at:%d %b}" == "07 Dec"


def test_what_waits_for_ones_return_is_no_ill_health(world: World) -> None:
    world.say("siv", "semester 24/11-6/12")
    world.pass_to("2026-11-30T12:00")
    house = build(world.engine, world.clock, ZONE, [], beats=False)
    health = Health(world.engine, world.clock, house.metronome)
    house.metronome.last_tick = world.clock()
    assert [row.kind for row in world.rows(Outbox) if row.state == OutboxState.PENDING] == ["digest"]
    assert health.problems() == []
    assert waited(house) == timedelta()
