"""What to call somebody whom a message names: two of one name are told apart by their e-mails."""

from __future__ import annotations

from typing import Final

from sqlalchemy import ColumnElement, and_, bindparam, case, exists, or_
from sqlalchemy import select as rows
from sqlmodel import Session

from storage.columns import columns, table
from storage.prepared import Prepared
from storage.tables import Pairing, Person, Role, Trainee

_P = columns(Person)
_MINE, _THEIRS, _OTHER = (table(each).alias().c for each in (Role, Role, Person))
_OWN, _PAIR, _SAME, _TRAINEE = (table(each).alias().c for each in (Trainee, Pairing, Pairing, Trainee))
_IS_NAMESAKE = and_(_OTHER.name == _P.name, _OTHER.id != _P.id)
_IN_A_UNIT = exists().where(
    _MINE.person_id == _P.id,
    _THEIRS.unit_id == _MINE.unit_id,
    _OTHER.id == _THEIRS.person_id,
    _IS_NAMESAKE,
)
_OF_A_SUPERVISOR = exists().where(
    _OWN.person_id == _P.id,
    _PAIR.trainee_id == _OWN.id,
    _SAME.supervisor_id == _PAIR.supervisor_id,
    _TRAINEE.id == _SAME.trainee_id,
    _OTHER.id == _TRAINEE.person_id,
    _IS_NAMESAKE,
)
CALLED: Final[ColumnElement[str]] = case(
    (or_(_IN_A_UNIT, _OF_A_SUPERVISOR), _P.name + " (" + _P.email + ")"), else_=_P.name
)
"""In a statement about a person: as `schedules.naming.called` has it, among those of their units and those
who have their supervisors."""
_CALLED: Final = Prepared(rows(CALLED).where(_P.id == bindparam("person")))


def called_in(session: Session, person: Person) -> str:
    """The name; with the e-mail where somebody else of their units or their supervisors' bears it too."""
    return str(_CALLED.value(session, {"person": person.id}))
