"""What somebody else is said to have had is never logged as one's own."""

from __future__ import annotations

import pytest

from storage.tables import Entry
from tests.integration.conversation import hold
from tests.support.world import World


@pytest.mark.parametrize(
    "line",
    [
        "Bo hade sin handledning igår",
        "Erik hade handledning igår 1h",
        "igår hade Erik handledning 1h",
        "hon gjorde dops igår",
        "Eriks handledning igår 1h",
        "Erik gjorde sin mini-cex igår med Eva",
    ],
)
def test_a_trainee_logs_nothing_of_what_another_had(world: World, line: str) -> None:
    hold(world, [("anna", line, "Är det din egen?")])
    assert world.rows(Entry) == []


def test_it_may_be_ones_own_all_the_same(world: World) -> None:
    hold(world, [("anna", "hon hade handledning igår 1h", "egen"), ("anna", "[Ja, min egen]", "Sparat")])
    assert [entry.minutes for entry in world.rows(Entry)] == [60]


@pytest.mark.parametrize(
    "line",
    [
        "Eva hade handledning igår 1h",
        "Evas handledning igår 1h",
        "Anna hade handledning med Eva igår",
        "Eva och jag hade handledning igår",
        "Erik hade handledning med mig igår",
    ],
)
def test_what_a_supervisor_or_oneself_had_is_ones_own(world: World, line: str) -> None:
    hold(world, [("anna", line, "Sparat: handledning")])
    assert "Anna" not in world.to("anna", "reply")[-1].message.text


def test_a_supervisor_tells_what_a_trainee_had(world: World) -> None:
    hold(world, [("eva", "Bo hade sin handledning igår", "Bo"), ("eva", "Anna gjorde dops igår", "Anna")])
    assert len(world.rows(Entry)) == 2


def test_of_a_name_that_no_trainee_has_it_is_asked_whose_it_was(world: World) -> None:
    hold(world, [("eva", "Erik hade handledning igår 1h", "Vem"), ("eva", "[Bo Dal]", "Bo")])
    assert len(world.rows(Entry)) == 1
