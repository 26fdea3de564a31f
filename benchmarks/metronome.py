"""The clock: one beat against a scheduler with a job for each, a tick with something due against asking all.

`python -m benchmarks.metronome [bench|national]` prints the figures and writes them in docs/performance.md.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlalchemy import Engine, func, select, text

from benchmarks.paper import COMMANDS, peak_memory, write_down
from bot import collector
from bot.clock import system_clock
from schedules.tick import tick
from storage.columns import table
from storage.engine import open_engine, reading, writing
from storage.schema import migrate
from storage.tables import Outbox
from tests.support import crowd

LIVED = 20
GROUPS = 100
"""Of those for whom something has come, one in a hundred is due at each tick: a minute of a busy morning."""
MOMENT = crowd.NOW + timedelta(days=6)
"""A Monday at 09:00, six days after the crowd was last looked at."""


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured."""

    trainees: int
    remembered: int
    jobs: int
    turns: int


SIZES = {
    "bench": Size(trainees=2_000, remembered=1_000, jobs=10_000, turns=7),
    "national": Size(trainees=15_000, remembered=5_000, jobs=10_000, turns=11),
}


def main(which: str) -> int:
    """Measure, print, write down. Python's collector is set as `handledd run` sets it."""
    collector.serving()
    size = SIZES[which]
    with database(size.trainees, 5) as engine:
        due = Due(engine)
        lines = [*beating(engine, size), "", *ticking(engine, due, size)]
    lines += ["", *remembering(size)]
    sys.stdout.write("\n".join(lines) + "\n")
    write_down(f"metronome-{which}", COMMANDS[which], lines)
    return 0


@contextmanager
def database(trainees: int, years: int) -> Iterator[Engine]:
    """A file with so many trainees, each with so many years of history."""
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(f"sqlite:///{Path(folder) / 'bench.sqlite'}")
        migrate(engine)
        with writing(engine) as session:
            crowd.settle(session, LIVED, years)
            crowd.multiply(session, trainees // LIVED - 1)
            session.execute(text("CREATE INDEX covering ON entry (state, trainee_id, activity, on_date)"))
            session.execute(text("ANALYZE"))
        yield engine
        engine.dispose()


class Due:
    """Lets one group after the other fall due, and nobody else."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._group = 0
        with writing(engine) as session:
            run = session.connection().exec_driver_sql
            moment = MOMENT.replace(tzinfo=None).isoformat(" ")
            run("CREATE TABLE looks AS SELECT id, look_at FROM standing WHERE look_at <= ?", (moment,))
            run("UPDATE standing SET look_at = NULL")

    def prepare(self) -> None:
        """The next group's rows get back the moment that has passed."""
        self._group += 1
        with writing(self._engine) as session:
            session.connection().exec_driver_sql(
                "UPDATE standing SET look_at = looks.look_at FROM looks"
                " WHERE looks.id = standing.id AND standing.trainee_id % ? = ?",
                (GROUPS, self._group % GROUPS),
            )

    def run(self) -> None:
        """One tick. Raises AssertionError when it had nothing to do."""
        if not tick(self._engine, MOMENT):
            msg = "nothing was due"
            raise AssertionError(msg)


def told_rows(engine: Engine) -> int:
    """How many outbox rows there are."""
    with reading(engine) as session:
        return int(session.execute(select(func.count()).select_from(table(Outbox))).scalar_one())


# --- one beat against a job for each


def beating(engine: Engine, size: Size) -> list[str]:
    """A tick with nothing due against a scheduler whose jobs, one for each reminder, all fire."""
    with writing(engine) as session:
        session.execute(text("UPDATE standing SET look_at = NULL"))

    def beat() -> None:
        tick(engine, MOMENT)

    taken = _alternately({"jobs": (lambda: None, _firing(size.jobs)), "beat": (lambda: None, beat)}, 5)
    ratio = statistics.median(taken["beat"]) / statistics.median(taken["jobs"])
    return [
        f"One beat of the metronome among {size.trainees:,} trainees, 5 turns",
        _line(f"{size.jobs:,} APScheduler jobs firing", taken["jobs"]),
        _line("one beat, nothing due", taken["beat"]),
        f"  {ratio:.5f} × (goal 0.005)",
    ]


def _firing(jobs: int) -> Callable[[], float]:
    """The seconds from the moment all jobs are due until the last has run; adding them is not counted."""
    return lambda: asyncio.run(_fired(jobs))


async def _fired(jobs: int) -> float:
    scheduler, left, done = AsyncIOScheduler(timezone="UTC"), [jobs], asyncio.Event()

    async def job() -> None:
        left[0] -= 1
        if not left[0]:
            done.set()

    for _ in range(jobs):
        scheduler.add_job(job, "interval", days=7, next_run_time=system_clock(), misfire_grace_time=None)
    scheduler.start(paused=True)
    begun = time.perf_counter()
    scheduler.resume()
    await done.wait()
    taken = time.perf_counter() - begun
    scheduler.shutdown(wait=False)
    return taken


# --- a tick with something due


def ticking(engine: Engine, due: Due, size: Size) -> list[str]:
    """A tick with due rows, their outbox rows written, against asking everybody how they stand."""
    before = told_rows(engine)
    grouping = _Grouping(engine)
    contest = {"tick": (due.prepare, due.run), "group": (lambda: None, grouping.run)}
    taken = _alternately(contest, size.turns)
    made = (told_rows(engine) - before) / (size.turns + 1)
    ratio = statistics.median(taken["tick"]) / statistics.median(taken["group"])
    return [
        f"A tick with something due among {size.trainees:,} trainees × 5 years, {size.turns} turns",
        _line("the tick, outbox rows written", taken["tick"]),
        _line("GROUP BY, covering index, judged", taken["group"]),
        f"  {ratio:.3f} × (goal 0.03 at 15,000); {made:.0f} outbox rows each time",
        f"  peak memory {peak_memory():.0f} MB",
    ]


class _Grouping:
    """The peer: count and latest of every trainee's every activity by one statement, and a look at each."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def run(self) -> None:
        limit = (MOMENT - timedelta(days=90)).date().isoformat()
        with reading(self._engine) as session:
            rows = session.connection().exec_driver_sql(
                "SELECT trainee_id, activity, count(*), max(on_date) FROM entry INDEXED BY covering"
                " WHERE state = 'live' GROUP BY trainee_id, activity"
            )
            late = [row for row in rows if row[3] < limit and row[2]]
        if not late:
            msg = "nobody was late"
            raise AssertionError(msg)


def remembering(size: Size) -> list[str]:
    """The same tick after ten years of history and after one."""
    with ExitStack() as stack:
        ticks = {years: Due(stack.enter_context(database(size.remembered, years))) for years in (1, 10)}
        contest = {f"{years} years": (due.prepare, due.run) for years, due in ticks.items()}
        taken = _alternately(contest, size.turns)
    one, ten = (statistics.median(each) for each in taken.values())
    among = f"{size.remembered:,} trainees, {size.turns} turns"
    return [
        f"The same tick after ten years of history and after one, {among}",
        *(_line(name, each) for name, each in taken.items()),
        f"  {ten / one:.2f} × for ten times the history (goal 1.2)",
    ]


_Turn = tuple[Callable[[], object], Callable[[], float | None]]
"""What is made ready, uncounted, and what is measured; the latter may have measured itself."""


def _alternately(contest: Mapping[str, _Turn], turns: int) -> dict[str, list[float]]:
    taken: dict[str, list[float]] = {name: [] for name in contest}
    for turn in range(turns + 1):
        for name, (prepare, run) in contest.items():
            prepare()
            begun = time.perf_counter()
            own = run()
            if turn:
                taken[name].append(own if own is not None else time.perf_counter() - begun)
    return taken


def _line(name: str, taken: list[float]) -> str:
    middle = statistics.median(taken)
    spread = f"{min(taken) / middle:.2f}–{max(taken) / middle:.2f}"
    return f"  {name:34} {middle * 1e3:10.2f} ms   spread {spread}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "bench"))
