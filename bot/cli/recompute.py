"""`handledd recompute`: bring every standing up to now, after a change that came from outside."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress
from sqlalchemy import Engine
from sqlmodel import col, select

from bot.cli.database import database, load_settings
from bot.cli.output import print_text, unknown_unit
from bot.clock import system_clock
from schedules.recompute import recompute_all, trainees_of_unit
from storage.engine import reading
from storage.tables import Unit

app = typer.Typer()


@app.command()
def recompute(
    unit: Annotated[str | None, typer.Option(help="Only this unit's trainees.")] = None,
) -> None:
    """Recompute all standings, or a unit's, from the journal."""
    settings = load_settings()
    with database(settings) as engine:
        unit_id = _unit(engine, unit)
        with reading(engine) as session:
            total = len(trainees_of_unit(session, unit_id))
        console = Console(stderr=True)
        with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
            task = bar.add_task("Räknar om", total=total)
            done = recompute_all(engine, system_clock(), unit_id, lambda count: bar.advance(task, count))
    print_text(f"recomputed {done}")


def _unit(engine: Engine, name: str | None) -> int | None:
    """The unit's id; an unknown name ends the command and names those there are."""
    if name is None:
        return None
    with reading(engine) as session:
        units = {unit.name: unit.id for unit in session.exec(select(Unit).order_by(col(Unit.name))).all()}
    if name not in units:
        unknown_unit(name, units)
    return units[name]
