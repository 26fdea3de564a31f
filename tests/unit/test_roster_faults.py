"""Every fault of a roster is told at once, each with its line: one round of mending is enough."""

from __future__ import annotations

import pytest

from handlers.roster.checking import check
from handlers.roster.reading import COLUMNS, RosterError, read_csv

GOOD = {
    "email": "anna@exempel.se",
    "name": "Anna Berg",
    "role": "trainee",
    "unit": "Ekbacken",
    "start": "2026-01-12",
}
WRONG = (
    ({"email": "anna"}, "email ska vara en e-postadress, inte anna"),
    ({"name": ""}, "name saknas"),
    ({"role": "boss"}, "role ska vara trainee"),
    ({"unit": ""}, "unit saknas för trainee"),
    ({"role": "studierektor", "unit": ""}, "unit saknas för studierektor"),
    ({"unit": "Ekbacken|Granlund"}, "en trainee har en unit, inte flera"),
    ({"start": ""}, "start saknas för trainee"),
    ({"start": "2026-02-30"}, "start ska vara ett datum ÅÅÅÅ-MM-DD, inte 2026-02-30"),
    ({"end": "2026-01-11"}, "end 2026-01-11 är före start 2026-01-12"),
    ({"employed": "i våras"}, "employed ska vara ett datum"),
    ({"kind": "st-läkare"}, "kind ska vara ST, AT, BT, locum"),
    ({"locale": "fi"}, "locale ska vara sv, en, inte fi"),
    ({"rulebook": "stockholm"}, "rulebook stockholm finns inte; de som finns är"),
    ({"supervisor": "Eva Ek"}, "supervisor ska vara en e-postadress, eller - för ingen"),
    ({"supervisor": "eva@exempel.se"}, "supervisor eva@exempel.se finns inte: lägg till en rad"),
    ({"platform": "slack"}, "platform och platform_id hör ihop"),
    ({"platform": "irc", "platform_id": "anna"}, "platform ska vara slack"),
    ({"platform": "slack", "platform_id": "anna"}, "platform_id för slack ser ut så här: U0"),
    ({"platform": "telegram", "platform_id": "@anna"}, "platform_id för telegram ser ut så här: 1"),
    ({"platform": "teams", "platform_id": "anna"}, "platform_id för teams ser ut så här: 0"),
    ({"platform": "matrix", "platform_id": "anna:exempel.se"}, "platform_id för matrix ser ut så här: @"),
)
"""What is wrong in an else faultless row, and what is said of it."""


def row(number: int, wrong: dict[str, str]) -> str:
    """A row of a person of its own, with that in it."""
    cells = GOOD | {"email": f"nr{number}@exempel.se"} | wrong
    return ",".join(cells.get(column, "") for column in COLUMNS)


def faults(rows: list[str]) -> list[tuple[int, str]]:
    """What is wrong with a file of these rows, as (line, text)."""
    with pytest.raises(RosterError) as refused:
        check(read_csv("\n".join([",".join(COLUMNS), *rows, ""]).encode()), lambda _email: False)
    return [(fault.line, fault.text) for fault in refused.value.faults]


@pytest.mark.parametrize(("wrong", "said"), WRONG)
def test_what_is_wrong_in_a_row_is_said_of_it_and_nothing_else(wrong: dict[str, str], said: str) -> None:
    ((line, text),) = faults([row(2, {}), row(3, wrong)])
    assert line == 3
    assert text.startswith(said)


def test_every_fault_of_a_file_is_told_a_row_too_long_among_them() -> None:
    found = faults([row(number, wrong) + ",för,många" for number, (wrong, _) in enumerate(WRONG, start=2)])
    assert {line for line, text in found if "fler celler än rubriken (13)" in text} == set(
        range(2, 2 + len(WRONG))
    )
    for number, (_, said) in enumerate(WRONG, start=2):
        assert [line for line, text in found if text.startswith(said)] == [number]


@pytest.mark.parametrize(
    ("second", "said"),
    [
        ({"email": "NR2@exempel.se"}, "NR2@exempel.se står redan som trainee på rad 2"),
        ({"rulebook": "orebro-2008"}, "Ekbacken har skane-sjukhus på rad 2: skriv samma på båda"),
        ({"platform": "slack", "platform_id": "U1"}, "slack U1 hör redan till nr2@exempel.se på rad 2"),
        (
            {"email": "nr2@exempel.se", "role": "supervisor", "name": "Bo Dal"},
            "nr2@exempel.se heter Anna Berg på rad 2",
        ),
    ],
)
def test_two_rows_that_do_not_go_together_are_named_by_the_second(second: dict[str, str], said: str) -> None:
    first = {"rulebook": "skane-sjukhus", "platform": "slack", "platform_id": "U1"}
    ((line, text),) = faults([row(2, first), row(3, second)])
    assert line == 3
    assert text.startswith(said)
