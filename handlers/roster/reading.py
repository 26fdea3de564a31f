"""Reading a roster file: CSV (comma, semicolon or tab, BOM or not) or Excel, into lines of text."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

COLUMNS = (
    "email",
    "name",
    "role",
    "unit",
    "rulebook",
    "supervisor",
    "start",
    "end",
    "employed",
    "kind",
    "locale",
    "platform",
    "platform_id",
)
REQUIRED = ("email", "name", "role")
YEARS = range(1950, 2150)
"""Of a training, a leave, a last day: whatever is beyond them was mistyped."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the file: its line number there (the header is 1) and its cells, stripped."""

    number: int
    cells: dict[str, str]
    fault: str = ""
    """What is wrong with the row as a whole; told with everything else that is wrong in the file."""

    def __getitem__(self, column: str) -> str:
        """The cell of a column, "" where it is empty or the column is missing."""
        return self.cells.get(column, "")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, on which line (0: with the whole file), and what to write instead."""

    line: int
    text: str

    def __str__(self) -> str:
        return f"rad {self.line}: {self.text}" if self.line else self.text

    def of(self, file: str) -> str:
        """The same, with the file's name before it."""
        return f"{file} {self}" if self.line else f"{file}: {self}"


class RosterError(Exception):
    """The file cannot be imported. `faults` lists everything that is wrong with it, in line order."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("; ".join(map(str, faults)))
        self.faults = tuple(sorted(faults, key=lambda fault: fault.line))


def as_day(text: str) -> dt.date | None:
    """A date written ÅÅÅÅ-MM-DD, of a year in YEARS; None for anything else."""
    try:
        day = dt.date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) else None
    except ValueError:
        return None
    return day if day and day.year in YEARS else None


def read_file(path: Path) -> list[Line]:
    """The lines of a .csv or .xlsx file. Raises RosterError when it is neither or cannot be read."""
    try:
        if path.suffix.lower() == ".xlsx":
            return read_workbook(path.read_bytes())
        if path.suffix.lower() == ".csv":
            return read_csv(path.read_bytes())
    except FileNotFoundError as error:
        raise RosterError([Fault(0, f"filen finns inte i {path.absolute().parent}")]) from error
    except OSError as error:
        raise RosterError([Fault(0, f"filen går inte att läsa: {error.strerror}")]) from error
    raise RosterError([Fault(0, f"filen ska sluta på .csv eller .xlsx, inte {path.suffix or 'ingenting'}")])


def read_csv(content: bytes) -> list[Line]:
    """The lines of a CSV file in UTF-8."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise RosterError([Fault(line, "filen är inte UTF-8: spara den som CSV UTF-8")]) from error
    return _lines(list(_rows(io.StringIO(text, newline=None))))


def _rows(text: io.StringIO) -> Iterator[tuple[int, list[str]]]:
    """Each row with the line that it begins on. RosterError where one never ends."""
    header = text.readline()
    text.seek(0)
    reader, begins = csv.reader(text, delimiter=max(",;\t", key=header.count)), 1
    try:
        for row in reader:
            yield begins, row
            begins = reader.line_num + 1
    except csv.Error as error:
        said = 'ett citattecken (") stängs inte, eller en cell är för lång: skriv om den'
        raise RosterError([Fault(begins, said)]) from error


def read_workbook(content: bytes) -> list[Line]:
    """The lines of the first sheet. Real dates become ISO dates."""
    try:
        rows = _sheet(content)
    except Exception as error:  # openpyxl lets anything out of a damaged one
        said = "filen är skadad eller ingen Excel-fil: spara den som .xlsx"
        raise RosterError([Fault(0, said)]) from error
    return _lines(rows)


def _sheet(content: bytes) -> list[tuple[int, list[str]]]:
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    try:
        rows = book.worksheets[0].iter_rows(values_only=True)
        return [(number, [_cell(value) for value in row]) for number, row in enumerate(rows, start=1)]
    finally:
        book.close()


def _cell(value: object) -> str:
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))  # Excel keeps a Telegram id as a float
    return "" if value is None else str(value)


def _lines(rows: Iterable[tuple[int, list[str]]]) -> list[Line]:
    """Name the cells by the header; empty rows are left out."""
    numbered = iter(rows)
    _, header = next(numbered, (1, []))
    names = [name.strip().casefold() for name in header]
    faults = _header_faults(names)
    if faults:
        raise RosterError(faults)
    lines = []
    for number, row in numbered:
        cells = [cell.replace("\u00a0", " ").strip() for cell in row]  # Excel's spaces that do not break
        long = any(cells[len(names) :])
        fault = f"raden har fler celler än rubriken ({len(names)})" if long else ""
        if any(cells):
            lines.append(Line(number, dict(zip(names, cells, strict=False)), fault))
    return lines


def _header_faults(names: Sequence[str]) -> list[Fault]:
    faults = [Fault(1, f"kolumnen {name} saknas") for name in REQUIRED if name not in names]
    unknown = [name for name in names if name and name not in COLUMNS]
    faults += [
        Fault(1, f"kolumnen {name} finns inte; kolumnerna är {', '.join(COLUMNS)}") for name in unknown
    ]
    twice = sorted({name for name in names if name and names.count(name) > 1})
    return faults + [Fault(1, f"kolumnen {name} står två gånger") for name in twice]
