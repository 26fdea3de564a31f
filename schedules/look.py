"""What one refresh of a trainee's standing rows has before it, and what it brings about."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from sqlmodel import Session

from schedules.calendar import DAY, SWEDEN
from schedules.keeping import Kept
from schedules.lives.asked import Asked, nudge_subject
from schedules.lives.life import Life
from schedules.manners import speaking_time
from schedules.moment import Moment
from schedules.outbox.outgoing import Notice
from schedules.told import Told
from storage.columns import Facts
from storage.tables import Outbox

AT_ONCE: Final = timedelta(minutes=15)
"""A moment that came no longer ago than this is said now, whoever looks at it first."""
BROUGHT_BACK: Final = ("undo", "amend")
"""The changes after which something is asked for that was thought to be done."""


@dataclass(frozen=True, slots=True)
class Look:
    """One refresh: whose life, which moment, and why."""

    session: Session
    life: Life
    now: datetime
    reason: str
    waiting: Mapping[str, Sequence[Outbox]]
    """The reminders that are queued and not yet said, by subject."""
    told: Told
    zone: str
    """The unit's."""
    changes: list[Facts]
    """The changes of state that this refresh brings, as rows to be written."""
    notices: list[tuple[Notice, Kept | None]]
    """What is to be told, each with the row that then says when."""

    @property
    def local(self) -> datetime:
        """The unit's own time, naive."""
        return self.life.local

    def subject(self, asked: Asked) -> str:
        return nudge_subject(self.life.trainee.id or 0, asked.requirement.key, asked.occasion.key)

    def not_before(self, moment: Moment, is_new: bool = False) -> datetime | None:
        """What a booking called off, an undo or an amendment brings back waits for the next morning, and so
        does what any change has just made due soon (`is_new`).

        They have just been answered. What time alone brings, as after a downtime, is said at once, and so is
        what somebody asks to hear of again, or is newly responsible for.
        """
        waits = is_new or self.reason in ("booking", *BROUGHT_BACK)
        if not waits or self.local - moment.at <= AT_ONCE:
            return None
        return datetime.combine(self.local.date() + DAY, time.min)

    def speaking_time(self, moment: Moment, person: int, floor: datetime | None = None) -> datetime | None:
        """When a person may be told of a moment, from now on; None while away with no end in sight."""
        away, habits = self._absence_of(person), self.life.habits_of(person)
        at = max(moment.at, self.local, floor or self.local)
        return speaking_time(at, SWEDEN, away, habits.morning)

    def _absence_of(self, person: int) -> Callable[[date], bool]:
        is_theirs = person == self.life.trainee.person_id
        return self.life.timeline.is_absent if is_theirs else (lambda _day: False)
