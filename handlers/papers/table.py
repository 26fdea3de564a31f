"""A sheet of the workbook before any file: columns by name, and how a row fills them. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import TypeVar

from handlers.words import Words

Value = str | int | date | time | None
"""What a cell holds; None and "" leave it empty."""
Row = TypeVar("Row")
Column = tuple[str, Callable[[Row], Value]]
"""The key of its heading in the catalogues, and the value of a row."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table under its name; every row has as many values as there are columns."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]


def sheet(words: Words, key: str, columns: Sequence[Column[Row]], rows: Iterable[Row]) -> Sheet:
    """A sheet with its name and its headings in the reader's language."""
    return Sheet(
        words.say(f"sheet.{key}"),
        tuple(words.say(f"column.{name}") for name, _ in columns),
        tuple(tuple(value(row) for _, value in columns) for row in rows),
    )
