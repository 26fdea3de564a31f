"""`handledd roster`: people, units and pairs from a file, and back into one."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Final, NoReturn

import typer

from bot.cli.database import database, load_settings
from bot.cli.output import FAILURE, fail, print_json, print_table, print_text, private_files
from bot.cli.progress import progress
from bot.clock import system_clock
from handlers.roster.applying import apply_roster, is_supervisor, steps
from handlers.roster.being_away import apply_leaves
from handlers.roster.changes import Changes
from handlers.roster.checking import check
from handlers.roster.exporting import as_csv, as_workbook, exported
from handlers.roster.leaves import leaves_of
from handlers.roster.reading import RosterError, read_file
from handlers.roster.upkeep import findings
from handlers.trail import looked
from storage.engine import reading, writing

app = typer.Typer(no_args_is_help=True)
_TITLES: Final = {"added": "nytt", "changed": "ändrat", "ended": "avslutat"}
_HEADINGS: Final = ("", "Vem", "Vad", "Förut", "Nu")


@app.callback()
def roster() -> None:
    """People, units and pairs."""


class _DryRun(Exception):  # noqa: N818 it is no error: it takes back what was tried
    """Raised to undo everything at the end of a dry run."""


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="The roster, .csv or .xlsx.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the differences, change nothing.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The differences as one JSON object.")] = False,
) -> None:
    """Import a roster: all rows or none, and every fault is listed."""
    settings = load_settings()
    changes = Changes()
    try:
        lines = read_file(file)
        with database(settings) as engine, writing(engine) as session:
            rows = check(lines, is_supervisor(session))
            with progress("Importerar", steps(rows)) as step:
                changes = apply_roster(session, rows, system_clock(), settings.timezone, step)
            apply_leaves(session, leaves_of(lines), system_clock(), changes)
            if dry_run:
                raise _DryRun
    except _DryRun:
        pass
    except RosterError as error:
        _refuse(str(file), error)
    _report(changes, dry_run=dry_run, as_json=as_json)


def _refuse(file: str, error: RosterError) -> NoReturn:
    """Every fault with its line, and that nothing was done; one line where it is the file itself."""
    *_, last = error.faults
    if not last.line:
        fail(last.of(file))
    for fault in error.faults:
        sys.stderr.write(f"{fault.of(Path(file).name)}\n")
    fail(f"{len(error.faults)} fel, ingenting är importerat")


@app.command("export")
def export_(
    file: Annotated[Path, typer.Argument(help="Where to write it, .csv or .xlsx.")],
) -> None:
    """Write the roster as it stands: importing it again changes nothing. Its owner alone may read it."""
    if file.suffix.lower() not in (".csv", ".xlsx"):
        fail(f"{file.name}: filen ska sluta på .csv eller .xlsx")
    with database(load_settings()) as engine, reading(engine) as session:
        rows = exported(session)
        content = as_workbook(rows, system_clock()) if file.suffix.lower() == ".xlsx" else as_csv(rows)
        with private_files({file: content}):
            looked(engine, "list_seen", "roster", system_clock(), list="roster")
    print_text(f"{file}: {len(rows)} rader")


@app.command("check")
def check_(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object each.")] = False,
) -> None:
    """What is odd about people and pairs, and its mend. Ends with status 1 when anything is."""
    settings = load_settings()
    with database(settings) as engine, reading(engine) as session:
        found = findings(session, system_clock(), settings.timezone)
    for each in found if as_json else ():
        print_json(asdict(each))
    if not as_json and found:
        print_table(("Vem", "Vad"), [(each.who, each.text) for each in found])
    elif not as_json:
        print_text("Allt stämmer: alla har handledare, inget överlappar.")
    if found:
        raise typer.Exit(FAILURE)


def _report(changes: Changes, *, dry_run: bool, as_json: bool) -> None:
    if as_json:
        told = {name: [str(each) for each in getattr(changes, name)] for name in (*_TITLES, "missing")}
        print_json({"dry_run": dry_run, **told})
        return
    if changes:
        print_text("Skulle ändra:" if dry_run else "Importerat:")
        print_table(_HEADINGS, list(_table(changes)))
    else:
        print_text("Ingenting att ändra: filen och databasen säger detsamma.")
    if changes.missing:
        print_text(
            "Finns men står inte i filen (tas inte bort):\n" + "\n".join(f"  {m}" for m in changes.missing)
        )


def _table(changes: Changes) -> Iterator[tuple[str, ...]]:
    for name, title in _TITLES.items():
        for each in getattr(changes, name):
            yield title, each.who, each.what, each.old, each.new
