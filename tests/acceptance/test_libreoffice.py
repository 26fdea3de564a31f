"""Every .xlsx opened by LibreOffice: no cell is a formula, dates are dates, texts are texts."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from io import BytesIO
from pathlib import Path

import pytest
import xlsxwriter
from sqlmodel import select

from handlers.desk import desk_of
from handlers.papers.attach import WORKBOOK, drawn
from handlers.papers.table import Sheet
from handlers.papers.workbook import workbook
from storage.engine import reading
from storage.tables import Person
from tests.support.office import Cell, opened
from tests.support.world import ZONE, World

NOW = datetime.fromisoformat("2026-11-23T08:00+00:00")
RISKY = ("=1+1", "+1", "-1", "@SUM(1)", '=HYPERLINK("http://ont.exempel")', "=cmd|' /C calc'!A0", "{=1+1}")


def _checked(sheets: dict[str, list[list[Cell]]]) -> list[Cell]:
    """All cells, after what holds for every workbook of ours."""
    cells = [cell for rows in sheets.values() for row in rows for cell in row]
    assert [cell for cell in cells if cell.formula] == []
    looks = [cell for cell in cells if re.fullmatch(r"\d{4}-\d\d-\d\d", cell.text)]
    assert {cell.kind for cell in looks} <= {"date"}
    return cells


def _lived(world: World) -> None:
    world.say("anna", "handledning i fredags 13-14 etik STc7 =1+1")
    world.say("anna", "cbd idag @lind a4 buksmärta")
    world.press("eva", "Stämmer")
    world.say("bo", "boka handledning idag kl 10-11")


def test_the_studierektors_workbook_holds_dates_and_texts_and_no_formula(
    world: World, tmp_path: Path
) -> None:
    _lived(world)
    with reading(world.engine) as session:
        siv = session.exec(select(Person).where(Person.email == "siv@exempel.se")).one()
        [file] = drawn(desk_of(session, siv, world.clock(), ZONE), (WORKBOOK,))
    sheets = opened(file.content, tmp_path)
    assert list(sheets)[:2] == ["Läge", "Logg 12 mån"]
    cells = _checked(sheets)
    assert {cell.text for cell in cells if cell.kind == "date"} >= {"2026-11-20", "2026-11-23"}
    assert any(cell.text == "60" and cell.kind == "float" for cell in cells)


@pytest.mark.parametrize(
    ("who", "line", "pages"),
    [
        ("anna", "export", ["Handledning", "Bedömningar", "Delmål"]),
        (
            "siv",
            "underlag spur",
            ["Enhet", "Instrument", "Granskningar", "ST-läkare", "Bedömare", "Handledare"],
        ),
        ("siv", "underlag spur anonymt", ["Enhet", "Instrument", "Granskningar"]),
    ],
)
def test_the_papers_workbooks_hold_dates_and_texts_and_no_formula(
    world: World, tmp_path: Path, who: str, line: str, pages: list[str]
) -> None:
    _lived(world)
    world.say("siv", "spur 2026-03-12 =1+1 brister")
    world.say(who, line)
    [file] = [each for each in world.to(who)[-1].message.files if each.name.endswith(".xlsx")]
    sheets = opened(file.content, tmp_path)
    assert list(sheets) == pages
    dates = {cell.text for cell in _checked(sheets) if cell.kind == "date"}
    assert dates >= ({"2026-11-20", "2026-11-23"} if who == "anna" else {"2026-03-12"})


def test_a_text_that_looks_like_a_formula_is_shown_as_it_was_written(tmp_path: Path) -> None:
    made = tuple((text, date(2026, 11, 23), time(13, 5)) for text in RISKY)
    [_, *rows] = opened(workbook((Sheet("Blad", ("Text", "Dag", "Klockan"), made),), NOW), tmp_path)["Blad"]
    assert len(rows) == len(RISKY)
    for text, row in zip(RISKY, rows, strict=True):
        assert [cell.text for cell in row] == [text, "2026-11-23", "13:05"]
        assert [cell.kind for cell in row] == ["string", "date", "time"]
        assert [cell.formula for cell in row] == [None, None, None]


def test_what_is_a_formula_would_be_seen(tmp_path: Path) -> None:
    """The eye of this test: a real formula is told apart from a text."""
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.add_worksheet("Blad").write_formula(0, 0, "=1+1")
    [[cell]] = opened(out.getvalue(), tmp_path)["Blad"]
    assert cell.formula
    with pytest.raises(AssertionError):
        _checked({"Blad": [[cell]]})
