"""How often something had been told as late: what a change then makes late anew is no news."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cached_property

from sqlmodel import Session, select

from storage.columns import columns
from storage.lists import Listed, written
from storage.tables import Outbox, OutboxState

_O = columns(Outbox)
_SENT = Listed(
    lambda among: select(_O.subject, _O.due_at, _O.ended_at).where(
        _O.kind == "nudge",
        among(_O.subject, "subjects"),
        _O.step.in_(written("overdue", "repeat")),
        _O.state == OutboxState.SENT,
    ),
    "subjects",
)


class ToldLate:
    """What was said of some subjects as late: read for all when it is first asked for, which is seldom."""

    def __init__(self, session: Session, subjects: Sequence[str]) -> None:
        self._session, self._subjects = session, subjects

    @cached_property
    def _sent(self) -> Mapping[str, Sequence[tuple[datetime, datetime]]]:
        found: defaultdict[str, list[tuple[datetime, datetime]]] = defaultdict(list)
        for subject, due_at, ended_at in _SENT.ask(self._session, subjects=self._subjects):
            found[subject].append((due_at, ended_at))
        return found

    def of(self, subject: str, since: datetime, until: datetime) -> int:
        """How many times it was, for a moment from `since` on, and sent by `until`; to two people once."""
        sent = self._sent.get(subject, ())
        return len({due_at for due_at, ended_at in sent if since <= due_at and ended_at <= until})
