"""What had been said of some subjects: what a change then brings anew is no news."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

from sqlalchemy import select
from sqlmodel import Session

from storage.columns import columns
from storage.lists import Listed, written
from storage.tables import Outbox, OutboxState

_O = columns(Outbox)
_SENT = Listed(
    lambda among: select(_O.subject, _O.person_id, _O.step, _O.due_at, _O.ended_at).where(
        _O.kind == "nudge",
        among(_O.subject, "subjects"),
        _O.step.in_(written("soon", "overdue", "repeat")),
        _O.state == OutboxState.SENT,
    ),
    "subjects",
)


class _Sent(NamedTuple):
    person: int
    step: str
    due_at: datetime
    ended_at: datetime


class Told:
    """What was said of some subjects: read for all when it is first asked for, which is seldom."""

    def __init__(self, session: Session, subjects: Sequence[str]) -> None:
        self._session, self._subjects = session, subjects

    @cached_property
    def _sent(self) -> Mapping[str, Sequence[_Sent]]:
        found: defaultdict[str, list[_Sent]] = defaultdict(list)
        for subject, *sent in _SENT.ask(self._session, subjects=self._subjects):
            found[subject].append(_Sent(*sent))
        return found

    def late(self, subject: str, since: datetime, until: datetime) -> int:
        """How often it was said to be late, for a moment from `since` on, by `until`; to two people once."""
        late = (each for each in self._sent.get(subject, ()) if each.step != "soon")
        return len({each.due_at for each in late if since <= each.due_at and each.ended_at <= until})

    def soon(self, subject: str, person: int) -> datetime | None:
        """When somebody was last told that it is due soon."""
        mine = (e.ended_at for e in self._sent.get(subject, ()) if (e.person, e.step) == (person, "soon"))
        return max(mine, default=None)
