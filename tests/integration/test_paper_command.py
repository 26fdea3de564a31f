"""`handledd paper`: what it writes, for whom, and the one line that says the mend."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine

from bot.cli.main import main
from tests.support.papers import pages
from tests.support.world import ROSTER, World

MORE = """\
hans@exempel.se,Hans Chefsäter,head,Ekbacken,,,,,
gerd@exempel.se,Gerd Toppen,chief_director,Ekbacken,,,,,
"""
TWO_UNITS = ROSTER.replace("studierektor,Ekbacken", "studierektor,Ekbacken|Granlund")
TRAINEES_OWN = ("documentation", "coverage", "annual-report", "supervisor-statement", "kollegium")


@pytest.fixture
def house(sqlite: Engine, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setenv("HANDLEDD_DATABASE_URL", str(sqlite.url))
    world = World(sqlite, roster=TWO_UNITS + MORE)
    world.say("anna", "handledning i fredags 1h etik STa1 anteckning-anna privat: hemlighet-anna")
    return world


def paper(kind: str, reader: str, out: Path, *more: str) -> int:
    return main(["paper", kind, "--for", f"{reader}@exempel.se", "--out", str(out), *more])


@pytest.mark.parametrize("kind", TRAINEES_OWN)
def test_a_trainee_has_every_paper_of_ones_own(house: World, tmp_path: Path, kind: str) -> None:
    out = tmp_path / "papper.pdf"
    assert paper(kind, "anna", out, "--as-of", "2026-11-23") == 0
    text = "\n".join(pages(out.read_bytes()))
    assert "Anna Berg" in text
    assert "hemlighet" not in text


def test_what_waits_is_as_of_the_day_that_is_asked_for(house: World, tmp_path: Path) -> None:
    out = tmp_path / "papper.pdf"
    for day, waits in (("2026-11-23", False), ("2027-02-01", True)):
        assert paper("kollegium", "anna", out, "--as-of", day) == 0
        assert ("Handledning varje vecka: väntar" in pages(out.read_bytes())[0]) == waits


def test_the_same_paper_comes_from_the_chat_and_from_the_command_line(house: World, tmp_path: Path) -> None:
    house.say("anna", "underlag delmål")
    out = tmp_path / "delmal.pdf"
    assert paper("coverage", "anna", out, "--as-of", "2026-11-23") == 0
    [file] = house.to("anna")[-1].message.files
    # They differ in nothing but the moment at which they were made.
    chat, command = (pages(content)[0] for content in (file.content, out.read_bytes()))
    assert chat.replace("kl 09:00", "kl 00:00") == command


@pytest.mark.parametrize(
    ("reader", "status"), [("eva", 0), ("siv", 0), ("hans", 1), ("gerd", 1), ("bo", 1), ("lars", 1)]
)
def test_others_have_a_trainees_papers_as_their_role_allows(
    house: World, tmp_path: Path, capsys: pytest.CaptureFixture[str], reader: str, status: int
) -> None:
    out = tmp_path / "papper.pdf"
    assert paper("documentation", reader, out, "--trainee", "anna@exempel.se") == status
    assert out.exists() == (status == 0)
    if status:
        assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize(
    ("reader", "named", "anonymous"),
    [("siv", 0, 0), ("hans", 0, 0), ("gerd", 1, 0), ("eva", 1, 1), ("anna", 1, 1)],
)
def test_a_pack_is_for_who_leads_the_unit_and_without_names_for_its_chief_director(
    house: World, tmp_path: Path, reader: str, named: int, anonymous: int
) -> None:
    out = tmp_path / "granskning.xlsx"
    unit = ("--unit", "Ekbacken")
    assert paper("pack", reader, out, *unit) == named
    assert paper("pack", reader, out, *unit, "--anonymous") == anonymous


@pytest.mark.parametrize(
    ("arguments", "mend"),
    [
        (("essay", "anna", "a.pdf"), "choose one of documentation"),
        (("coverage", "anna", "a.xlsx"), "written as .pdf"),
        (("documentation", "anna", "a.docx"), "written as .pdf or .xlsx"),
        (("documentation", "nix", "a.pdf"), "not in the roster"),
        (("documentation", "eva", "a.pdf"), "--trainee EMAIL"),
        (("documentation", "anna", "a.pdf", "--anonymous"), "--trainee EMAIL"),
        (("pack", "siv", "a.pdf", "--unit", "Ekback"), "the units are Ekbacken, Granlund"),
        (("pack", "siv", "a.pdf"), "answers for Ekbacken, Granlund: name one with --unit"),
        (("documentation", "anna", "a.pdf", "--as-of", "igår"), "a date like"),
    ],
)
def test_a_wrong_argument_is_one_line_that_says_the_mend(
    house: World, tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], mend: str
) -> None:
    kind, reader, name, *more = arguments
    assert paper(kind, reader, tmp_path / name, *more) == 2
    told = capsys.readouterr()
    assert mend in told.err
    assert (told.err.count("\n"), told.out) == (1, "")
    assert list(tmp_path.glob("a.*")) == []


def test_who_answers_for_no_unit_is_told_who_may_have_a_pack(
    house: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert paper("pack", "eva", tmp_path / "a.pdf") == 1
    assert "only who leads the unit and its chief director may" in capsys.readouterr().err


def test_a_place_that_cannot_be_written_is_named(
    house: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    there = tmp_path / "nowhere" / "a.pdf"
    assert paper("coverage", "anna", there) == 1
    assert f"{there} cannot be written" in capsys.readouterr().err
