"""A PostgreSQL that is restarted, between two messages and in the middle of a send."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, suppress

import pytest
from sqlalchemy.exc import OperationalError

from bot.platforms.contract import Address
from handlers.message import Message
from storage.engine import open_engine, reading
from storage.tables import Entry
from tests.integration.test_delivery import Failing
from tests.reliability.test_database_faults import check_shown, deliver_until_nothing_waits
from tests.support.databases import PostgresServer
from tests.support.world import World


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    """One of our own: the others' must not be ended."""
    made = PostgresServer()
    yield made
    made.stop()


class Crashing(Failing):
    """Its message is shown, and then the database's machine loses its power."""

    def __init__(self, server: PostgresServer) -> None:
        super().__init__()
        self._server = server
        self.crashes = 0

    async def send(self, to: Address, message: Message, delivery: str) -> str:
        reference = await super().send(to, message, delivery)
        if self.crashes:
            self.crashes -= 1
            self._server.crash()
        return reference


def test_what_was_saved_is_there_and_nothing_is_shown_twice(server: PostgresServer) -> None:
    engine = open_engine(server.fresh())
    platform = Crashing(server)
    world = World(engine, platform=platform)
    assert world.take(world.incoming("anna", "handledning igår 1h")).message.text.startswith("Sparat:")
    server.crash()
    assert len(world.rows(Entry)) == 1
    assert world.take(world.incoming("anna", "status")).message.text
    platform.crashes = 1
    with suppress(OperationalError):
        world.deliver()
    assert platform.crashes == 0
    deliver_until_nothing_waits(world)
    check_shown(world, platform)
    assert world.drift() == []
    engine.dispose()


@pytest.mark.parametrize("connections", [1, 3])
def test_the_next_message_is_saved_at_its_first_try(server: PostgresServer, connections: int) -> None:
    """Every connection that waits in the pool is lost, and none of them costs a message."""
    engine = open_engine(server.fresh())
    world = World(engine)
    for day in range(1, 1 + connections):
        assert world.say("anna", f"handledning {day}/11 1h").text.startswith("Sparat:")
        with ExitStack() as all_at_once:
            for _ in range(connections):
                all_at_once.enter_context(reading(engine)).connection()
        server.crash()
    assert world.say("anna", "handledning 10/11 1h").text.startswith("Sparat:")
    assert len(world.rows(Entry)) == connections + 1
    assert world.drift() == []
    engine.dispose()
