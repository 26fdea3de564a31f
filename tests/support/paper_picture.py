"""`python -m tests.support.paper_picture FILE.png`: the papers' picture in docs/, of made-up people."""

from __future__ import annotations

import sys
import tempfile
from io import BytesIO
from pathlib import Path

from PIL import Image

from handlers.papers.coverage import coverage_page
from handlers.papers.draft import draft, missing_of
from handlers.papers.goals import coverage
from handlers.papers.record import record_of
from handlers.papers.typeset import first_page
from schedules.lives.reading import load
from storage.engine import reading
from tests.support.databases import database
from tests.support.papers import desk, live, trainee
from tests.support.world import World

PPI = 100


def main(file: Path) -> int:
    """Draft facts for a supervisor's statement and the coverage of goals, side by side."""
    with tempfile.TemporaryDirectory() as folder, database("sqlite", Path(folder)) as engine:
        world = World(engine)
        live(engine, "anna", 2, world.clock())
        with reading(engine) as session:
            at, whose = desk(session, "anna", world.clock()), trainee(session, "anna")
            of = record_of(session, whose, at.today)
            groups, life = coverage(of), load(session, whose.id or 0, at.now)
            missing = missing_of(at.words, life)
            facts = draft(at.words, "supervisor_statement", of, life, groups, missing, at.now)
            goals = coverage_page(at.words, of, groups, at.now)
            shown = {"draft": facts, "coverage": goals}
            made = [first_page(name, at.words, each, at.now, PPI) for name, each in shown.items()]
    file.write_bytes(_beside([Image.open(BytesIO(page)).convert("RGB") for page in made]))
    return 0


def _beside(pages: list[Image.Image]) -> bytes:
    whole = Image.new("RGB", (sum(page.width for page in pages) + 12, pages[0].height), "#8a939b")
    whole.paste(pages[0], (0, 0))
    whole.paste(pages[1], (pages[0].width + 12, 0))
    out = BytesIO()
    whole.quantize(128).save(out, "PNG", optimize=True)
    return out.getvalue()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
