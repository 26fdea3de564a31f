"""Measuring in turns: A B C A B C …, so that a machine that slows down slows all of them."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot import collector


@dataclass(frozen=True, slots=True)
class Measured:
    """Seconds of one turn, over all turns: median, fastest and slowest.

    `cpu` is the median of what this process worked: the figure to read when others use the machine too.
    """

    median: float
    least: float
    most: float
    cpu: float = 0.0


def in_turns(contestants: Mapping[str, Callable[[], object]], turns: int) -> dict[str, Measured]:
    """Run every contestant once per turn and return the seconds each took. One turn before is not counted.

    Python's collector is set as `handledd run` sets it, for all of them alike.
    """
    collector.serving()
    seconds: dict[str, list[float]] = {name: [] for name in contestants}
    worked: dict[str, list[float]] = {name: [] for name in contestants}
    for turn in range(turns + 1):
        for name, run in contestants.items():
            begun, work = time.perf_counter(), time.process_time()
            run()
            if turn:
                seconds[name].append(time.perf_counter() - begun)
                worked[name].append(time.process_time() - work)
    return {name: _measured(taken, worked[name]) for name, taken in seconds.items()}


def _measured(taken: list[float], worked: list[float]) -> Measured:
    return Measured(statistics.median(taken), min(taken), max(taken), statistics.median(worked))
