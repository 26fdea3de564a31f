"""The tick: looks at the rows whose moment has come, and at nothing else."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from itertools import islice

from sqlalchemy import Engine, bindparam, delete, literal, text, union_all
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select, update

from schedules import bookings, concerns, requests
from schedules.agenda import make_due
from schedules.asked import SWEDEN
from schedules.lives import BATCH
from schedules.standings import refresh_many
from storage.columns import columns
from storage.engine import reading, writing
from storage.offers import LASTS
from storage.tables import Agenda, AssessmentRequest, Booking, Concern, Inbox, OfferedFile, Standing

REPLIES_KEPT = timedelta(days=2)
_ROWS_EACH = 5
"""Rows of one trainee that fall due at once, generously: a batch is then seldom smaller than it may be."""
_MOMENTS = (
    *(columns(model).look_at for model in (Standing, Booking, AssessmentRequest, Concern)),
    columns(Agenda).next_at,
)
_ANYTHING_DUE = union_all(
    *(select_columns(literal(1)).where(moment <= bindparam("now")) for moment in _MOMENTS)
).limit(1)
"""Nearly every beat asks this and no more: each table answers from the index of its moments."""
_ONE_TICKS = 0x7469636B  # "tick": the advisory lock that decides which replica ticks


def tick(engine: Engine, now: datetime, zone: str = "Europe/Stockholm") -> int:
    """Do what is due at `now` and return how many trainees were looked at. Idempotent.

    Costs what is due, not what exists: with nothing due no row is read, and no writer kept waiting.
    """
    if not _anything_due(engine, now):
        return 0
    looked = 0
    while batch := _tick_batch(engine, now):
        looked += batch
    while batch := _look_at_bookings(engine, now):
        looked += batch
    while batch := _look_at_requests(engine, now):
        looked += batch
    while batch := _look_at_concerns(engine, now):
        looked += batch
    with writing(engine) as session:
        make_due(session, now, zone, SWEDEN)
    return looked


def _anything_due(engine: Engine, now: datetime) -> bool:
    with reading(engine) as session:
        return session.connection().execute(_ANYTHING_DUE, {"now": now}).first() is not None


def _tick_batch(engine: Engine, now: datetime) -> int:
    with writing(engine) as session:
        if not may_tick(session):
            return 0
        due = _due(session, now)
        if due:
            refresh_many(session, list(due), now, "time", due)
        return len(due)


def _due(session: Session, now: datetime) -> Mapping[int, Collection[str]]:
    """A batch of those who have waited longest, and which of each one's requirements.

    No DISTINCT: SQLite would rather walk through all rows in the order of trainees than sort the few due.
    """
    looks = select(Standing.trainee_id, Standing.requirement).where(col(Standing.look_at) <= now)
    due: dict[int, set[str]] = {}
    for trainee, key in session.exec(looks.order_by(col(Standing.look_at)).limit(BATCH * _ROWS_EACH)):
        due.setdefault(trainee, set()).add(key)
    return dict(islice(due.items(), BATCH))


def _look_at_bookings(engine: Engine, now: datetime) -> int:
    with writing(engine) as session:
        return bookings.look(session, now, BATCH) if may_tick(session) else 0


def _look_at_requests(engine: Engine, now: datetime) -> int:
    with writing(engine) as session:
        return requests.look(session, now, BATCH) if may_tick(session) else 0


def _look_at_concerns(engine: Engine, now: datetime) -> int:
    with writing(engine) as session:
        return concerns.look(session, now, BATCH) if may_tick(session) else 0


def may_tick(session: Session) -> bool:
    """One replica at a time: the others leave it to that one. SQLite has one process anyway."""
    if session.get_bind().dialect.name != "postgresql":
        return True
    return bool(
        session.connection().scalar(text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": _ONE_TICKS})
    )


def tidy(engine: Engine, now: datetime) -> int:
    """Empty the answers kept for repeated deliveries once no platform repeats any more; end old offers."""
    with writing(engine) as session:
        session.connection().execute(delete(OfferedFile).where(col(OfferedFile.offered_at) <= now - LASTS))
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
    others = (agenda, *(each.next_look(session) for each in (bookings, requests, concerns)))
    return min((moment for moment in (looks, *others) if moment), default=None)
