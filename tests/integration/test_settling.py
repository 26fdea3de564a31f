"""Confirmation in detail: remarks, objections that the two settle, answers in a question's place."""

from __future__ import annotations

import pytest

from storage.tables import Audit, Entry, Outbox, Remark
from tests.integration.conversation import hold
from tests.support.world import World


@pytest.fixture
def disputed(world: World) -> World:
    """Anna logs, Eva says that it is not right."""
    world.say("anna", "handledning idag 1h etik")
    assert "Anna Berg får veta det" in world.press("eva", "Stämmer inte").text
    return world


def acts(world: World) -> list[tuple[str, object]]:
    """What the audit says of the entry, with how it ended."""
    kept = ("disputed", "held", "resolved", "confirmed", "amended", "undone")
    return [(row.act, row.facts.get("how")) for row in world.rows(Audit) if row.act in kept]


def test_a_confirmation_takes_one_line_that_the_author_reads(world: World) -> None:
    world.say("anna", "handledning idag 1h etik")
    assert "Vill du lägga till något?" in world.press("eva", "Stämmer").text
    hold(world, [("eva", "bra reflektion om samtycke", "Tillagt till handledning mån 23 nov")])
    assert world.to("anna")[-1].text.endswith("”bra reflektion om samtycke”")
    hold(world, [("eva", "ångra", "Raden är borttagen")])
    assert [row.voided_at is None for row in world.rows(Remark)] == [False]


def test_yes_to_the_offer_asks_for_the_line_and_no_adds_nothing(world: World) -> None:
    world.say("anna", "handledning idag 1h etik")
    turns = [
        ("eva", "[Stämmer]", "Vill du lägga till något?"),
        ("eva", "ja", "Skriv raden"),
        ("eva", "bra reflektion", "Tillagt"),
        ("eva", "[Ångra]", "Raden är borttagen"),
        ("anna", "handledning igår 1h", "Sparat"),
        ("eva", "[Stämmer]", "Vill du lägga till något?"),
        ("eva", "nej", "Bra, då ändrar jag inget"),
    ]
    hold(world, turns)
    assert [row.text for row in world.rows(Remark)] == ["bra reflektion"]


def test_a_private_line_is_told_to_nobody(world: World) -> None:
    world.say("anna", "handledning idag 1h etik")
    world.press("eva", "Stämmer")
    before = len(world.to("anna"))
    hold(world, [("eva", "privat: tänk på detta till nästa gång", "Tillagt")])
    assert len(world.to("anna")) == before


def test_the_author_may_stand_by_it_once_and_the_other_decides(disputed: World) -> None:
    hold(disputed, [("anna", "[Det stämmer]", "jag frågar Eva Ek en gång till")])
    assert "Anna Berg står fast vid det: handledning" in disputed.to("eva")[-1].text
    hold(disputed, [("eva", "[Stämmer]", "Bekräftat")])
    assert acts(disputed) == [("disputed", None), ("held", None), ("confirmed", None)]
    (entry,) = disputed.rows(Entry)
    assert (entry.confirmed_by, entry.disputed_at) == (3, None)


def test_still_of_two_minds_nobody_is_asked_a_third_time(disputed: World) -> None:
    disputed.press("anna", "Det stämmer")
    disputed.clock.move_to(disputed.clock().replace(minute=10))
    disputed.press("eva", "Stämmer inte")
    assert "inte stämmer" in disputed.to("anna")[-1].text
    hold(disputed, [("anna", "[Det stämmer]", "studierektorn kan hjälpa")])
    assert [r for r in disputed.rows(Outbox) if r.kind == "confirm" and r.step == "held"][1:] == []
    assert disputed.rows(Entry)[0].disputed_at is not None


@pytest.mark.parametrize("line", ["det var bara 30 min", "vi sågs inte den dagen", "ändra till 30 min"])
def test_the_line_after_an_objection_goes_to_the_author(disputed: World, line: str) -> None:
    assert "Vad ska det vara?" in disputed.to("eva", "reply")[-1].text
    hold(disputed, [("eva", line, "Tillagt till handledning mån 23 nov")])
    assert disputed.to("anna")[-1].text.endswith(f"”{line}”")
    hold(disputed, [("anna", "ändra till 30 min", "30 min"), ("eva", "[Stämmer]", "Bekräftat")])
    assert disputed.drift() == []


def test_the_author_of_what_is_objected_to_changes_it_by_the_same_line(disputed: World) -> None:
    hold(disputed, [("anna", "det var bara 30 min", "Ändrat: handledning mån 23 nov (v 48), 30 min")])
    assert disputed.rows(Remark) == []


def test_an_objection_can_be_taken_back(disputed: World) -> None:
    hold(disputed, [("eva", "[Det stämmer ändå]", "Bekräftat")])
    assert "Eva Ek säger nu att det stämmer" in disputed.to("anna")[-1].text
    assert acts(disputed) == [("disputed", None), ("resolved", "withdrawn"), ("confirmed", None)]


def test_removing_it_settles_it_and_the_other_hears(disputed: World) -> None:
    hold(disputed, [("anna", "[Ta bort]", "Ångrat: handledning")])
    assert "Anna Berg har tagit bort" in disputed.to("eva")[-1].text
    assert acts(disputed) == [("disputed", None), ("resolved", "undone"), ("undone", None)]


def test_changing_it_settles_it_and_the_other_is_asked_anew(disputed: World) -> None:
    hold(disputed, [("anna", "ändra till 45 min", "Ändrat: handledning mån 23 nov (v 48), 45 min")])
    assert "45 min · etik. Stämmer det?" in disputed.to("eva", "confirm")[-1].text
    assert acts(disputed) == [("disputed", None), ("amended", None), ("resolved", "amended")]


@pytest.mark.parametrize(("label", "told"), [("Ja, 1 h", "blev av"), ("Nej: sjuk", "inte blev av")])
def test_the_first_answer_takes_the_place_of_the_others_question(world: World, label: str, told: str) -> None:
    world.say("anna", "boka handledning på torsdag 13-14")
    world.pass_to("2026-11-26T14:15")
    (asked,) = [r for r in world.rows(Outbox) if (r.kind, r.step, r.person_id) == ("booking", "after", 3)]
    world.press("anna", label)
    answer = world.to("eva", "booking")[-1].message
    assert told in answer.text
    assert answer.replaces == asked.reference
    assert (asked.platform, answer.buttons) == ("sim", ())


def test_who_has_confirmed_hears_when_it_is_taken_back(world: World) -> None:
    world.say("anna", "handledning idag 1h")
    world.press("eva", "Stämmer")
    world.press("anna", "Ångra")
    assert world.to("eva", "notice")[-1].text == (
        "Anna Berg har tagit bort det du bekräftade: handledning mån 23 nov (v 48), 1 h."
    )


def test_an_answer_to_what_was_undone_is_told_so(world: World) -> None:
    world.say("anna", "handledning idag 1h")
    world.press("anna", "Ångra")
    assert "tagits bort" in world.press("eva", "Stämmer").text
    assert world.to("eva", "notice") == []


def test_who_looks_sees_that_the_latest_is_not_agreed_on(world: World) -> None:
    world.say("anna", "handledning idag 1h")
    assert "sägs inte stämma" not in world.say("anna", "status").text
    world.press("eva", "Stämmer inte")
    for who, line in (("anna", "status"), ("eva", "visa Anna"), ("siv", "visa Anna"), ("anna", "historik")):
        assert "1 h · sägs inte stämma" in world.say(who, line).text, line
    world.say("anna", "ändra till 45 min")
    assert "sägs inte stämma" not in world.say("anna", "status").text
