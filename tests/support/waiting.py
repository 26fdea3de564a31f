"""Waiting for what another thread or process does: as long as it takes, within reason."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

PATIENCE_SECONDS = 60.0
"""Far beyond what a busy machine needs: a test that waits this long has failed."""


def wait_for(look: Callable[[], T]) -> T:
    """The first truthy answer of `look`; an AssertionError when none comes."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not (found := look()):
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)
    return found
