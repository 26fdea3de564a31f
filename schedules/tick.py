"""The tick: looks at the rows whose moment has come, and at nothing else."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Engine, text
from sqlmodel import Session, col, select, update

from schedules import bookings
from schedules.agenda import make_due
from schedules.life import BATCH
from schedules.standings import SWEDEN, refresh_many
from storage.engine import writing
from storage.tables import Agenda, Inbox, Standing

REPLIES_KEPT = timedelta(days=2)
_ONE_TICKS = 0x7469636B  # "tick": the advisory lock that decides which replica ticks


def tick(engine: Engine, now: datetime, zone: str = "Europe/Stockholm") -> int:
    """Do what is due at `now` and return how many trainees were looked at. Idempotent.

    Costs what is due, not what exists: with nothing due no standing row is read.
    """
    looked = 0
    while batch := _tick_batch(engine, now):
        looked += batch
    while batch := _look_at_bookings(engine, now):
        looked += batch
    with writing(engine) as session:
        make_due(session, now, zone, SWEDEN)
    return looked


def _tick_batch(engine: Engine, now: datetime) -> int:
    with writing(engine) as session:
        if not _may_tick(session):
            return 0
        trainees = session.exec(
            select(Standing.trainee_id).where(col(Standing.look_at) <= now).distinct().limit(BATCH)
        ).all()
        refresh_many(session, trainees, now, "time")
        return len(trainees)


def _look_at_bookings(engine: Engine, now: datetime) -> int:
    with writing(engine) as session:
        return bookings.look(session, now, BATCH) if _may_tick(session) else 0


def _may_tick(session: Session) -> bool:
    """One replica at a time: the others leave it to that one. SQLite has one process anyway."""
    if session.get_bind().dialect.name != "postgresql":
        return True
    return bool(
        session.connection().scalar(text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": _ONE_TICKS})
    )


def tidy(engine: Engine, now: datetime) -> int:
    """Empty the answers kept for repeated deliveries once no platform repeats any more."""
    with writing(engine) as session:
        old = update(Inbox).where(col(Inbox.received_at) < now - REPLIES_KEPT, col(Inbox.reply).is_not(None))
        return int(session.connection().execute(old.values(reply=None)).rowcount)


def next_moment(session: Session) -> datetime | None:
    """The earliest moment at which a tick has something to do; None when nothing is planned."""
    looks = session.exec(
        select(col(Standing.look_at))
        .where(col(Standing.look_at).is_not(None))
        .order_by(col(Standing.look_at))
        .limit(1)
    ).first()
    agenda = session.exec(select(Agenda.next_at).order_by(col(Agenda.next_at)).limit(1)).first()
    booked = bookings.next_look(session)
    return min((moment for moment in (looks, agenda, booked) if moment), default=None)
