"""Who may do what. Default deny; each rule is in behaviour.md, "Who may"."""

from __future__ import annotations

from datetime import date
from typing import Final

from sqlalchemy import ColumnElement, Date, Integer, bindparam, exists, or_
from sqlalchemy import select as rows
from sqlmodel import Session, select

from handlers.context import Context
from handlers.people import supervisors_of, units_of
from storage.columns import table
from storage.prepared import Prepared
from storage.tables import Booking, Entry, Pairing, Person, Placement, Role, RoleName, Trainee
from storage.trainees import lasts_on

IMPORTED = "import"
"""The origin of what came in a signed file from another unit."""
NAMED_PACK: Final = (RoleName.STUDIEREKTOR, RoleName.HEAD)
SEE_STANDING: Final = (RoleName.STUDIEREKTOR, RoleName.HEAD)
_T, _P = table(Trainee).alias().c, table(Pairing).alias().c


def half_of(trainee: ColumnElement[int]) -> ColumnElement[bool]:
    """In a statement: whether `reader` is the trainee, or a supervisor whose pairing lasts on `day`."""
    reader, day = bindparam("reader", type_=Integer), bindparam("day", type_=Date)
    return or_(
        exists().where(_T.id == trainee, _T.person_id == reader),
        exists().where(_P.trainee_id == trainee, _P.supervisor_id == reader, lasts_on(day, _P)),
    )


_IS_HALF: Final = Prepared(rows(half_of(bindparam("trainee", type_=Integer))))
"""Built once: every question asks it before it is said."""


def may_change(context: Context, entry: Entry) -> bool:
    """The trainee changes what is in their own log; a supervisor only what they wrote themselves.

    What an assessor answered is the assessor's alone to change; what another unit signed is nobody's.
    """
    if entry.origin == IMPORTED:
        return False
    if entry.level is not None:
        return entry.written_by == context.person.id
    own = context.training
    if own is not None and own.id == entry.trainee_id:
        return True
    return entry.written_by == context.person.id and supervises(
        context.session, context.person, entry.trainee_id, context.today
    )


def may_confirm(context: Context, entry: Entry) -> bool:
    """The half of the pair that did not write it."""
    mine = entry.written_by == context.person.id or entry.origin == IMPORTED
    return not mine and is_half_of_pair(context.session, context.person, entry.trainee_id, context.today)


def is_half_of_pair(session: Session, person: Person, trainee_id: int, today: date) -> bool:
    """The trainee, or a supervisor while the pairing lasts."""
    asked = {"trainee": trainee_id, "reader": person.id, "day": today}
    return bool(_IS_HALF.value(session, asked))


def may_answer(session: Session, person: Person, booking: Booking, today: date) -> bool:
    """Half of the pair now, or on the day they are to meet: a placement may begin in between."""
    days = {today, booking.on_date}
    return any(is_half_of_pair(session, person, booking.trainee_id, day) for day in days)


def supervises(session: Session, person: Person, trainee_id: int, today: date) -> bool:
    """A main or placement supervisor, while the pairing lasts."""
    return any(supervisor.id == person.id for supervisor in supervisors_of(session, trainee_id, today))


def may_see_notes(session: Session, person: Person, trainee_id: int, today: date) -> bool:
    """The pair and the unit's studierektor. The head sees standings, never notes."""
    return is_half_of_pair(session, person, trainee_id, today) or _has_role(
        session, person, trainee_id, (RoleName.STUDIEREKTOR,)
    )


def may_have_pack(session: Session, person: Person, unit_id: int, *, anonymous: bool) -> bool:
    """A unit's figures for a review: who leads it; a chief director only what names nobody."""
    roles = NAMED_PACK if not anonymous else (*NAMED_PACK, RoleName.CHIEF_DIRECTOR)
    return any(unit.id == unit_id for unit in units_of(session, person, roles))


def may_be_reminded(session: Session, person: Person, trainee_id: int, occasion: str) -> bool:
    """Besides the pair: who may see the standing; and a supervisor whose time is over, of what it was to end
    with alone: the hand-over to the one who followed, the assessment of the placement.
    """
    if _has_role(session, person, trainee_id, SEE_STANDING):
        return True
    pair = _pairing_of(session, occasion)
    return pair is not None and (pair.supervisor_id, pair.trainee_id) == (person.id, trainee_id)


def _pairing_of(session: Session, occasion: str) -> Pairing | None:
    """The pairing that an occasion (occasions.py) is about: its end, or the placement it was for."""
    noun, number = occasion[:1], occasion[1:]
    if not number.isdigit():
        return None
    placement = session.get(Placement, int(number)) if noun == "p" else None
    pairing = placement.pairing_id if placement else int(number) if noun == "h" else None
    return session.get(Pairing, pairing) if pairing else None


def _has_role(session: Session, person: Person, trainee_id: int, roles: tuple[RoleName, ...]) -> bool:
    trainee = session.get(Trainee, trainee_id)
    if trainee is None:
        return False
    found = session.exec(
        select(Role.role).where(Role.person_id == person.id, Role.unit_id == trainee.unit_id)
    ).all()
    return any(role in found for role in roles)
