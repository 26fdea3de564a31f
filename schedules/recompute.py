"""Recomputing many standings at once: after a change of rulebook, an import, or by hand."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from schedules.lives.reading import batches
from schedules.standings import refresh_many
from storage.engine import writing
from storage.tables import Trainee


def recompute(
    session: Session,
    trainees: Sequence[int],
    now: datetime,
    reason: str,
    progress: Callable[[int], None] = lambda _count: None,
) -> None:
    """Bring the standings of some trainees up to an aware moment, within the transaction of the change."""
    for some in batches(trainees):
        with _collecting_after():
            refresh_many(session, some, now, reason)
        progress(len(some))


def recompute_all(
    engine: Engine,
    now: datetime,
    unit_id: int | None = None,
    progress: Callable[[int], None] = lambda _count: None,
) -> int:
    """Recompute everybody, or a unit's, a transaction for each batch. Returns how many trainees it was."""
    with writing(engine) as session:
        trainees = trainees_of_unit(session, unit_id)
    for some in batches(trainees):
        with _collecting_after(), writing(engine) as session:
            refresh_many(session, some, now, "recompute")
        progress(len(some))
    return len(trainees)


@contextmanager
def _collecting_after() -> Iterator[None]:
    """A batch reads a hundred thousand small things and lets go of all at once.

    Looking for garbage among them as they come takes a third of the time.
    """
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
        gc.collect(1)


def trainees_of_unit(session: Session, unit_id: int | None) -> list[int]:
    """The ids of a unit's trainees, of all when it is None, in order."""
    wanted = select(Trainee.id).order_by(col(Trainee.id))
    if unit_id is not None:
        wanted = wanted.where(Trainee.unit_id == unit_id)
    return [key for key in session.exec(wanted).all() if key is not None]
