"""The database and the two engines that every history of a test process uses, one after the other."""

from __future__ import annotations

import shutil
import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any
from uuid import uuid4

import psycopg
from sqlalchemy import Engine
from sqlmodel import SQLModel

from storage.engine import open_engine
from tests.simulator.interleaved import InterleavedLoop, stands_still_at_statements
from tests.simulator.loop import VirtualLoop
from tests.simulator.replica import Wired
from tests.support.databases import Databases, PostgresServer, migrated
from tests.support.folders import passing
from tests.support.world import World

PEOPLE = ("anna", "bo", "eva", "siv")
ROSTER = """\
email,name,role,unit,rulebook,supervisor,start,end,employed
anna@exempel.se,Anna Berg,trainee,Ekbacken,{book},eva@exempel.se,2025-01-13,2030-01-12,
bo@exempel.se,Bo Dal,trainee,Ekbacken,,eva@exempel.se,2025-09-01,2030-08-31,
eva@exempel.se,Eva Ek,supervisor,Ekbacken,,,,,
siv@exempel.se,Siv Rektorsson,studierektor,Ekbacken,,,,,
"""


@dataclass(frozen=True, slots=True)
class Setting:
    """Where and when a history begins: the rulebook of the unit, and a local moment."""

    book: str
    start: str


SETTINGS = (
    Setting("ostergotland-allmanmedicin", "2026-11-20T07:00"),
    Setting("skane-primarvard", "2026-03-20T07:00"),
    Setting("skane-sjukhus", "2026-10-16T07:00"),
    Setting("sormland-primarvard", "2026-12-18T07:00"),
    Setting("orebro-2008", "2028-02-18T07:00"),
)
"""Over both changes of the clock, Christmas and week 53, and a leap day."""


class House(ABC):
    """One database, two engines, and one to look at everything from outside; `furnish` makes it anew."""

    option = ""
    """How `python -m tests.simulator` is told to play in such a house."""

    def __init__(self, url: str) -> None:
        self.wired = tuple(Wired(open_engine(url)) for _ in range(2))
        self.beside = open_engine(url)

    @abstractmethod
    def furnish(self, setting: Setting) -> datetime:
        """Start anew; returns the moment at which the history begins, aware and UTC."""

    @abstractmethod
    def rows(self, query: str, *values: object) -> Sequence[tuple[Any, ...]]:
        """What the database holds, committed, read beside everybody; `?` stands for a value."""

    @abstractmethod
    def version(self) -> int:
        """A number that changes with each commit of anybody else."""

    @abstractmethod
    def problems(self) -> str:
        """What the database itself says is wrong with it; "" for nothing."""

    @abstractmethod
    def loop(self, dice: Random) -> VirtualLoop:
        """Where a history is played: how the transactions of the two processes take turns."""

    def link(self, who: str, platform: str) -> None:
        """Let somebody be reached on a platform."""
        mail = f"{who}@exempel.se"
        self.rows("UPDATE identity SET platform = ?, workspace = '' WHERE external_id = ?", platform, mail)

    def _dispose(self) -> None:
        for engine in (*(wired.engine for wired in self.wired), self.beside):
            engine.dispose()


class SqliteHouse(House):
    """A file in a folder of its own."""

    def __init__(self) -> None:
        self.folder = passing("sim", _memory())
        self.file = self.folder / "history.sqlite"
        super().__init__(f"sqlite:///{self.file}")
        self._observer: sqlite3.Connection | None = None

    def furnish(self, setting: Setting) -> datetime:
        self.clear()
        template, start = self._template(setting)
        shutil.copyfile(template, self.file)
        self._observer = sqlite3.connect(self.file, isolation_level=None)
        return start

    def clear(self) -> None:
        """Close everything and take the file away."""
        if self._observer:
            self._observer.close()
        self._dispose()
        for file in self.folder.glob("history.sqlite*"):
            file.unlink()

    def rows(self, query: str, *values: object) -> Sequence[tuple[Any, ...]]:
        assert self._observer
        return self._observer.execute(query, [_as_kept(value) for value in values]).fetchall()

    def version(self) -> int:
        return int(self.rows("PRAGMA data_version")[0][0])

    def problems(self) -> str:
        (said,) = self.rows("PRAGMA integrity_check")[0]
        return "" if said == "ok" else str(said)

    def loop(self, dice: Random) -> VirtualLoop:
        return VirtualLoop(dice)

    @lru_cache(maxsize=len(SETTINGS))  # noqa: B019 one house lives as long as its process
    def _template(self, setting: Setting) -> tuple[Path, datetime]:
        file = self.folder / f"{setting.book}.sqlite"
        return file, _begin(migrated(file), setting)


class PostgresHouse(House):
    """A database of a server that runs, copied for each history from one of its setting."""

    option = " --postgresql"

    def __init__(self, databases: Databases) -> None:
        self._databases = databases
        self._name = f"sim{uuid4().hex}"
        super().__init__(databases.url(self._name))
        for wired in self.wired:
            stands_still_at_statements(wired.engine)
        self._observer: psycopg.Connection | None = None

    def furnish(self, setting: Setting) -> datetime:
        if self._observer:
            self._observer.close()
        self._dispose()
        template, start = self._template(setting)
        self._databases.drop(self._databases.url(self._name))
        url = self._databases.make(self._name, template)
        self._observer = psycopg.connect(url.replace("+psycopg", "", 1), autocommit=True)
        return start

    def rows(self, query: str, *values: object) -> Sequence[tuple[Any, ...]]:
        assert self._observer
        found = self._observer.execute(query.replace("?", "%s").encode(), values or None)
        return found.fetchall() if found.description else []

    def version(self) -> int:
        return sum(wired.commits for wired in self.wired)

    def problems(self) -> str:
        return ""  # the server keeps its own files, and no crash of ours reaches them

    def loop(self, dice: Random) -> VirtualLoop:
        return InterleavedLoop(dice, self._is_blocked)

    def _is_blocked(self, backend: int) -> bool:
        """Whether a server's process waits for a lock of another's."""
        return bool(self.rows("SELECT cardinality(pg_blocking_pids(?))", backend)[0][0])

    @lru_cache(maxsize=len(SETTINGS))  # noqa: B019 one house lives as long as its process
    def _template(self, setting: Setting) -> tuple[str, datetime]:
        name = f"{self._name}_{SETTINGS.index(setting)}"
        url = self._databases.make(name, PostgresServer.TEMPLATE)
        start = _begin(open_engine(url), setting)
        # In the order of a plan or a place that a vacuum chose, no seed would play the same twice.
        with psycopg.connect(url.replace("+psycopg", "", 1), autocommit=True) as connection:
            for name_of_table in SQLModel.metadata.tables:
                connection.execute(f'ALTER TABLE "{name_of_table}" SET (autovacuum_enabled = off)'.encode())
        return name, start


def moment(kept: Any) -> datetime | None:
    """A moment as either database gives it back when it is not asked through the tables; aware and UTC."""
    if isinstance(kept, str):
        return datetime.fromisoformat(kept).replace(tzinfo=UTC)
    return kept.astimezone(UTC) if kept else None


def _as_kept(value: object) -> object:
    """As SQLite has it: a moment is text."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")
    return value


def _begin(engine: Engine, setting: Setting) -> datetime:
    """Let a history's people move in; returns when that was."""
    world = World(engine, setting.start, ROSTER.format(book=setting.book))
    world.tick()
    engine.dispose()
    return world.clock()


def _memory() -> Path | None:
    """A file in memory is as real as one on a disk, and faster."""
    memory = Path("/dev/shm")
    return memory if memory.is_dir() else None


@lru_cache(maxsize=2)
def house(postgres_uri: str = "") -> House:
    """The one house of this process: a file, or a database of the server that is named."""
    return PostgresHouse(Databases(postgres_uri)) if postgres_uri else SqliteHouse()
