"""Connections on either engine: who only reads cannot write, and bars nobody who comes after."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlmodel import Session, select

from storage.columns import table
from storage.engine import reading, writing
from storage.prepared import Prepared
from storage.tables import Unit
from tests.reliability.failing import failing_at

_ADDING = Prepared(table(Unit).insert())
_UNIT = {"name": "Ekbacken", "rulebook": "st2021", "timezone": "Europe/Stockholm", "settings": {}}


def by_the_session(session: Session) -> None:
    session.add(Unit(name="Ekbacken", rulebook="st2021"))
    session.flush()


def by_a_statement(session: Session) -> None:
    _ADDING.write(session, _UNIT)


@pytest.mark.parametrize("write", [by_the_session, by_a_statement])
def test_the_database_refuses_a_write_in_a_reading(
    engine: Engine, write: Callable[[Session], object]
) -> None:
    with pytest.raises(DBAPIError, match=r"readonly|read-only"), reading(engine) as session:
        write(session)
    with reading(engine) as session:
        assert session.exec(select(Unit)).all() == []


def test_who_writes_after_a_reading_may_and_who_reads_after_that_may_not(engine: Engine) -> None:
    for name in ("Ekbacken", "Almby"):
        with reading(engine) as session:
            session.exec(select(Unit)).all()
        with writing(engine) as session:
            session.add(Unit(name=name, rulebook="st2021"))
        with pytest.raises(DBAPIError, match=r"readonly|read-only"), reading(engine) as session:
            by_the_session(session)
    with reading(engine) as session:
        assert {unit.name for unit in session.exec(select(Unit))} == {"Ekbacken", "Almby"}


def driven_by(session: Session) -> object:
    """The driver's own connection."""
    return session.connection().connection.dbapi_connection


def test_the_connection_that_was_used_last_is_used_next(engine: Engine) -> None:
    """Several are made when many read at once: taken in turn, each would be cold when its turn comes."""
    with reading(engine) as outer, reading(engine) as inner:
        assert driven_by(inner) is not driven_by(outer)
        last = driven_by(outer)
    for _ in range(3):
        with writing(engine) as session:
            assert driven_by(session) is last


def test_a_reading_that_could_not_begin_bars_nobody(engine: Engine) -> None:
    with failing_at(engine, 1), pytest.raises(OperationalError, match="injected"), reading(engine):
        pass
    with writing(engine) as session:
        by_the_session(session)
    with reading(engine) as session:
        assert len(session.exec(select(Unit)).all()) == 1
