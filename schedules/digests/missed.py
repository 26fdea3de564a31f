"""Why booked sessions did not take place, per unit and quarter: of five trainees or more, else untold."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from storage.tables import Booking, Trainee, Unit

FEWEST = 5
"""Trainees whose sessions are summed up together: of fewer, one could tell who was ill."""
QUARTERS = 4
"""So many are told, the present one included."""


@dataclass(frozen=True, order=True, slots=True)
class Quarter:
    """A quarter of a calendar year, 1-4."""

    year: int
    number: int

    @property
    def first_day(self) -> date:
        return date(self.year, 3 * self.number - 2, 1)

    def before(self, count: int) -> Quarter:
        """The quarter so many earlier."""
        year, number = divmod(4 * self.year + self.number - 1 - count, 4)
        return Quarter(year, number + 1)


@dataclass(frozen=True, slots=True)
class Sum:
    """One unit's supervision in a quarter. `reasons` and `held` are None of too few trainees."""

    unit: Unit
    quarter: Quarter
    held: int | None
    reasons: Mapping[str, int] | None


def quarter_of(day: date) -> Quarter:
    """The quarter a date falls in."""
    return Quarter(day.year, (day.month + 2) // 3)


def sums(session: Session, units: Sequence[Unit], today: date) -> list[Sum]:
    """The latest quarter first, in each the units by name; a unit without a booked session is left out."""
    by_id = {unit.id: unit for unit in units}
    found: dict[tuple[Quarter, int], list[Booking]] = defaultdict(list)
    for booking, unit in _ended(session, list(by_id), today):
        found[quarter_of(booking.on_date), unit].append(booking)
    every = [_sum(by_id[unit], quarter, bookings) for (quarter, unit), bookings in found.items()]
    return sorted(every, key=lambda each: (-each.quarter.year, -each.quarter.number, each.unit.name))


def _ended(session: Session, units: Sequence[int | None], today: date) -> Sequence[tuple[Booking, int]]:
    since = quarter_of(today).before(QUARTERS - 1).first_day
    return session.exec(
        select(Booking, col(Trainee.unit_id))
        .join(Trainee, col(Trainee.id) == col(Booking.trainee_id))
        .where(
            col(Trainee.unit_id).in_(units),
            Booking.activity == "supervision",
            col(Booking.state).in_(["held", "not_held"]),
            col(Booking.on_date) >= since,
            col(Booking.on_date) <= today,
        )
    ).all()


def _sum(unit: Unit, quarter: Quarter, bookings: Sequence[Booking]) -> Sum:
    if len({booking.trainee_id for booking in bookings}) < FEWEST:
        return Sum(unit, quarter, None, None)
    missed = Counter(each.reason or "other" for each in bookings if each.state == "not_held")
    return Sum(unit, quarter, len(bookings) - missed.total(), dict(missed.most_common()))
