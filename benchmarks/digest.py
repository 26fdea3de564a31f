"""What a studierektor's digest of 200 trainees costs, with its picture and its workbook.

`python -m benchmarks.digest` prints the figures and writes them in docs/performance.md. The floor is what the
two libraries need alone: Pillow drawing the same marks and texts, XlsxWriter writing the same cells.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import xlsxwriter
from PIL import Image, ImageDraw
from sqlalchemy import Engine, text
from sqlmodel import Session, select

from benchmarks.paper import peak_memory, write_down
from benchmarks.turns import Measured, in_turns
from handlers.desk import Desk, desk_of
from handlers.digests.digest import digest_of, digest_text
from handlers.message import File
from handlers.papers.attach import PICTURE, WORKBOOK, drawn
from handlers.papers.chart import chart
from handlers.papers.drawing import SCALE
from handlers.papers.layout import EDGE, LINE, WIDTH, Layout, layout, pages
from handlers.papers.sheets import sheets
from handlers.papers.table import Sheet
from schedules.digests.figures import Figures
from storage.engine import open_engine, reading, writing
from storage.schema import migrate
from storage.tables import Person, Role, Unit
from tests.support import crowd

LIVED, TRAINEES, TURNS = 20, 200, 5
GOAL_SECONDS, GOAL_MEMORY = 2.0, 150


def main() -> int:
    """Measure, print, write down."""
    with tempfile.TemporaryDirectory() as folder:
        address = f"sqlite:///{Path(folder) / 'bench.sqlite'}"
        with _database(address) as engine, reading(engine) as session:
            lines = _timed(_desk(session))
        memory = [_memory(address, what) for what in ("nothing", "digest")]
    lines.append(
        f"  peak memory of a process of its own: {memory[1]:.0f} MB, {memory[1] - memory[0]:.0f} MB more than"
        f" one that has only opened the database ({GOAL_MEMORY} allowed)"
    )
    sys.stdout.write("\n".join(lines) + "\n")
    write_down("digest", "make bench", lines)
    return 0


@contextmanager
def _database(address: str) -> Iterator[Engine]:
    """Trainees with five years of history each, and a studierektor of their unit."""
    engine = open_engine(address)
    migrate(engine)
    with writing(engine) as session:
        crowd.settle(session, LIVED)
        crowd.multiply(session, TRAINEES // LIVED - 1)
        unit = session.exec(select(Unit)).one()
        siv = Person(email="siv@exempel.se", name="Siv Rektorsson", created_at=crowd.NOW)
        session.add(siv)
        session.flush()
        session.add(Role(person_id=siv.id or 0, role="studierektor", unit_id=unit.id))
        session.execute(text("ANALYZE"))
    yield engine
    engine.dispose()


def _desk(session: Session) -> Desk:
    siv = session.exec(select(Person).where(Person.email == "siv@exempel.se")).one()
    return desk_of(session, siv, crowd.NOW, "Europe/Stockholm")


def whole(desk: Desk) -> tuple[str, Sequence[File]]:
    """The digest as it is sent: its words, the picture and the workbook."""
    desk.session.expire_all()  # as the delivery's new session: nothing is at hand
    found = digest_of(desk.session, desk.person, desk.now, desk.today)
    return digest_text(desk.words, found, desk.today), drawn(desk, (PICTURE, WORKBOOK), found)


def _timed(desk: Desk) -> list[str]:
    found = digest_of(desk.session, desk.person, desk.now, desk.today)
    floor = Floor(desk, found)
    measured = in_turns(
        {
            "digest, picture and workbook": lambda: whole(desk),
            "its words alone": lambda: digest_text(desk.words, _figures(desk), desk.today),
            "the picture alone": lambda: drawn(desk, (PICTURE,), found),
            "the workbook alone": lambda: drawn(desk, (WORKBOOK,), found),
            "bare Pillow and XlsxWriter": floor.both,
        },
        TURNS,
    )
    ours, *_, bare = measured.values()
    title = f"A digest of {TRAINEES} trainees with five years each"
    ratio = f"{ours.cpu / bare.cpu:.2f} × the CPU of the bare libraries"
    return [
        f"{title}: {floor.marks:,} marks, {floor.filled:,} cells, {TURNS} turns",
        *(_told(name, taken) for name, taken in measured.items()),
        f"  {ratio}; {ours.median:.2f} s, {ours.cpu:.2f} s of CPU ({GOAL_SECONDS:.0f} s allowed)",
    ]


def _figures(desk: Desk) -> Figures:
    desk.session.expire_all()
    return digest_of(desk.session, desk.person, desk.now, desk.today)


def _told(name: str, taken: Measured) -> str:
    spread = f"{taken.least / taken.median:.2f}–{taken.most / taken.median:.2f}"
    return f"  {name:32} {taken.median:9.2f} s   spread {spread}   CPU {taken.cpu:9.2f} s"


class Floor:
    """The same marks, texts and cells, without finding any of them out."""

    def __init__(self, desk: Desk, found: Figures) -> None:
        whole_chart = chart(desk.words, found)
        self.parts: list[Layout] = [layout(page, EDGE + 2.5 * LINE) for page in pages(whole_chart)]
        self.sheets: tuple[Sheet, ...] = sheets(desk, found)
        self.marks = sum(len(part.cells) for part in self.parts)
        self.filled = sum(value not in (None, "") for s in self.sheets for row in s.rows for value in row)

    def both(self) -> tuple[int, int]:
        return sum(map(self._drawn, self.parts)), self._written()

    def _drawn(self, part: Layout) -> int:
        image = Image.new("RGB", (WIDTH * SCALE, round(part.height * SCALE)), "white")
        pen = ImageDraw.Draw(image)
        for words in part.texts:
            pen.text((words.x * SCALE, words.y * SCALE), words.words, fill="black")
        for cell in part.cells:
            x, y, side = cell.x * SCALE, cell.y * SCALE, cell.side * SCALE
            pen.rounded_rectangle((x, y, x + side, y + side), radius=5, fill="green")
        out = BytesIO()
        image.save(out, "PNG")
        return len(out.getvalue())

    def _written(self) -> int:
        out = BytesIO()
        with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
            for made in self.sheets:
                page = book.add_worksheet(made.name)
                for row, values in enumerate(made.rows):
                    for column, value in enumerate(values):
                        if isinstance(value, int):
                            page.write_number(row, column, value)
                        elif value:
                            page.write_string(row, column, str(value))
        return len(out.getvalue())


def _memory(address: str, what: str) -> float:
    """The peak of a process that has opened the database, and made the digest if that is asked for; in MB."""
    told = subprocess.run(  # noqa: S603
        [sys.executable, "-W", "ignore", "-m", "benchmarks.digest", what, address],
        capture_output=True,
        text=True,
        check=True,
    )
    return float(told.stdout)


def _alone(what: str, address: str) -> int:
    engine = open_engine(address)
    with reading(engine) as session:
        desk = _desk(session)
        if what == "digest":
            whole(desk)
    engine.dispose()
    sys.stdout.write(f"{peak_memory()}\n")
    return 0


if __name__ == "__main__":
    sys.exit(_alone(*sys.argv[1:]) if sys.argv[1:] else main())
