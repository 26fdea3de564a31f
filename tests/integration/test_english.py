"""English chosen: every answer, button and form is in English, whoever has to be told and whatever came."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import Engine

from handlers.language import catalogue
from handlers.message import IncomingKind, Message
from tests.support.world import World

SWEDISH = re.compile(
    r"[åäöÅÄÖ]|\b(och|inte|idag|igår|att|med|till|det|har|du|skriv|mån|tis|ons|tors|fre|ingen|handledning|om|oro)\b",
    re.IGNORECASE,
)
SOURCES = re.compile(r"\b[Ss]ource: .*|\(source: [^)]*\)| – \S.*|Östergötland")
"""Whose rule it is: the documents, and the regions, have Swedish names."""
LINES = [form.english[1][0] for form in catalogue.forms() if form.english[1]]


@pytest.fixture
def world(sqlite: Engine) -> World:
    made = World(sqlite)
    for who in ("anna", "bo", "eva", "siv", "cia", "lars", "tage"):
        made.say(who, "språk engelska")
    return made


def said(message: Message) -> list[str]:
    """Everything that somebody can read of a message."""
    shown = [message.plain(), *(button.label for button in message.buttons)]
    shown += [file.name for file in message.files]
    if message.form is None:
        return shown
    shown += [message.form.title, message.form.submit]
    for each in message.form.inputs:
        shown += [each.label, each.hint, *(label for label, _ in each.options)]
    return shown


def swedish(messages: list[Message]) -> list[str]:
    return [text for each in messages for text in said(each) if SWEDISH.search(SOURCES.sub("", text))]


@pytest.mark.parametrize("who", ["anna", "siv"])
def test_every_example_of_the_help_is_answered_in_english(world: World, who: str) -> None:
    answers = [world.say(who, line) for line in LINES if not line.startswith(("unlink", "language"))]
    assert swedish([*answers, *(sent.message for sent in world.sent[7:])]) == []


def test_what_was_not_understood_is_met_with_an_english_example_of_ones_own(world: World) -> None:
    answers = [world.say("anna", line) for line in ("bla bla foo", "/nonsense", "privacy", "supervisoon", "")]
    assert swedish(answers) == []
    assert not any("concern" in answer.text for answer in answers)  # that is for those who supervise


def test_a_form_and_the_buttons_of_reminders_are_in_english(world: World) -> None:
    form = world.take(world.incoming("anna", "/handledning", forms=True)).message
    assert form.form
    world.pass_to("2026-12-08T09:00")
    presses = [
        (sent.to, button.press)
        for sent in world.sent
        for button in sent.message.buttons
        if button.label == "Log now"
    ]
    pressed = [
        world.take(world.incoming(who, kind=IncomingKind.PRESS, press=press)).message
        for who, press in presses
    ]
    assert pressed
    assert swedish([form, *pressed, *(sent.message for sent in world.sent[7:])]) == []


def test_an_answer_in_the_same_exchange_tells_its_platform_the_language(world: World) -> None:
    assert world.take(world.incoming("anna", "/export", inline=True)).locale == "en"
    assert world.take(world.incoming("nobody", "/export", inline=True)).locale == ""


def test_who_is_not_known_is_answered_in_each_language(world: World) -> None:
    for line, sv, en in (
        ("hello", "Jag känner inte igen dig än", "I do not know you yet"),
        ("koppla K7F2PQ", "Den koden stämmer inte", "That code is not right"),
    ):
        told = world.say("nobody", line).text
        assert sv in told
        assert en in told
