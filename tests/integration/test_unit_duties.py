"""A unit's reviews and findings: recorded by who answers for it, told in the digest when they matter."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from storage.tables import UnitDuty
from tests.integration.conversation import hold
from tests.support.rulebooks import asks_also
from tests.support.world import World

SPUR = """kind = "unit"
every = { months = 60 }
activities = ["external_review"]
concerns = "unit"
reminds = ["head"]"""
STINS = """kind = "unit"
anchor = "external_review"
within = { months = 30 }
activities = ["internal_review"]
concerns = "unit"
reminds = ["head"]"""


@pytest.fixture
def reviewed(sqlite: Engine, monkeypatch: pytest.MonkeyPatch) -> World:
    """A world whose rulebook asks for reviews."""
    asks_also(monkeypatch, own_spur=SPUR, own_stins=STINS)
    return World(sqlite)


def _units(world: World) -> list[str]:
    return [line for line in world.say("siv", "digest").text.splitlines() if line.startswith("• Ekbacken: ")]


def _never(world: World) -> int:
    return sum("ingen SPUR registrerad" in line for line in _units(world))


def test_a_unit_without_any_says_so_until_one_is_recorded(reviewed: World) -> None:
    assert _never(reviewed) == 0  # all are in step on the first day: one line, no more
    reviewed.jump_to("2026-12-01T09:00")
    reviewed.tick()
    assert _never(reviewed) >= 1
    assert "Sparat: SPUR tors 12 mars (v 11), Ekbacken" in reviewed.say("siv", "spur 2026-03-12").text
    assert _never(reviewed) == 0


def test_a_review_is_told_within_a_year_of_its_date_and_not_before(reviewed: World) -> None:
    # Reviewed on 28 Nov 2022, so the next is due 28 Nov 2027: within twelve months from 28 Nov 2026 on.
    reviewed.say("siv", "spur 2022-11-28")
    reviewed.jump_to("2026-11-27T09:00")
    assert not any("own_spur" in line for line in _units(reviewed))
    reviewed.jump_to("2026-11-28T09:00")
    assert "• Ekbacken: own_spur, senast sön 28 nov 2027 (v 47)" in _units(reviewed)


def test_a_review_that_is_late_is_told_as_late(reviewed: World) -> None:
    reviewed.say("siv", "spur 2021-11-20")
    assert any("own_spur – skulle ha varit klart" in line for line in _units(reviewed))


def test_an_internal_review_is_asked_for_between_two_external_ones(reviewed: World) -> None:
    # 12 Mar 2025 + 30 months = 12 Sep 2027.
    reviewed.say("siv", "spur 2025-03-12")
    assert any("own_stins, senast sön 12 sep 2027" in line for line in _units(reviewed))
    reviewed.say("siv", "stins 2026-10-01")
    assert not any("own_stins" in line for line in _units(reviewed))


def test_a_finding_stands_in_the_digest_until_it_is_mended(reviewed: World) -> None:
    hold(
        reviewed,
        [
            # Six months from 12 Oct: 12 Apr 2027.
            ("siv", "spur 2026-10-12 dokumentationen brister", "följs upp senast mån 12 apr 2027 (v 15)"),
            (
                "siv",
                "digest",
                "följ upp SPUR mån 12 okt senast mån 12 apr 2027 (v 15): dokumentationen brister",
            ),
            ("siv", "spur åtgärdad", "är åtgärdad"),  # as the receipt says it
            ("siv", "spur åtgärdad idag", "ingen öppen anmärkning"),
        ],
    )
    assert not any("följ upp" in line for line in _units(reviewed))
    reviewed.say("siv", "ångra")
    assert any("följ upp" in line for line in _units(reviewed))


def test_findings_are_listed_put_to_another_day_and_closed(reviewed: World) -> None:
    hold(
        reviewed,
        [
            ("siv", "anmärkningar", "Ingen anmärkning väntar"),
            ("siv", "spur följ upp 1/2", "ingen öppen anmärkning"),
            ("siv", "spur 2026-10-12 dokumentationen brister", "senast mån 12 apr 2027 (v 15)"),
            ("siv", "stins 2026-03-02 för få handledare", "senast ons 2 sep (v 36)"),
            # 2 Mar + 6 months = 2 Sep, which has been.
            ("siv", "anmärkningar", "intern granskning mån 2 mars skulle ha följts upp ons 2 sep (v 36)"),
            ("siv", "spur följ upp 2027-02-01", "SPUR mån 12 okt (v 42), Ekbacken, följs upp mån 1 feb 2027"),
            ("siv", "följ upp stins 15/12", "följs upp tis 15 dec (v 51)"),
            ("siv", "följ upp stins igår", "Till vilken dag?"),
            ("siv", "följ upp stins", "Till vilken dag?"),
        ],
    )
    lines = reviewed.say("siv", "anmärkningar").text.splitlines()
    assert [line.partition(" senast ")[2][:10] for line in lines[1:]] == ["tis 15 dec", "mån 1 feb "]
    reviewed.say("siv", "stins åtgärdad idag")
    assert "granskningar" not in reviewed.say("siv", "anmärkningar").text
    assert "får du inte" in reviewed.say("anna", "anmärkningar").text
    assert "Ingen anmärkning" in reviewed.say("tage", "anmärkningar").text


def test_a_record_can_be_undone(reviewed: World) -> None:
    reviewed.say("siv", "spur 2026-03-12")
    assert "Ångrat: SPUR" in reviewed.press("siv", "Ångra").text
    assert reviewed.rows(UnitDuty)[0].voided_at is not None


@pytest.mark.parametrize("who", ["anna", "eva"])
def test_only_who_answers_for_a_unit_records_it(reviewed: World, who: str) -> None:
    assert "får du inte" in reviewed.say(who, "spur 2026-03-12").text
    assert reviewed.rows(UnitDuty) == []


@pytest.mark.parametrize("line", ["spur", "spur 2027-01-02"])
def test_a_review_needs_a_day_that_has_been(reviewed: World, line: str) -> None:
    assert "Vilken dag" in reviewed.say("siv", line).text
    assert reviewed.rows(UnitDuty) == []


def test_who_answers_for_several_units_is_asked_which(
    sqlite: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    asks_also(monkeypatch, own_spur=SPUR)
    roster = """\
email,name,role,unit,rulebook,supervisor,start,end,employed
anna@exempel.se,Anna Berg,trainee,Ekbacken,,eva@exempel.se,2026-01-12,2031-01-11,
eva@exempel.se,Eva Ek,supervisor,Ekbacken,,,,,
bo@exempel.se,Bo Dal,trainee,Granlund,,eva@exempel.se,2026-01-12,2031-01-11,
siv@exempel.se,Siv Rektorsson,studierektor,Ekbacken|Granlund,,,,,
"""
    world = World(sqlite, roster=roster)
    asked = world.say("siv", "spur 2026-03-12 brister")
    assert [button.label for button in asked.buttons] == ["Ekbacken", "Granlund"]
    assert "Granlund" in world.press("siv", "Granlund").text
    assert "Ekbacken" in world.say("siv", "spur Ekbacken 2026-03-12").text
    assert [(row.unit_id, row.finding) for row in world.rows(UnitDuty)] == [(2, "brister"), (1, None)]
    hold(
        world,
        [
            # Six months from 12 Mar: 12 Sep, which has been.
            ("siv", "spur Ekbacken 2026-03-12 för få rum", "följs upp senast lör 12 sep (v 37)"),
            (
                "siv",
                "spur ekbacken följ upp 1/2",
                "SPUR tors 12 mars (v 11), Ekbacken, följs upp mån 1 feb 2027",
            ),
            ("siv", "följ upp spur Ekbacken 2/2", "Ekbacken, följs upp tis 2 feb 2027"),
            ("siv", "spur Ekbacken åtgärdad", "SPUR tors 12 mars (v 11), Ekbacken, är åtgärdad"),
            ("siv", "spur Granlund åtgärdad 3/9", "Granlund, är åtgärdad"),
            ("siv", "anmärkningar", "Ingen anmärkning väntar"),
        ],
    )
    assert len(world.rows(UnitDuty)) == 3


@pytest.mark.parametrize(
    "line", ["vilka enheter saknar spur", "när är nästa spur", "när ska Ekbacken ha spur"]
)
def test_it_is_told_when_each_unit_is_reviewed_next_however_far_ahead(reviewed: World, line: str) -> None:
    assert "• Ekbacken: ingen SPUR registrerad" in reviewed.say("siv", line).text
    reviewed.say("siv", "spur 2026-03-12")
    told = reviewed.say("siv", line).text.splitlines()
    assert told[0] == "SPUR, enhet för enhet:"
    assert all("2031" in each for each in told[1:])  # five years


def test_questions_about_units_are_answered_with_the_overview(world: World) -> None:
    for line in (
        "jämför enheterna",
        "vilka enheter ligger efter",
        "hur många ST-läkare har vi",
        "visa Ekbacken",
    ):
        assert world.say("siv", line).text.startswith("Sammanfattning"), line
    assert "Sammanfattning" not in world.say("siv", "visa Granlund").text  # another's unit
    assert "Sammanfattning" not in world.say("anna", "jämför enheterna").text
