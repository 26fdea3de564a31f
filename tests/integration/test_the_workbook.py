"""The workbook: what is in it for whom, as real dates, with a frozen heading and filters, and no formula."""

from __future__ import annotations

import re
import zipfile
from datetime import date, datetime, time
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.workbook import Workbook
from sqlmodel import select

from handlers.desk import desk_of
from handlers.message import File
from handlers.papers.attach import WORKBOOK, drawn
from handlers.papers.table import Sheet
from handlers.papers.workbook import workbook
from schedules.recompute import recompute, trainees_of_unit
from schedules.rules.overrides import turn_off
from schedules.rules.rulebook import shipped
from storage.engine import reading, writing
from storage.tables import Person, Unit
from tests.support.world import ROSTER, ZONE, World

NOW = datetime.fromisoformat("2026-11-23T08:00+00:00")
RISKY = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(1)",
    "\t=1+1",
    "\r=1+1",
    '=HYPERLINK("http://ont.exempel")',
    "=cmd|' /C calc'!A0",
]
MORE = """\
hans@exempel.se,Hans Chefsäter,head,Ekbacken,,,,,
gerd@exempel.se,Gerd Toppen,chief_director,Ekbacken,,,,,
"""


@pytest.fixture
def house(world: World) -> World:
    """A week's worth of everything a sheet shows, in two units."""
    world.enrol(ROSTER + MORE)
    world.say("anna", "handledning i fredags 13-14 etik STc7 anteckning-anna")
    world.say("anna", "handledning i torsdags 45 min privat: hemlighet-anna")
    world.say("anna", "cbd idag @lind a4 buksmärta")
    world.press("eva", "Stämmer")
    world.say("bo", "boka handledning idag kl 10-11")
    world.say("cia", "handledning i fredags 1h anteckning-cia")
    world.pass_to("2026-11-23T12:00")
    world.press("bo", "Nej: jour")
    return world


def papers(world: World, who: str) -> tuple[File, ...]:
    with reading(world.engine) as session:
        person = session.exec(select(Person).where(Person.email == f"{who}@exempel.se")).one()
        return drawn(desk_of(session, person, world.clock(), ZONE), (WORKBOOK,))


def book(world: World, who: str) -> Workbook:
    [file] = papers(world, who)
    assert file.name == "underlag.xlsx"
    return load_workbook(BytesIO(file.content))


def rows(of: Workbook, name: str) -> list[dict[str, Any]]:
    """A sheet's rows by their headings, without what is empty."""
    heads, *found = of[name].iter_rows(values_only=True)
    return [{h: v for h, v in zip(heads, row, strict=True) if v is not None} for row in found]  # type: ignore[misc]


def test_the_log_says_what_when_how_long_and_who_confirmed(house: World) -> None:
    friday, thursday = rows(book(house, "siv"), "Logg 12 mån")
    assert friday == {
        "Enhet": "Ekbacken",
        "ST-läkare": "Anna Berg",
        "Vad": "handledning",
        "Dag": november(20),
        "Klockan": time(13),
        "Minuter": 60,
        "Ämnen": "etik, delmål",
        "Delmål": "STc7",
        "Anteckning": "anteckning-anna",
        "Sparad av": "Anna Berg",
    }
    assert thursday["Minuter"] == 45
    assert "Anteckning" not in thursday


def test_assessments_have_a_sheet_of_their_own(house: World) -> None:
    [found] = rows(book(house, "siv"), "Bedömningar")
    assert (found["Instrument"], found["Bedömare"], found["Delmål"]) == ("CBD", "Lind", "a4")
    assert found["Bekräftad av"] == "Eva Ek"


def test_bookings_say_why_they_did_not_take_place(house: World) -> None:
    [found] = rows(book(house, "siv"), "Bokningar 12 mån")
    assert (found["ST-läkare"], found["Läge"], found["Orsak"]) == ("Bo Dal", "blev inte av", "jour")
    assert (found["Dag"], found["Klockan"], found["Minuter"]) == (november(23), time(10), 60)


def test_everybody_stands_under_every_requirement_with_its_source(house: World) -> None:
    found = rows(book(house, "siv"), "Läge")
    assert {row["ST-läkare"] for row in found} == {"Anna Berg", "Bo Dal"}
    [weekly] = [r for r in found if r["ST-läkare"] == "Anna Berg" and r["Krav"] == "Handledning varje vecka"]
    assert (weekly["Läge"], weekly["Gjordes"]) == ("i fas", november(20))
    assert all(row["Källa"] for row in found)
    [counted] = [r for r in found if r["ST-läkare"] == "Anna Berg" and r["Krav"].startswith("Kompetensb")]
    assert counted["Antal"] == 1


def test_the_rules_name_document_and_section_and_what_the_unit_decided(house: World) -> None:
    with writing(house.engine) as session:
        unit = session.exec(select(Unit).where(Unit.name == "Ekbacken")).one()
        turn_off(shipped()[unit.rulebook], unit, "course", "vi går kurser ändå")
        session.add(unit)
        recompute(session, trainees_of_unit(session, unit.id), house.clock(), "settings")
    found = {row["Krav"]: row for row in rows(book(house, "siv"), "Regler")}
    assert found["Handledning varje vecka"]["Dokument"]
    assert found["Handledning varje vecka"]["Avsnitt"]
    assert "Enhetens eget beslut" not in found["Handledning varje vecka"]
    assert found["Handledning varje vecka"]["Påminns"] == "ST-läkaren, handledaren"
    decided = found["Kurs varje termin"]["Enhetens eget beslut"]
    assert decided.startswith("gäller inte här: ")
    assert "vi går kurser ändå" in decided


def november(day: int) -> datetime:
    return datetime.combine(date(2026, 11, day), time.min)


def _formulas(made: bytes) -> list[str]:
    """The elements of all pages that a program would follow or reckon out."""
    with zipfile.ZipFile(BytesIO(made)) as parts:
        pages = [parts.read(name).decode() for name in parts.namelist() if "worksheets/" in name]
    assert pages
    return [found for page in pages for found in re.findall(r"<(?:f|hyperlinks?)[ />].*?>", page)]


def _text(file: File) -> str:
    with zipfile.ZipFile(BytesIO(file.content)) as parts:
        return "".join(parts.read(name).decode() for name in parts.namelist())


def test_only_the_own_units_are_in_it_and_nothing_private(house: World) -> None:
    [siv], [tage] = papers(house, "siv"), papers(house, "tage")
    assert "Cia Strand" not in _text(siv)
    assert "Granlund" not in _text(siv)
    assert "anteckning-anna" in _text(siv)
    assert "hemlighet-anna" not in _text(siv)
    assert "anteckning-cia" in _text(tage)
    assert "Anna Berg" not in _text(tage)


def test_a_head_of_unit_gets_standings_and_rules_and_nothing_that_was_written(house: World) -> None:
    [file] = papers(house, "hans")
    assert book(house, "hans").sheetnames == ["Läge", "Regler"]
    assert "Anna Berg" in _text(file)
    assert "anteckning" not in _text(file).lower()


@pytest.mark.parametrize("who", ["gerd", "anna", "eva"])
def test_who_sees_figures_or_only_their_own_gets_no_workbook(house: World, who: str) -> None:
    assert papers(house, who) == ()


def test_it_speaks_the_readers_language(house: World) -> None:
    house.say("siv", "språk engelska")
    [file] = papers(house, "siv")
    assert file.name == "overview-data.xlsx"
    names = ["Standing", "Log 12 months", "Assessments", "Bookings 12 months", "Rules"]
    assert load_workbook(BytesIO(file.content)).sheetnames == names


def test_dates_are_dates_the_heading_is_frozen_and_every_column_has_a_filter(house: World) -> None:
    for page in book(house, "siv").worksheets:
        assert page.freeze_panes == "A2"
        assert page.auto_filter.ref == page.dimensions
        for cell in (cell for row in page.iter_rows(min_row=2) for cell in row if cell.value is not None):
            assert isinstance(cell.value, datetime) == (cell.number_format == "yyyy-mm-dd")
            assert not re.fullmatch(r"\d{4}-\d\d-\d\d|\d\d:\d\d", str(cell.value))
    assert any(cell.is_date for cell in book(house, "siv")["Läge"]["F"])


def test_it_is_printed_as_wide_as_a_page_with_the_heading_on_each(house: World) -> None:
    """A year of two units took eighty pages, most of them columns without names."""
    for sheet in book(house, "siv").worksheets:
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert sheet.page_setup.fitToHeight == 0
        assert getattr(sheet.sheet_properties.pageSetUpPr, "fitToPage", False)
        assert sheet.print_title_rows == "$1:$1"
        assert "&P / &N" in str(sheet.HeaderFooter.oddFooter)


def test_what_is_wider_than_its_column_takes_several_lines_and_no_number_touches_the_next(
    house: World,
) -> None:
    sheet = book(house, "siv")["Regler"]
    told = [cell for cell in next(sheet.iter_rows(min_row=2)) if cell.value]
    assert sheet.column_dimensions["C"].width < len(str(told[2].value))
    minutes = book(house, "siv")["Logg 12 mån"]["G2"]
    assert (minutes.value, minutes.alignment.horizontal, minutes.alignment.indent) == (60, "right", 1)
    assert [bool(cell.alignment.wrap_text) for cell in told] == [False, False, True, False, False]
    assert {cell.alignment.vertical for cell in told} == {"top"}
    assert sheet.row_dimensions[2].height == 30  # two lines: LibreOffice would print them over the next row
    assert sheet.row_dimensions[1].height is None


@pytest.mark.parametrize("text", RISKY)
def test_no_text_becomes_a_formula_and_none_is_changed(text: str) -> None:
    made = workbook((Sheet("Blad", ("Krav", "Dag"), ((text, date(2026, 11, 23)), (f"a {text}", None))),), NOW)
    assert _formulas(made) == []
    page = load_workbook(BytesIO(made)).worksheets[0]
    for at, shown in (("A2", text), ("A3", f"a {text}")):
        assert page[at].value == shown.replace("\r", "\n")
        assert page[at].data_type == "s"
    assert page["A2"].quotePrefix
    assert not page["A3"].quotePrefix


def test_what_people_write_reaches_the_sheets_as_text(world: World) -> None:
    for number, text in enumerate(RISKY):
        world.say("anna", f"handledning {number + 1}/11 1h anteckning: {text.strip()}")
        world.say("anna", f"kurs {number + 1}/10 {text.strip()}")
    [file] = papers(world, "siv")
    assert _formulas(file.content) == []
    pages = load_workbook(BytesIO(file.content)).worksheets
    cells = [cell for page in pages for row in page.iter_rows() for cell in row]
    risky = [cell for cell in cells if str(cell.value).startswith(("=", "+", "-", "@"))]
    assert len(risky) >= 4
    assert all(cell.data_type == "s" and cell.quotePrefix for cell in risky)


def test_the_same_remit_at_the_same_moment_gives_the_same_bytes(house: World) -> None:
    assert papers(house, "siv") == papers(house, "siv")


def test_the_log_goes_back_a_year_and_the_assessments_further(world: World) -> None:
    world.say("anna", "handledning i fredags 1h")
    world.say("anna", "dops i fredags")
    world.jump_to("2027-11-20T09:00")
    found = book(world, "siv")
    assert (len(rows(found, "Logg 12 mån")), len(rows(found, "Bedömningar"))) == (0, 1)


def test_months_in_primary_care_are_counted_as_they_are_in_the_chat(house: World) -> None:
    rows = list(book(house, "siv")["Läge"].iter_rows(values_only=True))
    asked = [
        dict(zip(rows[0], row, strict=True)) for row in rows[1:] if row[2] == "Minst 30 månader i primärvård"
    ]
    assert {row["Av"] for row in asked} == {30}
    assert all(isinstance(row["Antal"], int) for row in asked)
