"""A unit's own rules: set, kept, refused with the mend, and left out when they no longer fit."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from schedules.lives.reading import rulebook_of
from schedules.rules.overrides import change, turn_back, turn_off
from schedules.rules.requirement import Span
from schedules.rules.rulebook import DEFAULT_RULEBOOK, RulebookError, shipped
from storage.tables import Unit

BASE = shipped()[DEFAULT_RULEBOOK]


def unit(**own: Any) -> Unit:
    return Unit(name="Ekbacken", rulebook=DEFAULT_RULEBOOK, settings={"overrides": own} if own else {})


def test_a_unit_without_own_rules_follows_the_rulebook_itself() -> None:
    assert rulebook_of(unit()) is BASE


def test_an_override_holds_and_names_the_unit_and_its_reason_as_the_source() -> None:
    asked = rulebook_of(unit(assessment={"count": 5, "reason": "beslut i ledningsgruppen"})).requirements
    assert asked["assessment"].count == 5
    assert asked["assessment"].said_by == "Ekbacken: beslut i ledningsgruppen"
    assert asked["kollegium"] is BASE.requirements["kollegium"]


def test_what_is_switched_off_is_asked_for_no_more_and_says_why() -> None:
    book = rulebook_of(unit(course={"off": True, "reason": "sköts centralt"}))
    assert "course" not in book.requirements
    assert book.off["course"].said_by == "Ekbacken: sköts centralt"


def test_the_same_own_rules_are_worked_out_once() -> None:
    own = {"assessment": {"count": 5, "reason": "x"}}
    assert rulebook_of(unit(**own)) is rulebook_of(unit(**own))


def test_two_changes_of_one_requirement_add_up() -> None:
    at = unit()
    change(BASE, at, "assessment", {"count": 5}, "först")
    change(BASE, at, "assessment", {"longest_gap": {"months": 4}}, "sedan")
    assessment = rulebook_of(at).requirements["assessment"]
    assert (assessment.count, assessment.longest_gap, assessment.reason) == (5, Span(4), "Ekbacken: sedan")


def test_turning_back_lets_the_rulebooks_rule_hold_again() -> None:
    at = unit()
    turn_off(BASE, at, "course", "sköts centralt")
    assert turn_back(at, "course")
    assert not turn_back(at, "course")
    assert "course" in rulebook_of(at).requirements


@pytest.mark.parametrize(
    ("key", "parameters", "reason", "mend"),
    [
        ("lunch", {"count": 5}, "x", "lunch: is no requirement"),
        ("assessment", {"count": 0}, "x", "assessment.count: write a whole number above 0"),
        ("assessment", {"minutes": 60}, "x", "assessment.minutes: does not belong to kind rate"),
        ("assessment", {"kind": "weekly"}, "x", "assessment.kind: cannot be overridden"),
        ("assessment", {"count": 5}, " ", "say why"),
    ],
)
def test_a_wrong_override_names_unit_key_and_mend_and_changes_nothing(
    key: str, parameters: dict[str, Any], reason: str, mend: str
) -> None:
    at = unit()
    with pytest.raises(RulebookError) as refused:
        change(BASE, at, key, parameters, reason)
    assert refused.value.problems[0].startswith("Ekbacken: ")
    assert mend in str(refused.value)
    assert at.settings == {}


def test_switching_off_what_is_not_there_names_what_is() -> None:
    with pytest.raises(RulebookError, match=r"Ekbacken: .*lunch: is no requirement.*supervision"):
        turn_off(BASE, unit(), "lunch", "x")


@pytest.mark.parametrize("wrong", [{"count": 0, "reason": "x"}, {"count": 5}, "five", {"off": True}])
def test_a_wrong_one_at_load_is_left_out_with_a_warning_and_the_rest_holds(
    wrong: object, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "handledd"):
        book = rulebook_of(unit(assessment=wrong, course={"off": True, "reason": f"{wrong}"}))
    assert book.requirements["assessment"] is BASE.requirements["assessment"]
    assert "course" not in book.requirements
    assert "Ekbacken" in caplog.text
    assert "assessment" in caplog.text
