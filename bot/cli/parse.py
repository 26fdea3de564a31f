"""`handledd parse`: show how messages are understood. Needs no database."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any, Final, NoReturn

import typer

from bot.cli.output import as_moment, fail, print_json, print_text
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
    now: Annotated[
        str | None, typer.Option(help="The local moment of writing, like 2026-11-22T09:30.")
    ] = None,
    words: Annotated[Path | None, typer.Option(help="A file of one's own words.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object per message.")] = False,
) -> None:
    """Read each message and print what it means."""
    use_words(words)
    moment = as_moment(now, "--now") or system_clock()
    moment = to_local(moment, _ZONE) if moment.tzinfo else moment
    for text in _arguments(messages) if messages else _lines():
        found = read(text.replace("\\n", "\n"), moment)
        if as_json:
            print_json(_object(found))
        else:
            print_text(_for_people(found))


def _arguments(messages: Sequence[str]) -> Iterator[str]:
    for number, text in enumerate(messages, 1):
        if any("\ud800" <= each <= "\udfff" for each in text):  # how Python keeps a byte it cannot read
            _not_utf8(f"message {number}")
        yield text


def _lines() -> Iterator[str]:
    """Lines of standard input. What is not UTF-8 is refused: a guess would be read as what nobody wrote."""
    for number, raw in enumerate(sys.stdin.buffer, 1):
        try:
            yield raw.decode().rstrip("\r\n")
        except UnicodeDecodeError:  # its own words would quote the line
            _not_utf8(f"line {number}")


def _not_utf8(what: str) -> NoReturn:
    fail(f"{what} is not UTF-8: save it as UTF-8")


def _object(found: Command) -> dict[str, Any]:
    """The object of contracts.md: `reason` is that of a refusal; what a question offers stays inside."""
    return found.as_json() | ({"reason": None} if found.intent == "ask" else {})


def _for_people(found: Command) -> str:
    told = {key: value for key, value in found.as_json().items() if value not in (None, [])}
    return "  ".join(f"{key}={value}" for key, value in told.items())
