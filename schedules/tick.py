"""The tick: looks at the rows whose moment has come, and at nothing else."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from itertools import islice

from sqlalchemy import Engine, Integer, bindparam, delete, exists, literal_column, text, union_all
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, or_, select, update

from schedules import bookings, concerns, requests
from schedules.agenda import make_due
from schedules.calendar import SWEDEN
from schedules.lives.reading import BATCH
from schedules.standings import refresh_many
from storage.columns import columns
from storage.engine import reading, writing
from storage.offers import LASTS
from storage.prepared import Prepared
from storage.tables import (
    Agenda,
    AssessmentRequest,
    Away,
    Booking,
    Concern,
    Inbox,
    LinkCode,
    LinkTry,
    OfferedFile,
    Standing,
)

REPLIES_KEPT = timedelta(days=2)
AWAY_KEPT = timedelta(days=30)
"""How long somebody's own days away are kept once they are over."""
_ROWS_EACH = 5
"""Rows of one trainee that fall due at once, generously: a batch is then seldom smaller than it may be."""
_MOMENTS = (
    *(columns(model).look_at for model in (Standing, Booking, AssessmentRequest, Concern)),
    columns(Agenda).next_at,
)
_COME = Prepared(
    union_all(
        *(
            select_columns(literal_column(str(number), Integer)).where(
                exists(moment).where(moment <= bindparam("now"))
            )
            for number, moment in enumerate(_MOMENTS)
        )
    )
)
"""Nearly every beat asks this and no more: each table answers from the index of its moments."""
_S = columns(Standing)
_LOOKS = Prepared(
    select_columns(_S.trainee_id, _S.requirement)
    .where(_S.look_at <= bindparam("now"))
    .order_by(_S.look_at)
    .limit(BATCH * _ROWS_EACH)
)
_ONE_TICKS = 0x7469636B  # "tick": the advisory lock that decides which replica ticks


_Looks = Callable[[Session, datetime, int], int]
"""Looks at so many rows of a table whose moment has come, the longest waiting first; returns how many."""


def tick(engine: Engine, now: datetime, zone: str = "Europe/Stockholm") -> int:
    """Do what is due at `now` and return how many trainees were looked at. Idempotent.

    Costs what is due, not what exists: with nothing due no row is read, and no writer kept waiting.
    """
    looked, come = 0, _come(engine, now)
    looks: tuple[_Looks, ...] = (_look_at_standings, bookings.look, requests.look, concerns.look)
    for look in (look for number, look in enumerate(looks) if number in come):
        while batch := _look(engine, now, look):
            looked += batch
    if len(looks) in come:
        with writing(engine) as session:
            make_due(session, now, zone, SWEDEN)
    return looked


def _come(engine: Engine, now: datetime) -> frozenset[int]:
    """Of which tables a moment has come, by their place among the moments."""
    with reading(engine) as session:
        return frozenset(_COME.values(session, {"now": now}))


def _look(engine: Engine, now: datetime, look: _Looks) -> int:
    with writing(engine) as session:
        return look(session, now, BATCH) if may_tick(session) else 0


def _look_at_standings(session: Session, now: datetime, batch: int) -> int:
    due = _due(session, now, batch)
    if due:
        refresh_many(session, list(due), now, "time", due)
    return len(due)


def _due(session: Session, now: datetime, batch: int) -> Mapping[int, Collection[str]]:
    """A batch of those who have waited longest, and which of each one's requirements.

    No DISTINCT: SQLite would rather walk through all rows in the order of trainees than sort the few due.
    """
    due: dict[int, set[str]] = {}
    for trainee, key in _LOOKS.rows(session, {"now": now}):
        due.setdefault(trainee, set()).add(key)
    return dict(islice(due.items(), batch))


def may_tick(session: Session) -> bool:
    """One replica at a time: the others leave it to that one. SQLite has one process anyway."""
    if session.get_bind().dialect.name != "postgresql":
        return True
    return bool(
        session.connection().scalar(text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": _ONE_TICKS})
    )


def tidy(engine: Engine, now: datetime) -> int:
    """Empty the answers kept for repeated deliveries once no platform repeats any more; end old offers.

    Days away that are long over go too, and link codes with the wrong tries at them: nothing counts them.
    """
    with writing(engine) as session:
        session.connection().execute(delete(OfferedFile).where(col(OfferedFile.offered_at) <= now - LASTS))
        over = or_(col(Away.to_on) < (now - AWAY_KEPT).date(), col(Away.voided_at) < now - AWAY_KEPT)
        session.connection().execute(delete(Away).where(over))
        for code, since in ((LinkTry, col(LinkTry.at)), (LinkCode, col(LinkCode.expires_at))):
            session.connection().execute(delete(code).where(since < now - REPLIES_KEPT))
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
