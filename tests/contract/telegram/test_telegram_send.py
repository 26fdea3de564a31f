"""What goes out: one request a post, nothing of a text becomes markup, and what each fault means."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest

from bot.platforms.contract import Address, SendError
from bot.platforms.telegram_render import units
from handlers.message import Button, Field, File, Message
from tests.contract.telegram.running import HASTY, SECRET, TOKEN, build, send
from tests.fakes import process
from tests.fakes import telegram_driver as people
from tests.fakes.process import Fake
from tests.support.ear import Ear
from tests.support.payloads import PAYLOADS

BUTTONS = (Button("Ångra", "undo:5"), Button("Ändra", "change:5"), Button("Boka nästa handledning", "book"))
PICTURE = File("översikt.png", b"\x89PNG\r\n\x1a\n\r\n--", "image/png")
CALENDAR = File("möte.ics", b"BEGIN:VCALENDAR\r\n", "text/calendar")
_chats = count(100)


@pytest.fixture(scope="module")
def shared() -> Iterator[Fake]:
    fake = process.start("tests.fakes.telegram_fake", TOKEN)
    yield fake
    fake.stop()


@pytest.fixture
def chat(shared: Fake) -> int:
    """A chat no other test uses."""
    number = next(_chats)
    people.know(shared, number)
    return number


def sent(fake: Fake, message: Message, chat: int, **more: Any) -> str:
    return asyncio.run(send(fake, message, chat, **more))


def refused(fake: Fake, message: Message, chat: int, **more: Any) -> SendError:
    with pytest.raises(SendError) as caught:
        sent(fake, message, chat, **more)
    assert caught.value.__cause__ is None
    assert TOKEN not in str(caught.value)
    assert message.text not in str(caught.value)
    return caught.value


def kind(error: SendError) -> tuple[bool, bool, float | None]:
    return error.permanent, error.perhaps, error.retry_after


def calls(fake: Fake, chat: int) -> list[str]:
    """The calls about this chat, refused ones too."""
    return [line["method"] for line in fake.seen() if line.get("params", {}).get("chat_id") == str(chat)]


def test_a_message_is_posted_once_with_its_fields_and_buttons(shared: Fake, chat: int) -> None:
    message = Message("Sparat: bedömning", fields=[Field("Vecka", "47")], buttons=BUTTONS)
    reference = sent(shared, message, chat)
    (shown,) = shared.seen(chat=chat)
    assert shown["text"] == "Sparat: bedömning\nVecka: 47"
    assert [[key["text"] for key in row] for row in shown["buttons"]] == [
        ["Ångra", "Ändra"],
        ["Boka nästa handledning"],
    ]
    assert shown["buttons"][0][0]["callback_data"] == "undo:5"
    assert reference == f"{chat}:{shown['shown']}"
    assert calls(shared, chat) == ["sendMessage"]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_text_never_becomes_markup_or_a_mention(shared: Fake, chat: int, payload: str) -> None:
    message = Message(payload, fields=[Field(payload, payload)], buttons=[Button(payload[:30], "x")])
    sent(shared, message, chat)
    (shown,) = shared.seen(chat=chat)
    assert {entity["type"] for entity in shown["entities"]} <= {"url", "bot_command", "email"}
    assert shown["text"].replace("\u2060", "") == message.plain()
    assert all(entity["text"].replace("\u2060", "") in message.plain() for entity in shown["entities"])
    assert not shown["preview"]


def test_an_address_of_electronic_mail_is_left_as_it_is(shared: Fake, chat: int) -> None:
    sent(shared, Message("anna@x.se"), chat)
    assert shared.seen(chat=chat)[0]["text"] == "anna@x.se"


def test_a_long_text_is_split_at_line_ends_with_the_buttons_last(shared: Fake, chat: int) -> None:
    lines = [f"{number} å ä ö 🩺 " + "x" * 60 for number in range(150)]
    reference = sent(shared, Message("\n".join(lines), buttons=BUTTONS), chat)
    shown = shared.seen(chat=chat)
    assert "\n".join(post["text"] for post in shown).split("\n") == lines
    assert [bool(post["buttons"]) for post in shown] == [False] * (len(shown) - 1) + [True]
    assert max(units(post["text"]) for post in shown) <= 4096
    assert reference == f"{chat}:{shown[-1]['shown']}"


def test_files_follow_the_text_as_picture_and_document(shared: Fake, chat: int) -> None:
    reference = sent(shared, Message("Översikt", files=[PICTURE, CALENDAR], buttons=BUTTONS), chat)
    assert calls(shared, chat) == ["sendMessage", "sendPhoto", "sendDocument"]
    text, picture, calendar = shared.seen(chat=chat)
    assert (picture["file"]["name"], picture["file"]["size"]) == ("översikt.png", len(PICTURE.content))
    assert (calendar["file"]["name"], calendar["file"]["head"]) == ("möte.ics", "BEGIN:VCALENDAR\r")
    assert reference == f"{chat}:{text['shown']}"


def test_a_message_takes_the_place_of_an_earlier_one(shared: Fake, chat: int) -> None:
    reference = sent(shared, Message("Sparat", buttons=BUTTONS), chat)
    assert sent(shared, Message("Ångrat", replaces=reference), chat) == reference
    last = shared.seen(chat=chat)[-1]
    assert (last["text"], last["buttons"], last["edited"]) == ("Ångrat", [], True)


def test_an_edit_that_changes_nothing_has_succeeded(shared: Fake, chat: int) -> None:
    reference = sent(shared, Message("Sparat"), chat)
    assert sent(shared, Message("Sparat", replaces=reference), chat) == reference
    assert len(shared.seen(chat=chat)) == 1


@pytest.mark.parametrize("replaces", ["{chat}:999999", "1:1", "C123:17.5", "skräp"])
def test_what_cannot_be_edited_is_posted(shared: Fake, chat: int, replaces: str) -> None:
    sent(shared, Message("Ångrat", replaces=replaces.format(chat=chat)), chat)
    assert [(post["text"], post["edited"]) for post in shared.seen(chat=chat)] == [("Ångrat", False)]


def test_a_group_that_moved_is_followed(shared: Fake, chat: int) -> None:
    people.know(shared, -chat, str(-chat - 5000))
    people.know(shared, -chat - 5000)
    assert sent(shared, Message("hej"), -chat).startswith(f"{-chat - 5000}:")


def test_where_others_read_along_the_private_chat_is_used(shared: Fake, chat: int) -> None:
    async def scenario() -> str:
        platform = build(shared, Ear(), mode="webhook", webhook_secret=SECRET)
        await platform.start()
        try:
            to = Address("telegram", str(chat), chat="-100200", open=True)
            return await platform.send(to, Message("hej"), "d")
        finally:
            await platform.stop()

    assert asyncio.run(scenario()).startswith(f"{chat}:")


def test_a_blocked_bot_and_an_unknown_chat_are_permanent(shared: Fake, chat: int) -> None:
    people.know(shared, chat, "blocked")
    assert kind(refused(shared, Message("ord"), chat)) == (True, False, None)
    assert kind(refused(shared, Message("ord"), 424242)) == (True, False, None)


def test_an_address_that_is_no_chat_id_is_permanent_and_never_posted(shared: Fake) -> None:
    async def scenario() -> None:
        platform = build(shared, Ear(), mode="webhook", webhook_secret=SECRET)
        with pytest.raises(SendError) as caught:
            await platform.send(Address("telegram", "@kanal"), Message("ord"), "d")
        assert caught.value.permanent
        await platform.start()
        await platform.stop()

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("parameters", "seconds"),
    [
        ({"retry_after": 7}, 7.0),
        ({"retry_after": 0}, 0.0),
        ({"retry_after": "3"}, 3.0),
        ({"retry_after": -2}, 0.0),
        ({}, None),
        ({"retry_after": "snart"}, None),
    ],
)
def test_the_wait_asked_for_is_passed_on(
    shared: Fake, chat: int, parameters: dict[str, Any], seconds: float | None
) -> None:
    people.flood(shared, "sendMessage", parameters)
    assert kind(refused(shared, Message("ord"), chat)) == (False, False, seconds)
    assert shared.seen(chat=chat) == []


@pytest.mark.parametrize("fault", ["5xx", "close", "hang", "garbled"])
def test_an_answer_lost_after_acceptance_is_perhaps_and_posted_once(
    shared: Fake, chat: int, fault: str
) -> None:
    people.fault(shared, "sendMessage", fault)
    assert kind(refused(shared, Message("ord"), chat, pace=HASTY)) == (False, True, None)
    assert len(shared.seen(chat=chat)) == 1
    assert calls(shared, chat) == ["sendMessage"]


@pytest.mark.parametrize(
    ("status", "away"),
    [*((status, True) for status in (302, 307, 403, 404, 407, 451, 511)), (400, False), (405, False)],
)
def test_what_stands_before_telegram_blames_neither_message_nor_address(
    shared: Fake, chat: int, status: int, away: bool
) -> None:
    people.fault(shared, "sendMessage", "page", status=status)
    error = refused(shared, Message("ord"), chat)
    assert (kind(error), error.away, error.refused, error.ours) == ((False, False, None), away, False, False)
    assert calls(shared, chat) == ["sendMessage"]


def test_a_lost_answer_to_an_edit_may_be_tried_again(shared: Fake, chat: int) -> None:
    reference = sent(shared, Message("Sparat"), chat)
    people.fault(shared, "editMessageText", "close")
    message = Message("Ångrat", replaces=reference)
    assert kind(refused(shared, message, chat)) == (False, False, None)
    assert sent(shared, message, chat) == reference


def test_a_refused_connection_and_an_unknown_host_are_known_not_sent() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    nowhere = Fake(f"http://127.0.0.1:{port}", None, None)  # type: ignore[arg-type]
    assert kind(refused(nowhere, Message("ord"), 1)) == (False, False, None)
    assert kind(refused(nowhere, Message("ord"), 1, url="http://finns.invalid")) == (False, False, None)


def test_a_rejected_token_blames_no_address(shared: Fake, chat: int) -> None:
    people.fault(shared, "sendMessage", "refuse", status=401, description="Unauthorized")
    assert kind(refused(shared, Message("ord"), chat)) == (False, False, None)


def test_a_message_that_failed_half_way_goes_on_where_it_failed(shared: Fake, chat: int) -> None:
    message = Message("Översikt", files=[PICTURE, CALENDAR])

    async def scenario() -> None:
        platform = build(shared, Ear(), mode="webhook", webhook_secret=SECRET)
        await platform.start()
        people.flood(shared, "sendPhoto", {"retry_after": 1})
        with pytest.raises(SendError) as caught:
            await platform.send(Address("telegram", str(chat)), message, "d7")
        assert kind(caught.value) == (False, False, 1.0)
        await platform.send(Address("telegram", str(chat)), message, "d7")
        await platform.stop()

    asyncio.run(scenario())
    assert [bool(post["file"]) for post in shared.seen(chat=chat)] == [False, True, True]


def test_an_empty_message_is_not_posted(shared: Fake, chat: int) -> None:
    with pytest.raises(SendError):
        sent(shared, Message(" \n"), chat)
    assert calls(shared, chat) == []


def test_telegram_cannot_tell_what_was_sent(shared: Fake) -> None:
    async def scenario() -> None:
        platform = build(shared, Ear(), mode="webhook", webhook_secret=SECRET)
        assert await platform.find(Address("telegram", "1"), "d") is None
        assert (platform.name, platform.limits.characters) == ("telegram", 4096)
        await platform.start()
        await platform.stop()

    asyncio.run(scenario())
