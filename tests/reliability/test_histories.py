"""Two hundred histories of thirty days, each by its seed, and 16 on PostgreSQL (`make soak`: 10,000 of
sixty, and 500).

HANDLEDD_TEST_SEEDS and HANDLEDD_TEST_SEEDS_POSTGRESQL set how many, HANDLEDD_TEST_SEED_DAYS how long, and
HANDLEDD_TEST_SEED_FROM the first. One that fails says how to play it again. Each core of the machine plays
its share.
"""

from __future__ import annotations

import os

from tests.simulator.play import Played, play_all
from tests.support.databases import postgres

SEEDS = int(os.environ.get("HANDLEDD_TEST_SEEDS", "200"))
ON_POSTGRESQL = int(os.environ.get("HANDLEDD_TEST_SEEDS_POSTGRESQL", "16"))
DAYS = int(os.environ.get("HANDLEDD_TEST_SEED_DAYS", "30"))
FIRST = int(os.environ.get("HANDLEDD_TEST_SEED_FROM", "1"))


def test_every_promise_holds_after_every_step_of_every_history() -> None:
    check(play_all(range(FIRST, FIRST + SEEDS), DAYS), SEEDS)


def test_every_promise_holds_on_postgresql_too() -> None:
    seeds = range(FIRST, FIRST + ON_POSTGRESQL)
    check(play_all(seeds, DAYS, postgres().uri), ON_POSTGRESQL)


def check(played: Played, seeds: int) -> None:
    assert played.broken == []
    assert played.histories == seeds
    # A history without people, deaths or faults would show nothing.
    assert played.deeds > seeds * DAYS // 2
    assert played.deaths > seeds
    assert played.faults > seeds
