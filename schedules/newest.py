"""Which of the planned reminders is said: the newest that has come, and the next."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from operator import attrgetter

from schedules.moment import Moment

_at = attrgetter("at")


def due_between(planned: Iterable[Moment], after: datetime, until: datetime) -> tuple[Moment, ...]:
    """Those in (after, until]."""
    return tuple(m for m in planned if after < m.at <= until)


def latest(planned: Iterable[Moment], after: datetime, until: datetime) -> Moment | None:
    """After a downtime one message catches up, not one per missed moment. Escalation is the digest's.

    What catches up has come at once, whenever it may be said.
    """
    every = [m for m in planned if m.step != "escalated"]
    due = [*due_between(every, after, until), *(m for m in every if m.caught_up)]
    return max(due, key=_at, default=None)


def next_after(planned: Iterable[Moment], now: datetime) -> Moment | None:
    """The first that is still to come."""
    return min((m for m in planned if m.at > now), key=_at, default=None)


def parted(planned: Iterable[Moment]) -> list[list[Moment]]:
    """What is said side by side, each with a newest of its own: a missed week, month or term, and the next.

    What was missed is told to more people than what is asked for anew: one does not say the other.
    """
    every = list(planned)
    tales = [[m for m in every if m.until is None], [m for m in every if m.until is not None]]
    return [tale for tale in tales if tale]
