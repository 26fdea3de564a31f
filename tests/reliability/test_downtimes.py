"""Sleep and wake (N2): whatever time the bot slept over, what came due is said once, and never at night.

A history has downtimes at random moments: the bot is not there, then ticks and delivers. Afterwards each
trainee has had at most one bundle a day, no step came twice, and another tick has nothing to add.
HANDLEDD_TEST_SEED sets the moments; HANDLEDD_SOAK=1 sleeps ten thousand times.
"""

from __future__ import annotations

import os
import random
from datetime import date, timedelta
from pathlib import Path

import pytest

from schedules.calendar import WorkCalendar
from tests.reliability.sizes import size
from tests.reliability.sleeping import check, roster, wakes_once
from tests.support.databases import database
from tests.support.world import World

DOWNTIMES = size(ci=500, soak=10_000)
SEED = int(os.environ.get("HANDLEDD_TEST_SEED", "20261122"))
EACH = 20
"""Downtimes in one history: some months each."""
LONGEST = timedelta(days=12)


@pytest.mark.parametrize("number", range(DOWNTIMES // EACH))
def test_after_any_downtime_there_is_one_catch_up(tmp_path: Path, number: int) -> None:
    dice = random.Random(f"{SEED}/{number}")
    start = date(2026, 1, 12) + timedelta(days=dice.randrange(300))
    with database("sqlite", tmp_path) as engine:
        world = World(engine, f"{start}T09:00", roster(start - timedelta(days=200)))
        bundles = 0
        for _ in range(EACH):
            world.clock.move_to(world.clock() + LONGEST * dice.random())
            bundles += wakes_once(world)
        day = WorkCalendar().next_speaking_day((world.clock() + LONGEST).date())
        world.jump_to(f"{day}T12:30")
        bundles += wakes_once(world)
        check(world)
        assert bundles > 0  # at noon on such a day, if never before
