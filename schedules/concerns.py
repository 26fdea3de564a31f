"""Concerns in time: who is told, when a follow-up is reminded of, and what is open.

Sources: 001, the supervisor's responsibilities: report on the trainee's development to head and
studierektor, above all when problems arise, and help arrange extra supervision or prolonged service; 003, the
supervisor's responsibilities: on problems inform head and studierektor and take part in a plan of action.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session, col, select

from schedules.calendar import SWEDEN
from schedules.choices import morning_of
from schedules.manners import morning, speaking_time
from schedules.outbox.outgoing import Notice, queued, tell, withdraw
from schedules.zone import to_local, to_utc
from storage.tables import Concern, ConcernStep, Person, Role, RoleName, Trainee, Unit

ADDRESSED = (RoleName.STUDIEREKTOR, RoleName.HEAD)
"""Whom a concern goes to, and nobody else: not the trainee, other supervisors or the chief director."""
FOLLOW_UP, OUTCOME = "follow_up", "outcome"


@dataclass(frozen=True, slots=True)
class OpenConcern:
    """A concern that has no outcome yet, and whom it is about."""

    concern: Concern
    trainee: Person
    unit: Unit
    by: Person


def subject_of(concern: Concern) -> str:
    """The outbox and audit subject of everything about a concern."""
    return f"concern:{concern.id}"


def addressees(session: Session, unit_id: int, trainee: Trainee) -> list[Person]:
    """Who answers for a unit today, by name; never the trainee, whatever roles they have."""
    found = session.exec(
        select(Person)
        .join(Role, col(Role.person_id) == col(Person.id))
        .where(Role.unit_id == unit_id, col(Role.role).in_(ADDRESSED), Person.id != trainee.person_id)
        .order_by(col(Person.name))
    )
    return list(found.unique().all())


def is_addressed(session: Session, concern: Concern, person: Person) -> bool:
    """Whether somebody may read a concern at this moment: their role counts, not that they had one."""
    trainee = session.get_one(Trainee, concern.trainee_id)
    return person.id in {each.id for each in addressees(session, concern.unit_id, trainee)}


def is_open(concern: Concern) -> bool:
    """It stands, and has no outcome."""
    return concern.voided_at is None and concern.closed_at is None


def open_concerns(session: Session, units: Sequence[Unit], reader: Person) -> list[OpenConcern]:
    """What is open at some units, the oldest first; nothing about the reader."""
    by_id = {unit.id: unit for unit in units}
    found = session.exec(
        select(Concern, Person)
        .join(Trainee, col(Trainee.id) == col(Concern.trainee_id))
        .join(Person, col(Person.id) == col(Trainee.person_id))
        .where(
            col(Concern.unit_id).in_(by_id),
            col(Concern.voided_at).is_(None),
            col(Concern.closed_at).is_(None),
            Person.id != reader.id,
        )
        .order_by(col(Concern.raised_at), col(Concern.id))
    ).all()
    return [
        OpenConcern(concern, person, by_id[concern.unit_id], session.get_one(Person, concern.raised_by))
        for concern, person in found
    ]


def raise_to(session: Session, concern: Concern, now: datetime) -> list[Person]:
    """Tell those it is addressed to, at once; returns them, the one who raised it too if addressed."""
    trainee = session.get_one(Trainee, concern.trainee_id)
    whom = addressees(session, concern.unit_id, trainee)
    for person in whom:
        if person.id != concern.raised_by:
            tell(session, _notice(concern, person, "notice", "raised", "", now), now)
    return whom


def tell_undone(session: Session, concern: Concern, person_id: int, now: datetime) -> None:
    """Who has read of a concern learns that it was taken back."""
    person = session.get_one(Person, person_id)
    tell(session, _notice(concern, person, "notice", "undone", "", now), now)


def _notice(concern: Concern, person: Person, kind: str, step: str, period: str, due_at: datetime) -> Notice:
    return Notice(
        person_id=person.id or 0,
        kind=kind,
        subject=subject_of(concern),
        period=period,
        step=step,
        due_at=due_at,
        facts={
            "notice": "concern",
            "concern": concern.id,
            "trainee": concern.trainee_id,
            "requirement": "concern",
        },
    )


def settle(session: Session, concern: Concern, now: datetime) -> None:
    """Bring a concern in line with its steps: the latest follow-up holds, an outcome closes it."""
    session.flush()
    steps = steps_of(session, concern)
    days = [step.on_date for step in steps if step.kind == FOLLOW_UP]
    ends = [step.written_at for step in steps if step.kind == OUTCOME]
    concern.follow_up_on = days[-1] if days else None
    concern.closed_at = ends[-1] if ends else None
    concern.look_at = _look_at(session, concern, now) if is_open(concern) else None
    session.add(concern)
    _unsay(session, concern, now)
    session.flush()


def steps_of(session: Session, concern: Concern) -> list[ConcernStep]:
    """What was decided and stands, oldest first."""
    found = select(ConcernStep).where(
        ConcernStep.concern_id == concern.id, col(ConcernStep.voided_at).is_(None)
    )
    return list(session.exec(found.order_by(col(ConcernStep.id))).all())


def _look_at(session: Session, concern: Concern, now: datetime) -> datetime | None:
    """The first working morning on or after the day to follow it up, if that is still to come."""
    if concern.follow_up_on is None:
        return None
    zone = session.get_one(Unit, concern.unit_id).timezone
    at = to_utc(morning(concern.follow_up_on, SWEDEN), zone)
    return at if at > now else None


def _unsay(session: Session, concern: Concern, now: datetime) -> None:
    """What waits to be said is said no more: all of it once closed, else the reminders of another day."""
    for kind in ("nudge", *(() if is_open(concern) else ("notice",))):
        for row in queued(session, kind, [subject_of(concern)]):
            if not is_open(concern) or row.period != str(concern.follow_up_on):
                withdraw(session, row, "answered", now)


def look(session: Session, now: datetime, most: int = 200) -> int:
    """Remind of the follow-ups whose day has come, in each reader's bundle; returns how many there were."""
    due = session.exec(
        select(Concern).where(col(Concern.look_at) <= now).order_by(col(Concern.look_at)).limit(most)
    ).all()
    for concern in due:
        trainee = session.get_one(Trainee, concern.trainee_id)
        for person in addressees(session, concern.unit_id, trainee):
            tell(session, _reminder(session, concern, person, now), now)
        concern.look_at = None
        session.add(concern)
    session.flush()
    return len(due)


def _reminder(session: Session, concern: Concern, person: Person, now: datetime) -> Notice:
    """At the reader's own hour, in the bundle of the day."""
    zone = session.get_one(Unit, concern.unit_id).timezone
    local = to_local(now, zone)
    own = morning_of(session, person.id)
    at = speaking_time(local, SWEDEN, lambda _day: False, own) or local
    notice = _notice(concern, person, "nudge", "soon", str(concern.follow_up_on), to_utc(at, zone))
    return replace(notice, bundle=at.date())


def next_look(session: Session) -> datetime | None:
    """The earliest moment at which a concern is to be looked at."""
    upcoming = select(col(Concern.look_at)).where(col(Concern.look_at).is_not(None))
    return session.exec(upcoming.order_by(col(Concern.look_at)).limit(1)).first()
