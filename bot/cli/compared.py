"""The standing rows against the journal, for the commands that ask: for a nation it takes minutes."""

from __future__ import annotations

from datetime import datetime

from rich.console import Console
from sqlalchemy import Engine
from sqlmodel import Session

from bot.cli.progress import progress
from schedules.drift import Drift, drifts
from schedules.recompute import trainees_of_unit
from schedules.tick import tick
from storage.engine import reading


def compared(session: Session, now: datetime) -> list[Drift]:
    """Every row that says something else than the journal."""
    with progress("Comparing", len(trainees_of_unit(session, None))) as step:
        return list(drifts(session, now, step))


def verified(engine: Engine, now: datetime, zone: str) -> list[Drift]:
    """The same, once what is due is done: until then a row may rightly be behind."""
    with Console(stderr=True).status("Doing what is due …"):
        tick(engine, now, zone)
    with reading(engine) as session:
        return compared(session, now)
