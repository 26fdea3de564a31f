"""The table of goals in docs/performance.md: read from the sections, none left out, none made better."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.glance import goals, table
from benchmarks.paper import PAPER, write_down

TOLD = """\
A command until its receipt, on disk, 40 turns of 5
  raw floor                     393 µs   spread 0.92–1.13
{line}
"""


def told(line: str) -> str:
    """A section with one line of figures."""
    return f"`make bench`, on a made-up machine\n\n```\n{TOLD.format(line=line)}```\n"


@pytest.mark.parametrize(
    ("line", "came_to", "goal", "is_met"),
    [
        ("  9.2 × the raw floor (goal 6), 15.4 × its CPU", "9.2 × the raw floor", 6, False),
        ("  18 × the bare regex (goal 20, stretch 6)", "18 × the bare regex", 20, True),
        ("  13.6 × as fast as dateparser (goal 15)", "13.6 × as fast as dateparser", 15, False),
        ("  15.1 × as fast as dateparser (goal 15)", "15.1 × as fast as dateparser", 15, True),
        ("  Bolt 4.89 ×, handledd 0.97 × (goal 1.2)", "handledd 0.97 ×", 1.2, True),
        ("  growth 1.3 % (goal 10); 223 messages a second", "growth 1.3 %", 10, True),
        ("Lost: 1 of 2100 (goal 0)", "Lost: 1 of 2100", 0, False),
    ],
)
def test_a_line_tells_what_came_out_and_whether_that_is_enough(
    line: str, came_to: str, goal: float, is_met: bool
) -> None:
    (found,) = goals(told(line))
    assert (found.came_to, found.goal, found.is_met) == (came_to, goal, is_met)
    assert found.heading == "A command until its receipt, on disk"


def test_what_is_written_down_is_in_the_table_at_once(tmp_path: Path) -> None:
    paper = tmp_path / "performance.md"
    write_down("made-up", "make bench", ["A start", "  1.7 × (goal 1.5)"], paper)
    assert "0 of 1 goals are met." in paper.read_text(encoding="utf-8")
    write_down("made-up", "make bench", ["A start", "  1.4 × (goal 1.5)"], paper)
    text = paper.read_text(encoding="utf-8")
    assert "1 of 1 goals are met." in text
    assert "| A start (`make bench`) | 1.4 × | ≤ 1.5 | met |" in text


def test_the_table_of_the_paper_is_what_its_sections_say() -> None:
    text = PAPER.read_text(encoding="utf-8")
    assert len(list(goals(text))) == text.count("(goal ") > 0
    assert table(text) in text
