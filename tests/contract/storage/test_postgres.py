"""Prepared statements on PostgreSQL: values, refusals, and connections that are lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import (
    Boolean,
    Engine,
    Integer,
    String,
    bindparam,
    cast,
    column,
    literal,
    select,
    text,
)
from sqlalchemy.exc import DataError, DBAPIError, InvalidRequestError, OperationalError
from sqlmodel import Session

from storage.engine import reading, writing
from storage.prepared import Prepared
from storage.scrub import scrub
from tests.support.databases import database

_BACKEND = Prepared(text("SELECT pg_backend_pid()").columns(column("this", Integer)))
_NUMBER = Prepared(select(cast(bindparam("number", type_=Integer), Integer).label("number")))
_TEXT = Prepared(select(bindparam("words", type_=String).label("words")))


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """A real PostgreSQL."""
    with database("postgresql", tmp_path) as made:
        yield made


def backend(session: Session) -> int:
    """Which connection it is: the server's process for it."""
    return int(_BACKEND.value(session, {}))


def test_a_percent_sign_and_a_name_that_comes_twice_are_said_as_they_are(engine: Engine) -> None:
    asked = text("SELECT CAST(:a AS text) || '%s' || CAST(:b AS text) || CAST(:a AS text) LIKE '1%2_'")
    with reading(engine) as session:
        said = Prepared(asked.columns(column("this", Boolean)))
        assert said.value(session, {"b": "2", "a": "1"}) is True
        assert said.value(session, {"b": "1", "a": "2"}) is False


@pytest.mark.parametrize(("asked", "about"), [(_NUMBER, {"number": 2**31}), (_TEXT, {"words": "a\0b"})])
def test_what_it_cannot_take_is_refused_as_by_psycopg(
    engine: Engine, asked: Prepared, about: dict[str, object]
) -> None:
    ways: tuple[Callable[[Session], object], ...] = (
        lambda session: asked.value(session, about),
        lambda session: session.connection().execute(asked.statement, about),
    )
    for say in ways:
        with writing(engine) as session:
            with pytest.raises(DataError) as refused, session.begin_nested():
                say(session)
            assert not refused.value.connection_invalidated
            assert _NUMBER.value(session, {"number": 1}) == 1


def test_a_refused_statement_fails_its_transaction_and_not_the_next(engine: Engine) -> None:
    wrong = Prepared(select(literal(1) // bindparam("by", type_=Integer)))
    with reading(engine) as session:
        with pytest.raises(DataError, match="division by zero"):
            wrong.value(session, {"by": 0})
        with pytest.raises(DBAPIError, match="current transaction is aborted"):
            _NUMBER.value(session, {"number": 1})
    with reading(engine) as session:
        assert _NUMBER.value(session, {"number": 1}) == 1


def test_a_connection_that_was_lost_in_the_pool_costs_nothing(engine: Engine) -> None:
    with engine.connect() as other:
        with reading(engine) as session:
            lost = backend(session)
        other.execute(text("SELECT pg_terminate_backend(:lost, 5000)"), {"lost": lost})
    with writing(engine) as session:
        assert _NUMBER.value(session, {"number": 1}) == 1
        assert backend(session) != lost


def test_what_is_prepared_outlives_a_reading(engine: Engine) -> None:
    """At a rollback psycopg forgets it all, and plans each statement anew."""
    for number in range(7):
        with reading(engine) as session:
            assert _NUMBER.value(session, {"number": number}) == number
    with reading(engine) as session:
        kept = session.scalars(text("SELECT statement FROM pg_prepared_statements")).all()
    assert any("AS number" in statement for statement in kept)


def test_one_that_is_lost_while_it_waits_says_so(engine: Engine) -> None:
    with writing(engine) as session:
        session.connection().execute(text("SET LOCAL statement_timeout = 50"))
        slow = Prepared(text("SELECT pg_sleep(60)").columns(column("this", String)))
        with pytest.raises(OperationalError, match="statement timeout") as ended, session.begin_nested():
            slow.value(session, {})
        assert not ended.value.connection_invalidated
        assert _NUMBER.value(session, {"number": 1}) == 1


def test_a_connection_that_has_begun_can_be_scrubbed(engine: Engine) -> None:
    with reading(engine) as session:
        first = backend(session)
    assert scrub(engine)
    with writing(engine) as session:
        assert backend(session) == first
        assert _NUMBER.value(session, {"number": 1}) == 1
        session.rollback()


def test_one_that_has_said_something_does_not_lose_it_to_another_isolation(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE made (it int)"))
        with pytest.raises(InvalidRequestError, match="isolation_level may not be altered"):
            connection.execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM made")).scalar() == 0
