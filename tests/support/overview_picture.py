"""`python -m tests.support.overview_picture FILE.png`: the overview in docs/, of the demo's people."""

from __future__ import annotations

import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from sqlmodel import select

from bot.demo.house import Demo
from handlers.desk import desk_of
from handlers.digests.digest import digest_of
from handlers.papers.attach import PICTURE, drawn
from storage.engine import reading
from storage.tables import Person
from tests.fakes.process import ROOT

FILE = ROOT / "docs" / "images" / "overview.png"
ZONE = "Europe/Stockholm"
DAY = datetime(2026, 6, 8, 7, tzinfo=UTC)
"""A Monday near the end of a term: every state is in the picture."""
READER = "Ulla Chefsäter"


def picture() -> bytes:
    """What the head of the demo's first unit sees; the same PNG at every call."""
    with tempfile.TemporaryDirectory() as folder:
        demo = Demo(Path(folder) / "demo.sqlite", ZONE, DAY)
        try:
            with reading(demo.engine) as session:
                reader = session.exec(select(Person).where(Person.name == READER)).one()
                desk = desk_of(session, reader, DAY, ZONE)
                found = digest_of(session, reader, desk.now, desk.today, judged=True)
                [file] = drawn(desk, (PICTURE,), found)
                return file.content
        finally:
            demo.engine.dispose()


if __name__ == "__main__":
    Path(sys.argv[1]).write_bytes(picture())
