"""What Telegram is told at the start, and what it tells of its own accord."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from bot.manifests.telegram import menu
from handlers.commands.table import COMMANDS
from handlers.message import Incoming, IncomingKind
from handlers.words import Words
from tests.contract.telegram.running import SECRET, running, until
from tests.fakes import telegram_driver as people
from tests.fakes.process import Fake
from tests.support.ear import Ear


def started(fake: Fake, method: str, count: int, **more: Any) -> list[dict[str, Any]]:
    """The parameters of the calls to a method, once there are so many."""

    async def scenario() -> None:
        async with running(fake, Ear(), **more):
            await until(lambda: len(fake.seen(method=method)) >= count)

    asyncio.run(scenario())
    calls = fake.seen(method=method)
    assert len(calls) == count
    return [call["params"] for call in calls]


def test_the_menu_is_set_in_each_language_from_the_command_table(fake: Fake) -> None:
    told = {call.get("language_code", ""): call for call in started(fake, "setMyCommands", 3, menu=menu())}
    assert told.keys() == {"", "sv", "en"}
    listed = {code: json.loads(call["commands"]) for code, call in told.items()}
    assert [each["command"] for each in listed["en"]] == [row.slash for row in COMMANDS if row.slash]
    assert listed[""] == listed["sv"]
    assert listed["sv"][0] == {"command": "handledning", "description": "Spara en handledning"}
    assert listed["en"][0] == {"command": "handledning", "description": "Save a supervision session"}
    assert all(call["ok"] for call in fake.seen(method="setMyCommands"))


def test_the_menu_says_in_swedish_what_the_table_says() -> None:
    for row in COMMANDS:
        if row.slash:
            assert Words("sv").say(f"menu.{row.intent}") == row.hint.partition(": ")[0]


def test_a_menu_that_telegram_refuses_stops_nothing(fake: Fake) -> None:
    people.fault(fake, "setMyCommands", "refuse", status=400, description="Bad Request: nej")
    ear = Ear()

    async def scenario() -> None:
        people.enqueue(fake, people.text(7, "idag"))
        async with running(fake, ear, menu=menu()):
            await until(lambda: people.pending(fake) == [])

    asyncio.run(scenario())
    assert ear.texts == ["idag"]


def test_in_webhook_mode_telegram_is_told_where_we_are_with_the_secret(fake: Fake) -> None:
    hook = {"mode": "webhook", "webhook_secret": SECRET, "public_url": "https://st.exempel.se/"}
    [told] = started(fake, "setWebhook", 1, **hook)
    assert (told["url"], told["secret_token"]) == ("https://st.exempel.se/telegram/webhook", SECRET)
    assert json.loads(told["allowed_updates"]) == [
        "message",
        "edited_message",
        "callback_query",
        "my_chat_member",
    ]
    assert told.get("drop_pending_updates") in (None, "false")


HOOK = {"mode": "webhook", "webhook_secret": SECRET, "public_url": "https://st.exempel.se"}


def test_a_telegram_that_is_away_at_the_start_is_told_later_where_we_are(fake: Fake) -> None:
    people.fault(fake, "setWebhook", "5xx", times=2)
    assert len(started(fake, "setWebhook", 3, **HOOK)) == 3
    assert [call["ok"] for call in fake.seen(method="setWebhook")][-1]


def test_an_address_that_telegram_refuses_is_told_once_with_what_to_do(
    fake: Fake, caplog: pytest.LogCaptureFixture
) -> None:
    people.fault(fake, "setWebhook", "refuse", status=400, description="Bad Request: bad webhook", times=9)
    started(fake, "setMyCommands", 3, menu=menu(), **HOOK)
    assert len(fake.seen(method="setWebhook")) == 1
    [told] = [line for line in caplog.messages if "the webhook" in line]
    assert told.endswith("(BadRequest): Telegram does not take it: see docs/platforms/telegram.md")


def test_in_polling_mode_no_webhook_is_set(fake: Fake) -> None:
    started(fake, "deleteWebhook", 1, public_url="https://st.exempel.se")
    assert fake.seen(method="setWebhook") == []


@pytest.mark.parametrize(("back", "kind"), [(False, IncomingKind.LOST), (True, IncomingKind.FOUND)])
def test_a_person_who_blocks_or_unblocks_is_told_of(fake: Fake, back: bool, kind: IncomingKind) -> None:
    ear = Ear()

    async def scenario() -> int:
        number = people.enqueue(fake, people.member(7, back=back))
        async with running(fake, ear):
            await until(lambda: people.pending(fake) == [])
        return number

    number = asyncio.run(scenario())
    [told] = ear.heard
    assert (told.kind, told.sender.external_id, told.inline) == (kind, "7", True)
    assert told.delivery_key == f"upd:{number}"
    assert isinstance(told, Incoming)
