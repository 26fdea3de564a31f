"""What is to be told is put in the outbox here: facts and a moment, never words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlmodel import Session, select

from storage.columns import Facts, columns, table
from storage.engine import insert
from storage.tables import Outbox, OutboxState

PRIORITIES = {"reply": 0, "notice": 2, "confirm": 3, "booking": 4, "nudge": 5, "digest": 9}
"""The smaller goes first: a receipt never waits behind a Monday's digests."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to tell one person. (person, kind, subject, period, step) is told at most once, ever.

    `due_at` is the earliest aware moment; `bundle` the local date whose one message it joins, if any.
    """

    person_id: int
    kind: str
    subject: str
    due_at: datetime
    period: str = ""
    step: str = ""
    facts: Facts = field(default_factory=dict)
    bundle: date | None = None
    expires_at: datetime | None = None


_O = columns(Outbox)


def tell(session: Session, notice: Notice, now: datetime) -> int | None:
    """Queue a notice and return its outbox id; None when the same thing was queued before."""
    statement = insert(session)(table(Outbox)).values(_row(notice, now)).on_conflict_do_nothing()
    return session.execute(statement.returning(_O.id)).scalar_one_or_none()


def _row(notice: Notice, now: datetime) -> Facts:
    return {
        "recipient": f"person:{notice.person_id}",
        "person_id": notice.person_id,
        "kind": notice.kind,
        "subject": notice.subject,
        "period": notice.period,
        "step": notice.step,
        "facts": notice.facts,
        "priority": PRIORITIES[notice.kind],
        "bundle": notice.bundle,
        "created_at": now,
        "due_at": notice.due_at,
        "next_at": notice.due_at,
        "expires_at": notice.expires_at,
        "state": OutboxState.PENDING,
        "reason": "",
        "attempts": 0,
        "perhaps_sent": False,
        "workspace": "",
        "address": "",
        "reference": "",
    }


def queued(session: Session, kind: str, subjects: Sequence[str], now: datetime) -> list[Outbox]:
    """What still waits to be said about some subjects and is not being sent this very moment."""
    found = session.exec(
        select(Outbox).where(
            _O.kind == kind,
            _O.subject.in_(subjects),
            _O.state == OutboxState.PENDING,
            _O.lease_until.is_(None) | (_O.lease_until <= now),
        )
    )
    return list(found.all())


def withdraw(session: Session, row: Outbox, reason: str, now: datetime) -> None:
    """Say it no more: the row ends as skipped, and why."""
    row.state, row.reason, row.ended_at = OutboxState.SKIPPED, reason, now
    session.add(row)


def withdraw_all(session: Session, kind: str, subject: str, reason: str, now: datetime) -> None:
    """Withdraw everything that waits about one subject."""
    for row in queued(session, kind, [subject], now):
        withdraw(session, row, reason, now)
