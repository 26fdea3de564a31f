"""`ångra` after a question: it was never saved, so nothing that was saved before it is touched."""

from __future__ import annotations

from storage.tables import Entry, EntryState
from tests.support.world import World


def live(world: World) -> int:
    return sum(entry.state == EntryState.LIVE for entry in world.rows(Entry))


def test_the_entry_before_the_question_stands(world: World) -> None:
    world.say("anna", "handledning idag 1h etik")
    assert world.say("anna", "handledning 30/2").buttons
    assert "stryker jag frågan" in world.say("anna", "ångra").text
    assert live(world) == 1


def test_once_more_takes_back_what_was_saved_before_it(world: World) -> None:
    world.say("anna", "handledning idag 1h etik")
    world.say("anna", "handledning 30/2")
    world.say("anna", "ångra")
    assert "Ångrat" in world.say("anna", "ångra").text
    assert live(world) == 0


def test_its_buttons_and_an_answer_in_words_save_nothing_afterwards(world: World) -> None:
    button = world.say("anna", "handledning 30/2").buttons[0].label
    world.say("anna", "ångra")
    world.press("anna", button)
    assert "Sparat" not in world.say("anna", "igår").text
    assert live(world) == 0


def test_the_question_whether_it_is_the_same_session_is_only_closed(world: World) -> None:
    world.say("anna", "handledning idag 1h etik")
    assert "Sparat" not in world.say("anna", "handledning idag 1h etik").text
    world.say("anna", "ångra")
    assert live(world) == 1


def test_an_old_question_is_forgotten(world: World) -> None:
    world.say("anna", "handledning idag 1h etik")
    world.say("anna", "handledning 30/2")
    world.jump_to("2026-11-23T09:20")
    assert "Ångrat" in world.say("anna", "ångra").text


def test_the_offer_of_a_remark_closes_nothing(world: World) -> None:
    world.say("eva", "handledning idag 1h etik @anna")
    world.press("anna", "Stämmer")
    assert "stryker" not in world.say("anna", "ångra").text


def test_an_undo_that_was_said_before_the_question_leaves_it_open(world: World) -> None:
    world.say("anna", "handledning igår 1h etik")
    late = world.incoming("anna", "ångra")
    world.jump_to("2026-11-23T09:01")
    button = world.say("anna", "handledning 30/2").buttons[0].label
    assert "Ångrat" in world.take(late).message.text
    assert "Sparat" in world.press("anna", button).text
