"""Which message is due next, what travels with it, and whose it is: claimed with a lease."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, and_, bindparam, exists, func, or_
from sqlalchemy import select as core_select
from sqlmodel import Session, select

from schedules.outbox.in_order import MUST_WAIT, moments
from schedules.outbox.one_a_day import open_day
from schedules.outbox.own_absence import AWAY, AWAY_UNTIL, can_wait, put_off
from schedules.outbox.postbox import Claim, delivery_name, is_certain
from schedules.zone import to_local
from storage.columns import Columns, Facts, columns, table
from storage.known import Wholes
from storage.prepared import Prepared
from storage.states import IS_PENDING, is_pending
from storage.tables import Outbox, OutboxState, Person

_O, _P, _OTHER = columns(Outbox), columns(Person), table(Outbox).alias().c
URGENT = 2
"""Receipts and what answers somebody: they pass everything else that waits."""
ANY = 9


def claim(
    session: Session,
    now: datetime,
    lease: timedelta,
    token: str,
    zone: str,
    most: int = ANY,
    certain: Collection[str] = (),
) -> Claim | None:
    """Take the most urgent message that is due, for the length of a lease; None when nothing is.

    Only those of priority `most` or smaller are looked at, and none before what the same chat is to be told
    first (`in_order`). `postbox.hold` writes the lease, once it is known where the message goes. `certain`
    names the platforms that can tell what they have shown, or that show nothing twice.

    A row whose lease ran out was being sent when its process died: perhaps it went out. Where the platform
    is certain it is taken up again; elsewhere a nudge is not repeated but ends as uncertain, and what must
    arrive is sent once more and says that it may be the second (reliability.md, N4).
    """
    asked = {"now": now, "most": most, "today": to_local(now, zone).date(), **moments(now, lease)}
    while found := _next(session, asked):
        row, person, is_last, away_until = found
        if row.lease_until is not None and not _may_repeat(session, row, now, certain):
            continue
        if row.expires_at is not None and row.expires_at <= now:
            ended = OutboxState.SKIPPED if row.reason == AWAY else OutboxState.EXPIRED
            _finish(session, [row], ended, row.reason or "too late", "", now)
            continue
        if away_until is not None and can_wait(row):
            put_off(session, row, away_until, now, zone)
            continue
        rows, riders = _with_company(session, row, now, zone, certain)
        if rows[0].kind == "nudge" and not open_day(session, row, rows, token, now, zone):
            continue
        return Claim(token, tuple(_lease(session, [*rows, *riders], now + lease, token)), person, is_last)
    return None


_NOW = bindparam("now", type_=_O.next_at.type)


def _due(outbox: Columns) -> ColumnElement[bool]:
    """What is due, and held by nobody."""
    held = or_(outbox.lease_until.is_(None), outbox.lease_until <= _NOW)
    return and_(is_pending(outbox), outbox.priority <= bindparam("most"), outbox.next_at <= _NOW, held)


_ROW, _WHOSE = Wholes(Outbox), Wholes(Outbox, Person)
_FIRST: Final = Prepared(
    core_select(
        *_WHOSE.columns,
        (~exists().where(_due(_OTHER), _OTHER.id != _O.id)).label("is_last"),
        AWAY_UNTIL.label("away_until"),
    )
    .select_from(table(Outbox))
    .join(table(Person), _P.id == _O.person_id, isouter=True)
    .where(_due(_O), ~MUST_WAIT)
    .order_by(_O.priority, _O.next_at, _O.id)
    .limit(1)
    .with_for_update(skip_locked=True, of=table(Outbox))
)
"""Built once: every message asks it, and every quiet second."""


_FREE_AT: Final = Prepared(
    select(func.min(func.coalesce(_O.lease_until, _O.next_at))).where(
        IS_PENDING, _O.priority <= bindparam("most")
    )
)


def next_moment(session: Session, most: int = ANY) -> datetime | None:
    """When the first message of a priority up to `most` falls due, or is free again; None when none waits."""
    found: datetime | None = _FREE_AT.value(session, {"most": most})
    return found


def _next(session: Session, asked: Facts) -> tuple[Outbox, Person | None, bool, date | None] | None:
    """The first that is due, to whom, whether it is alone, and until when they are away."""
    session.flush()
    found = _FIRST.rows(session, asked)
    if not found:
        return None
    row, person = _WHOSE.objects(session, found[0])
    return row, person, found[0].is_last, found[0].away_until


def _may_repeat(session: Session, row: Outbox, now: datetime, certain: Collection[str]) -> bool:
    """What to do with a row that was being sent when the lease ran out."""
    lost = _of_token(session, row) if row.lease_token else [row]
    if not is_certain(row, certain) and (row.kind == "nudge" or row.perhaps_sent):
        _finish(session, lost, OutboxState.UNCERTAIN, "stopped while sending", "", now)
        return False
    for each in lost if is_certain(row, certain) or row.kind == "digest" else [row]:
        each.perhaps_sent = True
        session.add(each)
    session.flush()
    return True


def _of_token(session: Session, row: Outbox) -> list[Outbox]:
    """All rows that travelled under the same lease, the one that the message was named after first."""
    found = session.exec(
        select(Outbox)
        .where(_O.lease_token == row.lease_token, IS_PENDING)
        .order_by(_O.id)
        .with_for_update(skip_locked=True)
    ).all()
    return sorted(found, key=lambda each: (each.sent_as != delivery_name(each), each.id))


def _with_company(
    session: Session, row: Outbox, now: datetime, zone: str, certain: Collection[str]
) -> tuple[list[Outbox], list[Outbox]]:
    """What travels in the same message: a day's nudges; with a digest all that it is to tell by name. Then
    what joins it without taking the day: questions.

    One that perhaps went out goes as it was, and nothing joins it. Nor does a question leave it: said alone
    under the message's name, it would be taken for the whole of it.
    """
    if row.perhaps_sent and (row.kind in ("nudge", "digest") or is_certain(row, certain)):
        return _of_token(session, row), []
    if row.kind == "nudge":
        return _bundle(session, row, now, zone)
    return _digest(session, row, now) if row.kind == "digest" else [row], []


def _digest(session: Session, row: Outbox, now: datetime) -> list[Outbox]:
    """A person's digest and every escalation that waits for it: each of them alone would bring a digest.

    The digest comes first, whichever of them was found: the message is named after it on every try. Of those
    that waited for somebody's return the newest tells all.
    """
    found = session.exec(
        select(Outbox)
        .where(
            _O.person_id == row.person_id,
            _O.kind == "digest",
            IS_PENDING,
            _O.lease_until.is_(None),
            _O.perhaps_sent.is_(False),
            or_(_O.step == "escalated", _O.next_at <= now),
        )
        .order_by(_O.id)
        .with_for_update(skip_locked=True)
    ).all()
    *older, head = [one for one in found if one.step != "escalated"] or [row]
    _finish(session, older, OutboxState.SKIPPED, "a later one tells it", "", now)
    return [head, *(one for one in found if one.step == "escalated" and one is not head)]


_BUNDLE: Final = Prepared(
    core_select(*_ROW.columns)
    .where(
        _O.person_id == bindparam("person"),
        IS_PENDING,
        or_(
            _O.id == bindparam("this"),
            and_(
                _O.lease_until.is_(None),
                or_(
                    and_(_O.kind == "nudge", _O.next_at <= _NOW, _O.perhaps_sent.is_(False)),
                    and_(_O.kind == "confirm", _O.bundle == bindparam("today")),
                ),
            ),
        ),
    )
    .order_by(_O.id)
    .with_for_update(skip_locked=True)
)
"""Built once: every reminder asks it."""


def _bundle(session: Session, row: Outbox, now: datetime, zone: str) -> tuple[list[Outbox], list[Outbox]]:
    """Every nudge to the same person that is due by now: they are one message. And the questions to them that
    have waited for this day's bundle.
    """
    about = {"person": row.person_id, "this": row.id, "now": now, "today": to_local(now, zone).date()}
    found = [_ROW.objects(session, each)[0] for each in _BUNDLE.rows(session, about)]
    return [each for each in found if each.kind == "nudge"], [each for each in found if each.kind != "nudge"]


def _lease(session: Session, rows: Sequence[Outbox], until: datetime, token: str) -> Sequence[Outbox]:
    for row in rows:
        session.expunge(row)  # written by Core, a fifth of what a flush costs, with where it is sent
        # A lease that ran out was no answer of the platform's: the try that it was is being made now.
        row.attempts += row.lease_until is None
        row.lease_until, row.lease_token = until, token
    return rows


def _finish(
    session: Session, rows: Sequence[Outbox], state: OutboxState, reason: str, reference: str, now: datetime
) -> None:
    for row in rows:
        row.state, row.reason, row.reference, row.ended_at = state, reason, reference, now
        row.lease_until = None
        session.add(row)
    session.flush()
