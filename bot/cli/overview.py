"""`handledd overview`: the picture that somebody's digest shows, as a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.asked import AsOf, moment_of, reader_of
from bot.cli.database import database, load_settings
from bot.cli.output import fail, print_text, private_files
from bot.clock import system_clock
from handlers.desk import desk_of
from handlers.digests.digest import digest_of
from handlers.papers.attach import PICTURE, drawn
from handlers.trail import looked
from storage.engine import reading

app = typer.Typer()


@app.command()
def overview(
    reader: Annotated[str, typer.Option("--for", help="The reader's e-mail: it shows what they may see.")],
    png: Annotated[Path, typer.Option(help="Where to write the picture.")],
    as_of: AsOf = None,
) -> None:
    """Write the picture of somebody's remit: trainees by requirements."""
    settings = load_settings()
    now = moment_of(as_of, settings.timezone)
    with database(settings) as engine, reading(engine) as session:
        desk = desk_of(session, reader_of(session, reader, "has no overview"), now, settings.timezone)
        found = digest_of(session, desk.person, desk.now, desk.today, judged=True)
        files = drawn(desk, (PICTURE,), found)
        if not files:
            fail(f"{reader} has no trainees to show")
        about = f"person:{desk.person.id}"
        pictures = dict(zip(_paths(png, len(files)), (file.content for file in files), strict=True))
        with private_files(pictures):
            looked(engine, "digest_seen", about, system_clock(), desk.person, paper=PICTURE)
    for path in pictures:
        print_text(str(path))


def _paths(first: Path, count: int) -> list[Path]:
    """The first under its name, further ones beside it with their number."""
    return [first, *(first.with_stem(f"{first.stem}-{n}") for n in range(2, count + 1))]
