"""Playing many histories, a share on each core, and counting what they held."""

from __future__ import annotations

import logging
import multiprocessing
import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from itertools import repeat

import structlog

from bot import collector
from tests.simulator.checks import BrokenError
from tests.simulator.history import History
from tests.simulator.house import house

SHARE = 4
"""Histories that a worker plays before it reports."""


@dataclass(slots=True)
class Played:
    """What some histories held; `broken` has the words of each that broke a promise."""

    histories: int = 0
    deeds: int = 0
    messages: int = 0
    deaths: int = 0
    pauses: int = 0
    faults: int = 0
    broken: list[str] = field(default_factory=list)

    def add(self, other: Played) -> None:
        """Count another's in."""
        for name in ("histories", "deeds", "messages", "deaths", "pauses", "faults", "broken"):
            setattr(self, name, getattr(self, name) + getattr(other, name))


def play_all(seeds: Sequence[int], days: int, postgres_uri: str = "") -> Played:
    """Play every seed in SQLite files, or on the PostgreSQL that is named."""
    shares = [seeds[at : at + SHARE] for at in range(0, len(seeds), SHARE)]
    total = Played()
    # Not forked: a worker must not inherit the test run's database connections.
    workers = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(os.cpu_count(), mp_context=workers, initializer=_settle_in) as pool:
        for played in pool.map(_share, shares, repeat(days), repeat(postgres_uri)):
            total.add(played)
    return total


def _settle_in() -> None:
    """As a bot that serves; and thousands of made-up faults are not worth a line each."""
    collector.serving()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))


def _share(seeds: Sequence[int], days: int, postgres_uri: str) -> Played:
    total = Played()
    for seed in seeds:
        total.histories += 1
        try:
            told = History(seed, days, house(postgres_uri)).play()
        except BrokenError as broken:
            total.broken.append(str(broken))
            continue
        total.deeds += told.deeds
        total.messages += told.shown
        total.deaths += told.deaths.total()
        total.pauses += told.pauses
        total.faults += told.faults
    return total
