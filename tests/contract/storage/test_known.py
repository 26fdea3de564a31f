"""Objects of rows that Core read are as the session's own query gives them, on both engines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, bindparam, inspect, select
from sqlmodel import Session
from sqlmodel import select as ask

from storage.columns import columns, table
from storage.engine import reading, writing
from storage.known import Wholes, held
from storage.prepared import Prepared
from storage.tables import Person, Trainee, Unit
from tests.support.statements import listening
from tests.support.world import World

_P, _T, _U = columns(Person), columns(Trainee), columns(Unit)
WHOLES = Wholes(Person, Trainee, Unit)
ASKED = Prepared(
    select(*WHOLES.columns)
    .select_from(table(Person))
    .outerjoin(table(Trainee), _T.person_id == _P.id)
    .outerjoin(table(Unit), _U.id == _T.unit_id)
    .where(_P.email == bindparam("email"))
)


@pytest.fixture
def world(engine: Engine) -> World:
    return World(engine)


@pytest.fixture
def session(world: World) -> Iterator[Session]:
    with writing(world.engine) as session:
        yield session


def found(session: Session, who: str) -> list[Any]:
    (row,) = ASKED.rows(session, {"email": f"{who}@exempel.se"})
    return WHOLES.objects(session, row)


def test_they_hold_what_a_query_of_objects_holds(session: Session, world: World) -> None:
    ours = [each.model_dump() for each in found(session, "anna")]
    with reading(world.engine) as another:
        person = another.exec(ask(Person).where(Person.email == "anna@exempel.se")).one()
        training = another.exec(ask(Trainee).where(Trainee.person_id == person.id)).one()
        theirs = [person, training, another.get_one(Unit, training.unit_id)]
        assert ours == [each.model_dump() for each in theirs]


def test_what_the_session_has_read_is_given_without_asking(session: Session, engine: Engine) -> None:
    person, training, unit = found(session, "anna")
    with listening(engine) as said:
        assert held(session, Trainee, training.id) is training
        assert held(session, Unit, unit.id) is unit
        assert held(session, Person, person.id + 1) is None
    assert said == []


def test_what_an_outer_join_gave_no_row_of_is_none(session: Session) -> None:
    person, training, unit = found(session, "eva")
    assert (person.name, training, unit) == ("Eva Ek", None, None)


def test_the_session_knows_them_and_asks_nothing_more(session: Session, world: World) -> None:
    person, training, _ = found(session, "anna")
    with listening(world.engine) as said:
        assert (person.locale, training.starts_on.year) == ("sv", 2026)
        assert session.get(Trainee, training.id) is training
    assert said == []


def test_what_the_session_holds_stays_as_it_stands_there(session: Session) -> None:
    held = session.exec(ask(Person).where(Person.email == "anna@exempel.se")).one()
    held.name = "Anna Ny"
    assert found(session, "anna")[0] is held
    assert held.name == "Anna Ny"


def test_what_is_changed_is_written_and_nothing_else(world: World) -> None:
    with writing(world.engine) as session:
        person, training, _ = found(session, "anna")
        person.locale = "en"
        assert [inspect(each).modified for each in (person, training)] == [True, False]
    with reading(world.engine) as session:
        assert found(session, "anna")[0].locale == "en"
