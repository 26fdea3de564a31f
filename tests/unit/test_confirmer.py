"""Who is asked whether what was logged is right."""

from __future__ import annotations

from datetime import date

import pytest

from handlers.stays import confirmer
from schedules.lives.life import Paired

EVA, LARS, MAJ = 2, 3, 4
TODAY = date(2026, 11, 23)
MAIN = Paired(1, EVA, "main", date(2026, 1, 12), None, None)
PLACED = Paired(2, LARS, "placement", date(2026, 11, 2), date(2026, 12, 31), None)
BEFORE = Paired(3, EVA, "main", date(2026, 1, 12), TODAY, None)
AFTER = Paired(4, MAJ, "main", TODAY, None, None)


@pytest.mark.parametrize(
    ("pairs", "on", "asked"),
    [
        ([], TODAY, None),
        ([MAIN], TODAY, EVA),
        ([MAIN, PLACED], TODAY, LARS),
        ([MAIN, PLACED], date(2026, 10, 30), EVA),
        ([PLACED], date(2026, 10, 30), LARS),
        ([BEFORE, AFTER], TODAY, MAJ),
        ([BEFORE, AFTER], date(2026, 11, 20), MAJ),
        ([Paired(1, EVA, "main", date(2026, 1, 12), date(2026, 11, 22), None)], TODAY, None),
    ],
)
def test_the_placements_supervisor_of_then_else_todays_main_one(
    pairs: list[Paired], on: date, asked: int | None
) -> None:
    assert confirmer(pairs, on, TODAY) == asked
