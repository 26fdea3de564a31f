"""A year's upkeep in one file: a new start, a pair that ends, leaves; and reminders that follow."""

from __future__ import annotations

import pytest

from handlers.roster.applying import apply_roster, is_supervisor
from handlers.roster.being_away import apply_leaves
from handlers.roster.changes import Changes
from handlers.roster.checking import check
from handlers.roster.leaves import leaves_of
from handlers.roster.reading import RosterError, read_csv
from storage.engine import writing
from storage.tables import Absence, Audit, Pairing
from tests.support.world import ROSTER, ZONE, World

LEAVES = """\
anna@exempel.se,,leave,,,,2026-11-23,2026-11-29,,parental
bo@exempel.se,,leave,,,,2026-12-14,,,
"""
HEADER = "email,name,role,unit,rulebook,supervisor,start,end,employed,kind\n"


def _with(world: World, roster: str) -> Changes:
    lines = read_csv(roster.encode())
    with writing(world.engine) as session:
        rows = check(lines, is_supervisor(session))
        changes = apply_roster(session, rows, world.clock(), ZONE)
        apply_leaves(session, leaves_of(lines), world.clock(), changes)
    return changes


def _roster(leaves: str = LEAVES) -> str:
    head, *people = ROSTER.splitlines()
    return "\n".join([f"{head},kind", *(f"{line}," for line in people), leaves])


def test_a_leave_in_the_file_pauses_every_clock_and_the_same_file_again_changes_nothing(
    world: World,
) -> None:
    changes = _with(world, _roster())
    assert [str(each) for each in changes.added] == [
        "anna@exempel.se: parental 2026-11-23 – 2026-11-29",
        "bo@exempel.se: leave 2026-12-14 – tills vidare",
    ]
    assert [row.act for row in world.rows(Audit)].count("absent") == 2
    assert not _with(world, _roster())
    world.pass_to("2026-11-30T17:00")
    assert not any("Anna" in sent.text for sent in world.to("eva", "nudge"))  # week 48 is excused
    assert world.drift() == []


def test_a_leaves_end_is_changed_and_an_empty_one_takes_no_return_back(world: World) -> None:
    _with(world, _roster())
    assert [str(each) for each in _with(world, _roster(LEAVES.replace("11-29", "12-06"))).changed] == [
        "anna@exempel.se: leave end 2026-11-29 → 2026-12-06"
    ]
    world.jump_to("2026-12-16T09:00")
    world.say("bo", "tillbaka idag")
    assert not _with(world, _roster(LEAVES.replace("11-29", "12-06")))
    ends = {row.kind: str(row.to_on) for row in world.rows(Absence)}
    assert ends == {"parental": "2026-12-06", "leave": "2026-12-15"}


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("lena@exempel.se,,leave,,,,2026-12-14,,,", "har ingen rad med role trainee i filen"),
        ("anna@exempel.se,,leave,,,,,,,", "start saknas för leave"),
        ("anna@exempel.se,,leave,,,,14/12,,,", "start ska vara ett datum ÅÅÅÅ-MM-DD, inte 14/12"),
        ("anna@exempel.se,,leave,,,,2026-12-14,2026-12-01,,", "end 2026-12-01 är före start"),
        ("anna@exempel.se,,leave,,,,2026-12-14,,,ledig", "kind för leave ska vara leave, parental"),
        ("anna@exempel.se,,leave,,,,2026-11-23,,,", "är redan borta från 2026-11-23 på rad "),
    ],
)
def test_a_wrong_leave_is_a_fault_with_its_line_and_nothing_is_written(
    world: World, row: str, said: str
) -> None:
    with pytest.raises(RosterError) as refused:
        _with(world, _roster(LEAVES + row))
    number = len(_roster().splitlines()) + 1
    assert any(said in fault.text and fault.line == number for fault in refused.value.faults)
    assert world.rows(Absence) == []


def test_a_dash_ends_the_pair_and_an_empty_cell_does_not(world: World) -> None:
    anna = f"{HEADER}anna@exempel.se,Anna Berg,trainee,Ekbacken,,%s,2026-01-12,2031-01-11,,\n"
    lasting = sum(row.to_on is None for row in world.rows(Pairing))
    assert _with(world, anna % "").ended == []
    ended = _with(world, anna % "-")
    assert [str(each) for each in ended.ended] == ["eva@exempel.se – anna@exempel.se: par 2026-11-22"]
    assert not _with(world, anna % "-")
    assert sum(row.to_on is None for row in world.rows(Pairing)) == lasting - 1
    assert world.drift() == []


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (
            "bo@exempel.se,Bo 19121212-1212,trainee,Ekbacken,,,2026-01-12,,,",
            "name ser ut att innehålla ett personnummer",
        ),
        (
            "19121212-1212,Bo Dal,trainee,Ekbacken,,,2026-01-12,,,",
            "email ser ut att innehålla ett personnummer",
        ),
        (
            f"bo@exempel.se,{'B' * 201},trainee,Ekbacken,,,2026-01-12,,,",
            "name har ett dolt tecken eller fler än 200",
        ),
        ("bo@exempel.se,Bo\x00Dal,trainee,Ekbacken,,,2026-01-12,,,", "name har ett dolt tecken"),
        ("bo@exempel.se,Bo Dal,trainee,Ek\u200bbacken,,,2026-01-12,,,", "unit har ett dolt tecken"),
        (
            "bo@exempel.se,Bo Dal,trainee,Ekbacken,,,9999-12-31,,,",
            "start ska vara ett datum ÅÅÅÅ-MM-DD, inte 9999",
        ),
        (
            "bo@exempel.se,Bo Dal,trainee,Ekbacken,,,0026-01-12,,,",
            "start ska vara ett datum ÅÅÅÅ-MM-DD, inte 0026",
        ),
    ],
)
def test_what_no_database_should_hold_is_a_fault_and_no_number_of_a_person_is_repeated(
    row: str, said: str
) -> None:
    with pytest.raises(RosterError) as refused:
        check(read_csv((HEADER + row + "\n").encode()), lambda _email: False)
    assert [fault.line for fault in refused.value.faults if said in fault.text] == [2]
    assert "1212-1212" not in str(refused.value)


def test_a_space_of_excels_that_does_not_break_is_a_space() -> None:
    lines = read_csv((HEADER + "bo@exempel.se,Bo\u00a0Dal,trainee,Ekbacken,,,2026-01-12,,,\n").encode())
    assert check(lines, lambda _email: False)[0].name == "Bo Dal"
