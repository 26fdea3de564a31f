"""Placements as they are kept and told: who is there, who confirms, what the status says."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import exists
from sqlmodel import Session, col, select

from handlers import describe
from handlers.words import Words
from schedules.lives.life import Life, Paired
from schedules.standings import refresh
from storage.tables import Pairing, Person, Placement, Role, RoleName
from storage.trainees import lasts_on

SHOWN_BEFORE = timedelta(days=90)
"""A coming placement stands in the status from this long before it."""


def overlapping(session: Session, trainee_id: int, first: date, last: date) -> Placement | None:
    """A placement that shares a day with the dates, both inclusive."""
    return session.exec(
        select(Placement).where(
            Placement.trainee_id == trainee_id,
            col(Placement.voided_at).is_(None),
            Placement.from_on <= last,
            Placement.to_on >= first,
        )
    ).first()


def pair_up(session: Session, placement: Placement, supervisor: Person) -> None:
    """Give a person of the roster the placement's rights and duties, for its days and no longer."""
    pairing = Pairing(
        trainee_id=placement.trainee_id,
        supervisor_id=supervisor.id or 0,
        kind="placement",
        from_on=placement.from_on,
        to_on=placement.to_on,
    )
    session.add(pairing)
    session.flush()
    placement.pairing_id = pairing.id
    session.add(placement)


def void(session: Session, placement: Placement, now: datetime) -> None:
    """Undo a placement. Its pairing stays as a fact that lasts no day."""
    placement.voided_at = now
    session.add(placement)
    pairing = session.get(Pairing, placement.pairing_id) if placement.pairing_id else None
    if pairing is not None:
        pairing.to_on = pairing.from_on - timedelta(days=1)
        session.add(pairing)
    session.flush()
    refresh(session, placement.trainee_id, now, "undo")


def supervisors(session: Session) -> list[Person]:
    """Every supervisor of the roster, whatever the unit, by name."""
    found = select(Person).join(Role, col(Role.person_id) == col(Person.id))
    return list(
        session.exec(found.where(Role.role == RoleName.SUPERVISOR).order_by(col(Person.name))).unique().all()
    )


def supervisor_name(session: Session, placement: Placement) -> str | None:
    """The placement's supervisor by name, in the roster or not."""
    pairing = session.get(Pairing, placement.pairing_id) if placement.pairing_id else None
    return session.get_one(Person, pairing.supervisor_id).name if pairing else placement.supervisor_name


def confirmer(pairs: Sequence[Paired], on: date, today: date) -> int | None:
    """Who is asked whether what took place on a day is right, by person id: the placement's supervisor of
    then, else today's main one. Of two (the day on which one succeeds the other) the newer; else None.
    """
    then = [pair for pair in pairs if pair.kind == "placement" and pair.lasts(on) and pair.lasts(today)]
    now = [pair for pair in pairs if pair.lasts(today)]
    asked = then or [pair for pair in now if pair.kind == "main"] or now
    return max(asked, key=lambda pair: pair.from_on).supervisor if asked else None


def met_on(session: Session, trainee_id: int, day: date) -> Person | None:
    """The supervisor whom a trainee meets on a day, who is also told of what is booked (`bookings.pair_on`):
    that of a placement that goes on, else the main one. Whoever supervises beside them is not.
    """
    of_placement = exists().where(
        col(Placement.pairing_id) == col(Pairing.id), col(Placement.voided_at).is_(None)
    )
    found = select(Person).join(Pairing, col(Pairing.supervisor_id) == col(Person.id))
    found = found.where(Pairing.trainee_id == trainee_id, lasts_on(day))
    found = found.where((col(Pairing.kind) == "main") | of_placement)
    return session.exec(found.order_by(col(Pairing.kind).desc(), col(Person.name).desc())).first()


def place_of(session: Session, occasion: str) -> str | None:
    """The place of the placement that a standing row is about; None when it is about none."""
    placement = session.get(Placement, int(occasion[1:])) if occasion.startswith("p") else None
    return placement.place if placement else None


def placement_lines(session: Session, words: Words, life: Life) -> list[str]:
    """The placements that go on or are near, for the status."""
    today = life.local.date()
    near = [stay.id for stay in life.stays if stay.from_on - SHOWN_BEFORE <= today <= stay.to_on]
    rows = [session.get_one(Placement, key) for key in near]
    return [
        words.say("placement.status", what=describe.placement(words, row, supervisor_name(session, row)))
        for row in rows
    ]
