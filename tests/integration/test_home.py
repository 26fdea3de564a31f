"""The page one opens to see how one stands: to each their own, and nothing of anybody else's."""

from __future__ import annotations

import pytest

from handlers.message import IncomingKind, Message, Sender
from tests.support.world import World


def opened(world: World, who: str) -> Message:
    reply = world.take(world.incoming(who, kind=IncomingKind.HOME, inline=True))
    world.deliver()
    return reply.message


def press(world: World, who: str, label: str, page: Message) -> Message:
    [button] = [button for button in page.buttons if button.label == label]
    reply = world.take(world.incoming(who, kind=IncomingKind.PRESS, press=button.press))
    world.deliver()
    return reply.message


def test_a_trainee_sees_their_own_standing_and_nobody_is_written_to(world: World) -> None:
    page = opened(world, "anna")
    assert page.text.startswith("Hej Anna Berg!\n\nAnna Berg · Ekbacken")
    assert "Bo Dal" not in page.text
    assert [button.label for button in page.buttons] == ["Logga handledning", "Historik", "Regler", "Hjälp"]
    assert world.sent == []


def test_a_supervisor_sees_their_trainees_with_a_button_each(world: World) -> None:
    page = opened(world, "eva")
    assert "Anna Berg" in page.text
    assert "Bo Dal" in page.text
    assert "Cia Strand" not in page.text
    labels = [button.label for button in page.buttons]
    assert labels == ["Logga handledning", "Anna Berg", "Bo Dal", "Historik", "Regler", "Hjälp"]
    assert press(world, "eva", "Bo Dal", page).text.startswith("Bo Dal · Ekbacken")


def test_days_away_of_ones_own_stand_there_too(world: World) -> None:
    world.say("eva", "jag har semester v 48-49")
    assert "Du är borta mån 23 nov–sön 6 dec (v 49)." in opened(world, "eva").text


def test_a_studierektor_sees_the_overview_of_their_units(world: World) -> None:
    page = opened(world, "siv")
    assert "Alla 2 ST-läkare i fas" in page.text
    assert "Granlund" not in page.text
    assert [button.label for button in page.buttons] == ["Historik", "Regler", "Hjälp"]
    assert [(file.name, file.content[:4]) for file in page.files] == [("oversikt.png", b"\x89PNG")]


def test_who_answers_for_no_unit_has_no_picture(world: World) -> None:
    assert opened(world, "anna").files == ()
    assert opened(world, "eva").files == ()


@pytest.mark.parametrize(
    ("label", "says"), [("Historik", "sparat"), ("Hjälp", "handledning"), ("Regler", "")]
)
def test_its_buttons_do_as_the_words_do(world: World, label: str, says: str) -> None:
    told = press(world, "anna", label, opened(world, "anna")).text
    assert told == world.say("anna", label.lower()).text
    assert says in told


def test_its_buttons_are_the_owners_alone(world: World) -> None:
    page = opened(world, "eva")
    told = press(world, "lars", "Bo Dal", page).text
    assert "Bo Dal" not in told
    assert press(world, "lars", "Logga handledning", page).text == told


def test_who_no_longer_supervises_sees_nothing_by_an_old_button(world: World) -> None:
    page = opened(world, "eva")
    seen = next(button.press for button in page.buttons if button.label == "Bo Dal")
    forged = seen.replace("see.2.", "see.3.")
    assert forged != seen
    told = world.take(world.incoming("eva", kind=IncomingKind.PRESS, press=forged)).message
    assert "Cia" not in told.text


def test_a_stranger_is_told_how_to_be_known(world: World) -> None:
    sender = Sender("sim", "nobody@exempel.se", address="nobody@exempel.se")
    reply = world.take(world.incoming("", kind=IncomingKind.HOME, inline=True, sender=sender))
    assert "koppla" in reply.message.text
    assert reply.message.buttons == ()


def test_looking_at_the_page_does_not_end_a_question(world: World) -> None:
    assert world.say("anna", "handledning idag 13h").text.startswith("Hur länge?")
    opened(world, "anna")
    assert world.say("anna", "1h").text.startswith("Sparat: handledning mån 23 nov (v 48), 1 h")
