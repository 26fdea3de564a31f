"""Why booked sessions did not take place: per unit and quarter, and never of fewer than five trainees."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from schedules.digests.missed import Quarter, quarter_of
from storage.engine import writing
from storage.tables import Booking, Person, Trainee
from tests.support.world import World

NAMES = ("anna", "bo", "cia", "doris", "elin")
ROSTER = "email,name,role,unit,rulebook,supervisor,start,end\n" + "".join(
    [
        *(
            f"{n}@exempel.se,{n.title()} Berg,trainee,Ekbacken,,eva@exempel.se,2025-01-13,2030-01-12\n"
            for n in NAMES
        ),
        "frej@exempel.se,Frej Strand,trainee,Granlund,,eva@exempel.se,2025-01-13,2030-01-12\n",
        "eva@exempel.se,Eva Ek,supervisor,Ekbacken,ostergotland-allmanmedicin,,,\n",
        "siv@exempel.se,Siv Rektorsson,studierektor,Ekbacken,,,,\n",
        "gerd@exempel.se,Gerd Toppen,chief_director,,,,,\n",
    ]
)
THEN = datetime(2026, 1, 7, tzinfo=UTC)


@pytest.fixture
def house(sqlite: Engine) -> World:
    """Monday 23 November 2026, the fourth quarter."""
    return World(sqlite, roster=ROSTER)


def book(world: World, name: str, day: str, state: str, reason: str | None = None) -> None:
    with writing(world.engine) as session:
        person = session.exec(select(Person).where(Person.email == f"{name}@exempel.se")).one()
        trainee = session.exec(select(Trainee).where(Trainee.person_id == person.id)).one()
        session.add(
            Booking(
                trainee_id=trainee.id or 0,
                activity="supervision",
                on_date=date.fromisoformat(day),
                state=state,
                reason=reason,
                written_by=person.id or 0,
                written_at=THEN,
            )
        )


def test_five_trainees_are_summed_up_the_commonest_reason_first(house: World) -> None:
    for name in NAMES:
        book(house, name, "2026-10-01", "held")
    book(house, "anna", "2026-11-02", "not_held", "sick")
    book(house, "bo", "2026-11-03", "not_held", "on_call")
    book(house, "cia", "2026-11-22", "not_held", "on_call")
    assert house.say("siv", "statistik").text.splitlines() == [
        "Bokad handledning, per kvartal:",
        "• Ekbacken, 2026 kv 4: 5 av 8 blev av · jour 2 · sjuk 1",
    ]


def test_of_four_trainees_nothing_is_told_however_many_their_sessions(house: World) -> None:
    for name in NAMES[:4]:
        for day in ("2026-10-01", "2026-10-08"):
            book(house, name, day, "not_held", "sick")
    text = house.say("siv", "statistik").text
    assert "färre än 5 ST-läkare" in text
    assert "sjuk" not in text
    book(house, "elin", "2026-10-01", "held")
    assert "1 av 9 blev av · sjuk 8" in house.say("siv", "statistik").text


def test_a_quarter_is_counted_by_itself_and_a_year_back(house: World) -> None:
    """Four trainees in the third and one in the fourth are five in none."""
    for name in NAMES[:4]:
        book(house, name, "2026-09-30", "held")
    book(house, "elin", "2026-10-01", "held")
    for name in NAMES:
        book(house, name, "2026-01-01", "held")
        book(house, name, "2025-12-31", "held")  # the fifth quarter back
    lines = house.say("siv", "statistik").text.splitlines()[1:]
    assert [line.split(":")[0] for line in lines] == [
        "• Ekbacken, 2026 kv 4",
        "• Ekbacken, 2026 kv 3",
        "• Ekbacken, 2026 kv 1",
    ]
    assert ["färre" in line for line in lines] == [True, True, False]


@pytest.mark.parametrize("state", ["planned", "moved", "cancelled"])
def test_only_what_came_to_its_day_is_counted(house: World, state: str) -> None:
    for name in NAMES:
        book(house, name, "2026-10-01", state)
    assert house.say("siv", "statistik").text == (
        "Ingen bokad handledning har fått svar det senaste året, så det finns inget att visa."
    )


def test_other_units_are_the_chief_directors_to_see_and_names_nobodys(house: World) -> None:
    for name in (*NAMES, "frej"):
        book(house, name, "2026-10-01", "held")
    assert "Granlund" not in house.say("siv", "statistik").text
    text = house.say("gerd", "statistik").text
    assert "Ekbacken, 2026 kv 4: 5 av 5" in text
    assert "Granlund, 2026 kv 4: färre" in text
    assert "Frej" not in text


@pytest.mark.parametrize("who", ["anna", "eva"])
def test_who_answers_for_no_unit_is_refused(house: World, who: str) -> None:
    assert "får du inte" in house.say(who, "statistik").text


@pytest.mark.parametrize(
    ("day", "quarter", "first"),
    [
        ("2026-01-01", Quarter(2026, 1), "2026-01-01"),
        ("2026-03-31", Quarter(2026, 1), "2026-01-01"),
        ("2026-04-01", Quarter(2026, 2), "2026-04-01"),
        ("2026-12-31", Quarter(2026, 4), "2026-10-01"),
    ],
)
def test_a_date_falls_in_its_quarter(day: str, quarter: Quarter, first: str) -> None:
    found = quarter_of(date.fromisoformat(day))
    assert (found, found.first_day) == (quarter, date.fromisoformat(first))
    assert found.before(4) == Quarter(quarter.year - 1, quarter.number)
    assert Quarter(2026, 1).before(1) == Quarter(2025, 4)
