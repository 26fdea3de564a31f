"""What a trainee takes along: their own log without what is private, their absences and placements.

Never concerns, what others remarked, bookings, or notes that are private to anybody.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlmodel import Session, col, select

from handlers.describe import public_note
from handlers.portable import signing
from handlers.portable.history import FORMAT, Away, Held, History, Placed, Whose, moment
from storage.states import IS_LIVE
from storage.tables import Absence, Entry, Pairing, Person, Placement, Trainee, Unit


def history_of(session: Session, trainee: Trainee, now: datetime, today: date) -> History:
    """A trainee's history at an aware moment. Raises signing.NoKeyError."""
    person = session.get_one(Person, trainee.person_id)
    unit = session.get_one(Unit, trainee.unit_id).name
    mine = signing.fingerprint(signing.public_key())
    return History(
        format=FORMAT,
        issued_at=moment(now),
        unit=unit,
        trainee=Whose(
            email=person.email,
            name=person.name,
            starts_on=trainee.starts_on,
            watched_from=trainee.watched_from,
        ),
        entries=[_held(session, entry, unit, mine) for entry in _entries(session, trainee)],
        absences=[_away(absence, mine, today) for absence in _absences(session, trainee, today)],
        placements=[_placed(session, placement, mine) for placement in _placements(session, trainee)],
    )


def _entries(session: Session, trainee: Trainee) -> list[Entry]:
    found = select(Entry).where(Entry.trainee_id == trainee.id, IS_LIVE)
    return list(session.exec(found.order_by(col(Entry.on_date), col(Entry.id))).all())


def _held(session: Session, of: Entry, unit: str, mine: str) -> Held:
    before = of.imported or {}
    note = public_note(of.note)
    return Held(
        uid=of.imported_as or f"{mine}:e{of.chain_id}",
        unit=before.get("unit") or unit,
        activity=of.activity,
        on_date=of.on_date,
        end_date=of.end_date,
        start_time=of.start_time,
        minutes=of.minutes,
        instrument=of.instrument,
        topics=of.topics,
        goals=of.goals,
        people=of.people,
        note=note,
        level=of.level,
        author=before.get("author") or _name(session, of.written_by),
        confirmed_by=before.get("confirmed_by") or _name(session, of.confirmed_by),
        confirmed_at=moment(of.confirmed_at) if of.confirmed_at else None,
    )


def _name(session: Session, person_id: int | None) -> str | None:
    return session.get_one(Person, person_id).name if person_id else None


def _absences(session: Session, trainee: Trainee, today: date) -> list[Absence]:
    """Those that have begun: what is planned is told anew at the next unit."""
    found = select(Absence).where(
        Absence.trainee_id == trainee.id, col(Absence.voided_at).is_(None), Absence.from_on <= today
    )
    return list(session.exec(found.order_by(col(Absence.from_on), col(Absence.id))).all())


def _away(of: Absence, mine: str, today: date) -> Away:
    """One that goes on ends, in the file, with the day it is written: nobody could end it afterwards."""
    ends = min(of.to_on or today, today)
    return Away(uid=of.imported_as or f"{mine}:a{of.id}", kind=of.kind, from_on=of.from_on, to_on=ends)


def _placements(session: Session, trainee: Trainee) -> list[Placement]:
    found = select(Placement).where(Placement.trainee_id == trainee.id, col(Placement.voided_at).is_(None))
    return list(session.exec(found.order_by(col(Placement.from_on), col(Placement.id))).all())


def _placed(session: Session, of: Placement, mine: str) -> Placed:
    pairing = session.get(Pairing, of.pairing_id) if of.pairing_id else None
    supervisor = _name(session, pairing.supervisor_id) if pairing else of.supervisor_name
    uid = of.imported_as or f"{mine}:p{of.id}"
    return Placed(uid=uid, place=of.place, from_on=of.from_on, to_on=of.to_on, supervisor=supervisor)
