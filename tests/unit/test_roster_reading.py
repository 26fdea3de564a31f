"""What a roster file may look like, and that one which cannot be read is a fault of the file and no crash."""

from __future__ import annotations

import io
import zipfile

import pytest
from openpyxl import Workbook

from handlers.roster.reading import RosterError, read_csv, read_workbook

ROWS = "email,name,role\nanna@exempel.se,Anna Berg,trainee\nbo@exempel.se,Bo Dal,trainee\n"


@pytest.mark.parametrize(
    "written",
    [
        ROWS,
        ROWS.replace(",", ";"),
        ROWS.replace(",", "\t"),
        ROWS.replace("\n", "\r\n"),
        ROWS.replace("\n", "\r"),
        "\ufeff" + ROWS.replace(",", ";").replace("\n", "\r\n"),
        ROWS.replace("Anna Berg", '"Anna Berg"').removesuffix("\n"),
    ],
)
def test_a_roster_is_read_however_a_spreadsheet_has_saved_it(written: str) -> None:
    lines = read_csv(written.encode())
    assert [(line.number, line["email"], line["name"]) for line in lines] == [
        (2, "anna@exempel.se", "Anna Berg"),
        (3, "bo@exempel.se", "Bo Dal"),
    ]


def test_a_row_of_several_lines_is_named_by_its_first() -> None:
    lines = read_csv(ROWS.replace("Anna Berg", '"Anna\nBerg"').encode())
    assert [line.number for line in lines] == [2, 4]


def test_a_quotation_mark_that_never_ends_is_a_fault_of_its_row() -> None:
    many = "".join(f"nr{number}@exempel.se,Någon,trainee\n" for number in range(5000))
    with pytest.raises(RosterError) as caught:
        read_csv((ROWS.replace("Bo Dal", '"Bo Dal') + many).encode())
    (fault,) = caught.value.faults
    assert fault.line == 3
    assert 'ett citattecken (") stängs inte' in fault.text


def _workbook() -> bytes:
    book, out = Workbook(), io.BytesIO()
    for row in ROWS.splitlines():
        book.worksheets[0].append(row.split(","))
    book.save(out)
    return out.getvalue()


def _without(content: bytes, part: str, kept: int) -> bytes:
    """A workbook of which `part` holds no more than its first bytes; none at all for 0."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as whole, zipfile.ZipFile(out, "w") as damaged:
        for name in whole.namelist():
            if name != part or kept:
                damaged.writestr(name, whole.read(name)[: kept if name == part else None])
    return out.getvalue()


def test_a_workbook_is_read() -> None:
    assert [line["name"] for line in read_workbook(_workbook())] == ["Anna Berg", "Bo Dal"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        ROWS.encode(),
        _workbook()[:-200],
        _without(_workbook(), "xl/workbook.xml", 50),
        _without(_workbook(), "xl/worksheets/sheet1.xml", 300),
        _without(_workbook(), "xl/worksheets/sheet1.xml", 0),
        _without(_workbook(), "xl/styles.xml", 80),
    ],
)
def test_a_workbook_that_is_damaged_is_said_to_be(content: bytes) -> None:
    with pytest.raises(RosterError, match="skadad eller ingen Excel-fil"):
        read_workbook(content)
