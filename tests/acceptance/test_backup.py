"""`handledd backup` and `restore` as processes: whole or not at all, while people write, and killed half-way.

HANDLEDD_TEST_KILLS sets how many restores are killed (10), HANDLEDD_TEST_SEED the moments.
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pyrage
import pytest

from storage.engine import open_engine
from storage.tables import Audit, Entry
from tests.fakes.process import ROOT
from tests.support.databases import migrated, postgres
from tests.support.world import World

KILLS = int(os.environ.get("HANDLEDD_TEST_KILLS", "10"))
SEED = int(os.environ.get("HANDLEDD_TEST_SEED", "20261122"))
MANY_ROWS = 40_000


class Shelf:
    """A database, the folder it lies in, and the commands run on it."""

    def __init__(self, folder: Path, url: str, path: str = "") -> None:
        self.folder, self.url = folder, url
        own = {"HANDLEDD_DATABASE_URL": url, "HOME": str(folder)}
        self._env = os.environ | own | ({"PATH": path} if path else {})

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "bot", *arguments],
            cwd=self.folder,
            env=self._env | {"PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str) -> tuple[int, str]:
        """The exit status, and what was said on either stream."""
        process = self.start(*arguments)
        out, error = process.communicate(timeout=120)
        return process.returncode, out + error


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    """A folder with a migrated, empty SQLite file."""
    shelf = Shelf(tmp_path, f"sqlite:///{tmp_path / 'handledd.sqlite'}")
    migrated(tmp_path / "handledd.sqlite").dispose()
    return shelf


@pytest.fixture
def world(shelf: Shelf) -> Iterator[World]:
    """People who write to it."""
    engine = open_engine(shelf.url)
    yield World(engine)
    engine.dispose()


def _entries(file: Path) -> int:
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return int(connection.execute("SELECT count(*) FROM entry").fetchone()[0])


def test_a_backup_made_while_people_write_is_whole_and_comes_back(shelf: Shelf, world: World) -> None:
    stop, written = threading.Event(), []

    def write() -> None:
        for back in range(1, 200):
            if stop.is_set():
                return
            day = (world.clock() - timedelta(days=back)).date()
            world.take(world.incoming("anna", f"handledning {day} 1h"))
            written.append(day)

    writer = threading.Thread(target=write)
    writer.start()
    status, said = shelf.run("backup", "copy.sqlite")
    before_stop = len(written)
    stop.set()
    writer.join()
    assert status == 0, said
    copy = shelf.folder / "copy.sqlite"
    assert 0 <= _entries(copy) <= before_stop + 1
    assert (copy.stat().st_mode & 0o777) == 0o600
    later = len(world.rows(Entry))
    status, said = shelf.run("restore", "copy.sqlite")
    assert (status, "drift 0" in said) == (0, True), said
    # What people did since then is gone from the trail too: it says at least that this was done.
    (restored,) = [row for row in world.rows(Audit) if row.act == "restored"]
    assert restored.facts == {"from": "command line", "backup": "copy.sqlite"}
    # The bot that ran meanwhile goes on with what was restored; what was there is kept beside it.
    assert len(world.rows(Entry)) == _entries(copy)
    kept = next(shelf.folder.glob("copy.sqlite.before-*Z"))
    assert _entries(kept) == later


def _fill(file: Path, act: str) -> None:
    """Many rows of one kind, so that a restore takes long enough to be killed half-way."""
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("DELETE FROM audit")
        connection.executemany(
            "INSERT INTO audit (at, act, subject, facts) VALUES ('2026-11-23 08:00:00', ?, ?, '{}')",
            ((act, f"row:{n}") for n in range(MANY_ROWS)),
        )


def _acts(file: Path) -> dict[str, int]:
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return dict(connection.execute("SELECT act, count(*) FROM audit GROUP BY act").fetchall())


def test_a_restore_that_is_killed_leaves_the_one_or_the_other_whole(shelf: Shelf) -> None:
    """The kill falls somewhere in the copying: from the moment the safety copy is there."""
    chance, live = random.Random(SEED), shelf.folder / "handledd.sqlite"
    _fill(live, "new")
    assert shelf.run("backup", "copy.sqlite")[0] == 0
    seen: set[str] = set()
    for _ in range(KILLS):
        _fill(live, "old")
        process = shelf.start("restore", "copy.sqlite")
        while process.poll() is None and not list(shelf.folder.glob("copy.sqlite.before-*Z")):
            pass
        process_waits(process, chance.uniform(0, 0.4))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        acts = _acts(live)
        acts.pop("restored", None)  # killed after it was done
        assert acts in ({"old": MANY_ROWS}, {"new": MANY_ROWS})
        seen |= acts.keys()
        for kept in shelf.folder.glob("copy.sqlite.before-*Z"):
            assert _acts(kept) == {"old": MANY_ROWS}
            kept.unlink()
    assert seen
    status, said = shelf.run("restore", "copy.sqlite")
    assert (status, _acts(live)) == (0, {"new": MANY_ROWS, "restored": 1}), said


def process_waits(process: subprocess.Popen[str], seconds: float) -> None:
    """Let it go on for a moment, or to its end."""
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(seconds)


def _half(file: Path) -> None:
    data = file.read_bytes()
    file.write_bytes(data[: len(data) // 2])


def _foreign(file: Path) -> None:
    file.unlink()
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("CREATE TABLE something (else_ TEXT)")


def _unindexed(file: Path) -> None:
    """Every page can be read, and an index lacks what its table has: only the whole check finds it."""
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("PRAGMA writable_schema=ON")
        of_index = "FROM sqlite_schema WHERE name = 'ix_audit_subject'"
        kept = connection.execute(f"SELECT type, name, tbl_name, rootpage, sql {of_index}").fetchone()
        connection.execute(f"DELETE {of_index}")
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(
            "INSERT INTO audit (at, act, subject, facts) VALUES ('2026-11-23 08:00:00', 'x', 'x', '{}')"
        )
        connection.execute("PRAGMA writable_schema=ON")
        connection.execute("INSERT INTO sqlite_schema VALUES (?, ?, ?, ?, ?)", kept)


def _newer(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        (_half, "; handledd restore puts an earlier backup back"),
        (_foreign, "no database of handledd's"),
        (_unindexed, "is damaged: "),
        (_newer, "comes from a newer handledd: install that version first"),
        (lambda file: file.write_text("Sparat"), "handledd's: name a file that handledd backup wrote here"),
        (lambda file: file.write_bytes(b"PGDMP and so on"), "is no backup of a sqlite database"),
        (lambda file: file.unlink(), "cannot be read: No such file or directory; name a file"),
    ],
)
def test_what_is_no_whole_backup_is_refused_and_changes_nothing(
    shelf: Shelf, harm: Callable[[Path], object], told: str
) -> None:
    live = shelf.folder / "handledd.sqlite"
    assert shelf.run("backup", "copy.sqlite")[0] == 0
    _fill(live, "old")
    harm(shelf.folder / "copy.sqlite")
    status, said = shelf.run("restore", "copy.sqlite")
    assert (status, told in said, len(said.strip().splitlines())) == (2, True, 1), said
    assert _acts(live) == {"old": MANY_ROWS}


@pytest.mark.parametrize("content", [None, "Sparat"])
def test_what_is_seen_at_once_to_be_no_backup_leaves_no_copy_beside_it(
    shelf: Shelf, content: str | None
) -> None:
    if content:
        (shelf.folder / "copy.sqlite").write_text(content, encoding="utf-8")
    assert shelf.run("restore", "copy.sqlite")[0] == 2
    assert not list(shelf.folder.glob("*.before-*"))


def test_a_backup_never_overwrites_and_leaves_no_half(shelf: Shelf) -> None:
    taken = shelf.folder / "copy.sqlite"
    taken.write_text("mine", encoding="utf-8")
    status, said = shelf.run("backup", "copy.sqlite")
    assert (status, "name a new file" in said, taken.read_text(encoding="utf-8")) == (2, True, "mine")
    assert shelf.run("backup", "whole.sqlite")[0] == 0
    for command in (
        ("backup", "nowhere/copy.sqlite"),
        ("backup", "copy.sqlite/copy.sqlite"),
        ("restore", "whole.sqlite", "--keep", "copy.sqlite/kept.sqlite"),
    ):
        status, said = shelf.run(*command)
        assert (status, len(said.strip().splitlines())) == (1, 1), said
        assert "cannot be written" in said
        assert "name a file in a folder that you may write to" in said
    (shelf.folder / "handledd.sqlite").write_bytes(b"not a database" * 1000)
    assert shelf.run("backup", "other.sqlite")[0] == 1
    assert not list(shelf.folder.glob("*.part")) + list(shelf.folder.glob("other*"))


def test_restoring_where_there_is_nothing_yet_makes_the_database(shelf: Shelf) -> None:
    assert shelf.run("backup", "copy.sqlite")[0] == 0
    (shelf.folder / "handledd.sqlite").unlink()
    status, said = shelf.run("restore", "copy.sqlite")
    assert (status, said.strip()) == (0, "restored copy.sqlite: drift 0")
    assert (shelf.folder / "handledd.sqlite").stat().st_mode & 0o777 == 0o600


def test_postgresql_is_backed_up_and_restored_by_its_own_tools(tmp_path: Path) -> None:
    server = postgres()
    shelf = Shelf(tmp_path, server.fresh(), path=f"{server.tools}{os.pathsep}{os.environ['PATH']}")
    engine = open_engine(shelf.url)
    world = World(engine)
    world.say("anna", "handledning idag 1h")
    status, said = shelf.run("backup", "copy.dump")
    assert (status, (tmp_path / "copy.dump").stat().st_mode & 0o777) == (0, 0o600), said
    world.say("anna", "mini-cex idag")
    status, said = shelf.run("restore", "copy.dump")
    assert (status, "drift 0" in said) == (0, True), said
    assert [entry.activity for entry in world.rows(Entry)] == ["supervision"]
    engine.dispose()


def test_without_postgresqls_tools_the_mend_is_named(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, postgres().empty(), path=str(tmp_path))
    status, said = shelf.run("backup", "copy.dump")
    assert (status, "install PostgreSQL's client tools" in said) == (1, True), said


# --- encrypted


def _key(folder: Path, name: str = "key.txt") -> str:
    """An identity file as age-keygen writes it; returns the recipient."""
    identity = pyrage.x25519.Identity.generate()
    file = folder / name
    file.write_text(f"# public key: {identity.to_public()}\n{identity}\n", encoding="utf-8")
    file.chmod(0o600)
    return str(identity.to_public())


def _plain(folder: Path, name: str, key: str = "key.txt") -> bytes:
    identity = (folder / key).read_text("utf-8").splitlines()[1]
    return bytes(pyrage.decrypt((folder / name).read_bytes(), [pyrage.x25519.Identity.from_str(identity)]))


def test_an_encrypted_backup_shows_nothing_and_comes_back_with_its_key(shelf: Shelf, world: World) -> None:
    world.say("anna", "handledning idag 1h")
    recipient = _key(shelf.folder)
    status, said = shelf.run("backup", "copy.age", "--encrypt-to", recipient)
    copy = shelf.folder / "copy.age"
    assert (status, copy.stat().st_mode & 0o777) == (0, 0o600), said
    assert copy.read_bytes().startswith(b"age-encryption.org/v1\n")
    assert b"exempel.se" not in copy.read_bytes()
    assert b"anna@exempel.se" in _plain(shelf.folder, "copy.age")
    world.say("anna", "mini-cex idag")
    status, said = shelf.run("restore", "copy.age", "--identity", "key.txt")
    assert (status, "drift 0" in said) == (0, True), said
    assert [entry.activity for entry in world.rows(Entry)] == ["supervision"]
    # What was there is kept under the same key: it would else lie in the clear beside what is not.
    kept = next(shelf.folder.glob("copy.age.before-*Z"))
    assert kept.read_bytes().startswith(b"age-encryption.org/v1\n")
    assert b"mini-cex" in _plain(shelf.folder, kept.name)


def test_any_of_several_keys_opens_it(shelf: Shelf) -> None:
    first, second = _key(shelf.folder, "first.txt"), _key(shelf.folder, "second.txt")
    assert shelf.run("backup", "copy.age", "--encrypt-to", first, "--encrypt-to", second)[0] == 0
    for key in ("first.txt", "second.txt"):
        status, said = shelf.run("restore", "copy.age", "--identity", key, "--keep", f"{key}.age")
        assert (status, "drift 0" in said) == (0, True), said


def _loose(folder: Path) -> None:
    (folder / "key.txt").chmod(0o644)


def _another_key(folder: Path) -> None:
    _key(folder)


def _cut(folder: Path) -> None:
    _half(folder / "copy.age")


def _changed(folder: Path) -> None:
    copy = folder / "copy.age"
    data = bytearray(copy.read_bytes())
    data[-1] ^= 1
    copy.write_bytes(data)


def _no_key(folder: Path) -> None:
    (folder / "key.txt").write_text("AGE-SECRET-KEY-1KANARIE\n", encoding="utf-8")


def _nowhere(folder: Path) -> None:
    (folder / "key.txt").unlink()


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        (_loose, "others may read it: chmod 600 key.txt"),
        (_another_key, "; try another key of yours, or an earlier backup"),
        (_cut, "; try another key of yours, or an earlier backup"),
        (_changed, "; try another key of yours, or an earlier backup"),
        (_no_key, "is no identity file"),
        (_nowhere, "cannot be read: No such file or directory; name a file"),
    ],
)
def test_what_does_not_open_changes_nothing(shelf: Shelf, harm: Callable[[Path], object], told: str) -> None:
    live = shelf.folder / "handledd.sqlite"
    assert shelf.run("backup", "copy.age", "--encrypt-to", _key(shelf.folder))[0] == 0
    _fill(live, "old")
    harm(shelf.folder)
    status, said = shelf.run("restore", "copy.age", "--identity", "key.txt")
    assert (status, told in said, len(said.strip().splitlines())) == (2, True, 1), said
    assert "KANARIE" not in said
    assert _acts(live) == {"old": MANY_ROWS}


def test_without_a_key_the_mend_is_named(shelf: Shelf) -> None:
    assert shelf.run("backup", "copy.age", "--encrypt-to", _key(shelf.folder))[0] == 0
    status, said = shelf.run("restore", "copy.age")
    assert (status, "--identity FILE" in said, len(said.strip().splitlines())) == (2, True, 1), said
    status, said = shelf.run("backup", "more.age", "--encrypt-to", "anna@exempel.se")
    assert (status, "age1" in said, (shelf.folder / "more.age").exists()) == (2, True, False), said


def test_what_is_named_as_encrypted_is(shelf: Shelf) -> None:
    status, said = shelf.run("backup", "copy.age")
    assert (status, "--encrypt-to" in said, (shelf.folder / "copy.age").exists()) == (2, True, False), said


def test_a_kill_while_encrypting_leaves_no_half_file_and_nothing_in_the_clear(shelf: Shelf) -> None:
    recipient, chance = _key(shelf.folder), random.Random(SEED)
    _fill(shelf.folder / "handledd.sqlite", "kanariehandling")
    for _ in range(KILLS):
        process = shelf.start("backup", "copy.age", "--encrypt-to", recipient)
        while process.poll() is None and not (shelf.folder / "copy.age.part").exists():
            pass
        process_waits(process, chance.uniform(0, 0.3))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        copy, part = shelf.folder / "copy.age", shelf.folder / "copy.age.part"
        assert not part.exists() or b"kanariehandling" not in part.read_bytes()
        if copy.exists():
            assert b"kanariehandling" in _plain(shelf.folder, "copy.age")
            copy.unlink()
    status, said = shelf.run("backup", "copy.age", "--encrypt-to", recipient)
    assert (status, (shelf.folder / "copy.age.part").exists()) == (0, False), said


def test_postgresql_is_backed_up_encrypted_too(tmp_path: Path) -> None:
    server = postgres()
    shelf = Shelf(tmp_path, server.fresh(), path=f"{server.tools}{os.pathsep}{os.environ['PATH']}")
    engine = open_engine(shelf.url)
    world = World(engine)
    world.say("anna", "handledning idag 1h")
    status, said = shelf.run("backup", "copy.age", "--encrypt-to", _key(tmp_path))
    assert (status, _plain(tmp_path, "copy.age")[:5]) == (0, b"PGDMP"), said
    world.say("anna", "mini-cex idag")
    status, said = shelf.run("restore", "copy.age", "--identity", "key.txt")
    assert (status, "drift 0" in said) == (0, True), said
    assert [entry.activity for entry in world.rows(Entry)] == ["supervision"]
    engine.dispose()
