"""What the command line prints for people to read."""

from __future__ import annotations

import pytest

from bot.cli.output import print_table

COLUMNS = ("när", "före", "nu")
ROW = ("2026-11-22 09:30:00", "ostergotland-allmanmedicin", "i Sörmland på en vårdcentral")


def _printed(capsys: pytest.CaptureFixture[str], *rows: tuple[str, ...]) -> list[str]:
    print_table(COLUMNS, rows)
    return capsys.readouterr().out.splitlines()


def _cells(lines: list[str]) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("│")[1:-1]] for line in lines if line.startswith("│")]


def test_a_table_that_fits_has_a_row_a_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "83")  # 19 + 26 + 28 of the cells, 3 · 3 between them and 1 more
    assert _cells(_printed(capsys, ROW)) == [list(ROW)]


def test_a_narrower_one_is_wrapped_between_words_but_in_its_first_column(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "82")
    assert _cells(_printed(capsys, ROW)) == [
        [*ROW[:2], "i Sörmland på en"],
        ["", "", "vårdcentral"],
    ]


@pytest.mark.parametrize(("width", "is_table"), [(80, True), (65, True), (64, False)])
def test_where_a_word_would_be_broken_each_row_is_a_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, width: int, is_table: bool
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    lines = _printed(capsys, ROW, ("", "x" * 34, ""))  # 10 + 34 + 11 of the longest words and 10: 65
    assert bool(_cells(lines)) == is_table
    if not is_table:
        assert lines == ["när · före · nu", " · ".join(ROW), f"– · {'x' * 34} · –"]


def test_what_people_are_called_is_no_markup(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for width in ("80", "20"):
        monkeypatch.setenv("COLUMNS", width)
        said = "\n".join(_printed(capsys, ("[red]Anna", "[/]", "[link=https://x.se]Berg")))
        assert "[red]Anna" in said
        assert "[link=https://x.se]Berg" in said
