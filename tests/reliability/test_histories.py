"""Two hundred histories of thirty days, each by its seed (`make soak` plays 10,000 of sixty).

HANDLEDD_TEST_SEEDS, HANDLEDD_TEST_SEED_DAYS and HANDLEDD_TEST_SEED_FROM set how many, how long, and the
first. One that fails says how to play it again. Each core of the machine plays its share.
"""

from __future__ import annotations

import os

from tests.simulator.play import play_all

SEEDS = int(os.environ.get("HANDLEDD_TEST_SEEDS", "200"))
DAYS = int(os.environ.get("HANDLEDD_TEST_SEED_DAYS", "30"))
FIRST = int(os.environ.get("HANDLEDD_TEST_SEED_FROM", "1"))


def test_every_promise_holds_after_every_step_of_every_history() -> None:
    played = play_all(range(FIRST, FIRST + SEEDS), DAYS)
    assert played.broken == []
    assert played.histories == SEEDS
    # A history without people, deaths or faults would show nothing.
    assert played.deeds > SEEDS * DAYS // 2
    assert played.deaths > SEEDS
    assert played.faults > SEEDS
