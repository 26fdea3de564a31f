"""The topic rota in receipts: one line, three topics at most, never a message of its own."""

from __future__ import annotations

import pytest

from tests.support.world import World


@pytest.fixture
def spring(world: World) -> World:
    """Three months after the bot began to watch on 23 Nov 2026: Anna's six quarterly topics are due."""
    world.jump_to("2027-02-23T09:00")
    return world


def test_the_first_months_have_no_line(world: World) -> None:
    world.jump_to("2027-02-22T09:00")
    assert "Dags att ta upp" not in world.say("anna", "handledning idag 1h").text


def test_a_receipt_offers_three_topics_and_not_the_one_just_raised(spring: World) -> None:
    lines = spring.say("anna", "handledning idag 1h etik").text.splitlines()
    assert "Dags att ta upp: ett valt delmål, kommunikation, samarbete" in lines


def test_the_supervisors_log_is_answered_with_the_same_line(spring: World) -> None:
    assert "Dags att ta upp: ett valt delmål, etik" in spring.say("eva", "handledning idag 1h @anna").text


def test_an_undone_session_has_raised_nothing(spring: World) -> None:
    spring.say("anna", "handledning idag 1h etik")
    spring.press("anna", "Ångra")
    assert "delmål, etik, kommunikation" in spring.say("anna", "handledning idag 1h").text


def test_only_supervision_is_answered_so(spring: World) -> None:
    assert "Dags att ta upp" not in spring.say("anna", "mini-cex idag av dr Lind").text


def test_the_rota_never_speaks_on_its_own(spring: World) -> None:
    spring.pass_to("2027-03-31T12:00")
    assert not any("ta upp" in sent.text for sent in spring.sent)
