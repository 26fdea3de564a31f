"""A message of several lines: each that stands for itself is saved, by one press, and none is lost."""

from __future__ import annotations

import pytest

from handlers.message import IncomingKind
from storage.tables import Booking, Entry
from tests.integration.conversation import hold
from tests.support.world import World


def live(world: World) -> list[str]:
    entries = sorted(
        (each for each in world.rows(Entry) if each.state == "live"), key=lambda each: each.on_date
    )
    return [f"{each.activity} {each.on_date:%d/%m} {each.minutes}" for each in entries]


WEEK = "handledning igår 1h etik\n\n- handledning i fredags 45 min\ndops idag av dr Lind"


@pytest.mark.parametrize("answer", ["alla", "ja", "Alla 3"])
def test_all_lines_are_saved_by_one_word(world: World, answer: str) -> None:
    asked = world.say("anna", WEEK)
    assert asked.text == "Gäller det alla 3 raderna, eller bara en av dem?"
    assert live(world) == []
    world.say("anna", answer)
    assert live(world) == ["supervision 20/11 45", "supervision 22/11 60", "assessment 23/11 None"]
    world.say("anna", "ångra")
    assert live(world) == []


def test_one_of_the_lines_is_saved_by_its_button(world: World) -> None:
    world.say("anna", WEEK)
    world.press("anna", "Handledning fre 20 nov 45 min")
    assert live(world) == ["supervision 20/11 45"]


def test_what_is_no_order_belongs_to_the_line_above_it(world: World) -> None:
    said = "hej!\nhandledning igår 1h\netik\nbra samtal\nboka handledning fredag 13-14\ntack"
    hold(world, [("anna", said, "Gäller det båda raderna"), ("anna", "båda", "etik · bra samtal")])
    assert (live(world), len(world.rows(Booking))) == (["supervision 22/11 60"], 1)


@pytest.mark.parametrize(
    "said",
    [
        "handledning i onsdags 1h\n\netik och kommunikation\nbra samtal",
        "hej!\nhandledning i onsdags 1h\ntack",
        "handledning i onsdags 1h\ngenomgång av dops",
    ],
)
def test_breaks_within_one_line_change_nothing(world: World, said: str) -> None:
    assert "raderna" not in world.say("anna", said).text


@pytest.mark.parametrize(
    "said",
    ["handledning i torsdags 1h\nsemester v 51", "ångra\nhandledning idag 1h", "status\nhistorik"],
)
def test_what_cannot_be_saved_together_is_to_be_sent_line_by_line(world: World, said: str) -> None:
    world.say("anna", "handledning i onsdags 1h")
    assert "Skicka varje rad för sig" in world.say("anna", said).text
    assert (live(world), world.rows(Booking)) == (["supervision 18/11 60"], [])


def test_a_concern_of_several_lines_is_one(world: World) -> None:
    assert (
        "Din oro för Anna Berg"
        in world.say("eva", "oro Anna:\nhandledning idag 1h\nhandledning igår 1h").text
    )


def test_an_edited_message_of_several_lines_is_read_so_too(world: World) -> None:
    world.say("anna", "vad", message_ref="week")
    said = "handledning igår 1h\nhandledning i fredags 1h"
    asked = world.say("anna", said, kind=IncomingKind.EDIT, message_ref="week")
    assert "båda raderna" in asked.text


def test_a_message_edited_after_its_lines_were_saved_saves_nothing_twice(world: World) -> None:
    world.say("anna", "handledning i torsdags 1h, i fredags 45 min", message_ref="week")
    world.say("anna", "båda", message_ref="week")
    saved = live(world)
    answer = world.say("anna", "handledning i onsdags 1h", kind=IncomingKind.EDIT, message_ref="week")
    assert "Skriv ångra, och sedan raden igen som den ska vara." in answer.text
    assert live(world) == saved
