"""`handledd rules`: list, show and check rulebooks."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.output import BAD_INPUT, fail, print_json, print_table, print_text
from schedules.rulebook import check as find_problems
from schedules.rulebook import shipped

app = typer.Typer(no_args_is_help=True)


@app.callback()
def rules() -> None:
    """Rulebooks."""


@app.command("list")
def list_(as_json: Annotated[bool, typer.Option("--json", help="One JSON object each.")] = False) -> None:
    """The rulebooks that come along."""
    rows = [(key, book.title["sv"], len(book.requirements)) for key, book in shipped().items()]
    if as_json:
        for key, title, count in rows:
            print_json({"key": key, "title": title, "requirements": count})
        return
    print_table(("key", "title", "requirements"), [(key, title, str(count)) for key, title, count in rows])


@app.command()
def show(
    key: Annotated[str, typer.Argument(help="A rulebook's key.")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object per requirement.")] = False,
) -> None:
    """The requirements of a rulebook, each with who says so."""
    book = shipped().get(key)
    if book is None:
        fail(f"there is no rulebook {key!r}; the rulebooks are {', '.join(shipped())}")
    rows = [
        (r.key, r.title["sv"], r.kind.value, f"{r.source.document}, {r.source.section}")
        for r in book.requirements.values()
    ]
    if as_json:
        for requirement, title, kind, source in rows:
            print_json({"requirement": requirement, "title": title, "kind": kind, "source": source})
        return
    print_table(("requirement", "title", "kind", "source"), rows)


@app.command()
def check(file: Annotated[Path, typer.Argument(help="A rulebook file, .toml.")]) -> None:
    """Check a rulebook file: every problem names file, key and mend."""
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        fail(f"{file} cannot be read: {error}")
    problems = find_problems(text, file.name)
    for problem in problems:
        sys.stderr.write(f"{problem}\n")
    if problems:
        raise typer.Exit(BAD_INPUT)
    print_text(f"{file.name}: ok")
