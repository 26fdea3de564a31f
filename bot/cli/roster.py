"""`handledd roster import`: people, units and pairs from a file."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from bot.cli.database import database, load_settings
from bot.cli.output import BAD_INPUT, print_json, print_text
from bot.clock import system_clock
from handlers.roster.applying import Changes, apply_roster, is_supervisor
from handlers.roster.checking import check
from handlers.roster.reading import RosterError, read_file
from storage.engine import writing

app = typer.Typer(no_args_is_help=True)


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
        with database(settings) as engine, writing(engine) as session, _progress(len(lines)) as step:
            rows = check(lines, is_supervisor(session))
            changes = apply_roster(session, rows, system_clock(), settings.timezone, step)
            if dry_run:
                raise _DryRun
    except _DryRun:
        pass
    except RosterError as error:
        for fault in error.faults:
            sys.stderr.write(f"{file.name} {fault}\n")
        sys.stderr.write(f"handledd: {len(error.faults)} fel, ingenting är importerat\n")
        raise typer.Exit(BAD_INPUT) from error
    _report(changes, dry_run=dry_run, as_json=as_json)


@contextmanager
def _progress(total: int) -> Iterator[Callable[[str], None]]:
    """A progress bar on standard error, gone when it is done."""
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Importerar", total=total)
        yield lambda _email: bar.advance(task)


def _report(changes: Changes, *, dry_run: bool, as_json: bool) -> None:
    if as_json:
        print_json(
            {
                "dry_run": dry_run,
                "added": changes.added,
                "changed": changes.changed,
                "missing": changes.missing,
            }
        )
        return
    head = "Skulle ändra" if dry_run else "Importerat"
    if not changes.added and not changes.changed:
        print_text("Ingenting att ändra: filen och databasen säger detsamma.")
    for title, lines in (("Nytt", changes.added), ("Ändrat", changes.changed)):
        if lines:
            print_text(f"{head} · {title.casefold()}:\n" + "\n".join(f"  {line}" for line in lines))
    if changes.missing:
        print_text(
            "Finns men står inte i filen (tas inte bort):\n" + "\n".join(f"  {m}" for m in changes.missing)
        )
