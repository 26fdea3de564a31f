"""SQLite under several processes: a read-modify-write is never lost (docs: platforms, row 2)."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from storage.columns import table
from storage.engine import open_engine, reading, writing
from storage.prepared import Prepared
from storage.tables import Unit

PROCESSES, ROUNDS = 4, 50
ROOT = Path(__file__).parents[3]

COUNT_UP = """
import sys, time
from sqlalchemy import text
from storage.engine import open_engine, writing
engine = open_engine(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
for _ in range(int(sys.argv[2])):
    with writing(engine) as session:
        value = session.execute(text("SELECT value FROM counter")).scalar_one()
        time.sleep(0.001)
        session.execute(text("UPDATE counter SET value = :value"), {"value": value + 1})
"""

UNGUARDED = """
import sqlite3, sys, time
connection = sqlite3.connect(sys.argv[1].removeprefix("sqlite:///"), timeout=10)
print("ready", flush=True)
sys.stdin.readline()
for _ in range(int(sys.argv[2])):
    # The driver begins a transaction at the first write only: what was read before is not protected.
    value = connection.execute("SELECT value FROM counter").fetchone()[0]
    time.sleep(0.001)
    connection.execute("UPDATE counter SET value = ?", (value + 1,))
    connection.commit()
"""


def _race(script: str, url: str) -> int:
    """All count at once: none begins before all can, and each lets others in between read and write."""
    processes = [_counting(script, url) for _ in range(PROCESSES)]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in processes:
        process.communicate(timeout=120)
    assert [process.returncode for process in processes] == [0] * PROCESSES
    engine = open_engine(url)
    with reading(engine) as session:
        counted = int(session.execute(text("SELECT value FROM counter")).scalar_one())
    engine.dispose()
    return counted


def _counting(script: str, url: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", script, url, str(ROUNDS)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


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


def test_who_is_stopped_at_the_commit_holds_up_nobody(
    sqlite: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What stopped it may be kept for long, with all that its traceback holds."""
    adding = Prepared(table(Unit).insert())
    units = [{"name": name, "rulebook": "skane-sjukhus", "timezone": "UTC", "settings": {}} for name in "ab"]

    def stopped(_connection: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(sqlite.dialect, "do_commit", stopped)
    with pytest.raises(KeyboardInterrupt), writing(sqlite) as session:
        adding.write_all(session, units)
    monkeypatch.undo()
    with closing(sqlite3.connect(str(sqlite.url.database), timeout=0)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert other.execute("SELECT count(*) FROM unit").fetchone() == (0,)
