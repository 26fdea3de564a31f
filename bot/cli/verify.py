"""`handledd verify`: does every standing row say what the journal says?"""

from __future__ import annotations

import typer

from bot.cli.compared import verified
from bot.cli.database import database, load_settings
from bot.cli.output import FAILURE, print_text
from bot.clock import system_clock

app = typer.Typer()


@app.command()
def verify() -> None:
    """Do what is due, then recompute everything from the journal and compare."""
    settings = load_settings()
    now = system_clock()
    with database(settings) as engine:
        found = verified(engine, now, settings.timezone)
    print_text(f"drift {len(found)}")
    for drift in found:
        print_text(f"trainee {drift.trainee_id} {drift.requirement}: row {drift.says}, journal {drift.is_so}")
    if found:
        raise typer.Exit(FAILURE)
