"""A Monday's digests: many studierektorer, each with a unit of trainees, a picture and a workbook.

`python -m benchmarks.digests [bench|national]` prints the figures and writes them in docs/performance.md.
Ours is what the delivery does: a session of its own for each, the figures found out, words, picture and
workbook made. The floor is what the two libraries need alone for the same marks, texts and cells, as in
digest.py. Each studierektor's two are made one after the other: a machine that slows down slows both.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, select, text, update
from sqlmodel import Session

from benchmarks.digest import LIVED, Floor, whole
from benchmarks.front_door import ZONE
from benchmarks.paper import COMMANDS, peak_memory, write_down
from bot import collector
from handlers.desk import Desk, desk_of
from handlers.digests.digest import digest_of
from storage.columns import columns, table
from storage.engine import open_engine, reading, writing
from storage.schema import migrate
from storage.tables import Person, Role, RoleName, Trainee, Unit
from tests.support import crowd

SIZES = {"bench": (6, 60), "national": (100, 150)}
"""Studierektorer, and trainees of each."""
GOAL = 2


@dataclass(frozen=True, slots=True)
class Made:
    """One studierektor's Monday: seconds of the processor, and what there was to draw and write."""

    ours: float
    bare: float
    marks: int
    cells: int


def main(which: str) -> int:
    """Measure, print, write down."""
    directors, each = SIZES[which]
    with tempfile.TemporaryDirectory() as folder, units(Path(folder), directors, each) as engine:
        collector.serving()
        made = [one(engine, person) for person in _directors(engine)]
    lines = told(made[1:], each)  # the first one's imports and compiled statements are nobody's
    sys.stdout.write("\n".join(lines) + "\n")
    write_down(f"digests-{which}", COMMANDS[which], lines)
    return 0


@contextmanager
def units(folder: Path, directors: int, each: int) -> Iterator[Engine]:
    """A database of units, each with its studierektor and so many trainees; one unit more to begin with."""
    engine = open_engine(f"sqlite:///{folder / 'bench.sqlite'}")
    migrate(engine)
    with writing(engine) as session:
        crowd.settle(session, LIVED)
        crowd.multiply(session, (directors + 1) * each // LIVED - 1)
        _part(session, directors + 1)
        session.execute(text("ANALYZE"))
    yield engine
    engine.dispose()


def _part(session: Session, count: int) -> None:
    """Everybody by turns into one of the units, and somebody who leads each."""
    first = session.execute(select(Unit)).scalars().one()
    led = [
        first,
        *(Unit(name=f"Vårdcentral {number}", rulebook=first.rulebook) for number in range(2, count + 1)),
    ]
    session.add_all(led)
    session.flush()
    for number, unit in enumerate(led):
        person = Person(email=f"siv{number}@exempel.se", name="Siv Rektorsson", created_at=crowd.NOW)
        session.add(person)
        session.flush()
        session.add(Role(person_id=person.id or 0, role=RoleName.STUDIEREKTOR, unit_id=unit.id))
        theirs = columns(Trainee).id % count == number
        session.execute(update(table(Trainee)).where(theirs).values(unit_id=unit.id))


def _directors(engine: Engine) -> Sequence[int]:
    role = columns(Role)
    with reading(engine) as session:
        leads = select(role.person_id).where(role.role == RoleName.STUDIEREKTOR).order_by(role.id)
        return session.execute(leads).scalars().all()


def one(engine: Engine, person: int) -> Made:
    """A studierektor's digest, and the same drawn and written with nothing found out."""
    with reading(engine) as session:
        desk = _desk(session, person)
        floor = Floor(desk, digest_of(session, desk.person, desk.now, desk.today))
    with reading(engine) as session:
        ours = _worked(lambda: whole(_desk(session, person)))
    return Made(ours, _worked(floor.both), floor.marks, floor.filled)


def _desk(session: Session, person: int) -> Desk:
    return desk_of(session, session.get_one(Person, person), crowd.NOW, ZONE)


def _worked(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


def told(made: Sequence[Made], each: int) -> list[str]:
    """The figures for a person."""
    ours, bare = (sum(times) for times in ((m.ours for m in made), (m.bare for m in made)))
    ratios = sorted(m.ours / m.bare for m in made)
    marks, cells = sum(m.marks for m in made), sum(m.cells for m in made)
    of_one = f"{statistics.median(ratios):.2f}, {ratios[0]:.2f}–{ratios[-1]:.2f}"
    ratio = f"{ours / bare:.2f} × the bare libraries (goal {GOAL})"
    return [
        f"The digests of {len(made)} studierektorer, {each} trainees with five years each",
        f"  digests, pictures and workbooks    CPU {ours:9.2f} s   {ours / len(made):.2f} s each",
        f"  bare Pillow and XlsxWriter         CPU {bare:9.2f} s   {bare / len(made):.2f} s each",
        f"  {ratio}; of one alone {of_one}; peak memory {peak_memory():.0f} MB",
        f"  drawn and written: {marks:,} marks, {cells:,} cells",
    ]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "bench"))
