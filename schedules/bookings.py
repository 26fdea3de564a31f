"""Bookings in time: the reminder the working day before, and "Blev det av?" a quarter after the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import bindparam
from sqlmodel import Session, col, select

from schedules.asked import SWEDEN
from schedules.choices import morning_of
from schedules.life import Life
from schedules.lives import load
from schedules.outgoing import Notice, queued, tell, withdraw
from schedules.zone import to_utc
from storage.columns import columns
from storage.tables import Booking

MORNING = time(8, 0)
AFTER_END = timedelta(minutes=15)
USUAL_MINUTES = 60
"""How long a booking without a length is taken to be (Östergötland: at least an hour a week)."""
NO_TIME = time(15, 45)
"""A booking without a clock time is asked about at 17:00, when the working day is over: 15:45 + 60 + 15."""


_B = columns(Booking)
_OF_THAT_DAY = select(Booking).where(
    _B.trainee_id == bindparam("trainee"),
    _B.activity == bindparam("activity"),
    _B.on_date == bindparam("day"),
    _B.state == "planned",
)
"""Built once: every log asks it."""


@dataclass(frozen=True, slots=True)
class Times:
    """The naive local moments of one booking: begin, end, when it is reminded of, when it is asked about."""

    begin: datetime
    end: datetime
    before: datetime
    after: datetime


def times(booking: Booking) -> Times:
    """When a booking begins and ends, and when something is said about it."""
    begin = datetime.combine(booking.on_date, booking.start_time or NO_TIME)
    end = begin + timedelta(minutes=booking.minutes or USUAL_MINUTES)
    before = datetime.combine(SWEDEN.working_day_before(booking.on_date), MORNING)
    return Times(begin, end, before, end + AFTER_END)


def plan(booking: Booking, now: datetime, zone: str) -> None:
    """Set when the booking is next looked at: what lies before `now` is not said afterwards."""
    moments = [to_utc(at, zone) for at in (times(booking).before, times(booking).after)]
    booking.look_at = next((at for at in moments if at > now), None)


def look(session: Session, now: datetime, most: int = 200) -> int:
    """Say what has come about bookings, in one transaction; returns how many were looked at."""
    due = session.exec(
        select(Booking).where(col(Booking.look_at) <= now).order_by(col(Booking.look_at)).limit(most)
    ).all()
    for booking in due:
        _look_one(session, booking, now)
    session.flush()
    return len(due)


def _look_one(session: Session, booking: Booking, now: datetime) -> None:
    life = load(session, booking.trainee_id, now)
    session.add(booking)
    if booking.state != "planned":
        booking.look_at = None
    elif life.timeline.is_absent(booking.on_date):
        booking.state, booking.reason, booking.look_at = "cancelled", "absence", None
    else:
        _say(session, booking, life, now)
        plan(booking, now, life.unit.timezone)


def _say(session: Session, booking: Booking, life: Life, now: datetime) -> None:
    """The newest of the two that has come: after a downtime nobody is reminded of what has been."""
    step = "after" if life.local >= times(booking).after else "before"
    for person in pair_on(life, booking.on_date):
        notice = Notice(
            person_id=person,
            kind="booking",
            subject=f"booking:{booking.id}",
            period=booking.on_date.isoformat(),
            step=step,
            due_at=_due(session, life, person, step, now),
            expires_at=_too_late(booking, step, life.unit.timezone),
            facts={"booking": booking.id, "trainee": booking.trainee_id, "step": step},
        )
        tell(session, notice, now)


def _due(session: Session, life: Life, person: int, step: str, now: datetime) -> datetime:
    """The reminder comes in the person's own morning; the question when it is time."""
    morning = datetime.combine(life.local.date(), morning_of(session, person))
    return max(now, to_utc(morning, life.unit.timezone)) if step == "before" else now


def pair_on(life: Life, day: date) -> Sequence[int]:
    """Who meet on a day, as person ids: the trainee, and the placement's own supervisor or the main one."""
    there = [stay.supervisor for stay in life.stays if stay.supervisor and stay.lasts(day)]
    main = [pair.supervisor for pair in life.pairs if pair.kind == "main" and pair.lasts(day)]
    return tuple(dict.fromkeys((*life.people["trainee"], *(there or main))))


def _too_late(booking: Booking, step: str, zone: str) -> datetime:
    """A reminder is no use once it has begun; the question is worth asking for three days."""
    at = times(booking)
    return to_utc(at.begin if step == "before" else at.after + timedelta(days=3), zone)


def settle(session: Session, booking: Booking, state: str, now: datetime, reason: str | None = None) -> None:
    """It took place, or did not, or was cancelled: nothing more is said about it."""
    booking.state, booking.reason, booking.look_at = state, reason, None
    session.add(booking)
    for row in queued(session, "booking", [f"booking:{booking.id}"]):
        withdraw(session, row, "answered", now)


def replace_by(session: Session, moved: Booking, new: Booking, now: datetime) -> None:
    """A session is moved: the old row remembers the one that took its place."""
    settle(session, moved, "moved", now, f"to {new.id}")


def restore(session: Session, new: Booking, now: datetime, zone: str) -> None:
    """What a booking took the place of stands again."""
    moved = select(Booking).where(Booking.state == "moved", Booking.reason == f"to {new.id}")
    for booking in session.exec(moved.where(Booking.trainee_id == new.trainee_id)).all():
        booking.state, booking.reason = "planned", None
        plan(booking, now, zone)
        session.add(booking)


def settle_by_log(session: Session, trainee_id: int, activity: str, on: date, now: datetime) -> None:
    """A session that was logged in words answers the booking of that day."""
    about = {"trainee": trainee_id, "activity": activity, "day": on}
    found = session.exec(_OF_THAT_DAY, params=about).first()
    if found is not None:
        settle(session, found, "held", now)


def next_look(session: Session) -> datetime | None:
    """The earliest moment at which something is to be said about a booking."""
    upcoming = (
        select(col(Booking.look_at))
        .where(col(Booking.look_at).is_not(None))
        .order_by(col(Booking.look_at))
        .limit(1)
    )
    return session.exec(upcoming).first()
