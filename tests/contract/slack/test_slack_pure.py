"""Reading and rendering without a network: every text, every shape."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_bolt.app import async_app
from slack_bolt.response import BoltResponse

from bot.platforms.fields import MalformedError
from bot.platforms.slack_blocks import MAX_TEXT, blocks, chunks, fallback, overflow
from bot.platforms.slack_door import Door
from bot.platforms.slack_incoming import Context, may_post, read
from bot.platforms.slack_text import clean, escape, readable
from handlers.message import Button, Field, Mentioned, Message
from tests.fakes import slack_blockkit
from tests.fakes.slack_driver import command_body, direct, event_body, mention, press

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
CONTEXT = Context(NOW, "https://slack.com/api/")
texts = st.text(st.characters(categories=["L", "N", "P", "S", "Z", "C"]), max_size=200)
messages = st.builds(
    Message,
    texts,
    fields=st.lists(st.builds(Field, texts, texts), max_size=30).map(tuple),
    buttons=st.lists(st.builds(Button, texts, st.just("b:1")), max_size=30).map(tuple),
)


@given(messages)
def test_every_message_becomes_blocks_that_slack_takes_and_reads_no_markup_in(message: Message) -> None:
    body = {"text": fallback(message), "blocks": blocks(message)}
    slack_blockkit.check(body["blocks"])
    assert slack_blockkit.markup(body) == []
    assert overflow(message) is None


@pytest.mark.parametrize(("buttons", "room"), [(0, 50), (1, 49), (25, 49), (26, 48), (50, 48), (51, 47)])
def test_a_text_that_just_has_room_above_its_buttons_is_no_file(buttons: int, room: int) -> None:
    told = tuple(Button("Ja", f"b:{number}") for number in range(buttons))
    fits = Message("x" * MAX_TEXT * room, buttons=told)
    assert overflow(fits) is None
    assert len(blocks(fits)) == 50
    over = overflow(Message(fits.text + "y", buttons=told))
    assert over is not None
    assert over.content.endswith(b"xy")


@given(st.text(max_size=300), st.integers(2, 50))
def test_cutting_loses_no_character(text: str, size: int) -> None:
    pieces = chunks(text, size)
    assert "".join(pieces) == text
    assert all(0 < len(piece) <= size for piece in pieces)


def test_a_text_is_cut_between_words() -> None:
    assert chunks("ett två tre fyra", 9) == ["ett två ", "tre fyra"]
    assert [len(piece) for piece in chunks("x" * (2 * MAX_TEXT + 1))] == [3000, 3000, 1]


@given(st.text())
def test_what_was_escaped_reads_as_it_was_written(text: str) -> None:
    assert readable(escape(text)) == text


@pytest.mark.parametrize(
    ("raw", "read_as"),
    [
        ("&amp;lt;", "&lt;"),
        ("&lt;@U1&gt;", "<@U1>"),
        ("<tel:112|112>", "112"),
        ("<!date^1^{date}|22 nov>", "22 nov"),
        ("<!channel|@channel>", "@channel"),
        ("<", "<"),
        ("", ""),
    ],
)
def test_slacks_text_reads_as_a_person_sees_it(raw: str, read_as: str) -> None:
    assert readable(raw) == read_as


def test_half_characters_ask_no_question_and_nothing_is_kept_that_no_database_takes() -> None:
    assert clean("a\ud800b\udfff\x00") == "a\ufffdb\ufffd"
    assert clean("Ha\u030alla \ud83d\ude00") == "Hålla 😀"
    heard = read(command_body("/x", "\ud800"), CONTEXT)
    assert heard
    assert heard.text == "/x \ufffd"


@pytest.mark.parametrize(
    ("url", "api", "allowed"),
    [
        ("https://hooks.slack.com/actions/T1/2/x", "https://slack.com/api/", True),
        ("https://slack.com/x", "https://slack.com/api/", True),
        ("http://slack.com/x", "https://slack.com/api/", False),
        ("http://127.0.0.1:80/x", "http://127.0.0.1:80/api/", True),
        ("http://127.0.0.1:81/x", "http://127.0.0.1:80/api/", False),
        ("https://hooks.slack.com#@evil.se/", "https://slack.com/api/", False),
        ("https://hooks.slack.com/" + "x" * 1000, "https://slack.com/api/", False),
        (None, "https://slack.com/api/", False),
    ],
)
def test_only_slacks_own_hosts_are_posted_to(url: object, api: str, *, allowed: bool) -> None:
    assert may_post(url, api) is allowed


def test_a_guest_from_another_workspace_is_known_by_it() -> None:
    heard = read(event_body(direct("hej", user_team="T2")), CONTEXT)
    assert heard
    assert heard.sender.workspace == "T2"


@pytest.mark.parametrize(
    ("event", "thread", "where"),
    [
        (mention("hej"), "1795339700.000100", "C1/1795339700.000100"),
        (mention("hej"), "1795339801.000100", "C1"),  # what began the thread
        (direct("hej"), "1795339700.000100", "D1"),
    ],
)
def test_a_reply_in_a_channels_thread_is_answered_there(
    event: dict[str, Any], thread: str, where: str
) -> None:
    heard = read(event_body(event | {"thread_ts": thread}), CONTEXT)
    assert heard
    assert heard.sender.address == where


def test_an_ephemeral_press_between_two_people_has_no_address() -> None:
    url = "https://hooks.slack.com/actions/1"
    heard = read(press("a", response_url=url, channel="D9"), CONTEXT)
    assert heard
    assert (heard.sender.address, heard.message_ref, heard.private) == ("", f"url:{url}", True)


def test_an_unknown_bot_name_is_taken_from_the_front_alone() -> None:
    body = event_body(
        {"type": "app_mention", "channel": "C1", "user": "U1", "ts": "1.0", "text": "<@U9> med <@U2>"},
        authorizations=None,
    )
    heard = read(body, CONTEXT)
    assert heard
    assert (heard.text, heard.mentions) == ("med @U2", {"U2": None})


@pytest.mark.parametrize("command", [False, True])
def test_a_mention_that_slack_names_keeps_the_name_by_its_account(command: bool) -> None:
    text = "med <@U2|eva.ek &amp; co> och <@U3|> <@W4>"
    heard = read(command_body("/x", text) if command else event_body(direct(text)), CONTEXT)
    assert heard
    assert heard.text.removeprefix("/x ") == "med @U2 och @U3 @W4"
    assert heard.mentions == {"U2": Mentioned("eva.ek & co"), "U3": None, "W4": None}


@pytest.mark.parametrize(
    "stamp", ["", "1", "1.", "-1.0", "nan", "1e5.0", "9999999999999.0", "999999999999.0", 1]
)
def test_a_moment_that_is_none_is_malformed(stamp: Any) -> None:
    with pytest.raises(MalformedError):
        read(event_body(direct("x", ts=stamp)), CONTEXT)


def test_no_web_client_is_made_for_what_comes_in(monkeypatch: pytest.MonkeyPatch) -> None:
    async def take(body: dict[str, Any]) -> BoltResponse:
        return BoltResponse(status=200, body=body["text"])

    def refuse(**_settings: object) -> None:
        pytest.fail("a client that nobody calls Slack with")

    door = Door(take, "xoxb-made-up", "")
    monkeypatch.setattr(async_app, "AsyncWebClient", refuse)
    assert asyncio.run(door.enter(command_body("/x", "idag 1h"))).body == "idag 1h"
