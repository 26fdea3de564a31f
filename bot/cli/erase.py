"""`handledd erase EMAIL`: take a person's name and words out of everything; the figures stay."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from bot.cli.asked import person_of
from bot.cli.database import database, load_settings
from bot.cli.output import fail, print_text
from bot.clock import system_clock
from handlers.privacy.erasing import erase as erase_person
from storage.engine import reading, writing
from storage.scrub import scrub

app = typer.Typer()
STAYS = """\
{email} will be erased for good: name, e-mail, accounts, notes, remarks, reasons, places, kept messages.
What stays, as figures of nobody: entries, assessments, bookings, absences, placements and standings.
Backups keep what they hold until they are removed."""


@app.command()
def erase(
    email: Annotated[str, typer.Argument(help="The person's e-mail.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Erase a person: counts stay, names go everywhere, outbox and audit too. It cannot be undone."""
    settings = load_settings()
    with database(settings) as engine:
        with reading(engine) as session:
            person_of(session, email)
        if not yes:
            _ask(email)
        with writing(engine) as session:
            swept = erase_person(session, person_of(session, email), system_clock(), settings.timezone)
        whole = scrub(engine)
    print_text(f"erased; {swept} further rows named them")
    if not whole:
        print_text("the write-ahead log is still read: it is emptied when the bot is next stopped")


def _ask(email: str) -> None:
    if not sys.stdin.isatty():
        fail("say --yes where there is no terminal to ask on")
    print_text(STAYS.format(email=email))
    if typer.prompt("Write the e-mail again to erase").strip().casefold() != email.casefold():
        fail("that is another e-mail: nothing is erased")
