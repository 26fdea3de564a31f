"""The Slack path on PostgreSQL, against the same with one psycopg 3 insert.

`python -m benchmarks.on_postgres` prints the figures and writes them in docs/performance.md. The server is
one of our own on a local socket, and here it keeps what it commits: fsync is on, as it is for an operator.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import sys
from collections.abc import Iterator
from urllib.parse import parse_qsl

import psycopg
from sqlalchemy import create_engine, text

from benchmarks.floor import LINE, Signed
from benchmarks.front_door import SECRET, SlackDoor, peopled, signed, stored
from benchmarks.hot_path import EACH, SAID, TRAINEES, TURNS, listed, told
from benchmarks.paper import write_down
from benchmarks.turns import in_turns
from tests.support.databases import PostgresServer

GOAL = 6
_TABLE = "CREATE TABLE entry (id serial PRIMARY KEY, delivery text UNIQUE, who text, minutes int)"


def main() -> int:
    """Measure, print, write down."""
    server = PostgresServer()
    try:
        durable(server)
        lines = measure(server)
    finally:
        server.stop()
    sys.stdout.write("\n".join(lines) + "\n")
    write_down("postgresql", "make bench", lines)
    return 0


def durable(server: PostgresServer) -> None:
    """The tests' server does without fsync: this one gets it back."""
    engine = create_engine(server.url("postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for setting in ("fsync", "full_page_writes"):
            connection.execute(text(f"ALTER SYSTEM SET {setting} = on"))
        connection.execute(text("SELECT pg_reload_conf()"))
    engine.dispose()


def measure(server: PostgresServer) -> list[str]:
    """Ours and the floor in turns, each in a database of its own."""
    messages = iter([signed(number, SAID) for number in range(1, TRAINEES + 1)])
    with (
        asyncio.Runner() as runner,
        peopled(server.fresh(), TRAINEES, 5, "slack", "T1") as engine,
        psycopg.connect(_plain(server.empty())) as bare,
    ):
        bare.execute(_TABLE)
        bare.commit()
        door = SlackDoor(engine, runner.get_loop(), SAID)
        before = stored(engine)
        contest = {"one psycopg 3 insert": lambda: _raw(bare, messages), "handledd": lambda: door.take(EACH)}
        measured = in_turns(contest, TURNS)
        written = {name: now - before[name] for name, now in stored(engine).items()}
    floor, ours = measured.values()
    return [
        f"A signed Slack command until its receipt on PostgreSQL, {TURNS} turns of {EACH}",
        *told(measured, EACH),
        f"  {ours.median / floor.median:.1f} × one insert (goal {GOAL})",
        f"  rows written: {listed(written)}",
    ]


def _plain(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://", 1)


def _raw(bare: psycopg.Connection, messages: Iterator[Signed]) -> None:
    """Check, read, insert once, commit: EACH times."""
    for _ in range(EACH):
        request = next(messages)
        base = b"v0:" + request.stamp.encode() + b":" + request.body
        wanted = "v0=" + hmac.new(SECRET.encode(), base, hashlib.sha256).hexdigest()
        form = dict(parse_qsl(request.body.decode()))
        line = LINE.search(form["text"])
        if line is None or not hmac.compare_digest(wanted, request.signature):
            raise ValueError
        about = (form["trigger_id"], form["user_id"], int(line[2]) * 60)
        bare.execute("INSERT INTO entry (delivery, who, minutes) VALUES (%s, %s, %s)", about)
        bare.commit()


if __name__ == "__main__":
    sys.exit(main())
