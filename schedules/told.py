"""What had been said of some subjects: what a change then brings anew is no news."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

from sqlalchemy import select
from sqlmodel import Session

from storage.columns import Facts, columns
from storage.lists import Listed, written
from storage.tables import Outbox, OutboxState

_O = columns(Outbox)
_SENT = Listed(
    lambda among: select(
        _O.subject, _O.person_id, _O.facts, _O.period, _O.step, _O.due_at, _O.ended_at
    ).where(
        among(_O.recipient, "recipients"),
        _O.kind == "nudge",
        among(_O.subject, "subjects"),
        _O.step.in_(written("soon", "overdue", "repeat")),
        _O.state == OutboxState.SENT,
    ),
    *("recipients", "subjects"),
)
"""By the index of what is told at most once: nobody's history is long."""


class Sent(NamedTuple):
    """One reminder that went out, for which moment and when."""

    person: int
    facts: Facts
    period: str
    step: str
    due_at: datetime
    ended_at: datetime

    @property
    def number(self) -> int:
        """Which it is of what tells that something is late: 2 is the first repeat, whatever was left out."""
        return 1 + int(self.period.partition("#")[2].partition("~")[0] or 0)


class Told:
    """What was said of some subjects: read for all when it is first asked for, which is seldom."""

    def __init__(self, session: Session, subjects: Sequence[str], people: Iterable[int]) -> None:
        self._session, self._subjects = session, subjects
        self._recipients = [f"person:{person}" for person in people]

    @cached_property
    def _sent(self) -> Mapping[str, Sequence[Sent]]:
        found: defaultdict[str, list[Sent]] = defaultdict(list)
        for subject, *sent in _SENT.ask(self._session, recipients=self._recipients, subjects=self._subjects):
            found[subject].append(Sent(*sent))
        return found

    def late(self, subject: str, since: datetime) -> list[Sent]:
        """What was said of its being late, for moments from `since` on."""
        return [e for e in self._sent.get(subject, ()) if e.step != "soon" and since <= e.due_at]

    def last(self, subject: str, person: int) -> datetime | None:
        """When somebody was last told that it is due soon, or late."""
        mine = (each.ended_at for each in self._sent.get(subject, ()) if each.person == person)
        return max(mine, default=None)
