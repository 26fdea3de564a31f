"""The levels of an assessment, by instrument (docs/decisions/0006)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

USUAL: Final = ("support", "on_the_way", "independent")
BY_INSTRUMENT: Final[Mapping[str, tuple[str, ...]]] = {
    "dops": ("support", "with_help", "under_watch", "independent"),
    "360": ("to_develop", "as_expected", "strength"),
}


def levels(instrument: str | None) -> tuple[str, ...]:
    """Three to five levels, the lowest first; the order of their buttons."""
    return BY_INSTRUMENT.get(instrument or "", USUAL)
