"""Why something waits: the reasons given for sessions that were not held, and the days away."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session, col, select

from schedules.calendar import DAY
from storage.tables import Absence, Booking

LONGEST = timedelta(days=366)
"""What is older explains nothing that is to be done now."""


@dataclass(frozen=True, slots=True)
class Why:
    """`reasons` with how often each was given, the commonest first; `away` is in days."""

    reasons: tuple[tuple[str, int], ...] = ()
    away: int = 0


@dataclass(frozen=True, slots=True)
class Asked:
    """What waits: whose, what would meet it, and since when."""

    trainee_id: int
    activities: Collection[str]
    since: date


def whys(session: Session, asked: Iterable[Asked], today: date) -> list[Why]:
    """One for each, in order. Two statements, however many there are; none for nothing."""
    wanted = list(asked)
    if not wanted:
        return []
    trainees = {each.trainee_id for each in wanted}
    missed, away = _missed(session, trainees, today), _away(session, trainees, today)
    return [
        Why(
            reasons=_reasons(each, missed[each.trainee_id]),
            away=_days(each.since, today, away[each.trainee_id]),
        )
        for each in wanted
    ]


def _missed(session: Session, trainees: Collection[int], today: date) -> dict[int, list[Booking]]:
    found: dict[int, list[Booking]] = defaultdict(list)
    rows = session.exec(
        select(Booking).where(
            col(Booking.trainee_id).in_(trainees),
            Booking.state == "not_held",
            col(Booking.on_date) > today - LONGEST,
            col(Booking.on_date) <= today,
        )
    )
    for row in rows.all():
        found[row.trainee_id].append(row)
    return found


def _reasons(each: Asked, missed: Iterable[Booking]) -> tuple[tuple[str, int], ...]:
    mine = (row for row in missed if row.activity in each.activities and row.on_date > each.since)
    return tuple(Counter(row.reason or "other" for row in mine).most_common())


def _away(session: Session, trainees: Collection[int], today: date) -> dict[int, list[Absence]]:
    found: dict[int, list[Absence]] = defaultdict(list)
    rows = session.exec(
        select(Absence).where(
            col(Absence.trainee_id).in_(trainees),
            col(Absence.voided_at).is_(None),
            col(Absence.from_on) <= today,
            (col(Absence.to_on).is_(None)) | (col(Absence.to_on) > today - LONGEST),
        )
    )
    for row in rows.all():
        found[row.trainee_id].append(row)
    return found


def _days(since: date, today: date, away: Iterable[Absence]) -> int:
    """Days away after `since` and up to today; a day in two absences counts once."""
    first = max(since + DAY, today - LONGEST)
    spans = [(max(first, row.from_on), min(today, row.to_on or today)) for row in away]
    return len({start + DAY * n for start, end in spans for n in range((end - start).days + 1)})
