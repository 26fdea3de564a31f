"""Who may do what. Default deny; each rule is in behaviour.md, "Who may"."""

from __future__ import annotations

from datetime import date

from sqlmodel import Session, select

from handlers.context import Context
from handlers.people import own_training, supervisors_of
from storage.tables import Entry, Pairing, Person, Role, RoleName, Standing, Trainee


def may_change(context: Context, entry: Entry) -> bool:
    """The trainee changes what is in their own log; a supervisor only what they wrote themselves."""
    own = own_training(context.session, context.person)
    if own is not None and own.id == entry.trainee_id:
        return True
    return entry.written_by == context.person.id and supervises(
        context.session, context.person, entry.trainee_id, context.today
    )


def may_confirm(context: Context, entry: Entry) -> bool:
    """The half of the pair that did not write it."""
    mine = entry.written_by == context.person.id
    return not mine and is_half_of_pair(context.session, context.person, entry.trainee_id, context.today)


def is_half_of_pair(session: Session, person: Person, trainee_id: int, today: date) -> bool:
    """The trainee, or a supervisor while the pairing lasts."""
    trainee = session.get(Trainee, trainee_id)
    if trainee is not None and trainee.person_id == person.id:
        return True
    return supervises(session, person, trainee_id, today)


def supervises(session: Session, person: Person, trainee_id: int, today: date) -> bool:
    """A main or placement supervisor, while the pairing lasts."""
    return any(supervisor.id == person.id for supervisor in supervisors_of(session, trainee_id, today))


def may_see_notes(session: Session, person: Person, trainee_id: int, today: date) -> bool:
    """The pair and the unit's studierektor. The head sees standings, never notes."""
    return is_half_of_pair(session, person, trainee_id, today) or _has_role(
        session, person, trainee_id, (RoleName.STUDIEREKTOR,)
    )


def may_see_standing(session: Session, person: Person, trainee_id: int, today: date) -> bool:
    """The pair, and the unit's studierektor and head."""
    return is_half_of_pair(session, person, trainee_id, today) or _has_role(
        session, person, trainee_id, (RoleName.STUDIEREKTOR, RoleName.HEAD)
    )


def may_be_reminded(session: Session, person: Person, standing: Standing, today: date) -> bool:
    """Who may see the standing; and a supervisor who was followed by another, of the hand-over alone."""
    if may_see_standing(session, person, standing.trainee_id, today):
        return True
    noun, number = standing.occasion[:1], standing.occasion[1:]
    pair = session.get(Pairing, int(number)) if noun == "h" and number.isdigit() else None
    return pair is not None and (pair.supervisor_id, pair.trainee_id) == (person.id, standing.trainee_id)


def _has_role(session: Session, person: Person, trainee_id: int, roles: tuple[RoleName, ...]) -> bool:
    trainee = session.get(Trainee, trainee_id)
    if trainee is None:
        return False
    found = session.exec(
        select(Role.role).where(Role.person_id == person.id, Role.unit_id == trainee.unit_id)
    ).all()
    return any(role in found for role in roles)
