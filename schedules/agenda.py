"""Recurring messages: who gets the weekly digest, and when the next one is made."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta

from sqlmodel import Session, col, select

from schedules.calendar import WorkCalendar
from schedules.choices import digest_of
from schedules.habits import USUAL, Habits
from schedules.outbox.outgoing import Notice, queued, tell
from schedules.zone import to_local, to_utc
from storage.tables import Agenda, Role, RoleName

LATE = timedelta(days=6)
"""After a downtime a digest that is later than this gives way to the next, which is at most a day away."""
READERS = (RoleName.STUDIEREKTOR, RoleName.HEAD, RoleName.CHIEF_DIRECTOR)


def next_digest(after: datetime, habits: Habits = USUAL) -> datetime:
    """The first Monday 07:30, or what the unit has set, strictly after a naive local moment."""
    ahead = (habits.digest_day - after.isoweekday()) % 7
    at = datetime.combine(after.date() + timedelta(days=ahead), habits.digest_at)
    return at if at > after else at + timedelta(days=7)


def plan_digests(session: Session, now: datetime, zone: str) -> int:
    """Give everyone who reads a digest an agenda row; returns how many were new."""
    readers = set(session.exec(select(Role.person_id).where(col(Role.role).in_(READERS))).all())
    planned = set(session.exec(select(Agenda.person_id).where(Agenda.kind == "digest")).all())
    for person in sorted(readers - planned):
        first = next_digest(to_local(now, zone), digest_of(session, person))
        session.add(Agenda(person_id=person, kind="digest", next_at=to_utc(first, zone)))
    session.flush()
    return len(readers - planned)


def replan_digests(
    session: Session, readers: Collection[int], now: datetime, zone: str, calendar: WorkCalendar
) -> None:
    """The day or hour was changed: the next one comes then, also one that is made and waits."""
    for row in session.exec(select(Agenda).where(col(Agenda.person_id).in_(readers))).all():
        habits = digest_of(session, row.person_id)
        row.next_at = to_utc(next_digest(to_local(now, zone), habits), zone)
        session.add(row)
        for waiting in queued(session, "digest", ["digest"]):
            if waiting.person_id == row.person_id and waiting.due_at > now:
                day = to_local(waiting.due_at, zone).date()
                waiting.due_at = waiting.next_at = read_at(day, habits, zone, calendar)
                session.add(waiting)
    session.flush()


def make_due(session: Session, now: datetime, zone: str, calendar: WorkCalendar) -> int:
    """Queue every digest whose time has come; after a downtime only the latest one, unless it is LATE.

    Returns how many times had come.
    """
    due = session.exec(select(Agenda).where(col(Agenda.next_at) <= now).order_by(col(Agenda.next_at))).all()
    for row in due:
        habits = digest_of(session, row.person_id)
        upcoming = next_digest(to_local(now, zone), habits)
        latest = upcoming - timedelta(days=7)
        if to_local(now, zone) - latest < LATE:
            tell(session, _digest(row.person_id, latest.date(), habits, zone, calendar), now)
        row.next_at = to_utc(upcoming, zone)
        session.add(row)
    return len(due)


def read_at(on: date, habits: Habits, zone: str, calendar: WorkCalendar) -> datetime:
    """When the digest of a local day is read, in UTC: of a public holiday, the next working morning."""
    return to_utc(datetime.combine(calendar.next_working_day(on), habits.digest_at), zone)


def _digest(person: int, on: date, habits: Habits, zone: str, calendar: WorkCalendar) -> Notice:
    return Notice(
        person_id=person,
        kind="digest",
        subject="digest",
        period=on.isoformat(),
        due_at=read_at(on, habits, zone, calendar),
        facts={"monday": on.isoformat()},
    )
