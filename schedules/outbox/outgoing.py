"""What is to be told is put in the outbox here: facts and a moment, never words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import and_, bindparam, null, update
from sqlmodel import Session, select

from storage.columns import Facts, columns, table
from storage.engine import insert
from storage.lists import Listed, written
from storage.prepared import Prepared
from storage.states import IS_PENDING, IS_SKIPPED
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
    instead_of: Outbox | None = None
    """A row that was sent: this one takes its place, on the platform where it went."""

    @property
    def key(self) -> tuple[int, str, str, str, str]:
        """What is told at most once."""
        return self.person_id, self.kind, self.subject, self.period, self.step


_O = columns(Outbox)
ANSWERED: Final = "answered"
"""Why a reminder is withdrawn whose time will not come: a log, an absence, another date."""
_UNTRUE: Final = written(ANSWERED, "muted", "no longer theirs", "no longer asked for")
_WITHDRAWN: Final = and_(_O.kind == "nudge", IS_SKIPPED, _O.reason.in_(_UNTRUE), _O.perhaps_sent.is_(False))
_ANEW: Final = (
    *("state", "reason", "facts", "bundle", "attempts"),
    *("created_at", "due_at", "put_off_to", "next_at"),
)
_QUEUED = Listed(
    lambda among: select(_O.id).where(
        _O.kind == bindparam("kind"),
        among(_O.subject, "subjects"),
        IS_PENDING,
        _O.lease_until.is_(None),
        _O.perhaps_sent.is_(False),
    ),
    "subjects",
)
"""Built once: every log asks it twice."""


def tell(session: Session, notice: Notice, now: datetime) -> int | None:
    """Queue a notice and return its outbox id; None when the same thing was queued before."""
    session.flush()
    said: int | None = _telling(insert(session)).value(session, _row(notice, now))
    return said


def tell_all(session: Session, notices: Sequence[Notice], now: datetime) -> set[tuple[Any, ...]]:
    """Queue many by one statement and return the keys of those that were not queued before.

    What was withdrawn before anybody had heard it is queued anew: it has become true again.
    """
    if not notices:
        return set()
    # Each once, the first: PostgreSQL refuses a statement that would write one row twice.
    each = {notice.key: notice for notice in reversed(notices)}.values()
    said = session.connection().execute(
        _telling_all(insert(session)), [_row(notice, now) for notice in reversed(list(each))]
    )
    return {tuple(row) for row in said}


@cache
def _telling(made: Callable[..., Any]) -> Prepared:
    """Built once for each engine."""
    return Prepared(made(table(Outbox)).on_conflict_do_nothing().returning(_O.id))


@cache
def _telling_all(made: Callable[..., Any]) -> Any:
    key = (_O.person_id, _O.kind, _O.subject, _O.period, _O.step)
    row = made(table(Outbox))
    anew = {name: row.excluded[name] for name in _ANEW} | {"ended_at": null()}
    unique = [_O[name] for name in ("recipient", "kind", "subject", "period", "step")]
    return row.on_conflict_do_update(index_elements=unique, set_=anew, where=_WITHDRAWN).returning(*key)


def waiting(kind: str, subject: str, due_at: datetime, now: datetime, **more: object) -> Facts:
    """A row for the outbox, about a subject, from an aware moment on; what is not named is blank."""
    blank = dict.fromkeys(("period", "step", "reason", "workspace", "address", "reference"), "")
    return {
        **blank,
        "kind": kind,
        "subject": subject,
        "priority": PRIORITIES[kind],
        "created_at": now,
        "due_at": due_at,
        "put_off_to": None,
        "next_at": due_at,
        "state": OutboxState.PENDING,
        "attempts": 0,
        "perhaps_sent": False,
        **more,
    }


def _row(notice: Notice, now: datetime) -> Facts:
    return waiting(
        *(notice.kind, notice.subject, notice.due_at, now),
        recipient=f"person:{notice.person_id}",
        person_id=notice.person_id,
        period=notice.period,
        step=notice.step,
        bundle=notice.bundle,
        expires_at=notice.expires_at,
        **_place(notice),
    )


def _place(notice: Notice) -> Facts:
    """The facts, and where it goes: what takes another's place goes where that one went."""
    before = notice.instead_of
    if before is None:
        return {"facts": notice.facts, "platform": None, "workspace": "", "address": ""}
    where = {key: before.facts[key] for key in ("external_id", "open") if key in before.facts}
    return {
        "facts": {**notice.facts, **where, "replaces": before.reference},
        "platform": before.platform,
        "workspace": before.workspace,
        "address": before.address,
    }


def queued(session: Session, kind: str, subjects: Sequence[str]) -> list[Outbox]:
    """What still waits to be said about some subjects.

    Not what is being sent, nor what perhaps was, by a process that died over it: how that ended only the
    delivery can tell, and it looks again whether it is still true.
    """
    session.flush()
    keys = [key for (key,) in _QUEUED.ask(session, kind=kind, subjects=subjects)]
    if not keys[1:]:  # there are hardly ever any
        return [session.get_one(Outbox, key) for key in keys]
    return list(session.exec(select(Outbox).where(_O.id.in_(keys)).order_by(_O.id)))


def withdraw(session: Session, row: Outbox, reason: str, now: datetime) -> None:
    """Say it no more: the row ends as skipped, and why."""
    row.state, row.reason, row.ended_at = OutboxState.SKIPPED, reason, now
    session.add(row)


def take_up(session: Session, subjects: Sequence[str], people: Sequence[int], now: datetime) -> None:
    """The reminders that would still be to come, had they not been withdrawn as answered, wait again."""
    session.flush()
    again = update(table(Outbox)).where(
        _O.recipient.in_([f"person:{person}" for person in people]),
        _O.subject.in_(subjects),
        _WITHDRAWN,
        _O.reason == ANSWERED,
        _O.next_at > now,
    )
    session.connection().execute(again.values(state=OutboxState.PENDING, reason="", ended_at=None))


def withdraw_all(session: Session, kind: str, subject: str, reason: str, now: datetime) -> None:
    """Withdraw everything that waits about one subject."""
    for row in queued(session, kind, [subject]):
        withdraw(session, row, reason, now)
