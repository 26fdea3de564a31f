"""The country on paper: a year of messages, what one machine does of it, and where PostgreSQL takes over.

`python -m benchmarks.scaling` writes the figures of docs/scaling.md, and its pictures.
"""

from __future__ import annotations

import asyncio
import math
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Engine, text

from benchmarks import replay
from benchmarks import year as simulated
from benchmarks.front_door import SlackDoor, peopled, stored
from benchmarks.hot_path import SAID
from benchmarks.on_postgres import durable
from benchmarks.paper import write_down
from benchmarks.plots import bars
from storage.engine import open_engine, reading
from tests.support.databases import PostgresServer

PAPER = Path(__file__).parents[1] / "docs" / "scaling.md"
PICTURES = PAPER.parent / "images"
SEED = 20261123
WARM, EACH, TURNS, WORKERS = 10, 50, 3, (1, 2, 4)
RECORDED, CLIENTS = 20, (1, 4, 16)
"""Logs that pgbench says again, and by how many at once."""
YEARS = 2
EURO_A_MACHINE = 20
"""A month, of a virtual machine with two cores and 4 GB: assumed, ask your own hall."""
HEADROOM = 0.5
"""No machine is planned to do more than this share of what it can."""


def main() -> int:
    """Simulate, measure, draw, write down."""
    lived = simulated.year(SEED)
    bars(PICTURES / "scaling-year.svg", "Messages a day, a simulated year", lived.days, months())
    title = "Messages a second, Monday from 08:00, a quarter of an hour"
    bars(PICTURES / "scaling-monday.svg", title, lived.busiest, minutes(len(lived.busiest)))
    alone, bytes_each = one_machine()
    rates, replayed = on_postgres()
    labels = ["1 process, SQLite", *(f"{n} on PostgreSQL" for n in rates)]
    bars(PICTURES / "scaling-processes.svg", "Messages a second", [alone, *rates.values()], labels)
    named = [f"{n} client{'s' * (n > 1)}" for n in replayed.rates]
    title = "Logs a second, PostgreSQL alone"
    bars(PICTURES / "scaling-postgresql.svg", title, list(replayed.rates.values()), named)
    lines = told(lived, alone, bytes_each, rates, replayed)
    sys.stdout.write("\n".join(lines) + "\n")
    write_down("scaling", "make scaling", lines, PAPER)
    return 0


def months() -> list[str]:
    """A label for each of the year's days: the month's name under its first."""
    days = (simulated.FIRST_DAY + timedelta(days=n) for n in range(365))
    return [f"{day:%b}" if day.day == 1 else "" for day in days]


def minutes(seconds: int) -> list[str]:
    """A label for each second from 08:00: every third minute."""
    return ["" if n % 180 else f"08:{n // 60:02}" for n in range(seconds)]


@dataclass(frozen=True, slots=True)
class Replayed:
    """Logs a second of PostgreSQL alone by number of clients, and the statements of one."""

    statements: int
    rates: dict[int, float]


def told(
    lived: simulated.Year, alone: float, bytes_each: float, rates: dict[int, float], replayed: Replayed
) -> list[str]:
    """The figures for a person."""
    postgres = _replayed(replayed, rates[1])
    return [
        *[*_simulated(lived), "", *_measured(alone, rates), ""],
        *[*postgres, "", *_needed(lived, alone, bytes_each)],
    ]


def _replayed(replayed: Replayed, one: float) -> list[str]:
    most = max(replayed.rates.values())
    return [
        f"The {replayed.statements} statements of a log, said again by pgbench, {replay.SECONDS} s each",
        *(
            f"  {n:2} clients at once              {rate:10.1f} a second"
            for n, rate in replayed.rates.items()
        ),
        f"  the most is {most / one:.1f} × what one process of the bot asks for",
    ]


def _simulated(lived: simulated.Year) -> list[str]:
    people = f"{simulated.TRAINEES:,} trainees, {simulated.SUPERVISORS:,} supervisors"
    minute = sum(lived.busiest[:60]) / 60
    return [
        f"A year from seed {SEED}: {people}, {simulated.REGIONS} regions",
        f"  messages                         {lived.total:12,}",
        f"  on the busiest day               {max(lived.days):12,}",
        f"  in the busiest second            {max(lived.busiest):12,}",
        f"  a second in the busiest minute   {minute:12.1f}",
        f"  of one region, on average        {minute / simulated.REGIONS:12.2f}",
    ]


def _measured(alone: float, rates: dict[int, float]) -> list[str]:
    return [
        f"Logs through the front door, each with all its work, {TURNS} turns of {EACH}, median",
        f"  one process on SQLite            {alone:10.1f} a second",
        *(f"  {n} on PostgreSQL                  {rate:10.1f} a second" for n, rate in rates.items()),
        f"  two processes give {rates[2] / rates[1]:.2f} ×, four {rates[4] / rates[1]:.2f} × what one does;",
        f"  they and the database share {os.cpu_count()} cores",
    ]


def _needed(lived: simulated.Year, alone: float, bytes_each: float) -> list[str]:
    minute, disk = sum(lived.busiest[:60]) / 60, lived.total * bytes_each / 1e9
    waiting = backlog(lived.busiest, alone)
    machines = math.ceil(minute / (alone * HEADROOM))
    euro = machines * EURO_A_MACHINE * 12
    return [
        f"One process is at {minute / alone:.0%} in the busiest minute",
        f"  at most {waiting:,.0f} messages wait, the last of them {waiting / alone:.1f} s",
        f"  the database grows by {bytes_each / 1e3:.1f} kB a message, {disk:.1f} GB a year",
        f"  machines for that minute at {HEADROOM:.0%} load: {machines}; at {EURO_A_MACHINE} euro a month",
        f"  each {euro:,} euro a year, {euro / simulated.TRAINEES:.3f} for each trainee",
    ]


def backlog(arrivals: Sequence[int], rate: float) -> float:
    """The most messages that wait at once, when so many come each second and so many are done."""
    waiting = most = 0.0
    for came in arrivals:
        waiting = max(0.0, waiting + came - rate)
        most = max(most, waiting)
    return most


def one_machine() -> tuple[float, float]:
    """Messages a second of one process on SQLite, and the bytes by which a message makes the file grow."""
    with tempfile.TemporaryDirectory() as name, asyncio.Runner() as runner:
        file = Path(name) / "bot.sqlite"
        people = EACH * (TURNS + 1)
        with peopled(f"sqlite:///{file}", people, YEARS, "slack", "T1") as engine:
            door = SlackDoor(engine, runner.get_loop(), SAID)
            before = _pages(engine)
            taken = []
            for _ in range(TURNS + 1):
                begun = time.perf_counter()
                door.take(EACH)
                taken.append(time.perf_counter() - begun)
            grown = (_pages(engine) - before) / people
    return EACH / statistics.median(taken[1:]), grown


def _pages(engine: Engine) -> int:
    """Bytes of a SQLite database."""
    with reading(engine) as session:
        count = session.execute(text("PRAGMA page_count")).scalar_one()
        return int(count) * int(session.execute(text("PRAGMA page_size")).scalar_one())


def on_postgres() -> tuple[dict[int, float], Replayed]:
    """Messages a second of one, two and four processes on one PostgreSQL, by number; then of it alone."""
    server = PostgresServer()
    try:
        durable(server)
        url, people = server.fresh(), (WARM + EACH) * (TURNS * sum(WORKERS) + 1)
        with peopled(url, people, YEARS, "slack", "T1") as engine:
            firsts = iter(range(1, people + 1, WARM + EACH))
            rates = {}
            for number in WORKERS:
                turns = [_together(url, [next(firsts) for _ in range(number)]) for _ in range(TURNS)]
                rates[number] = statistics.median(turns)
            return rates, said_again(server, engine, next(firsts))
    finally:
        server.stop()


def said_again(server: PostgresServer, engine: Engine, first: int) -> Replayed:
    """PostgreSQL with nobody before it but pgbench: the logs of some accounts, recorded and said again."""
    with tempfile.TemporaryDirectory() as name, asyncio.Runner() as runner:
        door = SlackDoor(engine, runner.get_loop(), SAID, range(first, first + RECORDED + 1))
        door.take(1)  # the first reads what is the same for all
        scripts = replay.record(engine, door, RECORDED)
        files = replay.write_scripts(Path(name), scripts)
        before = stored(engine)
        rates = {n: replay.rate(server.tools, engine, files, n) for n in CLIENTS}
        made = {name: now - before[name] for name, now in stored(engine).items() if now != before[name]}
        if set(made) != {"Inbox", "Entry", "Audit", "Outbox"} or len(set(made.values())) > 1:
            raise RuntimeError(made)  # it must be the work of a log
        return Replayed(scripts[-1].statements, rates)


def _together(url: str, firsts: Sequence[int]) -> float:
    """Messages a second of as many processes, begun at the same moment; each has EACH accounts of its own."""
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.scaling", "worker", url]
    workers = [
        subprocess.Popen(  # noqa: S603 our own words
            [*command, str(first)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for first in firsts
    ]
    for worker in workers:
        _said(worker)
    begun = time.perf_counter()
    for worker in workers:
        if worker.stdin:
            worker.stdin.write("go\n")
            worker.stdin.flush()
    for worker in workers:
        _said(worker)
    taken = time.perf_counter() - begun
    for worker in workers:
        worker.communicate()
    return EACH * len(firsts) / taken


def _said(worker: subprocess.Popen[str]) -> None:
    if not worker.stdout or not worker.stdout.readline():
        raise RuntimeError(worker.args)


def work(url: str, first: int) -> int:
    """One process: warm up, wait to be told, take the commands of some accounts, say so."""
    engine = open_engine(url)
    with asyncio.Runner() as runner:
        door = SlackDoor(engine, runner.get_loop(), SAID, range(first, first + WARM + EACH))
        door.take(WARM)
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        sys.stdin.readline()
        door.take(EACH)
        sys.stdout.write("done\n")
        sys.stdout.flush()
    engine.dispose()
    return 0


if __name__ == "__main__":
    sys.exit(work(sys.argv[2], int(sys.argv[3])) if sys.argv[1:] else main())
