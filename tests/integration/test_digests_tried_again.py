"""A digest and the escalations in it are one message on every try, whatever came of the one before."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from bot.platforms.contract import Address, SendError
from handlers.message import Message
from storage.tables import Outbox, OutboxState, Person
from tests.integration.test_delivery import Failing
from tests.support.world import World

SIV = "siv@exempel.se"


class FailingForSiv(Failing):
    """Everybody else's messages arrive."""

    async def send(self, to: Address, message: Message, delivery: str) -> str:
        if to.external_id == SIV:
            return await super().send(to, message, delivery)
        return delivery


@pytest.fixture
def platform() -> FailingForSiv:
    return FailingForSiv()


@pytest.fixture
def world(engine: Engine, platform: Failing) -> World:
    """Monday 14 December 07:30: Siv's digest is due, and has two pairs to tell by name."""
    made = World(engine, platform=platform)
    made.pass_to("2026-12-14T00:30")
    made.jump_to("2026-12-14T07:30")
    made.tick()
    with_it = [row for row in _digests(made) if row.state == OutboxState.PENDING]
    assert sorted(row.step for row in with_it) == ["", "escalated", "escalated"]
    platform.shown.clear()
    return made


def _digests(world: World) -> list[Outbox]:
    siv = next(person.id for person in world.rows(Person) if person.email == SIV)
    rows = [row for row in world.rows(Outbox) if row.kind == "digest" and row.person_id == siv]
    return [row for row in rows if f"{row.due_at:%Y-%m-%d}" >= "2026-12-13"]


def _try_again(world: World) -> None:
    world.clock.move_to(max(row.next_at for row in _digests(world)))
    world.deliver()


def _shown(platform: Failing) -> list[str]:
    return [text for to, text in platform.shown if to == SIV]


def test_one_that_was_refused_comes_as_one_message(world: World, platform: Failing) -> None:
    platform.faults = [SendError("connection refused")]
    world.deliver()
    _try_again(world)
    [text] = _shown(platform)
    assert "två gånger" not in text
    assert {row.state for row in _digests(world)} == {OutboxState.SENT}


def test_one_that_got_no_answer_comes_once_more_as_one_message(world: World, platform: Failing) -> None:
    platform.faults = [SendError("no answer", perhaps=True)]
    world.deliver()
    _try_again(world)
    [text] = _shown(platform)
    assert "två gånger" in text
    assert {row.state for row in _digests(world)} == {OutboxState.SENT}


def test_one_that_never_got_an_answer_is_tried_twice_and_not_a_third_time(
    world: World, platform: Failing
) -> None:
    platform.faults = [SendError("no answer", perhaps=True)] * 3
    world.deliver()
    _try_again(world)
    assert {row.state for row in _digests(world)} == {OutboxState.UNCERTAIN}
    assert len(platform.faults) == 1
