"""The chief director watches every unit of an organisation."""

from __future__ import annotations

from sqlalchemy import Engine

from tests.support.world import ROSTER, World

CHIEF = ROSTER + "cilla@exempel.se,Cilla Chefström,chief_director,,,,,,\n"


def test_a_chief_director_without_a_unit_answers_for_all(sqlite: Engine) -> None:
    world = World(sqlite, roster=CHIEF)
    world.pass_to("2026-12-07T08:00")
    digests = world.to("cilla@exempel.se", "digest")
    assert len(digests) == 2  # 30 Nov and 7 Dec
    assert "Granlund" in digests[-1].text
    assert "Ekbacken" in digests[-1].text


def test_a_chief_director_of_one_unit_sees_that_one(sqlite: Engine) -> None:
    world = World(sqlite, roster=CHIEF.replace("chief_director,,", "chief_director,Granlund,"))
    world.pass_to("2026-12-07T08:00")
    assert "Ekbacken" not in world.to("cilla@exempel.se", "digest")[-1].text


def test_what_two_rulebooks_ask_for_differently_is_told_apart(sqlite: Engine) -> None:
    world = World(sqlite, roster=CHIEF)
    world.pass_to("2026-12-07T08:00")
    text = world.to("cilla@exempel.se", "digest")[-1].text
    # Anna and Bo in Ekbacken missed a week; Cia in Granlund is asked for nine a year.
    assert "• Handledning varje vecka: 0 av 2 i fas" in text
    assert "• Handledning, minst nio gånger om året: 1 av 1 i fas" in text


def test_a_chief_director_sees_figures_and_no_names(sqlite: Engine) -> None:
    world = World(sqlite, roster=CHIEF)
    world.pass_to("2026-12-28T08:00")
    named, counted = (world.to(f"{who}@exempel.se", "digest")[-1].text for who in ("siv", "cilla"))
    assert "• Anna Berg (Ekbacken): " in named
    assert "• Ekbacken: 2 av 2 väntar på studierektorn" in counted
    assert not [name for name in ("Anna", "Bo Dal", "Cia", "Eva", "Lars") if name in counted]


def test_a_chief_director_who_is_also_studierektor_sees_the_names_of_those_units(sqlite: Engine) -> None:
    both = CHIEF + "cilla@exempel.se,Cilla Chefström,studierektor,Ekbacken,,,,,\n"
    world = World(sqlite, roster=both)
    world.pass_to("2027-01-25T08:00")
    text = world.to("cilla@exempel.se", "digest")[-1].text
    assert "• Anna Berg (Ekbacken): " in text
    assert "Cia" not in text


def test_a_chief_director_who_asks_for_one_is_told_who_sees_single_trainees(sqlite: Engine) -> None:
    world = World(sqlite, roster=CHIEF)
    assert "Du ser siffrorna för enheterna: skriv översikt" in world.say("cilla", "visa Anna").text
    assert "Jag hittar ingen med det namnet" in world.say("tage", "visa Anna").text
