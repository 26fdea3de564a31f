"""Where everything of the picture stands, in points of a telephone's 390 points' width. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from handlers.papers.chart import Chart, Mark, Row

WIDTH = 390
EDGE = 10
NAMES = 112
"""What is left for the labels."""
LINE = 20
MOST_COLUMNS = 13
"""As many as leave a sign that can be read: (390 - 2 × 10 - 112) / 13 is just below 20 points."""
MOST_ROWS = 60
TALLEST = 4500
"""Points of one picture: Telegram takes no photo whose sides together exceed 10,000 pixels (2 to a point)."""
BELOW, TITLE = 36, 17
"""What a block takes beside its rows: the space around it, and a line for each column's meaning."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One mark's place: the upper left corner and the side of its square."""

    x: float
    y: float
    side: float
    row: Row
    column: int
    mark: Mark


@dataclass(frozen=True, slots=True)
class Text:
    """Words at a place: the left end of their line's middle."""

    x: float
    y: float
    words: str
    strong: bool = False
    middle: bool = False
    """`x` is the middle instead."""
    room: float | None = None
    """How wide it may be at most; None: up to the edge."""


@dataclass(frozen=True, slots=True)
class Layout:
    """A picture's height, its texts and its cells."""

    height: float
    texts: tuple[Text, ...]
    cells: tuple[Cell, ...]


def pages(of: Chart) -> list[Chart]:
    """The chart in parts of as many rows as a picture holds; a part that begins inside a unit repeats its
    name.
    """
    found: list[list[Row]] = [[]]
    heading: Row | None = None
    most = _most_rows(len(of.columns))
    for row in of.rows:
        heading = row if not row.marks else heading
        if len(found[-1]) >= most:
            found.append([heading] if heading and row.marks else [])
        found[-1].append(row)
    return [Chart(of.columns, tuple(rows)) for rows in found]


def _most_rows(columns: int) -> int:
    """MOST_ROWS, or fewer where so many columns take so many blocks under each other."""
    blocks = max(1, -(-columns // MOST_COLUMNS))
    return min(MOST_ROWS, (TALLEST // blocks - BELOW - MOST_COLUMNS * TITLE) // LINE)


def layout(of: Chart, top: float) -> Layout:
    """One block for each MOST_COLUMNS columns, under each other, every one with the numbers' meaning."""
    texts: list[Text] = []
    cells: list[Cell] = []
    y = top
    for first in range(0, len(of.columns), MOST_COLUMNS):
        columns = range(first, min(first + MOST_COLUMNS, len(of.columns)))
        texts += _numbers(columns, y)
        for row in _shown(of.rows, columns):
            y += LINE
            texts.append(_label(row, y))
            cells += _cells(row, columns, y)
        y += LINE + 6
        for column in columns:
            texts.append(Text(EDGE, y + LINE / 2, f"{column + 1}  {of.columns[column]}"))
            y += TITLE
        y += LINE / 2
    return Layout(y, tuple(texts), tuple(cells))


def _shown(rows: Sequence[Row], columns: Sequence[int]) -> Iterator[Row]:
    """The rows with a mark in a block, under their units: another rulebook asks for nothing of it."""
    heading: Row | None = None
    for row in rows:
        if not row.marks:
            heading = row
        elif any(row.marks[column] for column in columns):
            if heading:
                yield heading
            heading = None
            yield row


def _label(row: Row, y: float) -> Text:
    """It ends before its row's marks."""
    return Text(EDGE, y + LINE / 2, row.label, strong=not row.marks, room=NAMES - 4 if row.marks else None)


def _numbers(columns: Sequence[int], y: float) -> Iterator[Text]:
    for place, column in enumerate(columns):
        yield Text(EDGE + NAMES + (place + 0.5) * side(), y + LINE / 2, str(column + 1), middle=True)


def _cells(row: Row, columns: Sequence[int], y: float) -> Iterator[Cell]:
    for place, column in enumerate(columns):
        mark = row.marks[column] if row.marks else None
        if mark:
            yield Cell(EDGE + NAMES + place * side() + 1, y + 1, side() - 2, row, column, mark)


def side() -> float:
    """The width of a column, in points."""
    return (WIDTH - 2 * EDGE - NAMES) / MOST_COLUMNS
