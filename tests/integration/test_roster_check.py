"""`handledd roster check`: every oddity on both sides of its boundary."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from bot.cli import main
from handlers.roster.upkeep import findings
from storage.engine import reading, writing
from storage.tables import Placement, SupervisorTraining
from tests.support.world import ZONE, World

# The world's day is 2026-11-23.
ROSTER = """\
email,name,role,unit,rulebook,supervisor,start,end
anna@exempel.se,Anna Berg,trainee,Ekbacken,ostergotland-allmanmedicin,eva@exempel.se,2026-01-12,2031-01-11
eva@exempel.se,Eva Ek,supervisor,Ekbacken,,,,
"""


def _found(world: World) -> list[tuple[str, str]]:
    with reading(world.engine) as session:
        return [(each.kind, each.who) for each in findings(session, world.clock(), ZONE)]


def test_a_whole_roster_has_nothing_odd(sqlite: Engine) -> None:
    assert _found(World(sqlite, roster=ROSTER)) == []


def test_a_trainee_without_a_supervisor_is_found(sqlite: Engine) -> None:
    world = World(sqlite, roster=ROSTER.replace(",eva@exempel.se,2026", ",,2026"))
    assert _found(world) == [("no_supervisor", "anna@exempel.se")]


@pytest.mark.parametrize(
    ("end", "found"), [("2026-11-22", [("ended", "anna@exempel.se")]), ("2026-11-23", [])]
)
def test_a_training_is_ended_the_day_after_its_last(
    sqlite: Engine, end: str, found: list[tuple[str, str]]
) -> None:
    assert _found(World(sqlite, roster=ROSTER.replace("2031-01-11", end))) == found


@pytest.mark.parametrize(("begins", "found"), [(10, [("overlap", "anna@exempel.se")]), (11, [])])
def test_placements_overlap_when_they_share_a_day(
    sqlite: Engine, begins: int, found: list[tuple[str, str]]
) -> None:
    world = World(sqlite, roster=ROSTER)
    first = world.clock().date()
    with writing(world.engine) as session:
        for start in (0, begins):
            begun = first + timedelta(start)
            session.add(
                Placement(
                    trainee_id=1,
                    place="Psykiatri",
                    from_on=begun,
                    to_on=begun + timedelta(10),
                    written_by=1,
                    written_at=world.clock(),
                )
            )
    assert _found(world) == found


@pytest.mark.parametrize(
    ("done", "found"),
    [("2023-11-22", [("untrained", "lars@exempel.se")]), ("2023-11-23", [])],  # refreshed every 36 months
)
def test_a_supervisor_without_a_fresh_training_is_found_where_the_rulebook_asks(
    sqlite: Engine, done: str, found: list[tuple[str, str]]
) -> None:
    roster = ROSTER.replace("ostergotland-allmanmedicin", "skane-sjukhus").replace("eva@", "lars@")
    world = World(sqlite, roster=roster)
    assert _found(world) == [("untrained", "lars@exempel.se")]  # none is known
    with writing(world.engine) as session:
        day = world.clock().date().fromisoformat(done)
        session.add(SupervisorTraining(person_id=2, done_on=day, written_at=world.clock()))
    assert _found(world) == found


@pytest.mark.parametrize(
    ("last", "found"), [("2027-11-23", [("leaving", "eva@exempel.se")]), ("2027-11-24", [])]
)  # 365 days from 2026-11-23
def test_a_supervisor_who_leaves_within_a_year_is_found(
    sqlite: Engine, last: str, found: list[tuple[str, str]]
) -> None:
    world = World(sqlite, roster=ROSTER.replace("supervisor,Ekbacken,,,,", f"supervisor,Ekbacken,,,,{last}"))
    assert _found(world) == found
    world.enrol(ROSTER.replace("supervisor,Ekbacken,,,,", "supervisor,Ekbacken,,,,2031-01-11"))
    assert _found(world) == []  # as long as the trainee


@pytest.mark.parametrize(("supervisor", "status"), [("", 1), ("eva@exempel.se", 0)])
def test_the_command_ends_with_status_1_when_something_is_found(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    supervisor: str,
    status: int,
) -> None:
    monkeypatch.setenv("HANDLEDD_DATABASE_URL", f"sqlite:///{tmp_path / 'h.sqlite'}")
    file = tmp_path / "roster.csv"
    text = ROSTER.replace(",eva@exempel.se,2026", f",{supervisor},2026").replace("2031", "2099")
    file.write_text(text, encoding="utf-8")
    assert main(["roster", "import", str(file)]) == 0
    capsys.readouterr()
    assert main(["roster", "check", "--json"]) == status
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [each["kind"] for each in told] == (["no_supervisor"] if status else [])
    assert main(["roster", "check"]) == status
    assert ("anna@exempel.se" in capsys.readouterr().out) is bool(status)
