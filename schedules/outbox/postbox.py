"""What becomes of a claimed message: put back, put off, ended. Never a word of what is said."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import bindparam, func, update
from sqlmodel import Session, select

from schedules.outbox.in_order import IS_BEHIND
from schedules.outbox.one_a_day import free_day
from storage.columns import Facts, columns, table
from storage.lists import Listed
from storage.prepared import Prepared
from storage.states import IS_PENDING
from storage.tables import Identity, Inbox, Outbox, OutboxState, Person

_O, _I, _N = columns(Outbox), columns(Identity), columns(Inbox)


@dataclass(frozen=True, slots=True)
class Claim:
    """Rows that travel in one message, held under one lease; the first one is what the message is."""

    token: str
    rows: tuple[Outbox, ...]
    person: Person | None
    """Who is told, as they were when it was claimed; None for an account that is nobody's."""
    is_last: bool
    """Nothing else was due when it was claimed."""

    @property
    def until(self) -> datetime | None:
        """When the lease that it was claimed with ends."""
        return self.rows[0].lease_until


def delivery_name(row: Outbox) -> str:
    """What a row's sending is called on the platform, alike on every try.

    Its moment is part of it: a platform remembers longer than a database that was made or restored anew, in
    which the same number stands for something that was never said.
    """
    return f"outbox-{row.id}-{row.created_at:%Y%m%dT%H%M%S%f}"


_HELD: Final = ("attempts", "lease_until", "lease_token", "tried_on", "sent_as")
_HOLDING: Final = Prepared(
    update(table(Outbox))
    .where(_O.id == bindparam("this"))
    .values({name: bindparam(f"new_{name}", type_=_O[name].type) for name in _HELD})
)
"""Built once: every message says it."""


def hold(session: Session, claim: Claim, platform: str | None) -> None:
    """Write the lease of a claim, and where it is about to be sent, in the transaction that claims it.

    Where an earlier try of it is still in doubt, the place of that one stays.
    """
    name = delivery_name(claim.rows[0])
    for row in claim.rows:
        if not row.perhaps_sent:
            row.tried_on, row.sent_as = platform, name
    held = [{"this": row.id} | {f"new_{key}": getattr(row, key) for key in _HELD} for row in claim.rows]
    _HOLDING.write_all(session, held)


def is_certain(row: Outbox, certain: Collection[str]) -> bool:
    """Whether a row that was perhaps sent can be sent again without being shown twice.

    Not in a channel: what one person alone was shown there leaves no trace to look for.
    """
    return row.tried_on in certain and not row.facts.get("open")


def renew(session: Session, claim: Claim, until: datetime) -> bool:
    """Hold a claim for longer; False when somebody else took it over, or it has ended, meanwhile."""
    return _update(session, claim, claim.rows, {"lease_until": until}) > 0


def put_back(session: Session, claim: Claim, rows: Sequence[Outbox], at: datetime, *, perhaps: bool) -> None:
    """Try again at a moment. The day's bundle stays taken by these rows."""
    unsure = perhaps or any(row.perhaps_sent for row in rows)
    _update(session, claim, rows, {"lease_until": None, "next_at": at, "perhaps_sent": unsure})


def put_off(
    session: Session, claim: Claim, rows: Sequence[Outbox], at: datetime, *, perhaps: bool = False
) -> None:
    """Not now, and no try of theirs: the platform rests, or the chat had one a moment ago."""
    unsure = {"perhaps_sent": True} if perhaps else {}
    _update(session, claim, rows, {"lease_until": None, "next_at": at} | unsure, untried=True)


def put_off_all(session: Session, platform: str, others: Iterable[str], now: datetime, at: datetime) -> None:
    """Put off what is due and goes to a platform that rests: thousands in one statement.

    `others` are the further platforms that are served. Who is linked to one of them as well is left out.
    """
    reached = select(_I.person_id).where(_I.disabled_at.is_(None))
    here = reached.where(_I.platform == platform)
    elsewhere = reached.where(_I.platform.in_(list(others)))
    whose = _O.person_id.in_(here) & _O.person_id.not_in(elsewhere)
    session.execute(
        update(table(Outbox))
        .where(
            IS_PENDING,
            _O.next_at <= now,
            _O.lease_until.is_(None),
            (_O.platform == platform) | (_O.platform.is_(None) & whose),
        )
        .values(next_at=at)
    )


def end(
    session: Session,
    claim: Claim,
    rows: Sequence[Outbox],
    state: OutboxState,
    reason: str,
    reference: str,
    now: datetime,
    platform: str | None = None,
) -> None:
    """Record how rows ended, and on which `platform` they were shown.

    Does nothing for rows whose lease somebody else took over meanwhile.
    """
    values = {"state": state, "reason": reason[:200], "reference": reference[:255], "ended_at": now}
    shown = {"platform": platform} if platform else {}
    _update(session, claim, rows, {"lease_until": None} | values | shown)
    _forget(session, [row.facts["inbox"] for row in rows if row.facts.get("forget")])
    if state is OutboxState.SKIPPED:
        free_day(session, claim.token)


def _forget(session: Session, answers: Sequence[int]) -> None:
    """An answer that holds a key was only kept until it was sent, or could not be."""
    if answers:
        session.execute(update(table(Inbox)).where(_N.id.in_(answers)).values(reply=None))


def waits_since(row: Outbox) -> datetime:
    """From when a row is late: a try that failed, or a platform that rests, moves only its `next_at`."""
    return row.put_off_to or row.due_at


def oldest_wait(session: Session) -> datetime | None:
    """From when the message that has waited longest is late; in the future where none is."""
    waits = select(func.min(func.coalesce(_O.put_off_to, _O.due_at))).where(IS_PENDING)
    found: datetime | None = session.execute(waits).scalar_one()
    return found


def next_due(session: Session) -> datetime | None:
    """The earliest moment at which something waits to be sent, and for nothing else in its chat."""
    waiting = select(_O.next_at).where(IS_PENDING, ~IS_BEHIND).order_by(_O.next_at).limit(1)
    return session.execute(waiting).scalar_one_or_none()


def _update(
    session: Session, claim: Claim, rows: Sequence[Outbox], values: Facts, *, untried: bool = False
) -> int:
    """Change rows that are still held under this lease, and say how many: a lost lease changes nothing.

    `untried`: the try that the claim was is none.
    """
    new = {f"new_{name}": value for name, value in values.items()}
    changing = _changing(tuple(values), untried)
    return changing.write(session, rows=[row.id for row in rows], token=claim.token, **new)


@cache
def _changing(names: tuple[str, ...], untried: bool) -> Listed:
    """Built once for each of the few sets of columns: every message says one."""
    values: dict[str, Any] = {name: bindparam(f"new_{name}", type_=_O[name].type) for name in names}
    values |= {"attempts": _O.attempts - 1} if untried else {}
    held = (_O.lease_token == bindparam("token"), IS_PENDING)
    return Listed(
        lambda among: update(table(Outbox)).where(among(_O.id, "rows"), *held).values(values), "rows"
    )
