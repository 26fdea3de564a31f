"""For how long what is kept: done in small batches at night, told by `handledd doctor`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, String, Table, case, cast, func, literal, select, update
from sqlmodel import Session

from handlers.privacy.erasing import erase
from schedules.lives.reading import load
from schedules.tick import may_tick
from schedules.zone import to_local
from storage.columns import columns, table
from storage.engine import reading, writing
from storage.tables import NAMELESS, Inbox, Outbox, Person, Role, RoleName, Trainee

BATCH = 500
"""Rows in one transaction: nobody's message waits long for it."""
_I, _O, _T, _P, _R = (columns(model) for model in (Inbox, Outbox, Trainee, Person, Role))


@dataclass(frozen=True, slots=True)
class Kept:
    """How long; the training's counts from its end, moved by absence."""

    training: timedelta = timedelta(days=731)
    inbox: timedelta = timedelta(days=30)
    outbox: timedelta = timedelta(days=365)


def retain(engine: Engine, now: datetime, zone: str, kept: Kept) -> int:
    """Empty and erase what is older than it may be; returns how many rows. Idempotent."""
    done = 0
    for rows, old, values in _olds(now, kept):
        while batch := _empty(engine, rows, old, values):
            done += batch
    for person in _outlived(engine, now, zone, kept):
        with writing(engine) as session:
            if may_tick(session):
                erase(session, session.get_one(Person, person), now, zone)
                done += 1
    return done


def waiting(engine: Engine, now: datetime, zone: str, kept: Kept) -> int:
    """How much the next night has to do."""
    with reading(engine) as session:
        counts: list[int] = [
            session.execute(select(func.count()).select_from(rows).where(old)).scalar_one()
            for rows, old, _ in _olds(now, kept)
        ]
    return sum(counts) + len(_outlived(engine, now, zone, kept))


def _olds(now: datetime, kept: Kept) -> list[tuple[Table, Any, dict[str, Any]]]:
    """What is emptied: the table, which of its rows, and with what."""
    outcome = (_I.received_at < now - kept.inbox) & (_I.outcome != "")
    facts = (_O.ended_at < now - kept.outbox) & (cast(_O.facts, String) != "{}")
    nobody = case((_O.person_id.is_(None), literal("gone:") + cast(_O.id, String)), else_=_O.recipient)
    nothing = {"facts": {}, "reason": "", "address": "", "reference": "", "sent_as": "", "recipient": nobody}
    return [
        (table(Inbox), outcome, {"outcome": "", "reply": None}),
        (table(Outbox), facts, nothing),
    ]


def _empty(engine: Engine, rows: Table, old: Any, values: dict[str, Any]) -> int:
    with writing(engine) as session:
        if not may_tick(session):
            return 0
        ids = session.execute(select(rows.c.id).where(old).limit(BATCH)).scalars().all()
        session.execute(update(rows).where(rows.c.id.in_(ids)).values(values))
        return len(ids)


def _outlived(engine: Engine, now: datetime, zone: str, kept: Kept) -> list[int]:
    """Whose training ended so long ago, by person id. Who has another role by now stays."""
    last = to_local(now, zone).date() - kept.training
    others = select(_R.person_id).where(_R.role != RoleName.TRAINEE)
    over = (
        select(_T.id, _T.person_id)
        .join(table(Person), _P.id == _T.person_id)
        .where(_T.ends_on < last, _P.email.not_like(f"%@{NAMELESS}"), _P.id.not_in(others))
        .order_by(_T.id)
    )
    with reading(engine) as session:
        return [person for key, person in session.execute(over).all() if _ended(session, key, now) < last]


def _ended(session: Session, trainee: int, now: datetime) -> Any:
    """The end with absence counted; far ahead while it is not known."""
    return load(session, trainee, now).timeline.planned_end or (now + timedelta(days=365)).date()
