"""Drift: does every standing row still say what the journal says? It must, always."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, select

from schedules.lives.asked import asked_of, judge
from schedules.lives.life import Life
from schedules.lives.reading import batches, load_many
from schedules.standings import rows_of
from schedules.verdict import Verdict
from storage.tables import Standing, Trainee


@dataclass(frozen=True, slots=True)
class Drift:
    """A row that says something else than the journal. `requirement` has the occasion after a stroke."""

    trainee_id: int
    requirement: str
    says: str
    is_so: str


def drifts(
    session: Session, now: datetime, step: Callable[[int], object] = lambda _count: None
) -> Iterator[Drift]:
    """Recompute every standing as of an aware moment and yield each row that differs.

    A row whose `look_at` has passed and that no tick has seen yet is due, not wrong: run a tick first.
    `step` is told of how many trainees each time that some are done.
    """
    known = [key for key in session.exec(select(Trainee.id)).all() if key is not None]
    for some in batches(known):
        for life in load_many(session, some, now):
            yield from _of_trainee(session, life)
        step(len(some))


def _of_trainee(session: Session, life: Life) -> Iterator[Drift]:
    trainee_id = life.trainee.id or 0
    rows = {(row.requirement, row.occasion): row for row in rows_of(session, trainee_id)}
    for asked in asked_of(life):
        is_so = _told(judge(life, asked, life.local.date()))
        row = rows.pop(asked.key, None)
        says = _told(row) if row else "no row"
        if says != is_so:
            yield Drift(trainee_id, "/".join(filter(None, asked.key)), says, is_so)
    for key, row in rows.items():
        if row.state != "not_applicable":
            yield Drift(trainee_id, "/".join(filter(None, key)), _told(row), "not in the rulebook")


def _told(of: Standing | Verdict) -> str:
    """Every figure that a row takes over from a verdict."""
    figures = f"{of.done}/{of.required} missed {of.missed} since {of.overdue_from} in {of.period or '-'}"
    return f"{of.state} {of.due_on} {of.last_on} {figures}"
