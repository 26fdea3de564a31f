"""PostgreSQL alone: what the bot says to it for one log, said again by pgbench with nobody reading lines.

The statements are recorded from real logs on the real schema, with their values; what must be the only one of
its kind gets something random added, so that each time as many rows are written as were then.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import Engine, event, make_url

from benchmarks.front_door import SlackDoor

SECONDS = 10
_ANEW = {"delivery_key": "random()", "subject": "random()", "inbox_id": "currval('inbox_id_seq')"}
"""Columns of an INSERT that no two rows may share, and what stands in them instead."""
_RATE = re.compile(r"^tps = ([\d.]+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Script:
    """One log as pgbench takes it, and how many statements it is."""

    text: str
    statements: int


def record(engine: Engine, door: SlackDoor, logs: int) -> list[Script]:
    """What so many logs by the next accounts say to the database, a script for each."""
    with psycopg.connect(_plain(engine), cursor_factory=psycopg.ClientCursor) as bare:
        return [_script(_heard(engine, door, bare)) for _ in range(logs)]


def _heard(engine: Engine, door: SlackDoor, bare: psycopg.Connection[Any]) -> list[str]:
    said: list[str] = []

    def hear(_connection: object, _cursor: object, statement: str, values: Any, *_: object) -> None:
        said.append(psycopg.ClientCursor(bare).mogrify(anew(statement), values))

    with _listening(engine, hear):
        door.take(1)
    return said


@contextmanager
def _listening(engine: Engine, hear: Any) -> Iterator[None]:
    event.listen(engine, "before_cursor_execute", hear)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", hear)


def anew(statement: str) -> str:
    """With new values where a row would otherwise be one that is there."""
    if statement.startswith("INSERT"):
        for column, value in _ANEW.items():
            statement = statement.replace(f"%({column})s", f"({value})")
    return statement


def _script(said: Sequence[str]) -> Script:
    """One transaction."""
    return Script("BEGIN;\n" + "".join(f"{line};\n" for line in said) + "COMMIT;\n", len(said))


def rate(tools: Path, engine: Engine, scripts: Sequence[Path], clients: int, seconds: int = SECONDS) -> float:
    """Logs a second by so many clients at once. RuntimeError when pgbench could not say them."""
    files = [word for script in scripts for word in ("-f", str(script))]
    how = ["-n", "-c", str(clients), "-j", "2", "-T", str(seconds)]
    done = subprocess.run(  # noqa: S603 our own words
        [tools / "pgbench", *how, *files, _plain(engine)], capture_output=True, text=True, check=False
    )
    found = _RATE.search(done.stdout)
    if found is None or "number of failed transactions: 0 " not in done.stdout:
        raise RuntimeError(done.stderr or done.stdout)
    return float(found[1])


def write_scripts(folder: Path, scripts: Sequence[Script]) -> list[Path]:
    """A file for each."""
    files = [folder / f"log-{number}.sql" for number in range(len(scripts))]
    for file, script in zip(files, scripts, strict=True):
        file.write_text(script.text, encoding="utf-8")
    return files


def _plain(engine: Engine) -> str:
    url = make_url(engine.url).set(drivername="postgresql")
    return url.render_as_string(hide_password=False)
