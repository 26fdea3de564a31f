"""Who ticks is decided by an advisory lock: one process at a time, and the others leave it to that one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from schedules.tick import _ONE_TICKS
from storage.tables import Outbox
from tests.support.databases import database
from tests.support.world import World


@pytest.fixture
def shared(tmp_path: Path) -> Iterator[Engine]:
    """A real PostgreSQL."""
    with database("postgresql", tmp_path) as made:
        yield made


def test_a_process_leaves_the_tick_to_the_one_that_holds_the_lock(shared: Engine) -> None:
    world = World(shared)
    world.jump_to("2026-11-26T12:15")
    with shared.connect() as other:
        other.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ONE_TICKS})
        assert world.tick() == 0
        assert world.rows(Outbox) == []
    assert world.tick() > 0
    assert {row.step for row in world.rows(Outbox) if row.kind == "nudge"} == {"soon"}


def test_the_lock_ends_with_the_process_that_held_it(shared: Engine) -> None:
    world = World(shared)
    world.jump_to("2026-11-26T12:15")
    other = shared.connect()
    other.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ONE_TICKS})
    assert world.tick() == 0
    other.invalidate()  # its connection is closed, as the kernel closes those of a process that was killed
    other.close()
    assert world.tick() > 0
