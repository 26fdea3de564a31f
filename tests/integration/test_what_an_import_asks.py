"""An import holds up everybody's messages while it writes: it asks as much of many as of few."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from handlers.roster.applying import apply_roster, is_supervisor, steps
from handlers.roster.changes import Changes
from handlers.roster.checking import check
from handlers.roster.reading import COLUMNS, read_csv
from storage.engine import writing
from tests.support.databases import migrated
from tests.support.statements import listening
from tests.support.world import ZONE, World


def _file(trainees: int, surname: str = "Ek", supervisor: str = "h1") -> bytes:
    """So many trainees of two units, their supervisors, and an account for each."""

    def lines() -> Iterator[str]:
        yield ",".join(COLUMNS)
        for at in range(2):
            yield f"h{at}@exempel.se,Hanna {surname},supervisor,Ek|Gran,,,,,,,,slack,U0H{at}"
        for at in range(trainees):
            unit, account = ("Ek", "Gran")[at % 2], f"slack,U0T{at}"
            who = f"t{at}@exempel.se,Tore {surname},trainee,{unit},,{supervisor}@exempel.se"
            yield f"{who},2026-01-12,,,,,{account}"

    return "\n".join(lines()).encode()


def _import(world: World, file: bytes) -> tuple[int, Changes]:
    """How many statements it says beside those that add a row, and what it changed."""
    with writing(world.engine) as session, listening(world.engine) as said:
        rows = check(read_csv(file), is_supervisor(session))
        changes = apply_roster(session, rows, world.clock(), ZONE)
    return sum(not statement.startswith("INSERT") for statement, _ in said), changes


ROUNDS: dict[str, dict[str, str]] = {
    "new": {},
    "the same": {},
    "renamed": {"surname": "Al"},
    "paired anew": {"supervisor": "h0"},
}


@pytest.mark.parametrize("last", ROUNDS)
def test_the_questions_do_not_grow_with_the_file(last: str) -> None:
    counted = {}
    for trainees in (4, 60):
        world, given = World(migrated(), roster=None), dict[str, str]()
        for name, more in ROUNDS.items():
            given |= more
            counted[trainees], changes = _import(world, _file(trainees, **given))
            if name == last:
                break
        assert bool(changes) == (last != "the same")
    assert counted[4] == counted[60]


def test_the_progress_comes_to_its_end_whatever_the_file_changes(world: World) -> None:
    for file in (_file(5), _file(5), _file(5, supervisor="h0")):
        told: list[int] = []
        with writing(world.engine) as session:
            rows = check(read_csv(file), is_supervisor(session))
            apply_roster(session, rows, world.clock(), ZONE, told.append)
        assert sum(told) == steps(rows) == 12
        assert min(told) >= 0
