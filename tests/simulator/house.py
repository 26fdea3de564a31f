"""The database file and the two engines that every history of a test process uses, one after the other."""

from __future__ import annotations

import atexit
import shutil
import sqlite3
import tempfile
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from storage.engine import open_engine
from tests.simulator.replica import Wired
from tests.support.databases import migrated
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


class House:
    """One folder, one file, two engines; `furnish` puts a fresh database in it."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="handledd-sim-", dir=_memory()))
        atexit.register(shutil.rmtree, self.folder, ignore_errors=True)
        self.file = self.folder / "history.sqlite"
        self.wired = tuple(Wired(open_engine(f"sqlite:///{self.file}")) for _ in range(2))
        self.beside = open_engine(f"sqlite:///{self.file}")
        """For looking at everything from outside, without any process."""
        self._observer: sqlite3.Connection | None = None

    def furnish(self, setting: Setting) -> datetime:
        """Start anew; returns the moment at which the history begins, aware and UTC."""
        self.clear()
        template, start = self._template(setting)
        shutil.copyfile(template, self.file)
        self._observer = sqlite3.connect(self.file, isolation_level=None)
        return start

    def clear(self) -> None:
        """Close everything and take the file away."""
        if self._observer:
            self._observer.close()
        for wired in self.wired:
            wired.engine.dispose()
        self.beside.dispose()
        for file in self.folder.glob("history.sqlite*"):
            file.unlink()

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """What the file holds, committed, read beside everybody."""
        assert self._observer
        return self._observer.execute(query, values).fetchall()

    def version(self) -> int:
        """A number that changes with each commit of anybody else."""
        return int(self.rows("PRAGMA data_version")[0][0])

    def link(self, who: str, platform: str) -> None:
        """Let somebody be reached on a platform."""
        mail = f"{who}@exempel.se"
        self.rows("UPDATE identity SET platform = ?, workspace = '' WHERE external_id = ?", platform, mail)

    @lru_cache(maxsize=len(SETTINGS))  # noqa: B019 one house lives as long as its process
    def _template(self, setting: Setting) -> tuple[Path, datetime]:
        file = self.folder / f"{setting.book}.sqlite"
        engine = migrated(file)
        world = World(engine, setting.start, ROSTER.format(book=setting.book))
        world.tick()
        engine.dispose()
        return file, world.clock()


def _memory() -> str | None:
    """A file in memory is as real as one on a disk, and faster."""
    return "/dev/shm" if Path("/dev/shm").is_dir() else None


@lru_cache(maxsize=1)
def house() -> House:
    """The one house of this process."""
    return House()
