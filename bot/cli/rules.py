"""`handledd rules`: list, show and check rulebooks; set a unit's own rules."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.output import BAD_INPUT, fail, print_json, print_table, print_text, unreadable
from bot.cli.own_rules import read_parameters, set_own_rule
from schedules.rules.overrides import change, turn_back, turn_off
from schedules.rules.requirement import Requirement
from schedules.rules.rulebook import check as find_problems
from schedules.rules.rulebook import on_show
from schedules.rules.table import parameters as in_words
from storage.tables import Unit

UNIT = Annotated[str, typer.Argument(help="A unit's name.")]
KEY = Annotated[str, typer.Argument(help="A requirement's key, as `rules show` names it.")]
REASON = Annotated[str, typer.Option(help="Why; it stands as the source wherever the rule is shown.")]

app = typer.Typer(no_args_is_help=True)


@app.callback()
def rules() -> None:
    """Rulebooks."""


@app.command("list")
def list_(as_json: Annotated[bool, typer.Option("--json", help="One JSON object each.")] = False) -> None:
    """The rulebooks that come along, and the rota that all share."""
    rows = [(key, book.title["sv"], len(book.requirements)) for key, book in on_show().items()]
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
    book = on_show().get(key)
    if book is None:
        fail(f"there is no rulebook {key!r}; the rulebooks are {', '.join(on_show())}")
    requirements = book.requirements.values()
    if as_json:
        for each in requirements:
            print_json({**dict(zip(_SHOWN, _told(each), strict=True)), "source": each.said_by})
        return
    for document, asked in _by_document(requirements):
        print_text(document)
        print_table((*_SHOWN, "section"), [(*_told(each), each.source.section) for each in asked])


_SHOWN = ("requirement", "title", "kind", "parameters")


def _told(asked: Requirement) -> tuple[str, ...]:
    return (asked.key, asked.title["sv"], asked.kind.value, in_words(asked))


def _by_document(asked: Iterable[Requirement]) -> Iterator[tuple[str, list[Requirement]]]:
    """The requirements under the document that says so: its long name once, above what it asks for."""
    found: dict[str, list[Requirement]] = {}
    for each in asked:
        found.setdefault(each.source.document, []).append(each)
    yield from found.items()


@app.command()
def check(file: Annotated[Path, typer.Argument(help="A rulebook file, .toml.")]) -> None:
    """Check a rulebook file: every problem names file, key and mend."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except OSError as error:
        unreadable(file, error)
    except UnicodeDecodeError:
        fail(f"{file} is not UTF-8: save it as UTF-8")
    problems = find_problems(text, file.name)
    for problem in problems:
        sys.stderr.write(f"{problem}\n")
    if problems:
        raise typer.Exit(BAD_INPUT)
    print_text(f"{file.name}: ok")


@app.command()
def override(
    unit: UNIT,
    key: KEY,
    parameters: Annotated[
        list[str], typer.Argument(help="PARAM=VALUE, as in TOML: count=5 every={months=9}")
    ],
    reason: REASON,
) -> None:
    """Give a unit its own parameters of a requirement."""
    set_own_rule(unit, lambda book, at: change(book, at, key, read_parameters(parameters), reason))
    print_text(f"{unit}: {key}: {' '.join(parameters)}")


@app.command()
def off(unit: UNIT, key: KEY, reason: REASON) -> None:
    """Switch a requirement off for a unit."""
    set_own_rule(unit, lambda book, at: turn_off(book, at, key, reason))
    print_text(f"{unit}: {key}: off")


@app.command()
def reset(unit: UNIT, key: KEY) -> None:
    """Let the rulebook's own rule hold again for a unit."""
    set_own_rule(unit, lambda _book, at: _reset(at, key))
    print_text(f"{unit}: {key}: as the rulebook says")


def _reset(unit: Unit, key: str) -> None:
    if not turn_back(unit, key):
        fail(f"{unit.name} has no rule of its own for {key!r}; nothing is changed")
