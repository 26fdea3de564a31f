"""`handledd overview`: the picture that somebody's digest shows, as a file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from sqlmodel import Session, select

from bot.cli.database import database, load_settings
from bot.cli.output import as_date, fail, print_text, unknown_person, write_private
from bot.clock import system_clock
from handlers.desk import desk_of
from handlers.digest import digest_of
from handlers.message import File
from handlers.papers.attach import PICTURE, drawn
from handlers.people import units_of
from handlers.trail import looked
from schedules.agenda import READERS
from schedules.zone import midnight
from storage.engine import reading
from storage.tables import Person

app = typer.Typer()


@app.command()
def overview(
    reader: Annotated[str, typer.Option("--for", help="The reader's e-mail: it shows what they may see.")],
    png: Annotated[Path, typer.Option(help="Where to write the picture.")],
    as_of: Annotated[
        str | None, typer.Option(help="A local date like 2026-11-22; today if left out.")
    ] = None,
) -> None:
    """Write the picture of somebody's remit: trainees by requirements."""
    settings = load_settings()
    day = as_date(as_of, "--as-of")
    now = midnight(day, settings.timezone) if day else system_clock()
    with database(settings) as engine, reading(engine) as session:
        desk = desk_of(session, _reader(session, reader), now, settings.timezone)
        found = digest_of(session, desk.person, desk.now, desk.today, judged=True)
        files = drawn(desk, (PICTURE,), found)
        if not files:
            fail(f"{reader} has no trainees to show")
        about = f"person:{desk.person.id}"
        looked(engine, "digest_seen", about, system_clock(), desk.person, paper=PICTURE)
    for path in _write(files, png):
        print_text(str(path))


def _reader(session: Session, email: str) -> Person:
    person = session.exec(select(Person).where(Person.email == email.casefold())).first()
    if person is None:
        unknown_person(email)
    if not units_of(session, person, READERS):
        fail(f"{email} has no overview: only {', '.join(READERS)} with a unit do")
    return person


def _write(files: Sequence[File], first: Path) -> list[Path]:
    """The first under its name, further ones beside it with their number."""
    paths = [first, *(first.with_stem(f"{first.stem}-{n}") for n in range(2, len(files) + 1))]
    for path, file in zip(paths, files, strict=True):
        write_private(path, file.content)
    return paths
