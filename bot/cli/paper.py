"""`handledd paper`: a typeset paper, or its workbook, as a file; as its reader may have it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.asked import AsOf, moment_of, person_of
from bot.cli.database import database, load_settings
from bot.cli.output import FAILURE, fail, print_text, private_files
from bot.cli.own_rules import unit_named
from bot.clock import system_clock
from handlers.desk import Desk, desk_of
from handlers.papers.asked import FORMS, KINDS, PACK, Asked, made
from handlers.people import own_training, units_of
from handlers.trail import looked
from schedules.agenda import READERS
from storage.engine import reading

app = typer.Typer()
_BY_NAME = {kind.replace("_", "-"): kind for kind in KINDS}


@app.command()
def paper(
    kind: Annotated[str, typer.Argument(help=f"Which: {', '.join(_BY_NAME)}.")],
    reader: Annotated[str, typer.Option("--for", help="The reader's e-mail: it shows what they may have.")],
    out: Annotated[Path, typer.Option(help="Where to write it: a name that ends in .pdf or .xlsx.")],
    trainee: Annotated[str | None, typer.Option(help="Whom it is about, if not the reader.")] = None,
    unit: Annotated[str | None, typer.Option(help="Whose pack, if one answers for several units.")] = None,
    anonymous: Annotated[bool, typer.Option("--anonymous", help="A pack that names nobody.")] = False,
    as_of: AsOf = None,
) -> None:
    """Write a paper: documentation, coverage, draft facts, or a unit's pack for a review."""
    known, form = _kind(kind), _form(kind, out)
    if known != PACK and (unit or anonymous):
        fail(f"--unit and --anonymous are for {PACK}: name the trainee with --trainee EMAIL")
    settings = load_settings()
    now = moment_of(as_of, settings.timezone)
    with database(settings) as engine, reading(engine) as session:
        desk = desk_of(session, person_of(session, reader), now, settings.timezone)
        number = _unit(desk, unit) if known == PACK else _trainee(desk, trainee)
        file = made(desk, Asked(known, number, form, anonymous))
        if file is None:
            fail(_refusal(reader, known, anonymous=anonymous), FAILURE)
        about = f"{'unit' if known == PACK else 'trainee'}:{number}"
        with private_files({out: file.content}):
            looked(engine, "paper", about, system_clock(), desk.person, paper=known, anonymous=int(anonymous))
    print_text(str(out))


def _kind(name: str) -> str:
    if name not in _BY_NAME:
        fail(f"there is no paper {name!r}: choose one of {', '.join(_BY_NAME)}")
    return _BY_NAME[name]


def _form(kind: str, out: Path) -> str:
    form, possible = out.suffix.removeprefix(".").lower(), FORMS[_BY_NAME[kind]]
    if form not in possible:
        endings = " or ".join(f".{each}" for each in possible)
        fail(f"{kind} is written as {endings}: name --out so, not {out.name!r}")
    return form


def _trainee(desk: Desk, email: str | None) -> int:
    whose = person_of(desk.session, email) if email else desk.person
    own = own_training(desk.session, whose)
    if own is None:
        fail(f"{whose.email} is no trainee: name one with --trainee EMAIL")
    return own.id or 0


def _unit(desk: Desk, name: str | None) -> int:
    """The unit by its name; without one the only unit that the reader answers for."""
    if name:
        return unit_named(desk.session, name).id or 0
    units = units_of(desk.session, desk.person, READERS)
    if not units:
        fail(_refusal(desk.person.email, PACK, anonymous=True), FAILURE)
    if len(units) > 1:
        named = ", ".join(unit.name for unit in units)
        fail(f"{desk.person.email} answers for {named}: name one with --unit NAME")
    return units[0].id or 0


def _refusal(reader: str, kind: str, *, anonymous: bool) -> str:
    if kind != PACK:
        return f"{reader} may not have it: only the trainee, the supervisors and the studierektor may"
    if anonymous:
        return f"{reader} may not have it: only who leads the unit and its chief director may"
    return f"{reader} may not have it with names: try --anonymous, or ask who leads the unit"
