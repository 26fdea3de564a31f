"""The raw floor: what any bot must do for one signed Slack command, by the standard library alone.

HMAC check, one regular expression, and by raw sqlite3 a look-up of the sender, the UNIQUE key against
doubles, the entry, and one durable commit (WAL, synchronous=FULL). It reads no language, asks no rights,
keeps no standing and no answer.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl

LINE = re.compile(r"(idag|igår)\s+(\d+)\s*(h|min)\s*(\w*)")
_TABLES = """
CREATE TABLE identity (id INTEGER PRIMARY KEY, person INTEGER, workspace TEXT, account TEXT,
    UNIQUE (workspace, account));
CREATE TABLE inbox (id INTEGER PRIMARY KEY, delivery TEXT UNIQUE, person INTEGER);
CREATE TABLE entry (id INTEGER PRIMARY KEY, person INTEGER, inbox INTEGER,
    day TEXT, minutes INTEGER, topic TEXT)
"""


@dataclass(frozen=True, slots=True)
class Signed:
    """One request as it comes: the raw body, and the two headers that sign it."""

    body: bytes
    stamp: str
    signature: str


class Floor:
    """A database of its own in `folder` that knows so many accounts, U1 …, of the workspace T1."""

    def __init__(self, folder: Path, secret: str, accounts: int) -> None:
        self._secret = secret.encode()
        self._store = sqlite3.connect(folder / "floor.sqlite", isolation_level=None)
        self._store.execute("PRAGMA journal_mode=WAL")
        self._store.execute("PRAGMA synchronous=FULL")
        self._store.executescript(_TABLES)
        known = [(number, "T1", f"U{number}") for number in range(1, accounts + 1)]
        self._store.execute("BEGIN")
        self._store.executemany("INSERT INTO identity (person, workspace, account) VALUES (?, ?, ?)", known)
        self._store.execute("COMMIT")

    def take(self, request: Signed) -> bytes:
        """Check, read, store, commit, answer. Raises ValueError for what is not signed."""
        base = b"v0:" + request.stamp.encode() + b":" + request.body
        wanted = "v0=" + hmac.new(self._secret, base, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(wanted, request.signature):
            raise ValueError
        form = dict(parse_qsl(request.body.decode()))
        line = LINE.search(form["text"])
        if line is None:
            raise ValueError
        self.store(form["team_id"], form["user_id"], form["trigger_id"], line)
        return b"Sparat: " + line[0].encode()

    def store(self, workspace: str, account: str, delivery: str, line: re.Match[str]) -> None:
        """The same rows for the peers that do no more than this either."""
        run = self._store.execute
        run("BEGIN IMMEDIATE")
        about = (workspace, account)
        (person,) = run("SELECT person FROM identity WHERE workspace = ? AND account = ?", about).fetchone()
        taken = run(
            "INSERT INTO inbox (delivery, person) VALUES (?, ?) ON CONFLICT DO NOTHING RETURNING id",
            (delivery, person),
        ).fetchone()
        if taken:
            run(
                "INSERT INTO entry (person, inbox, day, minutes, topic) VALUES (?, ?, ?, ?, ?)",
                (person, taken[0], line[1], int(line[2]) * 60, line[4]),
            )
        run("COMMIT")

    def entries(self) -> int:
        """How many there are."""
        return int(self._store.execute("SELECT count(*) FROM entry").fetchone()[0])

    def close(self) -> None:
        """Close the database."""
        self._store.close()
