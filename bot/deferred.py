"""Models of a library that are finished when they are first used, not when the library is imported."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pydantic import BaseModel, ConfigDict


@contextmanager
def finished_when_used() -> Iterator[None]:
    """For the models that are imported within: each asks pydantic for its own later, by pydantic's own way.

    Microsoft's library for Teams has 387, of which a bot sends nine: their validators are a tenth of a start.
    """
    BaseModel.model_config = ConfigDict(defer_build=True)
    try:
        yield
    finally:
        BaseModel.model_config = ConfigDict()
