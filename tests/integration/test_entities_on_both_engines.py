"""What the entities write holds on SQLite and on PostgreSQL alike."""

from __future__ import annotations

from sqlalchemy import Engine

from schedules.recompute import recompute_all
from storage.schema import differences
from storage.tables import Placement, UnitDuty
from tests.support.world import World


def test_a_life_with_every_entity_leaves_no_drift(engine: Engine) -> None:
    world = World(engine)
    world.say("anna", "sidotjänstgöring psykiatri 30/11-31/1 handledare Lars Lind")
    world.say("anna", "vi ses var tredje vecka")
    world.say("bo", "sjukskriven tills vidare")
    world.say("siv", "spur 2026-10-12 dokumentationen brister")
    world.pass_to("2026-12-07T12:00")
    world.say("bo", "tillbaka idag")
    world.say("anna", "ångra")
    assert recompute_all(engine, world.clock()) == 3
    assert world.drift() == []
    assert (len(world.rows(Placement)), len(world.rows(UnitDuty))) == (1, 1)


def test_the_migrations_make_the_tables_of_the_code(engine: Engine) -> None:
    assert differences(engine) == []
