"""SQLite under several processes: a read-modify-write is never lost (docs: platforms, row 2)."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from storage.engine import open_engine, reading, writing

PROCESSES, ROUNDS = 4, 100
ROOT = Path(__file__).parents[3]

COUNT_UP = """
import sys
from sqlalchemy import text
from storage.engine import open_engine, writing
engine = open_engine(sys.argv[1])
for _ in range(int(sys.argv[2])):
    with writing(engine) as session:
        value = session.execute(text("SELECT value FROM counter")).scalar_one()
        session.execute(text("UPDATE counter SET value = :value"), {"value": value + 1})
"""

UNGUARDED = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1].removeprefix("sqlite:///"), timeout=10)
for _ in range(int(sys.argv[2])):
    # The driver begins a transaction at the first write only: what was read before is not protected.
    value = connection.execute("SELECT value FROM counter").fetchone()[0]
    connection.execute("UPDATE counter SET value = ?", (value + 1,))
    connection.commit()
"""


def _race(script: str, url: str) -> int:
    processes = [
        subprocess.Popen([sys.executable, "-c", script, url, str(ROUNDS)], cwd=ROOT) for _ in range(PROCESSES)
    ]
    assert [process.wait(120) for process in processes] == [0] * PROCESSES
    engine = open_engine(url)
    with reading(engine) as session:
        counted = int(session.execute(text("SELECT value FROM counter")).scalar_one())
    engine.dispose()
    return counted


def _counter(folder: Path) -> str:
    url = f"sqlite:///{folder / 'counter.sqlite'}"
    engine = open_engine(url)
    with writing(engine) as session:
        session.execute(text("CREATE TABLE counter (value INTEGER)"))
        session.execute(text("INSERT INTO counter VALUES (0)"))
    engine.dispose()
    return url


def test_no_update_is_lost_between_processes(tmp_path: Path) -> None:
    assert _race(COUNT_UP, _counter(tmp_path)) == PROCESSES * ROUNDS


def test_the_race_would_lose_updates_without_the_guard(tmp_path: Path) -> None:
    assert _race(UNGUARDED, _counter(tmp_path)) < PROCESSES * ROUNDS


def test_the_file_is_opened_with_the_promised_pragmas(sqlite: Engine) -> None:
    with reading(sqlite) as session:
        found = {
            name: session.execute(text(f"PRAGMA {name}")).scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    # synchronous 2 is FULL: a commit has reached the disk before anybody is told "Sparat".
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 10_000}


def test_a_reader_does_not_wait_for_a_writer(sqlite: Engine) -> None:
    with writing(sqlite) as writer:
        writer.execute(text("SELECT 1"))
        with reading(sqlite) as reader:
            assert reader.execute(text("SELECT count(*) FROM person")).scalar_one() == 0


def test_a_connection_that_has_read_takes_the_lock_before_it_writes(sqlite: Engine) -> None:
    with reading(sqlite):
        pass
    with writing(sqlite) as session:
        session.connection()
        other = sqlite3.connect(str(sqlite.url.database), timeout=0)
        with closing(other), pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
