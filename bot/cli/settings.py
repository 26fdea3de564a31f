"""`handledd settings`: when a unit's reminders and digests come."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import typer
from sqlmodel import col, select

from bot.cli.database import database, load_settings
from bot.cli.output import fail, print_json, print_text
from bot.cli.own_rules import unit_named
from bot.clock import system_clock
from handlers.commands.wish import follow, unit_line
from handlers.words import Words
from schedules.choices import HABITS, set_of_unit
from schedules.habits import READERS, HabitError
from storage.engine import reading, writing
from storage.tables import Audit, Unit

app = typer.Typer(no_args_is_help=True)
NAMES = ", ".join(READERS)


@app.callback()
def settings() -> None:
    """When a unit's reminders and digests come."""


@app.command()
def show(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object each.")] = False,
) -> None:
    """Every unit's settings."""
    with database(load_settings()) as engine, reading(engine) as session:
        for unit in session.exec(select(Unit).order_by(col(Unit.name))).all():
            if as_json:
                print_json({"unit": unit.name, **(unit.settings.get(HABITS) or {})})
            else:
                print_text(unit_line(Words("sv"), unit))


@app.command("set")
def set_(
    unit: Annotated[str, typer.Argument(help="A unit's name.")],
    values: Annotated[list[str], typer.Argument(help=f"KEY=VALUE of {NAMES}; KEY= for as usual.")],
) -> None:
    """Set some; reminders and digests that wait follow at once."""
    loaded = load_settings()
    with database(loaded) as engine, writing(engine) as session:
        row, now = unit_named(session, unit), system_clock()
        try:
            changed = set_of_unit(row, _read(values))
        except HabitError as error:
            fail(f"{', '.join(values)}: write {error}")
        session.add(Audit(at=now, act="settings", subject=f"unit:{row.id}", facts=changed))
        follow(session, row, now, loaded.timezone)
        print_text(unit_line(Words("sv"), row))


def _read(values: Sequence[str]) -> dict[str, Any]:
    given: dict[str, Any] = {}
    for each in values:
        key, equals, value = each.partition("=")
        if not equals or key not in READERS:
            fail(f"{each!r}: write KEY=VALUE with one of {NAMES}")
        given[key] = value or None
    return given
