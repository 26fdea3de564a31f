"""The one message a day that may disturb somebody: who has taken the day, and when another may come."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any

from sqlalchemy import update
from sqlmodel import Session, select

from schedules.calendar import SWEDEN
from schedules.choices import morning_of
from schedules.manners import EVENING
from schedules.zone import to_local, to_utc
from storage.columns import columns, table
from storage.engine import insert
from storage.prepared import Prepared
from storage.tables import DailyBundle, Outbox, OutboxState

_O, _D = columns(Outbox), columns(DailyBundle)


def open_day(
    session: Session, row: Outbox, rows: Sequence[Outbox], token: str, now: datetime, zone: str
) -> bool:
    """Take today's one message to this person; else move the rows to when they may be said."""
    local, morning = to_local(now, zone), morning_of(session, row.person_id)
    if not _may_speak(local, morning):
        day = _next_morning(local.date(), local.time() < morning)
        _move(session, rows, datetime.combine(day, morning), zone)
        return False
    tried = {each.lease_token for each in rows if each.lease_token}
    if tried and _takes_over_day(session, row, local.date(), tried, token):
        return True
    today = {"person_id": row.person_id, "on_date": local.date(), "token": token}
    if _taking(insert(session)).value(session, today):
        return True
    tomorrow = datetime.combine(_next_morning(local.date(), today=False), morning)
    _move(session, rows, tomorrow, zone)
    return False


@cache
def _taking(made: Callable[..., Any]) -> Prepared:
    """Built once for each engine: every reminder says it."""
    return Prepared(made(table(DailyBundle)).on_conflict_do_nothing().returning(_D.token))


def _may_speak(local: datetime, morning: time) -> bool:
    return not SWEDEN.is_quiet_day(local.date()) and morning <= local.time() <= EVENING


def _next_morning(day: date, today: bool) -> date:
    return SWEDEN.next_speaking_day(day if today else day + timedelta(days=1))


def _move(session: Session, rows: Sequence[Outbox], to: datetime, zone: str) -> None:
    for row in rows:
        row.next_at = row.put_off_to = to_utc(to, zone)
        row.bundle = to.date()
        session.add(row)
    session.flush()


def _takes_over_day(session: Session, row: Outbox, day: date, tried: Collection[str], token: str) -> bool:
    """Whether the day was taken by an earlier try of these rows: then it is this one's, and nobody else's.

    By one statement: two processes may each have a part of what that try was to say.
    """
    taken = update(table(DailyBundle)).where(
        _D.person_id == row.person_id, _D.on_date == day, _D.token.in_(tried)
    )
    return int(session.connection().execute(taken.values(token=token)).rowcount) > 0


def free_day(session: Session, lease_token: str) -> None:
    """Nothing was said after all: the day's message is free again, unless other rows of it still go out."""
    alive = session.exec(
        select(_O.id).where(
            _O.lease_token == lease_token, _O.state.in_([OutboxState.PENDING, OutboxState.SENT])
        )
    ).first()
    if alive is None:
        session.execute(table(DailyBundle).delete().where(_D.token == lease_token))
