"""Recurring messages: who gets the weekly digest, and when the next one is made."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from sqlmodel import Session, col, select

from schedules.calendar import WorkCalendar
from schedules.outgoing import Notice, tell
from schedules.zone import to_local, to_utc
from storage.tables import Agenda, Role, RoleName

DIGEST_AT = time(7, 30)
DIGEST_WEEKDAY = 0
"""Monday 07:30 (behaviour.md, Digest)."""

READERS = (RoleName.STUDIEREKTOR, RoleName.HEAD, RoleName.CHIEF_DIRECTOR)


def next_digest(after: datetime) -> datetime:
    """The first Monday 07:30 strictly after a naive local moment."""
    ahead = (DIGEST_WEEKDAY - after.weekday()) % 7
    at = datetime.combine(after.date() + timedelta(days=ahead), DIGEST_AT)
    return at if at > after else at + timedelta(days=7)


def plan_digests(session: Session, now: datetime, zone: str) -> int:
    """Give everyone who reads a digest an agenda row; returns how many were new."""
    readers = set(session.exec(select(Role.person_id).where(col(Role.role).in_(READERS))).all())
    planned = set(session.exec(select(Agenda.person_id).where(Agenda.kind == "digest")).all())
    first = to_utc(next_digest(to_local(now, zone)), zone)
    for person in sorted(readers - planned):
        session.add(Agenda(person_id=person, kind="digest", next_at=first))
    session.flush()
    return len(readers - planned)


def make_due(session: Session, now: datetime, zone: str, calendar: WorkCalendar) -> int:
    """Queue every digest whose time has come; after a downtime only the latest one. Returns how many."""
    due = session.exec(select(Agenda).where(col(Agenda.next_at) <= now).order_by(col(Agenda.next_at))).all()
    for row in due:
        upcoming = next_digest(to_local(now, zone))
        monday = (upcoming - timedelta(days=7)).date()
        tell(session, _digest(row.person_id, monday, zone, calendar), now)
        row.next_at = to_utc(upcoming, zone)
        session.add(row)
    return len(due)


def _digest(person: int, monday: date, zone: str, calendar: WorkCalendar) -> Notice:
    """A digest that falls on a public holiday is read the next working morning."""
    at = datetime.combine(calendar.next_working_day(monday), DIGEST_AT)
    return Notice(
        person_id=person,
        kind="digest",
        subject="digest",
        period=monday.isoformat(),
        due_at=to_utc(at, zone),
        facts={"monday": monday.isoformat()},
    )
