"""The words of a button, written out under the message that it stands in, are its press."""

from __future__ import annotations

import pytest

from handlers.message import IncomingKind
from storage.tables import Booking, Entry
from tests.integration.conversation import hold
from tests.support.world import World


def live(world: World) -> list[Entry]:
    return [entry for entry in world.rows(Entry) if entry.state == "live"]


def test_an_assessment_is_given_or_declined_in_the_words_of_its_buttons(world: World) -> None:
    hold(
        world,
        [
            ("anna", "be Lars om cbd", "Skickat till Lars Lind"),
            ("lars", "avböj", "Anna Berg får veta det"),
            ("lars", "ångra", "Begäran står kvar"),
            ("lars", "På väg!", "Sparat för Anna Berg: CBD"),
        ],
    )
    assert [entry.level for entry in live(world)] == ["on_the_way"]


def test_of_two_requests_a_level_written_out_answers_none(world: World) -> None:
    world.say("anna", "be Lars om cbd")
    world.say("bo", "be Lars om cbd")
    world.say("lars", "självständig")
    assert live(world) == []


def test_a_line_in_between_does_not_make_an_answer_unheard(world: World) -> None:
    world.say("anna", "be Lars om cbd")
    hold(world, [("lars", "hjälp", "Så här gör du"), ("lars", "självständig", "Sparat för Anna Berg: CBD")])


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("påminn om en vecka", "Okej, jag påminner igen tors 3 dec (v 49)."),
        ("bokat", "Vilken dag är det bokat (handledning)?"),
        ("Logga nu", "Vad har ni gjort?"),
        ("frånvaro", "Skriv vilka dagar"),
    ],
)
def test_a_reminder_is_answered_in_the_words_of_its_buttons(world: World, line: str, answer: str) -> None:
    world.pass_to("2026-11-26T13:00")
    assert answer in world.say("anna", line).text


def test_what_is_to_be_removed_is_that_which_the_question_is_about(world: World) -> None:
    world.say("anna", "handledning i fredags 1h", message_ref="first")
    world.say("anna", "handledning idag 45 min")
    world.say("anna", "", kind=IncomingKind.DELETE, message_ref="first")
    assert "Ångrat: handledning fre 20 nov" in world.say("anna", "ta bort").text


@pytest.mark.parametrize("line", ["ja, 45 min", "45 min", "det blev 45 min", "Ja, annan tid"])
def test_that_it_took_place_is_answered_with_how_long_it_was(world: World, line: str) -> None:
    world.say("anna", "boka handledning onsdag 13-14")
    world.pass_to("2026-11-25T15:00")
    world.say("anna", line)
    if line == "Ja, annan tid":
        world.say("anna", "45 min")
    assert [entry.minutes for entry in live(world)] == [45]
    assert world.rows(Booking)[0].state == "held"


def test_another_day_than_the_booked_one_is_no_answer_to_it(world: World) -> None:
    world.say("anna", "boka handledning onsdag 13-14")
    world.pass_to("2026-11-25T15:00")
    world.say("anna", "ja, 45 min igår")
    assert (live(world), world.rows(Booking)[0].state) == ([], "planned")


def test_an_answer_where_nothing_was_asked_is_told_so(world: World) -> None:
    hold(
        world,
        [
            ("anna", "ja", "Inget väntar på ditt svar just nu."),
            ("anna", "det blev inte av", "Inget väntar på ditt svar just nu."),
            ("anna", "påminn om en vecka", "Vem gäller det?"),
        ],
    )


def test_the_answer_to_written_words_takes_no_message_away(world: World) -> None:
    world.say("anna", "be Lars om cbd")
    assert world.say("lars", "avböj").replaces == ""
