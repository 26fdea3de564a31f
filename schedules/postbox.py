"""The outbox as the delivery sees it: claim with a lease, put back, end. Never a word of what is said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import or_, update
from sqlmodel import Session, select

from schedules.calendar import WorkCalendar
from schedules.manners import EVENING, MORNING
from schedules.zone import to_local, to_utc
from storage.columns import columns, table
from storage.engine import insert
from storage.tables import DailyBundle, Identity, Outbox, OutboxState

SWEDEN = WorkCalendar("SE")
_O, _I, _D = columns(Outbox), columns(Identity), columns(DailyBundle)


@dataclass(frozen=True, slots=True)
class Claim:
    """Rows that travel in one message, held under one lease."""

    token: str
    rows: tuple[Outbox, ...]


def claim(session: Session, now: datetime, lease: timedelta, token: str, zone: str) -> Claim | None:
    """Take the most urgent message that is due, for the length of a lease; None when nothing is.

    A row whose lease ran out was being sent when its process died: perhaps it went out. A nudge is then
    not repeated but ends as uncertain; what must arrive is sent once more and says that it may be the
    second (reliability.md, N4).
    """
    while row := _next(session, now):
        if row.lease_until is not None and not _may_repeat(session, row, now):
            continue
        if row.expires_at is not None and row.expires_at <= now:
            _finish(session, [row], OutboxState.EXPIRED, "too late", "", now)
            continue
        rows = _bundle(session, row, now) if row.kind == "nudge" else [row]
        if row.kind == "nudge" and not _open_day(session, row, rows, token, now, zone):
            continue
        return Claim(token, tuple(_lease(session, rows, now + lease, token)))
    return None


def put_back(session: Session, claim: Claim, rows: Sequence[Outbox], at: datetime, *, perhaps: bool) -> None:
    """Try again at a moment. The day's bundle stays taken by these rows."""
    _update(
        session,
        claim,
        rows,
        lease_until=None,
        next_at=at,
        perhaps_sent=perhaps or any(row.perhaps_sent for row in rows),
    )


def end(
    session: Session,
    claim: Claim,
    rows: Sequence[Outbox],
    state: OutboxState,
    reason: str,
    reference: str,
    now: datetime,
) -> None:
    """Record how rows ended. Does nothing for rows whose lease somebody else took over meanwhile."""
    values = {"state": state, "reason": reason[:200], "reference": reference[:255], "ended_at": now}
    _update(session, claim, rows, lease_until=None, **values)
    if state is OutboxState.SKIPPED:
        _free_day(session, claim)


def disable(
    session: Session, platform: str, workspace: str, external_id: str, reason: str, now: datetime
) -> None:
    """No message reaches this account any more: it is left alone until the person writes again."""
    session.execute(
        update(table(Identity))
        .where(_I.platform == platform, _I.external_id == external_id, _I.workspace.in_([workspace, ""]))
        .values(disabled_at=now, disabled_reason=reason[:200])
    )


def next_due(session: Session) -> datetime | None:
    """The earliest moment at which something waits to be sent."""
    waiting = select(_O.next_at).where(_O.state == OutboxState.PENDING).order_by(_O.next_at).limit(1)
    return session.execute(waiting).scalar_one_or_none()


def _next(session: Session, now: datetime) -> Outbox | None:
    return session.exec(
        select(Outbox)
        .where(
            _O.state == OutboxState.PENDING,
            _O.next_at <= now,
            or_(_O.lease_until.is_(None), _O.lease_until <= now),
        )
        .order_by(_O.priority, _O.next_at, _O.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).first()


def _may_repeat(session: Session, row: Outbox, now: datetime) -> bool:
    """What to do with a row that was being sent when the lease ran out."""
    if row.kind == "nudge" or row.perhaps_sent:
        lost = _of_token(session, row) if row.lease_token else [row]
        _finish(session, lost, OutboxState.UNCERTAIN, "stopped while sending", "", now)
        return False
    row.perhaps_sent = True
    return True


def _of_token(session: Session, row: Outbox) -> list[Outbox]:
    """All rows that travelled under the same lease."""
    found = session.exec(
        select(Outbox).where(_O.lease_token == row.lease_token, _O.state == OutboxState.PENDING)
    )
    return list(found.all())


def _bundle(session: Session, row: Outbox, now: datetime) -> list[Outbox]:
    """Every nudge to the same person that is due by now: they are one message."""
    found = session.exec(
        select(Outbox)
        .where(
            _O.person_id == row.person_id,
            _O.kind == "nudge",
            _O.state == OutboxState.PENDING,
            _O.next_at <= now,
            or_(_O.lease_until.is_(None), _O.lease_until <= now),
        )
        .order_by(_O.id)
        .with_for_update(skip_locked=True)
    )
    return list(found.all())


def _open_day(
    session: Session, row: Outbox, rows: Sequence[Outbox], token: str, now: datetime, zone: str
) -> bool:
    """Take today's one message to this person; else move the rows to when they may be said."""
    local = to_local(now, zone)
    if not _may_speak(local):
        _move(session, rows, _next_morning(local.date(), local.time() < MORNING), zone)
        return False
    if any(each.lease_token and each.lease_token == _day_token(session, row, local.date()) for each in rows):
        _take_over_day(session, row, local.date(), token)
        return True
    taken = insert(session)(table(DailyBundle)).values(
        person_id=row.person_id, on_date=local.date(), token=token
    )
    if session.execute(taken.on_conflict_do_nothing().returning(_D.token)).first():
        return True
    _move(session, rows, _next_morning(local.date(), today=False), zone)
    return False


def _may_speak(local: datetime) -> bool:
    return not SWEDEN.is_quiet_day(local.date()) and MORNING <= local.time() <= EVENING


def _next_morning(day: date, today: bool) -> date:
    return SWEDEN.next_speaking_day(day if today else day + timedelta(days=1))


def _move(session: Session, rows: Sequence[Outbox], day: date, zone: str) -> None:
    for row in rows:
        row.next_at = to_utc(datetime.combine(day, MORNING), zone)
        row.bundle = day
        session.add(row)
    session.flush()


def _day_token(session: Session, row: Outbox, day: date) -> str | None:
    return session.execute(
        select(_D.token).where(_D.person_id == row.person_id, _D.on_date == day)
    ).scalar_one_or_none()


def _take_over_day(session: Session, row: Outbox, day: date, token: str) -> None:
    session.execute(
        update(table(DailyBundle)).where(_D.person_id == row.person_id, _D.on_date == day).values(token=token)
    )


def _free_day(session: Session, claim: Claim) -> None:
    """Nothing was said after all: the day's message is free again, unless other rows of it still go out."""
    alive = session.exec(
        select(_O.id).where(
            _O.lease_token == claim.token, _O.state.in_([OutboxState.PENDING, OutboxState.SENT])
        )
    ).first()
    if alive is None:
        session.execute(table(DailyBundle).delete().where(_D.token == claim.token))


def _lease(session: Session, rows: Sequence[Outbox], until: datetime, token: str) -> Sequence[Outbox]:
    for row in rows:
        row.lease_until, row.lease_token = until, token
        row.attempts += 1
        session.add(row)
    session.flush()
    return rows


def _finish(
    session: Session, rows: Sequence[Outbox], state: OutboxState, reason: str, reference: str, now: datetime
) -> None:
    for row in rows:
        row.state, row.reason, row.reference, row.ended_at = state, reason, reference, now
        row.lease_until = None
        session.add(row)
    session.flush()


def _update(session: Session, claim: Claim, rows: Sequence[Outbox], **values: object) -> None:
    """Change rows that are still held under this lease: a lost lease changes nothing."""
    session.execute(
        update(table(Outbox))
        .where(
            _O.id.in_([row.id for row in rows]),
            _O.lease_token == claim.token,
            _O.state == OutboxState.PENDING,
        )
        .values(**values)
    )
