"""Another rulebook from a date: what came before is not judged again, what stays the same goes on."""

from __future__ import annotations

from sqlalchemy import Engine

from handlers.roster.applying import apply_roster, is_supervisor
from handlers.roster.checking import check
from handlers.roster.reading import read_csv
from storage.engine import writing
from storage.tables import Standing, Unit
from tests.support.world import ROSTER, ZONE, World

HOSPITAL = ROSTER.replace("Ekbacken,ostergotland-allmanmedicin", "Ekbacken,skane-sjukhus")
MOVED = ROSTER.replace(
    "anna@exempel.se,Anna Berg,trainee,Ekbacken,ostergotland-allmanmedicin,eva@exempel.se",
    "anna@exempel.se,Anna Berg,trainee,Granlund,,lars@exempel.se",
)
PRIMARY = ROSTER.replace("Granlund,skane-sjukhus", "Granlund,skane-primarvard")


def _import(world: World, roster: str) -> None:
    with writing(world.engine) as session:
        rows = check(read_csv(roster.encode()), is_supervisor(session))
        apply_roster(session, rows, world.clock(), ZONE)


def _row(world: World, trainee: int, requirement: str) -> Standing:
    rows = world.rows(Standing)
    return next(r for r in rows if (r.trainee_id, r.requirement, r.occasion) == (trainee, requirement, ""))


def test_missed_weeks_of_the_old_book_are_not_held_against_anybody_under_the_new(world: World) -> None:
    world.pass_to("2026-12-16T09:00")
    assert _row(world, 1, "supervision").state == "overdue"
    _import(world, HOSPITAL)
    row = _row(world, 1, "supervision")
    # Nine a year from 16 Dec on: the first is asked for on active day 41 (365 / 9 = 40.6), 25 Jan.
    assert (row.state, f"{row.due_on}", row.missed) == ("ok", "2027-01-25", 0)
    assert world.drift() == []


def test_the_unit_remembers_since_when_and_what_held_before(world: World) -> None:
    world.jump_to("2026-12-16T09:00")
    _import(world, HOSPITAL)
    unit = next(unit for unit in world.rows(Unit) if unit.name == "Ekbacken")
    assert (unit.rulebook_before, f"{unit.rulebook_from}") == ("ostergotland-allmanmedicin", "2026-12-16")


def test_what_both_books_ask_for_alike_keeps_its_clock(world: World) -> None:
    world.jump_to("2026-12-16T09:00")
    world.tick()
    before = _row(world, 3, "assessment").due_on
    _import(world, PRIMARY)
    assert _row(world, 3, "assessment").due_on == before
    # Weekly is new: the weeks since November were not asked for, and this one began before the change.
    supervision = _row(world, 3, "supervision")
    assert (supervision.missed, supervision.state in ("ok", "soon")) == (0, True)
    assert world.drift() == []


def test_importing_the_same_book_again_changes_nothing(world: World) -> None:
    _import(world, ROSTER)
    assert {unit.rulebook_from for unit in world.rows(Unit)} == {None}


def test_time_passes_under_the_new_book_without_drift(world: World) -> None:
    world.jump_to("2026-12-16T09:00")
    _import(world, PRIMARY)
    world.pass_to("2027-02-15T09:00")
    assert world.drift() == []


def test_a_trainee_who_moves_is_judged_by_the_new_units_book_from_that_day(world: World) -> None:
    world.pass_to("2026-12-16T09:00")
    before = _row(world, 1, "development_talk").due_on
    assert _row(world, 1, "supervision").state == "overdue"
    _import(world, MOVED)
    row = _row(world, 1, "supervision")
    assert (row.state, f"{row.due_on}", row.missed) == ("ok", "2027-01-25", 0)
    # Both books ask for a talk every twelve months, so that clock goes on.
    assert _row(world, 1, "development_talk").due_on == before
    assert world.drift() == []
    # Bo stays where he was.
    assert _row(world, 2, "supervision").state == "overdue"


def test_of_several_changes_each_requirement_remembers_the_one_that_brought_it(world: World) -> None:
    world.jump_to("2026-12-16T09:00")
    _import(world, HOSPITAL)
    world.jump_to("2027-02-01T09:00")
    world.tick()
    before = {key: _row(world, 1, key).due_on for key in ("assessment", "development_talk")}
    _import(world, HOSPITAL.replace("Ekbacken,skane-sjukhus", "Ekbacken,skane-primarvard"))
    # Nine assessments a year since December, and still; the talk every year since the first day.
    assert {key: _row(world, 1, key).due_on for key in before} == before
    assert f"{before['development_talk']}" == "2027-11-23"
    assert _row(world, 1, "supervision").missed == 0
    assert world.drift() == []


def test_a_new_unit_has_its_own_book_from_the_first_whichever_row_names_it(sqlite: Engine) -> None:
    """A studierektor's row of several units says no rulebook, and may stand before those that do."""
    header, *rows = ROSTER.splitlines()
    several = "siv@exempel.se,Siv Rektorsson,studierektor,Ekbacken|Granlund,,,,,"
    others = [row for row in rows if not row.startswith("siv@")]
    world = World(sqlite, roster="\n".join([header, several, *others]) + "\n")
    assert {unit.name: (unit.rulebook, unit.rulebook_before) for unit in world.rows(Unit)} == {
        "Ekbacken": ("ostergotland-allmanmedicin", None),
        "Granlund": ("skane-sjukhus", None),
    }
