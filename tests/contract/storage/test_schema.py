"""The schema on both engines: migrations, and the keys that make doubling impossible."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import chain
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Date, DateTime, Engine, event, text
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.schema import CreateIndex
from sqlalchemy.types import TypeEngine
from sqlmodel import Session, SQLModel, select

from storage.columns import Stamp, is_of
from storage.engine import open_engine, reading, writing
from storage.schema import current, differences, head, migrate
from storage.tables import (
    Absence,
    Agenda,
    DailyBundle,
    Entry,
    Identity,
    Inbox,
    Outbox,
    Pairing,
    Person,
    Role,
    Standing,
    Trainee,
    Unit,
    metadata,
)
from tests.support.databases import postgres

NOW = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Engine:
    """A database without any tables."""
    url = f"sqlite:///{tmp_path / 'empty.sqlite'}" if request.param == "sqlite" else postgres().empty()
    return open_engine(url)


def test_an_empty_database_gets_todays_tables(empty: Engine) -> None:
    assert current(empty) is None
    migrate(empty)
    assert current(empty) == head()
    assert differences(empty) == []
    empty.dispose()


def test_what_a_partial_index_picks_is_told_to_both_engines(empty: Engine) -> None:
    """The comparison above does not look at it; a revision that is made of the tables must have it."""
    migrate(empty)
    asked = (
        "SELECT sql FROM sqlite_master"
        if empty.dialect.name == "sqlite"
        else "SELECT indexdef FROM pg_indexes"
    )
    with empty.connect() as connection:
        made = {words for words in connection.scalars(text(asked)) if words and " WHERE " in words}
    spoken = is_of(empty.dialect.name)
    indexes = chain.from_iterable(table.indexes for table in metadata.tables.values())
    told = [each for each in indexes if "where" in each.info and spoken(each)]
    assert len(told) == len(made)
    for index in told:
        assert " WHERE " in str(CreateIndex(index).compile(empty)), index.name
        assert any(f" {index.name} " in words for words in made), index.name
    empty.dispose()


def test_migrating_twice_changes_nothing_and_keeps_the_rows(empty: Engine) -> None:
    migrate(empty)
    with writing(empty) as session:
        session.add(Person(email="anna@exempel.se", name="Anna Berg", created_at=NOW))
    migrate(empty)
    with reading(empty) as session:
        assert session.exec(select(Person.email)).all() == ["anna@exempel.se"]
    empty.dispose()


def test_a_database_of_today_is_only_looked_at(empty: Engine) -> None:
    """A start need not wait for Alembic to find that there is nothing to do."""
    migrate(empty)
    said: list[str] = []
    event.listen(empty, "before_cursor_execute", lambda *told: said.append(told[2]))
    migrate(empty)
    assert "alembic_version" in said[-1]
    assert not [words for words in said if words.startswith(("CREATE", "UPDATE", "INSERT", "ALTER"))]
    empty.dispose()


OLD_FILE = (
    "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)",
    "INSERT INTO alembic_version VALUES ('9999')",
)


def test_a_file_of_a_newer_version_is_left_alone(empty: Engine) -> None:
    with empty.begin() as connection:
        for statement in OLD_FILE:
            connection.execute(text(statement))
    with pytest.raises(Exception, match="9999"):
        migrate(empty)
    with empty.connect() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one() == "9999"
    empty.dispose()


def _people(session: Session) -> tuple[Person, Trainee]:
    person = Person(email="anna@exempel.se", name="Anna Berg", created_at=NOW)
    unit = Unit(name="Ekbacken", rulebook="ostergotland-allmanmedicin")
    session.add_all([person, unit])
    session.flush()
    trainee = Trainee(person_id=person.id or 0, unit_id=unit.id or 0, starts_on=date(2026, 1, 12))
    session.add(trainee)
    session.flush()
    return person, trainee


Make = Callable[[Person, Trainee, Inbox], SQLModel]


def _entry(trainee: Trainee, **more: Any) -> Entry:
    day = date(2026, 11, 20)
    return Entry(trainee_id=trainee.id or 0, activity="supervision", on_date=day, written_at=NOW, **more)


def _outbox(_person: Person, _trainee: Trainee, _inbox: Inbox) -> Outbox:
    return Outbox(
        recipient="person:1",
        kind="nudge",
        subject="trainee:1/supervision",
        period="2026-W47",
        step="overdue",
        created_at=NOW,
        due_at=NOW,
        next_at=NOW,
    )


TWICE: dict[str, Make] = {
    "one delivery of a platform": lambda _p, _t, _i: Inbox(
        platform="slack", workspace="T1", delivery_key="evt:1", kind="text", received_at=NOW
    ),
    "one saying of one step": _outbox,
    "one live version of a chain": lambda _p, t, _i: _entry(t, chain_id=7),
    "one entry of one message": lambda _p, t, i: _entry(t, inbox_id=i.id),
    "one absence of one message": lambda p, t, i: Absence(
        trainee_id=t.id or 0,
        kind="sick",
        from_on=date(2026, 11, 20),
        written_by=p.id or 0,
        written_at=NOW,
        inbox_id=i.id,
    ),
    "one main supervisor at a time": lambda p, t, _i: Pairing(
        trainee_id=t.id or 0, supervisor_id=p.id or 0, from_on=date(2026, 1, 12)
    ),
    "one bundle a day": lambda p, _t, _i: DailyBundle(
        person_id=p.id or 0, on_date=date(2026, 11, 23), token="t"
    ),
    "one person behind an account": lambda p, _t, _i: Identity(
        person_id=p.id or 0, platform="slack", workspace="T1", external_id="U1", linked_at=NOW
    ),
    "one standing of one requirement": lambda _p, t, _i: Standing(
        trainee_id=t.id or 0, requirement="supervision", state="ok", says_from=NOW
    ),
    "one agenda row a person and kind": lambda p, _t, _i: Agenda(
        person_id=p.id or 0, kind="digest", next_at=NOW
    ),
    "one training a person": lambda p, t, _i: Trainee(
        person_id=p.id or 0, unit_id=t.unit_id, starts_on=date(2026, 1, 12)
    ),
    "one row a person and role and unit": lambda p, t, _i: Role(
        person_id=p.id or 0, role="trainee", unit_id=t.unit_id
    ),
    "one e-mail": lambda _p, _t, _i: Person(email="bo@exempel.se", name="Bo", created_at=NOW),
}


@pytest.mark.parametrize("make", TWICE.values(), ids=TWICE.keys())
def test_the_schema_itself_refuses_a_second(engine: Engine, make: Make) -> None:
    session = Session(engine)
    person, trainee = _people(session)
    inbox = Inbox(platform="web", delivery_key="k", kind="text", received_at=NOW)
    session.add(inbox)
    session.flush()
    with pytest.raises(IntegrityError):  # noqa: PT012 a training is there already: its first may fail too
        session.add(make(person, trainee, inbox))
        session.flush()
        session.add(make(person, trainee, inbox))
        session.flush()
    session.rollback()
    session.close()


def test_a_second_live_version_is_allowed_once_the_first_is_amended(engine: Engine) -> None:
    with writing(engine) as session:
        _, trainee = _people(session)
        session.add(_entry(trainee, chain_id=7, state="amended"))
        session.add(_entry(trainee, chain_id=7))
    with reading(engine) as session:
        assert len(session.exec(select(Entry)).all()) == 2


@pytest.mark.parametrize("minutes", [4, 721])
def test_a_length_out_of_bounds_is_refused_by_the_schema(engine: Engine, minutes: int) -> None:
    session = Session(engine)
    _, trainee = _people(session)
    session.add(_entry(trainee, minutes=minutes))
    with pytest.raises(IntegrityError):
        session.flush()
    session.rollback()
    session.close()


def test_a_row_that_points_nowhere_is_refused(engine: Engine) -> None:
    session = Session(engine)
    session.add(Identity(person_id=99, platform="slack", external_id="U1", linked_at=NOW))
    with pytest.raises(IntegrityError):
        session.commit()
    session.rollback()
    session.close()


def test_stamps_come_back_aware_and_in_utc_and_a_naive_one_is_refused(engine: Engine) -> None:
    with writing(engine) as session:
        session.add(Person(email="anna@exempel.se", name="Anna Berg", created_at=NOW))
    with reading(engine) as session:
        assert session.exec(select(Person.created_at)).one() == NOW
        assert session.exec(select(Person.created_at)).one().tzinfo is UTC
    session = Session(engine)
    session.add(Person(email="bo@exempel.se", name="Bo", created_at=NOW.replace(tzinfo=None)))
    with pytest.raises(StatementError, match="aware"):
        session.flush()
    session.rollback()
    session.close()


def test_what_people_wrote_stands_in_no_error(engine: Engine) -> None:
    session = Session(engine)
    _people(session)
    session.add(Person(email="anna@exempel.se", name="hemligheten", created_at=NOW))
    with pytest.raises(IntegrityError) as caught:
        session.flush()
    assert "hemligheten" not in str(caught.value)
    session.rollback()
    session.close()


def test_an_unknown_database_is_an_error_that_says_what_is_known() -> None:
    with pytest.raises(ValueError, match=r"sqlite:/// or postgresql\+psycopg://"):
        open_engine("mysql://localhost/x")


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 11, 22, 8, 30, tzinfo=UTC),
        datetime(2026, 10, 25, 2, 30, 0, 7, tzinfo=ZoneInfo("Europe/Stockholm"), fold=1),
        datetime(999, 3, 1, 0, 5, 59, 999_999, tzinfo=timezone(timedelta(hours=-7))),
    ],
)
def test_sqlite_keeps_a_moment_and_a_day_as_sqlalchemy_writes_them(moment: datetime) -> None:
    def written(kind: TypeEngine[Any], value: object, dialect: Dialect) -> object:
        process = kind.dialect_impl(dialect).bind_processor(dialect)
        assert process
        return process(value)

    ours, theirs = open_engine("sqlite://").dialect, sqlite.dialect()
    naive = moment.astimezone(UTC).replace(tzinfo=None)
    assert written(Stamp(), moment, ours) == written(DateTime(), naive, theirs)
    assert written(Date(), moment.date(), ours) == written(Date(), moment.date(), theirs)
