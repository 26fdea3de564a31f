"""A delivery that comes again has no second effect, and the same answer (N1)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine

from handlers.message import Incoming, IncomingKind, Reply
from storage.tables import Entry, Inbox, Outbox
from tests.support.world import World


def effects(world: World) -> tuple[int, int, int]:
    """Entries, rows of what came in, and answers."""
    replies = [row for row in world.rows(Outbox) if row.kind == "reply"]
    return len(world.rows(Entry)), len(world.rows(Inbox)), len(replies)


@pytest.mark.parametrize("times", [2, 3, 4])
def test_what_is_delivered_again_is_answered_again_and_saved_once(engine: Engine, times: int) -> None:
    world = World(engine)
    update = world.incoming("anna", "handledning idag 1h etik")
    first, *again = [world.take(update) for _ in range(times)]
    assert first.message.text.startswith("Sparat:")
    assert {reply.message for reply in again} == {first.message}
    assert [reply.repeated for reply in (first, *again)] == [False] + [True] * (times - 1)
    assert effects(world) == (1, 1, 1)


def test_the_same_line_in_another_delivery_is_another_message(world: World) -> None:
    for _ in range(2):
        world.take(world.incoming("anna", "status"))
    assert effects(world)[1:] == (2, 2)


def test_the_same_delivery_to_four_at_once_is_saved_once(engine: Engine) -> None:
    world = World(engine)
    update = world.incoming("anna", "handledning idag 1h etik")
    with ThreadPoolExecutor(4) as pool:
        replies = list(pool.map(world.take, [update] * 4))
    assert len({reply.message.text for reply in replies}) == 1
    assert sorted(reply.repeated for reply in replies) == [False, True, True, True]
    assert effects(world) == (1, 1, 1)


def at_once(world: World, updates: list[Incoming]) -> list[Reply]:
    """Take several updates, each in a thread of its own."""
    with ThreadPoolExecutor(len(updates)) as pool:
        return list(pool.map(world.take, updates))


def test_a_button_pressed_many_times_at_once_has_one_effect(engine: Engine) -> None:
    world = World(engine)
    for _ in range(2):
        world.say("anna", "handledning idag 1h etik")
    press = world.button("anna", "Lägg till ändå").press
    replies = at_once(world, [world.incoming("anna", kind=IncomingKind.PRESS, press=press) for _ in range(6)])
    assert sorted(reply.outcome for reply in replies).count("logged") == 1
    assert len(world.rows(Entry)) == 2


def test_lines_of_one_training_at_once_are_all_in_its_standings(engine: Engine) -> None:
    world = World(engine)
    lines = [("anna", f"mini-cex {day}/11") for day in range(10, 14)]
    lines += [("eva", f"mini-cex {day}/11 @anna") for day in range(16, 20)]
    at_once(world, [world.incoming(who, line) for who, line in lines])
    assert len(world.rows(Entry)) == len(lines)
    assert world.drift() == []
