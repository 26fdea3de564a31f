"""The workbook as a file: real dates, a frozen heading, filters, and nothing that could be a formula.

Printed, a sheet is as wide as a page and its heading stands on each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time
from io import BytesIO
from typing import Any, Final

import xlsxwriter

from handlers.papers.table import Sheet

MEDIA_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
RISKY: Final = ("=", "+", "-", "@", "\t", "\r")
"""A text that begins with one of these is a formula to some program, at the latest when it is exported
as CSV. Source: OWASP, CSV Injection."""
WIDEST, NARROWEST = 60, 9
"""Of a column, in characters; longer texts take several lines."""
LINE: Final = 15
"""Points that a line of text is high."""
_TOP: Final[Mapping[str, Any]] = {"valign": "top"}
"""Where a row is several lines high, its cells begin together."""
_FORMATS: Final[Mapping[str, Mapping[str, Any]]] = {
    "heading": {"bold": True, "bottom": 1},
    "cell": _TOP,
    "long": {**_TOP, "text_wrap": True},
    "number": {**_TOP, "align": "right", "indent": 1},  # else it touches the text of the next column
    "date": {**_TOP, "num_format": "yyyy-mm-dd", "align": "left"},
    "time": {**_TOP, "num_format": "hh:mm", "align": "left"},
    # It stays a text also when somebody edits the cell.
    "text": {**_TOP, "text_wrap": True, "quote_prefix": True},
}
A4: Final = 9
FOOTER: Final = "&L&A&R&P / &N"
"""The sheet's name; the page's number, and how many there are."""


def workbook(sheets: Sequence[Sheet], made: datetime) -> bytes:
    """The .xlsx of one or more sheets: the same bytes for the same sheets and aware moment."""
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.set_properties({"created": made.astimezone(UTC).replace(tzinfo=None)})
        formats = {name: book.add_format(dict(how)) for name, how in _FORMATS.items()}
        for sheet in sheets:
            _write(book.add_worksheet(sheet.name), sheet, formats)
    return out.getvalue()


def _write(page: Any, sheet: Sheet, formats: Mapping[str, Any]) -> None:
    page.freeze_panes(1, 0)
    _printed(page)
    for column, width in enumerate(_widths(sheet)):
        page.set_column(column, column, width, formats["cell"])
    for column, name in enumerate(sheet.columns):
        page.write_string(0, column, name, formats["heading"])
    # Each kind by a call of its own: nothing is ever guessed from what a text looks like.
    writers = {kind: write(page, formats) for kind, write in _KINDS.items()}
    for number, row in enumerate(sheet.rows, 1):
        for column, value in enumerate(row):
            if value is not None and value != "":
                writers[type(value)](number, column, value)
        if (high := max(map(_lines, row), default=1)) > 1:
            page.set_row(number, high * LINE)  # LibreOffice would print the lines of a cell over the next row
    page.autofilter(0, 0, len(sheet.rows), len(sheet.columns) - 1)


def _printed(page: Any) -> None:
    page.set_paper(A4)
    page.set_landscape()
    page.fit_to_pages(1, 0)  # as many pages high as it takes
    page.repeat_rows(0)
    page.set_footer(FOOTER)


def _widths(sheet: Sheet) -> Iterable[int]:
    """Wide enough for all it holds, within bounds."""
    for index, name in enumerate(sheet.columns):
        said = {row[index] for row in sheet.rows}  # the same few words over and over
        longest = max((len(str(value or "")) for value in said), default=0)
        yield min(WIDEST, max(NARROWEST, len(name) + 3, longest + 1))


Write = Callable[[int, int, Any], object]
"""Row, column, value."""


def _texts(page: Any, formats: Mapping[str, Any]) -> Write:
    def write(row: int, column: int, value: str) -> None:
        text = value if "\r" not in value else value.replace("\r\n", "\n").replace("\r", "\n")
        page.write_string(row, column, text, formats[_kind_of(value)])

    return write


def _lines(value: object) -> int:
    """How many lines a cell takes."""
    if not isinstance(value, str) or _kind_of(value) == "cell":
        return 1
    return sum(-(-max(len(line), 1) // WIDEST) for line in value.splitlines())


def _kind_of(text: str) -> str:
    if text.startswith(RISKY):
        return "text"
    return "long" if len(text) > WIDEST or "\n" in text or "\r" in text else "cell"


def _numbers(page: Any, formats: Mapping[str, Any]) -> Write:
    shown = formats["number"]
    return lambda row, column, value: page.write_number(row, column, value, shown)


def _dates(page: Any, formats: Mapping[str, Any]) -> Write:
    shown = formats["date"]
    return lambda row, column, value: page.write_number(row, column, value.toordinal() - DAY_ZERO, shown)


def _times(page: Any, formats: Mapping[str, Any]) -> Write:
    shown = formats["time"]
    return lambda row, column, value: page.write_datetime(row, column, value, shown)


_KINDS: Final[Mapping[type, Callable[[Any, Mapping[str, Any]], Write]]] = {
    str: _texts,
    int: _numbers,
    date: _dates,
    time: _times,
}
"""What a cell holds, and how that is written."""
DAY_ZERO: Final = date(1899, 12, 30).toordinal()
"""A date is kept as days from here; right from March 1900 on. Source: ECMA-376, 18.17.4.1."""
