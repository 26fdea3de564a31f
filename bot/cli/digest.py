"""`handledd digest`: what somebody's digest would say."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.cli.asked import AsOf, moment_of, reader_of
from bot.cli.database import database, load_settings
from bot.cli.output import print_text
from bot.clock import system_clock
from handlers.digests.digest import digest_of, digest_text, hushed
from handlers.trail import looked
from handlers.words import Words
from schedules.zone import to_local
from storage.engine import reading

app = typer.Typer()


@app.command()
def digest(
    preview: Annotated[str, typer.Option(help="The reader's e-mail.")],
    as_of: AsOf = None,
) -> None:
    """Print a digest without sending it. Concerns are counted only: they are for the reader alone."""
    settings = load_settings()
    now = moment_of(as_of, settings.timezone)
    today = to_local(now, settings.timezone).date()
    with database(settings) as engine, reading(engine) as session:
        person = reader_of(session, preview, "gets no digest")
        found = hushed(digest_of(session, person, now, today, judged=True))
        text = digest_text(Words(person.locale, today), found, today)
        looked(engine, "digest_seen", f"person:{person.id}", system_clock(), person)
    print_text(text)
