"""The upgrade drill: a database of any revision there ever was, with rows in all tables, comes to today.

Made-up rows are written as that revision's own columns ask; what a later one adds is left to its migration.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Boolean, Column, Engine, LargeBinary, MetaData, Table, inspect, select
from sqlalchemy.types import JSON, Date, DateTime, Integer, Time

from schedules.recompute import recompute_all
from storage.engine import open_engine
from storage.schema import current, differences, head, history, migrate
from storage.tables import Entry
from tests.support.databases import postgres
from tests.support.world import World

REVISIONS = history()
RELEASED = {"0001", "0002", "0003", "0004", "0005", "0006", "0007", "0020", "0021", "0024"} | {
    "0027",
    "0028",
    "0029",
    "0030",
    "0031",
    "0032",
    "0033",
    "0034",
}
"""Never taken out again: somebody's database may be of that day."""
STAMP = datetime(2026, 10, 5, 7, 30)  # noqa: DTZ001 as SQLite keeps it
LISTS = ("topics", "goals", "people", "choices", "rulebooks_before")
PEOPLE = ("anna", "eva", "siv")

ROWS: Mapping[str, list[dict[str, Any]]] = {
    "person": [
        {"id": n, "email": f"{who}@exempel.se", "name": who.title()} for n, who in enumerate(PEOPLE, 1)
    ],
    "unit": [{"name": "Ekbacken", "rulebook": "skane-primarvard", "timezone": "Europe/Stockholm"}],
    "identity": [
        {"id": n, "person_id": n, "platform": "sim", "workspace": "", "external_id": f"{who}@exempel.se"}
        for n, who in enumerate(PEOPLE, 1)
    ],
    "role": [
        {"id": n, "person_id": n, "role": role, "unit_id": 1}
        for n, role in enumerate(("trainee", "supervisor", "studierektor"), 1)
    ],
    "trainee": [{"kind": "ST", "starts_on": date(2025, 1, 13), "employed_on": None}],
    "pairing": [{"supervisor_id": 2, "kind": "main", "from_on": date(2025, 1, 13)}],
    "entry": [
        {"id": 1, "chain_id": 1, "state": "amended", "activity": "supervision", "minutes": 45},
        {
            "id": 2,
            "chain_id": 1,
            "state": "live",
            "activity": "supervision",
            "minutes": 60,
            "note": "Åtta – ”ö”",
        },
        {"id": 3, "chain_id": 3, "state": "live", "activity": "mini-cex", "instrument": "mini-cex"},
        {"id": 4, "chain_id": 4, "state": "void", "activity": "supervision", "minutes": 5},
    ],
    "absence": [{"kind": "sick", "from_on": date(2026, 9, 1), "to_on": date(2026, 9, 4)}],
    "placement": [{"place": "Psykiatrin", "from_on": date(2026, 2, 1), "to_on": date(2026, 3, 31)}],
    "booking": [{"state": "planned", "activity": "supervision", "on_date": date(2026, 12, 4)}],
    "inbox": [{"platform": "sim", "delivery_key": "key:gammal", "kind": "text", "outcome": "logged"}],
    "outbox": [
        {"id": 1, "recipient": "person:1", "kind": "reply", "subject": "inbox:1", "state": "sent"},
        {"id": 2, "recipient": "person:2", "kind": "nudge", "subject": "trainee:1", "state": "pending"},
    ],
    "standing": [{"requirement": "supervision", "state": "ok"}],
    "standing_change": [{"requirement": "supervision", "old": "ok", "new": "soon"}],
    "assessment_request": [{"assessor_id": 2, "state": "asked", "instrument": "dops"}],
    "unit_duty": [{"duty": "external_review", "done_on": date(2025, 5, 5)}],
    "agenda": [{"kind": "digest"}],
    "mute": [{"requirement": "supervision", "until": date(2026, 10, 20)}],
}
"""By table, what a made-up row must say to mean something; the rest is filled in by the column's type."""


def _filler(column: Column[Any]) -> Any:
    """Something that the column takes, for those that must have something."""
    if column.nullable:
        return None
    match column.type:
        case JSON():
            return [] if column.name in LISTS else {}
        case Boolean():
            return False
        case DateTime():
            return STAMP
        case Date():
            return date(2026, 10, 5)
        case Time():
            return time(7, 30)
        case Integer():
            return 1
        case LargeBinary():
            return b"sealed"
    return column.name[:12]


def _fill(engine: Engine) -> None:
    """A made-up row, or several, in every table there is."""
    tables = MetaData()
    tables.reflect(engine)
    with engine.begin() as connection:
        for table in tables.sorted_tables:
            if table.name != "alembic_version":
                for row in ROWS.get(table.name, [{}]):
                    connection.execute(table.insert().values(_row(table, row)))


def _row(table: Table, told: Mapping[str, Any]) -> dict[str, Any]:
    return {column.name: told.get(column.name, _filler(column)) for column in table.columns}


def _kept(engine: Engine, only: Mapping[str, list[str]] | None = None) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, in the columns there are, or in those named by table."""
    found = only or {
        name: [column["name"] for column in inspect(engine).get_columns(name)]
        for name in inspect(engine).get_table_names()
        if name != "alembic_version"
    }
    tables = MetaData()
    tables.reflect(engine)
    with engine.connect() as connection:
        return {
            name: sorted(
                (
                    tuple(row)
                    for row in connection.execute(select(*(tables.tables[name].c[c] for c in columns)))
                ),
                key=repr,
            )
            for name, columns in found.items()
        }


def _columns(engine: Engine) -> dict[str, list[str]]:
    seen = inspect(engine)
    names = [name for name in seen.get_table_names() if name != "alembic_version"]
    return {name: [column["name"] for column in seen.get_columns(name)] for name in names}


@pytest.fixture(scope="module")
def olds(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """An empty database of every revision: each is the one before, a step on."""
    folder = tmp_path_factory.mktemp("olds")
    step = folder / "step.sqlite"
    made: dict[str, Path] = {}
    for revision in REVISIONS:
        engine = open_engine(f"sqlite:///{step}")
        migrate(engine, revision)
        engine.dispose()
        made[revision] = Path(shutil.copy(step, folder / f"{revision}.sqlite"))
    return made


@pytest.fixture(params=REVISIONS)
def old(request: pytest.FixtureRequest, olds: Mapping[str, Path], tmp_path: Path) -> Iterator[Engine]:
    """A database as it was at a revision, with rows in every table."""
    engine = open_engine(f"sqlite:///{shutil.copy(olds[request.param], tmp_path / 'old.sqlite')}")
    assert current(engine) == request.param
    _fill(engine)
    yield engine
    engine.dispose()


def _goes_on(engine: Engine) -> None:
    """The rules hold, the standings are the journal's, and people go on writing."""
    assert (current(engine), differences(engine)) == (head(), [])
    world = World(engine, roster=None)
    recompute_all(engine, world.clock())
    assert world.drift() == []
    entries = len(world.rows(Entry))
    assert world.take(world.incoming("anna", "handledning idag 1h etik")).outcome == "logged"
    assert len(world.rows(Entry)) == entries + 1
    assert world.drift() == []


def test_a_database_of_any_day_comes_to_today_with_every_row(old: Engine) -> None:
    before, columns = _kept(old), _columns(old)
    assert all(before.values()), "a table without a row shows nothing"
    migrate(old)
    assert _kept(old, columns) == before
    with closing(sqlite3.connect(str(old.url.database))) as connection:
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    _goes_on(old)


def test_postgresql_comes_from_the_first_day_to_this_one() -> None:
    engine = open_engine(postgres().empty())
    migrate(engine, REVISIONS[0])
    _fill(engine)
    with engine.begin() as connection:  # ids were given, as SQLite takes them: the sequences follow
        for name in inspect(engine).get_table_names():
            if any(column["name"] == "id" for column in inspect(engine).get_columns(name)):
                connection.exec_driver_sql(
                    f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), (SELECT max(id) FROM \"{name}\"))"
                )
    before, columns = _kept(engine), _columns(engine)
    migrate(engine)
    assert _kept(engine, columns) == before
    _goes_on(engine)
    engine.dispose()


def test_the_last_files_number_is_the_newest_revision() -> None:
    """So that a start knows it without reading them all."""
    assert head() == REVISIONS[-1]


def test_no_revision_that_was_released_is_ever_taken_away() -> None:
    assert RELEASED - set(REVISIONS) == set()
    assert REVISIONS[0] == min(RELEASED)
