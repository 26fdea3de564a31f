"""A process that is stopped for a while and goes on where it was: by then its lease may be over."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import timedelta
from threading import Thread

import pytest
from sqlalchemy import Engine, event
from starlette.routing import BaseRoute

from bot.ledger import LEASE
from bot.platforms.contract import Address, Limits
from handlers.message import Message
from storage.engine import open_engine
from storage.tables import Outbox, OutboxState
from tests.support.world import World


class Showing:
    """Shows everything; `during` runs in the middle of a send."""

    name = "showing"
    limits = Limits(characters=4000, chat_seconds=0.0, per_second=1e9)

    def __init__(self) -> None:
        self.shown: list[str] = []
        self.during: Callable[[], None] = lambda: None

    def routes(self) -> Sequence[BaseRoute]:
        return ()

    async def start(self) -> None:
        """Nothing to connect to."""

    async def stop(self) -> None:
        """Nothing to leave."""

    async def send(self, to: Address, message: Message, delivery: str) -> str:
        self.during()
        self.shown.append(message.text)
        return delivery

    async def find(self, to: Address, delivery: str) -> str | None:
        return None


@pytest.fixture
def platform() -> Showing:
    return Showing()


@pytest.fixture
def world(engine: Engine, platform: Showing) -> World:
    return World(engine, platform=platform)


def stop_after_the_claim(world: World, seconds: float, meanwhile: Callable[[], object]) -> None:
    """The first commit of the sending is the claim's: time passes right after it, and something happens."""
    done: list[bool] = []

    def stopped(*_: object) -> None:
        if not done:
            done.append(True)
            world.clock.move_to(world.clock() + timedelta(seconds=seconds))
            meanwhile()

    # Handed back to the pool: the claim's transaction is over, and no lock is held.
    event.listen(world.engine, "checkin", stopped)


def another_sends(world: World) -> None:
    """What another process does while this one is stopped; on a thread, as a loop is running here."""
    engine = open_engine(world.engine.url.render_as_string(hide_password=False))
    thread = Thread(target=lambda: asyncio.run(world.new_delivery(engine).drain()))
    thread.start()
    thread.join()
    engine.dispose()


def reply(world: World) -> Outbox:
    return next(row for row in world.rows(Outbox) if row.kind == "reply")


def test_a_process_stopped_for_longer_than_its_lease_does_not_send_what_another_has_sent(
    world: World, platform: Showing
) -> None:
    world.take(world.incoming("anna", "status"))
    stop_after_the_claim(world, LEASE.total_seconds(), lambda: another_sends(world))
    world.deliver()
    assert len(platform.shown) == 1
    assert reply(world).state == OutboxState.SENT


def test_a_process_stopped_while_nobody_else_was_there_sends_it_once_and_unwarned(
    world: World, platform: Showing
) -> None:
    world.take(world.incoming("anna", "status"))
    stop_after_the_claim(world, LEASE.total_seconds() + 1, lambda: None)
    world.deliver()
    assert len(platform.shown) == 1
    assert "två gånger" not in platform.shown[0]
    assert reply(world).state == OutboxState.SENT


def test_a_lease_that_is_nearly_over_is_renewed_before_the_send(world: World, platform: Showing) -> None:
    world.take(world.incoming("anna", "status"))
    # 45 of 60 seconds are gone, and the send itself takes 20: 65. Without a new lease another would begin.
    stop_after_the_claim(world, 45, lambda: None)

    def slow() -> None:
        platform.during = lambda: None
        world.clock.move_to(world.clock() + timedelta(seconds=20))
        another_sends(world)

    platform.during = slow
    world.deliver()
    assert len(platform.shown) == 1
    assert reply(world).state == OutboxState.SENT
