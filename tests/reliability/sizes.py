"""How much is tried: the reliability table's CI column, or with HANDLEDD_SOAK=1 its long one."""

from __future__ import annotations

import os

SOAKING = os.environ.get("HANDLEDD_SOAK") == "1"


def size(ci: int, soak: int) -> int:
    """`ci` in every run, `soak` in `make soak`."""
    return soak if SOAKING else ci
