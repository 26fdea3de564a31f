"""What it costs to keep the standing rows true: at a log, at a tick with nothing due, for everybody at once.

`python -m benchmarks.standings [bench|national]` prints the figures and writes them in docs/performance.md.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from sqlalchemy import Engine, text
from sqlmodel import Session

from benchmarks.paper import COMMANDS, peak_memory, write_down
from benchmarks.turns import Measured, in_turns
from handlers import journal
from handlers.language.command import Command
from schedules.lives.asked import watched
from schedules.recompute import recompute_all
from schedules.rules.rulebook import shipped
from schedules.tick import tick
from storage.engine import open_engine, writing
from storage.schema import migrate
from storage.tables import Entry, Person, Trainee
from tests.support import crowd
from tests.support.statements import listening

LIVED = 20
"""Trainees with a history of their own; the others are copies of them."""


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured. Trainees are multiples of LIVED."""

    logs: int
    ticking: tuple[int, int]
    recomputed: int
    turns: int


SIZES = {
    "bench": Size(logs=200, ticking=(1_500, 15_000), recomputed=500, turns=5),
    "national": Size(logs=200, ticking=(15_000, 150_000), recomputed=15_000, turns=2),
}


def main(which: str) -> int:
    """Measure, print, write down. Exit status 1 when a quiet tick says more the more trainees there are."""
    size = SIZES[which]
    constant, ticks = ticking(size)
    lines = [*logging(size), "", *ticks, "", *recomputing(size)]
    sys.stdout.write("\n".join(lines) + "\n")
    write_down(f"standings-{which}", COMMANDS[which], lines)
    return 0 if constant else 1


@contextmanager
def _database(trainees: int, *, history: bool) -> Iterator[Engine]:
    """A file with so many trainees, every standing row true and none due."""
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(f"sqlite:///{Path(folder) / 'bench.sqlite'}")
        migrate(engine)
        with writing(engine) as session:
            crowd.settle(session, LIVED)
            if trainees > LIVED:
                crowd.multiply(session, trainees // LIVED - 1, history=history)
            session.execute(text("ANALYZE"))
        yield engine
        engine.dispose()


def logging(size: Size) -> list[str]:
    """One log, as a message makes it, against the same entry committed alone."""
    with _database(size.logs + LIVED, history=True) as engine:
        ours, plain = _Writer(engine), _Writer(engine)
        measured = in_turns(
            {"a log with its standing rows": ours.log, "a plain entry commit": plain.entry}, size.logs
        )
    with_rows, alone = measured.values()
    update, work = (with_rows.median - alone.median) * 1e3, (with_rows.cpu - alone.cpu) * 1e3
    ratio = with_rows.median / alone.median
    return [
        f"One log of a trainee with five years of history, {size.logs} turns",
        *_told(measured, 1e3, "ms"),
        f"  the standing update: {update:.2f} ms, {work:.2f} ms of CPU (goal 3); ratio {ratio:.2f} (goal 3)",
    ]


class _Writer:
    """Writes today's session, the first of the day, for one trainee after the other: their rows move."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.turn = count(1)

    def log(self) -> None:
        with writing(self.engine) as session:
            trainee, author, command = self._next(session)
            journal.add(session, trainee, command, author, None, crowd.NOW)

    def entry(self) -> None:
        with writing(self.engine) as session:
            trainee, author, command = self._next(session)
            entry = Entry(
                trainee_id=trainee.id or 0,
                activity="supervision",
                on_date=command.date or crowd.NOW.date(),
                minutes=60,
                written_by=author.id,
                written_at=crowd.NOW,
            )
            session.add(entry)
            session.flush()
            entry.chain_id = entry.id
            session.add(entry)

    def _next(self, session: Session) -> tuple[Trainee, Person, Command]:
        trainee, day = session.get_one(Trainee, next(self.turn)), crowd.NOW.date()
        return (
            trainee,
            session.get_one(Person, trainee.person_id),
            Command("log", "supervision", day, minutes=60),
        )


def ticking(size: Size) -> tuple[bool, list[str]]:
    """A tick with nothing due among few and among many; whether it says as much to both."""
    few, many = size.ticking
    with _database(few, history=False) as small, _database(many, history=False) as large:
        said = [_statements(engine) for engine in (small, large)]
        measured = in_turns(
            {f"a tick among {n:,}": _Ticker(e).run for n, e in ((few, small), (many, large))}, size.logs
        )
    among_few, among_many = measured.values()
    ratio = f"{among_many.median / among_few.median:.2f} for {many // few} × the trainees"
    of_rows = sum("standing" in each for each in said[1])
    return said[0] == said[1], [
        f"A tick with nothing due, {size.logs} turns",
        *_told(measured, 1e3, "ms"),
        f"  ratio {ratio}; statements {len(said[0])} and {len(said[1])}, for standing rows {of_rows}",
    ]


class _Ticker:
    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def run(self) -> None:
        if tick(self.engine, crowd.NOW):
            msg = "something was due"
            raise AssertionError(msg)


def _statements(engine: Engine) -> list[str]:
    with listening(engine) as said:
        tick(engine, crowd.NOW)
    return [statement for statement, _ in said]


# What a database does at the least for the same figures: count and latest of each activity. Then the same for
# each requirement, written to a table, as a recomputation writes its rows.
_COVERING = "CREATE INDEX covering ON entry (state, trainee_id, activity, on_date)"
_BARE = """SELECT trainee_id, activity, count(*), max(on_date) FROM entry INDEXED BY covering
WHERE state = 'live' GROUP BY trainee_id, activity"""
_WRITTEN = """INSERT INTO figures SELECT s.trainee_id, s.requirement, count(*), max(e.on_date)
FROM standing s JOIN asked a ON a.requirement = s.requirement
JOIN entry e INDEXED BY covering
ON e.state = 'live' AND e.trainee_id = s.trainee_id AND e.activity = a.activity
GROUP BY s.trainee_id, s.requirement"""


def recomputing(size: Size) -> list[str]:
    """Every standing anew against the bare SQL that groups, and against the SQL that also writes."""
    with _database(size.recomputed, history=True) as engine:
        floor = _Floor(engine)
        measured = in_turns(
            {
                "recompute_all": lambda: recompute_all(engine, crowd.NOW),
                "bare GROUP BY, covering index": floor.bare,
                "GROUP BY requirement, written": floor.written,
            },
            size.turns,
        )
        entries, rows = floor.count("entry"), floor.count("standing")
    ours, *floors = (taken.cpu for taken in measured.values())
    what = f"{size.recomputed:,} trainees: {entries:,} entries, {rows:,} rows"
    each = (
        f"{ours / size.recomputed * 1e3:.2f} ms of CPU for each trainee; peak memory {peak_memory():.0f} MB"
    )
    return [
        f"Full recomputation of {what}, {size.turns} turns",
        *_told(measured, 1, "s"),
        f"  CPU {ours / floors[0]:.1f} × the bare GROUP BY (goal 4), {ours / floors[1]:.1f} × the written",
        f"  {each}",
    ]


class _Floor:
    """The same figures by SQL alone."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        with writing(engine) as session:
            session.execute(text(_COVERING))
            session.execute(text("CREATE TABLE figures (trainee_id, requirement, done, last_on)"))
            session.execute(text("CREATE TABLE asked (requirement, activity)"))
            for requirement, activity in _asked():
                values = {"requirement": requirement, "activity": activity}
                session.execute(text("INSERT INTO asked VALUES (:requirement, :activity)"), values)

    def bare(self) -> None:
        with writing(self.engine) as session:
            for _ in session.connection().exec_driver_sql(_BARE):
                pass

    def written(self) -> None:
        with writing(self.engine) as session:
            session.execute(text("DELETE FROM figures"))
            session.execute(text(_WRITTEN))

    def count(self, name: str) -> int:
        with writing(self.engine) as session:
            return int(session.execute(text(f"SELECT count(*) FROM {name}")).scalar_one())  # noqa: S608


def _asked() -> Iterator[tuple[str, str]]:
    for requirement in watched(shipped()[crowd.RULEBOOK].requirements.values()):
        for activity in requirement.activities:
            yield requirement.key, activity


def _told(measured: dict[str, Measured], scale: float, unit: str) -> list[str]:
    return [
        f"  {name:32} {taken.median * scale:9.2f} {unit}   spread {_spread(taken)}"
        f"   CPU {taken.cpu * scale:9.2f} {unit}"
        for name, taken in measured.items()
    ]


def _spread(taken: Measured) -> str:
    return f"{taken.least / taken.median:.2f}–{taken.most / taken.median:.2f}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "bench"))
