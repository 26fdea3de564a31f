"""Sixty payloads in every field a human sets: no platform makes a mention, a link or a style of any."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

import pytest
from icalendar import Calendar
from sqlalchemy import Engine
from sqlmodel import select

from bot.platforms import matrix_render, slack_blocks, teams_cards, telegram_render
from handlers.message import IncomingKind, Message
from storage.engine import writing
from storage.tables import Person, Unit
from tests.fakes import slack_blockkit, teams_card, telegram_entities
from tests.support.payloads import PAYLOADS
from tests.support.world import World

MATRIX_LINK = re.compile(r"(?<!\w)[@#][\w.=/+-]+:\w[\w.-]*")
HEAD = ("email", "name", "role", "unit", "rulebook", "supervisor", "start", "end")
LINES = (
    ("anna", "handledning i fredags 1h {}"),
    ("anna", "handledning i torsdags 1h privat: {}"),
    ("anna", "mini-cex i fredags @{} {}"),
    ("anna", "be @{} om bedömning mini-cex {}"),
    ("anna", "be Bo om bedömning mini-cex {}"),
    ("anna", "boka handledning på torsdag kl 13 {}"),
    ("anna", "sidotjänstgöring {} 1/2-30/4 handledare {}"),
    ("anna", "tysta kollegium till 1 mars: {}"),
    ("anna", "semester v52 {}"),
    ("anna", "{}"),
    ("anna", "koppla {}"),
    ("siv", "visa {}"),
    ("siv", "spur 12/3 {}"),
    ("siv", "digest"),
    ("eva", "status"),
    ("anna", "status"),
    ("anna", "historik"),
    ("nobody", "{}"),
)


def _name(payload: str) -> str:
    return " ".join(payload.split())[:80]


def _roster(payload: str) -> str:
    """People and a unit with such names, as far as a roster takes them: no sign that nobody sees."""
    name = "".join(sign for sign in _name(payload) if sign.isprintable())
    unit = name.replace("|", "/")  # which parts units
    trainee = ("skane-primarvard", "eva@exempel.se", "2026-01-12", "")
    rows = [
        ("anna@exempel.se", f"Anna {name}", "trainee", unit, *trainee),
        ("eva@exempel.se", f"Eva {name}", "supervisor", unit, *[""] * 4),
        ("bo@exempel.se", f"Bo {name}", "supervisor", unit, *[""] * 4),
        ("siv@exempel.se", f"Siv {name}", "studierektor", unit, *[""] * 4),
    ]
    written = io.StringIO()
    csv.writer(written).writerows([HEAD, *rows])
    return written.getvalue()


def _name_as_before(world: World, payload: str) -> None:
    """Names as rosters took them once, the signs that nobody sees too: a database may still hold such."""
    with writing(world.engine) as session:
        named: list[Person | Unit] = [*session.exec(select(Person)).all(), *session.exec(select(Unit)).all()]
        for each in named:
            each.name = f"{each.name.split()[0]} {_name(payload)}"
            session.add(each)


def _all_that_is_said(world: World, payload: str) -> Iterator[Message]:
    for who, line in LINES:
        yield world.say(who, line.replace("{}", payload))
    for who in ("eva", "bo"):
        for sent in world.to(who, "confirm") + world.to(who, "notice"):
            press = sent.message.buttons[0].press if sent.message.buttons else ""
            yield world.take(world.incoming(who, kind=IncomingKind.PRESS, press=press)).message
        yield world.say(who, payload)
    world.pass_to("2026-12-07T12:00")
    yield from (sent.message for sent in world.sent)


def _in_slack(message: Message) -> list[str]:
    shown = slack_blocks.blocks(message)
    slack_blockkit.check(shown)
    return slack_blockkit.markup({"text": slack_blocks.fallback(message), "blocks": shown})


def _in_telegram(message: Message) -> set[str]:
    texts = [part.text for part in telegram_render.parts(message)]
    return {str(entity["type"]) for text in texts for entity in telegram_entities.found(text)}


def _in_matrix(message: Message) -> list[str]:
    """What a client would make a link to a person or a room; an event holds nothing else that has a style."""
    parts = [part for part in matrix_render.parts(message, "Svara med siffran.") if part.file is None]
    contents = [matrix_render.text_content(part, None) for part in parts]
    for content in contents:
        assert content.keys() <= {"msgtype", "body", "m.mentions", matrix_render.CHOICES}
        assert (content["msgtype"], content["m.mentions"]) == ("m.text", {})
    return [found for content in contents for found in MATRIX_LINK.findall(content["body"])]


def _in_teams(message: Message) -> list[str]:
    found = []
    for part in teams_cards.parts(message):
        if part.file is None:
            post = teams_cards.activity(part, "0a").model_dump(mode="json", by_alias=True, exclude_none=True)
            teams_card.check(post)
            found += teams_card.markup(post)
    return found


def _calendars(message: Message) -> list[Calendar]:
    files = [file.content for file in message.files if file.name.endswith(".ics")]
    return [Calendar.from_ical(content.decode()) for content in files]


def test_there_are_sixty() -> None:
    assert len(set(PAYLOADS)) >= 60


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_somebody_wrote_stays_what_they_wrote(sqlite: Engine, payload: str) -> None:
    world = World(sqlite, roster=_roster(payload))
    if not _name(payload).isprintable():
        _name_as_before(world, payload)
    told = list(_all_that_is_said(world, payload))
    beginning = payload.split()[0].casefold()
    assert any(beginning in message.plain().casefold() for message in told)  # else nothing was shown
    for message in told:
        assert _in_slack(message) == []
        assert _in_teams(message) == []
        # A bare address shows where it leads, and the bot's own commands are there to be tapped.
        assert _in_telegram(message) <= {"url", "bot_command", "email"}
        assert _in_matrix(message) == []
        for calendar in _calendars(message):
            (event,) = calendar.walk("VEVENT")
            assert not event.keys() & {"ATTENDEE", "URL", "ATTACH"}
