"""`handledd parse`: show how messages are understood. Needs no database."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from bot.cli.output import as_moment, print_json, print_text
from bot.cli.words import use_words
from bot.clock import system_clock
from handlers.language.command import Command
from handlers.language.reader import read
from schedules.zone import to_local

app = typer.Typer()
_ZONE: Final = "Europe/Stockholm"


@app.command()
def parse(
    messages: Annotated[
        list[str] | None, typer.Argument(help="Messages; else one per line on stdin.")
    ] = None,
    now: Annotated[str | None, typer.Option(help="The local moment of writing, ISO.")] = None,
    words: Annotated[Path | None, typer.Option(help="A file of one's own words.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object per message.")] = False,
) -> None:
    """Read each message and print what it means."""
    use_words(words)
    moment = as_moment(now, "--now") or system_clock()
    moment = to_local(moment, _ZONE) if moment.tzinfo else moment
    for text in messages if messages else _lines():
        found = read(text.replace("\\n", "\n"), moment)
        if as_json:
            print_json(_object(found))
        else:
            print_text(_for_people(found))


def _lines() -> Iterator[str]:
    """Lines of standard input; bytes that are not UTF-8 are replaced, never a traceback."""
    for raw in sys.stdin.buffer:
        yield raw.decode("utf-8", "replace").rstrip("\r\n")


def _object(found: Command) -> dict[str, Any]:
    """The object of contracts.md: `reason` is that of a refusal; what a question offers stays inside."""
    return found.as_json() | ({"reason": None} if found.intent == "ask" else {})


def _for_people(found: Command) -> str:
    told = {key: value for key, value in found.as_json().items() if value not in (None, [])}
    return "  ".join(f"{key}={value}" for key, value in told.items())
