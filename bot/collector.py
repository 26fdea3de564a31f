"""Python's garbage collector, told what to expect: modules come and stay, and a message leaves little behind.

Left to itself it walks through all that was imported, again and again, to find nothing: a seventh of the time
that a command takes to start, and now and then a message that waits tens of milliseconds.
"""

from __future__ import annotations

import gc
from typing import Final

STARTING: Final = (1_000_000, 20, 20)
"""How many new objects there are between two looks, and so many looks at them between two at older ones.

All the modules there are make half as many, so a start is not looked at.
"""
WORKING: Final = (50_000, 20, 20)
SERVING: Final = (10_000, 20, 20)


def starting() -> None:
    """Modules are imported next: what they make is kept."""
    gc.set_threshold(*STARTING)


def working() -> None:
    """A command is there that does one thing and ends: look from now on only at what comes."""
    _keep(WORKING)


def serving() -> None:
    """Everything is there that stays, for a process that runs for months: look sooner, at few."""
    _keep(SERVING)


def _keep(threshold: tuple[int, int, int]) -> None:
    gc.freeze()
    gc.set_threshold(*threshold)
