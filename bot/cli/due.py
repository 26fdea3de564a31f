"""`handledd due`: how everybody stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from itertools import groupby
from typing import Annotated, Any, Final

import typer
from sqlmodel import Session, col, select

from bot.cli.asked import AsOf, moment_of
from bot.cli.database import database, load_settings
from bot.cli.output import print_json, print_table, print_text, unknown_trainee, unknown_unit
from bot.clock import system_clock
from handlers.trail import looked
from schedules.lives.asked import asked_of, judge
from schedules.lives.reading import load
from storage.engine import reading
from storage.tables import Person, Trainee, Unit

app = typer.Typer()
_COLUMNS: Final = ("requirement", "state", "due_on", "last_on", "done")
"""What fits a terminal of eighty columns; whom it is about stands above, who says so below."""


@app.command()
def due(
    as_of: AsOf = None,
    trainee: Annotated[str | None, typer.Option(help="Only this trainee, by e-mail.")] = None,
    unit: Annotated[str | None, typer.Option(help="Only this unit, by name.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object per standing.")] = False,
) -> None:
    """Print the standing of every requirement of every trainee."""
    settings = load_settings()
    now = moment_of(as_of, settings.timezone)
    with database(settings) as engine, reading(engine) as session:
        about = _about(session, trainee, unit)
        rows = list(_rows(session, now, trainee, unit))
        looked(engine, "list_seen", about, system_clock(), list="due")
    if as_json:
        for row in rows:
            print_json(row)
        return
    if not rows:
        print_text("no trainees yet (handledd roster import)")
    for (email, at), theirs in groupby(rows, lambda row: (row["trainee"], row["unit"])):
        print_text(f"{email} · {at}")
        print_table(_COLUMNS, [_cells(row) for row in theirs])
    for requirement, source in sorted({(row["requirement"], row["source"]) for row in rows}):
        print_text(f"{requirement}: {source}")


def _rows(session: Session, now: datetime, email: str | None, unit: str | None) -> Iterator[dict[str, Any]]:
    wanted = (
        select(Trainee, Person, Unit)
        .join(Person, col(Person.id) == col(Trainee.person_id))
        .join(Unit, col(Unit.id) == col(Trainee.unit_id))
        .order_by(col(Unit.name), col(Person.name))
    )
    if email:
        wanted = wanted.where(Person.email == email.casefold())
    if unit:
        wanted = wanted.where(Unit.name == unit)
    for trainee, person, at in session.exec(wanted).all():
        yield from _of_trainee(session, trainee, person.email, at.name, now)


def _cells(row: Mapping[str, Any]) -> list[str]:
    dates = (row["due_on"] or "", row["last_on"] or "")
    of = "" if row["required"] is None else f" of {row['required']}"
    return [row["requirement"], row["state"], *dates, f"{row['done']}{of}"]


def _about(session: Session, email: str | None, unit: str | None) -> str:
    """Whom it is about, as the audit trail names it; who and what is not there ends the command."""
    named = select(Trainee.id).join(Person).where(Person.email == (email or "").casefold())
    trainee = session.exec(named).first()
    if email and trainee is None:
        unknown_trainee(email)
    at = session.exec(select(Unit.id).where(Unit.name == unit)).first()
    if unit and at is None:
        unknown_unit(unit, session.exec(select(Unit.name).order_by(col(Unit.name))).all())
    if email:
        return f"trainee:{trainee}"
    return f"unit:{at}" if unit else "roster"


def _of_trainee(
    session: Session, trainee: Trainee, email: str, unit: str, now: datetime
) -> Iterator[dict[str, Any]]:
    life = load(session, trainee.id or 0, now)
    for asked in asked_of(life):
        requirement = asked.requirement
        verdict = judge(life, asked, life.local.date())
        yield {
            "trainee": email,
            "unit": unit,
            "requirement": "/".join(filter(None, asked.key)),
            "state": verdict.state.value,
            "due_on": _iso(verdict.due_on),
            "last_on": _iso(verdict.last_on),
            "done": verdict.done,
            "required": verdict.required,
            "source": requirement.said_by,
        }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
