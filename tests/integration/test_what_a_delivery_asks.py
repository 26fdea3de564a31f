"""From a queued answer to its record: what is said to the database, in which order, and no more than that."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from sqlalchemy import Engine

from bot.platforms.sim import Sim
from tests.support.statements import listening
from tests.support.world import World


class Wide(Sim):
    """Takes several messages at once, as the networks do."""

    limits = replace(Sim.limits, at_once=4)


def test_an_answer_is_claimed_worded_and_recorded_with_no_second_look(sqlite: Engine) -> None:
    world = World(sqlite, platform=Wide())
    world.take(world.incoming("anna", "status"))
    with listening(sqlite) as said:
        asyncio.run(world.delivery.drain())
    asked = [_what(statement) for statement, _ in said]
    assert asked == ["SELECT outbox", "UPDATE outbox", "SELECT inbox", "UPDATE outbox"]
    assert len(world.sent) == 1


def test_a_reminder_knows_its_person_by_the_claim_and_is_leased_by_one_statement(sqlite: Engine) -> None:
    world = World(sqlite, platform=Wide())
    world.jump_to("2026-11-26T12:15")
    world.tick()
    with listening(sqlite) as said:
        asyncio.run(world.delivery.drain())
    first = [statement for statement, _ in said][:7]
    company = ["SELECT outbox", "SELECT outbox", "SELECT unit"]
    assert [_what(each) for each in first[:6]] == [
        *company,
        "INSERT INTO",
        "SELECT identity",
        "UPDATE outbox",
    ]
    assert "FROM standing JOIN trainee" in first[6]
    # What became of each; and of two under way, whether more is due, and whether any waited behind the last.
    assert len(said) <= 8 * len(world.sent) + 2


def _what(statement: str) -> str:
    verb, _, rest = statement.partition(" ")
    return f"{verb} {(rest.partition('FROM ')[2] if verb == 'SELECT' else rest).split()[0]}"
