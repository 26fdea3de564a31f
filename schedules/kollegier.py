"""Planning the specialists' joint assessments: who is due until the coming term has ended, and on which days.

How often, the rulebook says (003, Specialistkollegium: every year; 002: three over the training; 004: once a
year); the studierektor arranges them (002, 003), and so is shown days on which they can be held.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session, col, select

from schedules.bookings import pair_on
from schedules.calendar import DAY, SWEDEN
from schedules.kinds.term import coming_term, in_term
from schedules.lives.life import Life
from schedules.lives.reading import load_many
from storage.tables import Booking, Person, Standing, Trainee, Unit

ACTIVITY = "kollegium"
NOTICE = timedelta(days=14)
"""The earliest day proposed: people must be able to come."""
MARGIN = timedelta(days=14)
"""So long before its last day one is proposed: there is room to move it once."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A day for one trainee's kollegium; `late` when no day in time was free."""

    trainee_id: int
    person: Person
    unit: Unit
    due_on: date
    on: date

    @property
    def late(self) -> bool:
        """Whether it comes after the day it is due."""
        return self.on > self.due_on


@dataclass(frozen=True, slots=True)
class Plan:
    """`until` is the last day of the coming term; `booked` so many of those due are booked already."""

    until: date
    proposals: tuple[Proposal, ...]
    booked: int


@dataclass(frozen=True, slots=True)
class Due:
    """Somebody who is due, and the days on which they and their supervisor can come."""

    key: int
    due_on: date
    can: Callable[[date], bool]
    likes: Callable[[date], bool] = lambda _day: True
    """The days that are taken first: those in term, when people are at work."""


def plan(session: Session, units: Sequence[Unit], now: datetime, today: date) -> Plan:
    """Who is due and not booked, and a day for each: the studierektor leads them all, so one a day."""
    until = coming_term(today).last
    rows = _due_rows(session, units, until)
    booked = _booked(session, [trainee.id or 0 for _, trainee, _ in rows], today)
    left = {trainee.id or 0: (row, person) for row, trainee, person in rows if trainee.id not in booked}
    lives = {life.trainee.id or 0: life for life in load_many(session, list(left), now)}
    away = _away(session, lives.values(), today, now)
    dues = [
        Due(key, row.due_on or today, away(lives[key]), in_term(lives[key].rulebook.terms))
        for key, (row, _) in left.items()
    ]
    days = spread(dues, today)
    by_id = {unit.id: unit for unit in units}
    proposals = [
        Proposal(due.key, left[due.key][1], by_id[lives[due.key].trainee.unit_id], due.due_on, days[due.key])
        for due in dues
        if due.key in days
    ]
    return Plan(until, tuple(sorted(proposals, key=lambda p: (p.on, p.person.name))), len(booked))


def spread(dues: Iterable[Due], today: date) -> dict[int, date]:
    """A day for each, no two on one: in time wherever that can be. Pure.

    Who is due last chooses first, the latest day that leaves the margin, so that earlier days stay free for
    those who are due earlier. Who finds none in time gets the first free day there is, the longest due first.
    """
    first, taken, late = today + NOTICE, dict[int, date](), list[Due]()
    for due in sorted(dues, key=lambda each: (each.due_on, each.key), reverse=True):
        day = _latest(due, first, set(taken.values()))
        if day is None:
            late.append(due)
        else:
            taken[due.key] = day
    for due in sorted(late, key=lambda each: (each.due_on, each.key)):
        found = _earliest(due, first, set(taken.values()))
        if found is not None:
            taken[due.key] = found
    return taken


def _latest(due: Due, first: date, taken: set[date]) -> date | None:
    """The latest free day up to the margin; within the margin only when there is none before it."""
    last = due.due_on - MARGIN
    before = (last - DAY * n for n in range((last - first).days + 1))
    after = (max(first, last + DAY) + DAY * n for n in range((due.due_on - max(first, last + DAY)).days + 1))
    free = [day for day in (*before, *after) if _is_free(day, due, taken)]
    return next((day for day in free if due.likes(day)), next(iter(free), None))


def _earliest(due: Due, first: date, taken: set[date]) -> date | None:
    days = (first + DAY * n for n in range(366))
    return next((day for day in days if _is_free(day, due, taken)), None)


def _is_free(day: date, due: Due, taken: set[date]) -> bool:
    """A working day that is no holiday's eve, on which nobody else is assessed and the pair can come."""
    return day not in taken and not SWEDEN.is_quiet_day(day) and due.can(day)


def _due_rows(
    session: Session, units: Sequence[Unit], until: date
) -> Sequence[tuple[Standing, Trainee, Person]]:
    found = select(Standing, Trainee, Person).where(
        Standing.trainee_id == Trainee.id,
        Trainee.person_id == Person.id,
        col(Trainee.unit_id).in_([unit.id for unit in units]),
        Standing.requirement == ACTIVITY,
        col(Standing.state).in_(["ok", "soon", "overdue"]),
        col(Standing.due_on) <= until,
    )
    return session.exec(found.order_by(col(Standing.due_on), col(Person.name))).all()


def _booked(session: Session, trainees: Sequence[int], today: date) -> set[int]:
    """Who has one booked already."""
    found = select(Booking.trainee_id).where(
        col(Booking.trainee_id).in_(trainees),
        Booking.activity == ACTIVITY,
        Booking.state == "planned",
        col(Booking.on_date) >= today,
    )
    return set(session.exec(found).all())


def _away(
    session: Session, lives: Iterable[Life], today: date, now: datetime
) -> Callable[[Life], Callable[[date], bool]]:
    """For a trainee: whether they and their supervisor (who may be in training too) are there on a day."""
    people = {person for life in lives for person in pair_on(life, today)}
    found = select(Trainee.id).where(col(Trainee.person_id).in_(people))
    keys = [key for key in session.exec(found).all() if key]
    own = {life.trainee.person_id: life.timeline for life in load_many(session, keys, now)}

    def of(life: Life) -> Callable[[date], bool]:
        def can(day: date) -> bool:
            pair = (own[person] for person in pair_on(life, day) if person in own)
            return life.timeline.is_active(day) and not any(each.is_absent(day) for each in pair)

        return can

    return of
