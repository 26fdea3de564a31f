"""What the command line prints for people to read."""

from __future__ import annotations

import pytest

from bot.cli.output import print_table


def test_a_narrow_screen_cuts_nothing_off_a_table(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    row = ["2026-11-22T09:30:00+01:00", "ostergotland-allmanmedicin", "sormland-primarvard"]
    print_table(("när", "före", "nu"), [row])
    lines = [line.split("│")[1:-1] for line in capsys.readouterr().out.splitlines() if line.startswith("│")]
    assert ["".join(part.strip() for part in column) for column in zip(*lines, strict=True)] == row
