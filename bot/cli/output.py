"""What every command shares: one-line errors that say the mend, JSON lines, tables, dates."""

from __future__ import annotations

import errno
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import date, datetime
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import typer
from rich.cells import cell_len
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

Day = TypeVar("Day", bound=date)

BAD_INPUT = 2
FAILURE = 1
USUAL_WIDTH = 80
YEARS = range(1900, 2200)
"""Of a date on a command line: near the ends of the calendar a week more or less is no date."""


def fail(text: str, code: int = BAD_INPUT) -> NoReturn:
    """End with one line on standard error: what is wrong and what to do instead."""
    sys.stderr.write(f"handledd: {text}\n")
    raise typer.Exit(code)


def unknown_person(email: str) -> NoReturn:
    """End for an e-mail that nobody in the roster has."""
    fail(f"{email} is not in the roster: see the e-mails there are with handledd roster export FILE.csv")


def unknown_trainee(email: str) -> NoReturn:
    """End for an e-mail that no trainee has."""
    fail(f"{email} is no trainee in the roster: handledd due names those there are")


def unknown_unit(name: str, units: Iterable[str]) -> NoReturn:
    """End for a name that no unit has, and tell those that one has."""
    known = ", ".join(units)
    mend = f"the units are {known}" if known else "there are none until handledd roster import brings some"
    fail(f"there is no unit {name!r}; {mend}")


def unreadable(file: Path, error: OSError) -> NoReturn:
    """End for a file that cannot be read."""
    fail(f"{file} cannot be read: {error.strerror}; name a file that you may read")


def unwritable(file: Path, error: OSError) -> NoReturn:
    """End for a file that cannot be written."""
    fail(
        f"{file} cannot be written: {error.strerror}; name a file in a folder that you may write to", FAILURE
    )


def print_json(value: Any) -> None:
    """One JSON object on its own line, UTF-8."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")


def print_text(text: str) -> None:
    """Plain text on standard output."""
    sys.stdout.write(text + "\n")


def write_private(file: Path, content: bytes) -> None:
    """Write a file for its owner alone, whole or not at all. What cannot be written ends the command."""
    with private_files({file: content}):
        pass


@contextmanager
def private_files(contents: Mapping[Path, bytes]) -> Iterator[None]:
    """Write files for their owner alone: each whole beside its place, and put there when the block is over.

    What the block notes is then never noted of a file that could not be written, and never missing of one
    that is there. What cannot be written ends the command; where the block fails, no file is left.
    """
    parts = {file: file.with_name(f".{file.name}.{os.getpid()}") for file in contents}
    try:
        for file, part in parts.items():
            with _writing(file):
                _write_new(part, file, contents[file])
        yield
        for file, part in parts.items():
            with _writing(file):
                part.replace(file)
    finally:
        for part in parts.values():
            with suppress(OSError):
                part.unlink()


@contextmanager
def _writing(file: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        unwritable(file, error)


def _write_new(part: Path, file: Path, content: bytes) -> None:
    if file.is_dir():  # told before anything is noted
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(content)


def print_table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table for people, in which nothing is cut; whoever reads with a program asks for --json.

    Where it would break a word, or at the usual width what stands first, such as a key that one copies, each
    row is a line instead, which the terminal wraps.
    """
    console = Console()
    widths = _widths(columns, rows, console.width)
    if widths is None:
        for row in (columns, *rows):
            console.print(Text(" · ".join(cell or "–" for cell in row)), soft_wrap=True)
        return
    table = Table(*(Column(name, width=width) for name, width in zip(columns, widths, strict=True)))
    for row in rows:
        table.add_row(*map(Text, row))
    console.print(table)


def _widths(columns: Sequence[str], rows: Sequence[Sequence[str]], whole: int) -> list[int] | None:
    """Each column's width in a table of a terminal's `whole` width; None where words would be broken."""
    cells = list(zip(columns, *rows, strict=True))
    wanted = [max(map(cell_len, column)) for column in cells]
    widths = [max(cell_len(word) for cell in column for word in (cell.split() or [""])) for column in cells]
    if whole >= USUAL_WIDTH:
        widths[0] = wanted[0]
    left = whole - sum(widths) - 3 * len(widths) - 1  # between cells and around them
    if left < 0:
        return None
    by_lack = sorted(range(len(widths)), key=lambda at: wanted[at] - widths[at])
    for later, at in enumerate(by_lack):
        more = min(wanted[at] - widths[at], left // (len(widths) - later))
        widths[at], left = widths[at] + more, left - more
    return widths


def as_date(text: str | None, option: str) -> date | None:
    """An ISO date of a year in YEARS, or None; anything else ends the command."""
    return _read(date.fromisoformat, text, f"{option} is a date like 2026-11-22")


def as_moment(text: str | None, option: str) -> datetime | None:
    """An ISO date and time of a year in YEARS, or None; anything else ends the command."""
    return _read(datetime.fromisoformat, text, f"{option} is a moment like 2026-11-22T09:30")


def _read(from_iso: Callable[[str], Day], text: str | None, mend: str) -> Day | None:
    if text is None:
        return None
    with suppress(ValueError):
        read = from_iso(text)
        if read.year in YEARS:
            return read
    fail(f"{mend}, not {text!r}")
