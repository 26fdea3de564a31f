"""`handledd recompute`: bring every standing up to now, after a change that came from outside."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.cli.database import database, load_settings
from bot.cli.output import print_text
from bot.cli.own_rules import unit_named
from bot.cli.progress import progress
from bot.clock import system_clock
from schedules.recompute import recompute_all, trainees_of_unit
from storage.engine import reading

app = typer.Typer()


@app.command()
def recompute(
    unit: Annotated[str | None, typer.Option(help="Only this unit's trainees.")] = None,
) -> None:
    """Recompute all standings, or a unit's, from the journal."""
    settings = load_settings()
    with database(settings) as engine:
        with reading(engine) as session:
            unit_id = None if unit is None else unit_named(session, unit).id
            total = len(trainees_of_unit(session, unit_id))
        with progress("Recomputing", total) as step:
            done = recompute_all(engine, system_clock(), unit_id, step)
    print_text(f"recomputed {done}")
