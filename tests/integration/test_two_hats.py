"""A trainee near the end who supervises too: a line that names one's trainee is of theirs, not of oneself."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from storage.tables import Absence, Booking, Entry
from tests.integration.conversation import hold
from tests.support.world import ROSTER, World

MORE = """\
rut@exempel.se,Rut Alm,trainee,Ekbacken,,eva@exempel.se,2023-01-12,2028-01-11,
rut@exempel.se,Rut Alm,supervisor,Ekbacken,,,,,
doris@exempel.se,Doris Kvist,trainee,Ekbacken,,rut@exempel.se,2026-01-12,2031-01-11,
"""


@pytest.fixture
def house(sqlite: Engine) -> World:
    """Monday 23 November 2026, 09:00."""
    return World(sqlite, roster=ROSTER + MORE)


def test_what_names_a_trainee_is_saved_for_them(house: World) -> None:
    hold(
        house,
        [
            ("rut", "handledning idag 1h", "Sparat: handledning mån 23 nov"),
            ("rut", "handledning med Doris idag 1h", "Sparat för Doris Kvist: handledning mån 23 nov"),
            ("rut", "handledning med Eva igår 1h", "Sparat: handledning sön 22 nov (v 47), 1 h · med Eva Ek"),
            ("rut", "boka handledning torsdag 13-14 med Doris", "Bokat för Doris Kvist"),
            ("rut", "Doris sjuk imorgon", "Sparat för Doris Kvist: sjukfrånvaro tis 24 nov"),
            ("doris", "stämmer", "Tack! Bekräftat: handledning mån 23 nov"),
        ],
    )
    whose = [(row.trainee_id, row.on_date.day) for row in house.rows(Entry)]
    rut, doris = whose[0][0], whose[1][0]
    assert whose == [(rut, 23), (doris, 23), (rut, 22)]
    assert {row.trainee_id for row in house.rows(Booking)} == {doris}
    assert {row.trainee_id for row in house.rows(Absence)} == {doris}


def test_the_pairs_are_listed_and_the_named_ones_history_is_told(house: World) -> None:
    house.say("rut", "handledning med Doris idag 45 min")
    hold(
        house,
        [
            ("rut", "par", "Doris Kvist: i fas"),
            ("rut", "historik Doris", "handledning mån 23 nov (v 48), 45 min"),
            ("rut", "historik", "Inget är sparat än."),
            ("rut", "status", "Rut Alm · Ekbacken"),
            ("anna", "par", "Anna Berg · Ekbacken"),
        ],
    )


@pytest.mark.parametrize(
    "line",
    ["handledning med Doris idag 1h", "iup godkänd Doris Kvist idag", "boka handledning fredag 13 med Doris"],
)
def test_nothing_is_saved_for_ones_only_trainee_where_another_pairs_is_named(house: World, line: str) -> None:
    house.enrol(
        ROSTER.split("\n", 1)[0]
        + "\nnils@exempel.se,Nils Vik,supervisor,Ekbacken,,,,,\n"
        + ("bo@exempel.se,Bo Dal,trainee,Ekbacken,,nils@exempel.se,2026-01-12,2031-01-11,\n")
    )
    said = house.say("rut", line).text
    assert "Doris Kvist" in said
    answer = house.say("eva", line)
    assert answer.text.startswith("Doris Kvist är inte din ST-läkare hos mig")
    assert [button.label for button in answer.buttons] == ["Anna Berg", "Rut Alm"]
