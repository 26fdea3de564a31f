"""A message on its way in: from a signed Slack command to its receipt, against the raw floor of floor.py.

`python -m benchmarks.hot_path` prints the figures and writes them in docs/performance.md. Every message is a
log of a trainee with years behind them: read, rights asked, inbox, entry, standing rows and audit written,
the supervisor's confirmation queued, all in one durable commit, and the receipt made.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.floor import Floor, Signed
from benchmarks.front_door import SECRET, SlackDoor, peopled, signed, stored
from benchmarks.paper import write_down
from benchmarks.telegram_door import telegram
from benchmarks.turns import Measured, in_turns

TURNS, EACH = 40, 5
TRAINEES = 240
SAID = "idag 1h etik"
MEMORY = Path("/dev/shm")  # noqa: S108 Linux's own tmpfs, in a folder that only we can open
GOALS = {"on disk": 6, "on tmpfs": 12}
TELEGRAM_GOAL = 14


def main() -> int:
    """Measure, print, write down."""
    lines: list[str] = []
    for place, folder in places().items():
        lines += ["", *_slack(place, folder)]
    lines += ["", *_telegram(place, folder)]  # the last place is the fastest
    sys.stdout.write("\n".join(lines[1:]) + "\n")
    write_down("hot-path", "make bench", lines[1:])
    return 0


def places() -> dict[str, Path]:
    """Where a database can lie here: on disk, and in memory where the system has a tmpfs."""
    found = {"on disk": Path(tempfile.gettempdir())}
    return found | ({"on tmpfs": MEMORY} if MEMORY.is_dir() else {})


def _slack(place: str, within: Path) -> list[str]:
    with contestants(within) as (floor, door):
        messages = iter([signed(number, SAID) for number in range(1, TRAINEES + 1)])
        before = stored(door.engine)
        measured = in_turns(
            {"raw floor": lambda: _raw(floor, messages), "handledd": lambda: door.take(EACH)}, TURNS
        )
        written = {name: now - before[name] for name, now in stored(door.engine).items()}
    title = f"A signed Slack command until its receipt, {place}, {TURNS} turns of {EACH}"
    return [
        title,
        *told(measured, EACH),
        _ratio(measured, GOALS[place]),
        f"  rows written: {listed(written)}",
    ]


@contextmanager
def contestants(within: Path) -> Iterator[tuple[Floor, SlackDoor]]:
    """The floor and the bot, each with a database of its own in the same place."""
    with tempfile.TemporaryDirectory(dir=within) as name, asyncio.Runner() as runner:
        folder = Path(name)
        floor = Floor(folder, SECRET, TRAINEES)
        with peopled(f"sqlite:///{folder / 'bot.sqlite'}", TRAINEES, 5, "slack", "T1") as engine:
            yield floor, SlackDoor(engine, runner.get_loop(), SAID)
        floor.close()


def _raw(floor: Floor, messages: Iterator[Signed]) -> None:
    for _ in range(EACH):
        floor.take(next(messages))


def told(measured: dict[str, Measured], each: int) -> list[str]:
    """A line for each contestant: the time of one message, its spread, and what the process worked."""
    return [
        f"  {name:34} {taken.median / each * 1e6:9.0f} µs"
        f"   spread {taken.least / taken.median:.2f}–{taken.most / taken.median:.2f}"
        f"   CPU {taken.cpu / each * 1e6:9.0f} µs"
        for name, taken in measured.items()
    ]


def _telegram(place: str, within: Path) -> list[str]:
    said = f"handledning {SAID}"
    with tempfile.TemporaryDirectory(dir=within) as name, asyncio.Runner() as runner:
        folder = Path(name)
        floor = Floor(folder, SECRET, TRAINEES)
        messages = iter([signed(number, SAID) for number in range(1, TRAINEES + 1)])
        with (
            peopled(f"sqlite:///{folder / 'bot.sqlite'}", TRAINEES, 5, "telegram") as engine,
            telegram(runner.get_loop(), engine, TRAINEES, said) as door,
        ):
            contest = {"raw floor": lambda: _raw(floor, messages), "handledd": lambda: door.take(EACH)}
            measured = in_turns(contest, TURNS)
        floor.close()
    title = f"A Telegram update, its commit, its reply sent and recorded, {place}, {TURNS} turns of {EACH}"
    return [title, *told(measured, EACH), _ratio(measured, TELEGRAM_GOAL)]


def _ratio(measured: dict[str, Measured], goal: int) -> str:
    floor, ours = measured["raw floor"], measured["handledd"]
    work = ours.cpu / floor.cpu
    return f"  {ours.median / floor.median:.1f} × the raw floor (goal {goal}), {work:.1f} × its CPU"


def listed(written: dict[str, int]) -> str:
    """So many rows of each table."""
    return ", ".join(f"{number} {name}" for name, number in written.items())


if __name__ == "__main__":
    sys.exit(main())
