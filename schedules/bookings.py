"""Bookings in time: the reminder the working day before, and "Blev det av?" a quarter after the end."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import bindparam, func
from sqlmodel import Session, col, select

from schedules.calendar import SWEDEN
from schedules.choices import morning_of
from schedules.lives.life import Life
from schedules.lives.reading import load
from schedules.outbox.outgoing import Notice, queued, tell, withdraw
from schedules.zone import to_local, to_utc
from storage.columns import columns
from storage.prepared import Prepared
from storage.states import IS_LIVE
from storage.tables import Absence, Booking, Entry

MORNING = time(8, 0)
AFTER_END = timedelta(minutes=15)
USUAL_MINUTES = 60
"""How long a booking without a length is taken to be (Östergötland: at least an hour a week)."""
ALONE = frozenset({
    "course", "st_meeting", "self_study", "scientific_work", "quality_work", "development_talk", "evaluation",
})  # fmt: skip
"""What a trainee books without the supervisor, who is not at it: nobody else is reminded or asked."""
NO_TIME = time(15, 45)
"""A booking without a clock time is asked about at 17:00, when the working day is over: 15:45 + 60 + 15."""
LONGEST = timedelta(days=62)
"""No booking lasts longer: how far back its first day is looked for."""


_B = columns(Booking)
_LAST_DAY = func.coalesce(_B.end_date, _B.on_date)
_OF_THAT_DAY = Prepared(
    select(_B.id).where(
        _B.trainee_id == bindparam("trainee"),
        _B.activity == bindparam("activity"),
        _B.on_date.between(bindparam("since"), bindparam("day")),
        bindparam("day") <= _LAST_DAY,
        _B.state == "planned",
    )
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
    days = last_day(booking) - booking.on_date
    end = begin + days + timedelta(minutes=booking.minutes or USUAL_MINUTES)
    before = datetime.combine(SWEDEN.working_day_before(booking.on_date), MORNING)
    return Times(begin, end, before, end + AFTER_END)


def last_day(booking: Booking) -> date:
    """The day on which a booking is over."""
    return booking.end_date or booking.on_date


def length(booking: Booking) -> int | None:
    """How many minutes one that took place as it was booked is logged with: none where days were booked."""
    hours = booking.start_time is not None or booking.activity == "supervision"
    return booking.minutes or (USUAL_MINUTES if hours and booking.end_date is None else None)


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
    _tell_pair(session, booking, life, now, "after" if life.local >= times(booking).after else "before")


def _tell_pair(
    session: Session, booking: Booking, life: Life, now: datetime, step: str, again: str = ""
) -> None:
    for person in who_meet(life, booking):
        notice = Notice(
            person_id=person,
            kind="booking",
            subject=f"booking:{booking.id}",
            period=booking.on_date.isoformat() + again,
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


def who_meet(life: Life, booking: Booking) -> Sequence[int]:
    """Who is told and asked about a booking, as person ids."""
    return life.people["trainee"] if booking.activity in ALONE else pair_on(life, booking.on_date)


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


def restore(session: Session, new: Sequence[Booking], now: datetime, zone: str) -> Sequence[Booking]:
    """What some bookings of one trainee took the place of stands again, the next first; returns it."""
    moved = select(Booking).where(
        Booking.trainee_id == new[0].trainee_id,
        Booking.state == "moved",
        col(Booking.reason).in_([f"to {row.id}" for row in new]),
    )
    found = session.exec(moved.order_by(col(Booking.on_date))).all()
    _plan_again(session, found, now, zone)
    return found


def reinstate(session: Session, ids: Sequence[int], now: datetime, zone: str) -> list[Booking]:
    """What was called off and is not over, or was said not to have taken place, is planned again.

    Returns it, the first day first; `ids` are those of bookings.
    """
    ended = col(Booking.state).in_(["cancelled", "not_held"])
    rows = session.exec(select(Booking).where(col(Booking.id).in_(ids), ended).order_by(col(Booking.on_date)))
    local = to_local(now, zone)
    back = [row for row in rows.all() if row.state == "not_held" or times(row).end > local]
    _plan_again(session, back, now, zone)
    session.flush()
    return back


def _plan_again(session: Session, rows: Iterable[Booking], now: datetime, zone: str) -> None:
    for row in rows:
        row.state, row.reason = "planned", None
        plan(row, now, zone)
        session.add(row)


def settle_by_log(session: Session, trainee_id: int, activity: str, on: date, now: datetime) -> None:
    """What was logged in words answers the booking of that day, or of days that it lies in."""
    found = planned_on(session, trainee_id, activity, on)
    if found is not None:
        settle(session, found, "held", now)


def planned_on(session: Session, trainee_id: int, activity: str, day: date) -> Booking | None:
    """What is booked of a kind on a day, and not answered yet."""
    about = {"trainee": trainee_id, "activity": activity, "day": day, "since": day - LONGEST}
    session.flush()
    found = _OF_THAT_DAY.value(session, about)
    return session.get_one(Booking, found) if found else None


def planned(
    session: Session, trainees: Collection[int], first: date, last: date | None = None
) -> Sequence[Booking]:
    """What some trainees have booked from one local day to another (None: without an end), the next first."""
    asked = select(Booking).where(
        col(Booking.trainee_id).in_(trainees), Booking.state == "planned", Booking.on_date >= first
    )
    asked = asked.where(Booking.on_date <= last) if last else asked
    return session.exec(asked.order_by(col(Booking.on_date), col(Booking.start_time))).all()


def reopen(session: Session, entry: Entry, now: datetime, zone: str) -> Booking | None:
    """A log was taken back or moved: unless another stands, the session of its day is as if unanswered."""
    kind = (Booking.trainee_id == entry.trainee_id, Booking.activity == entry.activity)
    day = (Booking.on_date <= entry.on_date, entry.on_date <= _LAST_DAY)
    held = select(Booking).where(*kind, *day, Booking.state == "held")
    found = session.exec(held.order_by(col(Booking.id).desc())).first()
    if found is None or _is_logged(session, entry):
        return None
    _plan_again(session, [found], now, zone)
    session.flush()
    return found


def _is_logged(session: Session, entry: Entry) -> bool:
    same = (Entry.trainee_id == entry.trainee_id, Entry.activity == entry.activity)
    live = (Entry.on_date == entry.on_date, IS_LIVE)
    return session.exec(select(Entry.id).where(*same, *live)).first() is not None


def ask_again(session: Session, booking: Booking, now: datetime) -> None:
    """Its answer was taken back after it had been asked about: both are asked anew, while it is worth it."""
    life = load(session, booking.trainee_id, now)
    if life.local >= times(booking).after:
        _tell_pair(session, booking, life, now, "after", f"@{life.local:%m%dT%H%M%S}")


def in_absence(session: Session, absence: Absence, now: datetime, zone: str) -> list[Booking]:
    """What is planned in an absence and not over."""
    local = to_local(now, zone)
    asked = select(Booking).where(
        Booking.trainee_id == absence.trainee_id,
        Booking.state == "planned",
        Booking.on_date >= max(absence.from_on, local.date()),
    )
    rows = session.exec(asked.where(Booking.on_date <= absence.to_on) if absence.to_on else asked).all()
    return [row for row in rows if times(row).end > local]


def take_up(session: Session, life: Life, now: datetime) -> list[Booking]:
    """What was let go for an absence that is no more stands again."""
    asked = select(Booking).where(
        Booking.trainee_id == life.trainee.id, Booking.state == "cancelled", Booking.reason == "absence"
    )
    rows = session.exec(asked.where(Booking.on_date >= life.local.date())).all()
    back = [row for row in rows if not life.timeline.is_absent(row.on_date) and times(row).end > life.local]
    _plan_again(session, back, now, life.unit.timezone)
    session.flush()
    return back


def next_look(session: Session) -> datetime | None:
    """The earliest moment at which something is to be said about a booking."""
    upcoming = (
        select(col(Booking.look_at))
        .where(col(Booking.look_at).is_not(None))
        .order_by(col(Booking.look_at))
        .limit(1)
    )
    return session.exec(upcoming).first()
