"""Own time away, at the sending: what can wait is said on the first working morning back.

Looked up in the claim's own statement, for a line to be away may come after a message was planned
(behaviour.md, Nudges). Which days they are is the person's; nobody else is told of them.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import bindparam, func, update
from sqlmodel import Session, select

from schedules.bundles import ALONE_AFTER
from schedules.calendar import DAY, SWEDEN
from schedules.choices import digest_of, morning_of
from schedules.manners import speaking_time
from schedules.zone import to_local, to_utc
from storage.columns import columns, table
from storage.lists import written
from storage.states import IS_PENDING
from storage.tables import Absence, Away, Outbox, Trainee
from storage.trainees import absences_of, is_away, spells_of

AWAY: Final = "away"
"""The reason of a row that waits for somebody's return."""
_NO_END: Final = date.max
_O, _A, _L, _T = columns(Outbox), columns(Away), columns(Absence), columns(Trainee)
_TODAY: Final = bindparam("today", type_=_A.from_on.type)
_OWN: Final = (
    select(func.max(func.coalesce(_A.to_on, _NO_END)))
    .where(_A.person_id == _O.person_id, is_away(_TODAY))
    .correlate(table(Outbox))
    .scalar_subquery()
)
_WAITING: Final = written("nudge", "confirm", "booking")
_FROM_TRAINING: Final = (
    select(func.max(func.coalesce(_L.to_on, _NO_END)))
    .join(table(Trainee), _T.id == _L.trainee_id)
    .where(_O.kind.in_(_WAITING), _T.person_id == _O.person_id, is_away(_TODAY, _L))
    .correlate(table(Outbox))
    .scalar_subquery()
)
"""A trainee's own: what is said of those whom they supervise, what is booked, and what others have saved."""

AWAY_UNTIL: Final = func.coalesce(_OWN, _FROM_TRAINING)
"""In a statement about the outbox: the last day away of who is told, as known on the local day `today`."""


def can_wait(row: Outbox) -> bool:
    """Whether it is one of the bot's own reminders and questions, and surely not said yet.

    Answers, and what a colleague has done or asks for, are told at once: who is away may look.
    """
    is_asked = row.kind == "booking" and row.step in ("before", "after")
    return not row.perhaps_sent and (row.kind in ("nudge", "digest", "confirm") or is_asked)


def put_off(session: Session, row: Outbox, until: date, now: datetime, zone: str) -> None:
    """To the first working morning after the last day away; without an end it is looked at again tomorrow."""
    first = (to_local(now, zone).date() if until == _NO_END else until) + DAY
    row.next_at = row.put_off_to = _morning(session, row, first, zone)
    row.reason = AWAY
    if row.kind in ("nudge", "confirm"):
        row.bundle = to_local(row.next_at, zone).date()
    session.add(row)
    session.flush()


def _morning(session: Session, row: Outbox, day: date, zone: str) -> datetime:
    """Each at its hour. A question leaves the bundle five minutes to come and take it along."""
    if row.kind == "digest":
        at = digest_of(session, row.person_id or 0).digest_at
        return to_utc(datetime.combine(SWEDEN.next_working_day(day), at), zone)
    first = datetime.combine(SWEDEN.next_speaking_day(day), morning_of(session, row.person_id))
    return to_utc(first, zone) + (ALONE_AFTER if row.kind == "confirm" else timedelta())


def look_again(session: Session, person_id: int, now: datetime, zone: str) -> None:
    """The days away have become others: what waited for the return is due when one may next speak.

    Who is away then as well is found so by the claim.
    """
    at = speaking_time(to_local(now, zone), SWEDEN, lambda _day: False, morning_of(session, person_id))
    waiting = update(table(Outbox)).where(
        _O.person_id == person_id, IS_PENDING, _O.reason == AWAY, _O.lease_until.is_(None)
    )
    session.flush()
    again = to_utc(at, zone) if at else now
    session.connection().execute(waiting.values(next_at=again, put_off_to=again, reason=""))


def days_away(session: Session, person_id: int) -> Callable[[date], bool]:
    """Whether somebody is away on a local day, from a training of their own or else."""
    spells = [*session.exec(spells_of(person_id)), *session.exec(absences_of(person_id))]
    return lambda day: any(each.from_on <= day <= (each.to_on or _NO_END) for each in spells)
