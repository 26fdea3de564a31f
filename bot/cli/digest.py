"""`handledd digest`: what somebody's digest would say."""

from __future__ import annotations

from typing import Annotated

import typer
from sqlmodel import select

from bot.cli.database import database, load_settings
from bot.cli.output import as_date, fail, print_text, unknown_person
from bot.clock import system_clock
from handlers.digest import digest_of, digest_text, hushed
from handlers.people import units_of
from handlers.trail import looked
from handlers.words import Words
from schedules.agenda import READERS
from schedules.zone import midnight, to_local
from storage.engine import reading
from storage.tables import Person

app = typer.Typer()


@app.command()
def digest(
    preview: Annotated[str, typer.Option(help="The reader's e-mail.")],
    as_of: Annotated[
        str | None, typer.Option(help="A local date like 2026-11-22; today if left out.")
    ] = None,
) -> None:
    """Print a digest without sending it. Concerns are counted only: they are for the reader alone."""
    settings = load_settings()
    day = as_date(as_of, "--as-of")
    now = midnight(day, settings.timezone) if day else system_clock()
    today = to_local(now, settings.timezone).date()
    with database(settings) as engine, reading(engine) as session:
        person = session.exec(select(Person).where(Person.email == preview.casefold())).first()
        if person is None:
            unknown_person(preview)
        if not units_of(session, person, READERS):
            fail(f"{preview} gets no digest: only {', '.join(READERS)} with a unit do")
        found = hushed(digest_of(session, person, now, today, judged=True))
        text = digest_text(Words(person.locale, today), found, today)
        looked(engine, "digest_seen", f"person:{person.id}", system_clock(), person)
    print_text(text)
