"""The long poll against the fake Bot API: what is heard, what is confirmed, what comes again."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from datetime import UTC, datetime

import httpx
import pytest

from bot.platforms.telegram_poll import Pace
from handlers.message import Incoming, IncomingKind, Reply
from tests.contract.telegram.running import DEADLINE, SECRET, TOKEN, running, until
from tests.fakes import telegram_driver as people
from tests.fakes.process import ROOT, Fake
from tests.support.ear import Ear


def test_a_text_is_heard_and_confirmed(fake: Fake) -> None:
    ear = Ear()

    async def scenario() -> None:
        number = people.enqueue(fake, people.text(7, "handledning idag 1h etik"))
        async with running(fake, ear):
            await until(lambda: people.pending(fake) == [])
        assert ear.heard[0].delivery_key == f"upd:{number}"

    asyncio.run(scenario())
    told = ear.heard[0]
    assert (told.text, told.kind, told.private) == ("handledning idag 1h etik", IncomingKind.TEXT, True)
    assert (told.sender.external_id, told.sender.address, told.sender.name) == ("7", "7", "Åsa")
    assert told.at == datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


def test_the_offset_stays_until_hear_has_returned(fake: Fake) -> None:
    number = people.enqueue(fake, people.text(7, "idag"))

    async def scenario() -> None:
        entered, leave = asyncio.Event(), asyncio.Event()

        async def slow(incoming: Incoming) -> Reply:
            entered.set()
            await leave.wait()
            return await Ear()(incoming)

        async with running(fake, slow):
            await entered.wait()
            assert people.pending(fake) == [number]
            leave.set()
            await until(lambda: people.pending(fake) == [])

    asyncio.run(scenario())


def test_an_update_that_raised_comes_again_with_the_same_key(fake: Fake) -> None:
    ear = Ear(OSError("disk full"), OSError("disk full"))

    async def scenario() -> None:
        people.enqueue(fake, people.text(7, "idag"))
        async with running(fake, ear):
            await until(lambda: ear.heard)

    asyncio.run(scenario())
    assert len({told.delivery_key for told in ear.tried}) == 1
    assert len(ear.tried) == 3


def test_an_update_is_handed_out_again_after_a_kill_inside_hear(fake: Fake) -> None:
    number = people.enqueue(fake, people.text(7, "idag"))
    dying = [sys.executable, "-m", "tests.contract.telegram.dying", TOKEN, fake.url]
    killed = subprocess.run(dying, cwd=ROOT, timeout=60, check=False)
    assert killed.returncode == 9
    assert people.pending(fake) == [number]
    ear = Ear()

    async def scenario() -> None:
        async with running(fake, ear):
            await until(lambda: ear.heard)

    asyncio.run(scenario())
    assert [told.delivery_key for told in ear.heard] == [f"upd:{number}"]


def test_a_poison_update_holds_up_nobody_and_is_given_up_only_while_others_are_heard(fake: Fake) -> None:
    ear = Ear()
    ear.poison = "gift"

    async def scenario() -> None:
        bad = people.enqueue(fake, people.text(7, "gift"))
        async with running(fake, ear):
            await until(lambda: len(ear.tried) > 10)
            assert bad in people.pending(fake)
            for number in range(3):
                people.enqueue(fake, people.text(8, f"rad {number}"))
                await until(lambda n=number: f"rad {n}" in ear.texts)  # type: ignore[misc]
            await until(lambda: people.pending(fake) == [])

    asyncio.run(scenario())
    assert ear.texts == ["rad 0", "rad 1", "rad 2"]


def test_stop_finishes_the_update_under_way_and_confirms_it(fake: Fake) -> None:
    ear = Ear()
    people.enqueue(fake, people.text(7, "idag"))
    later = people.enqueue(fake, people.text(7, "senare"))

    async def scenario() -> None:
        entered, leave = asyncio.Event(), asyncio.Event()

        async def slow(incoming: Incoming) -> Reply:
            entered.set()
            await leave.wait()
            return await ear(incoming)

        async with running(fake, slow) as platform:
            await entered.wait()
            stopping = asyncio.create_task(platform.stop())
            await asyncio.sleep(0)  # stop has begun before hear returns
            leave.set()
            await stopping

    asyncio.run(scenario())
    assert ear.texts == ["idag"]
    assert people.pending(fake) == [later]


def test_the_poll_outlives_faults_of_the_network_and_says_what_to_do(
    fake: Fake, caplog: pytest.LogCaptureFixture
) -> None:
    ear = Ear()
    for kind in ("5xx", "close", "garbled"):
        people.fault(fake, "getUpdates", kind)
    people.fault(fake, "getMe", "close")
    people.flood(fake, "deleteWebhook", {"retry_after": 1})

    async def scenario() -> None:
        people.enqueue(fake, people.text(7, "idag"))
        async with running(fake, ear):
            await until(lambda: people.pending(fake) == [])

    asyncio.run(scenario())
    assert ear.texts == ["idag"]
    away = [line for line in caplog.messages if line.startswith("Telegram is not reached (")]
    assert len(away) == 5
    assert {line.partition("): ")[2] for line in away} == {
        "the fault is Telegram's; the bot tries again",
        "look at network, proxy and HANDLEDD_TELEGRAM_API_URL; the bot tries again",
    }


def test_a_webhook_left_behind_is_removed_and_nothing_is_dropped(fake: Fake) -> None:
    ear = Ear()
    httpx.post(f"{fake.url}/bot{TOKEN}/setWebhook", data={"url": "https://x.se"}).raise_for_status()
    people.enqueue(fake, people.text(7, "idag"))

    async def scenario() -> None:
        async with running(fake, ear):
            await until(lambda: ear.heard)

    asyncio.run(scenario())
    assert ear.texts == ["idag"]


def test_an_edit_names_the_message_it_changes(fake: Fake) -> None:
    ear = Ear()
    first = people.text(7, "handledning igår")

    async def scenario() -> None:
        people.enqueue(fake, first)
        people.enqueue(fake, people.edit(first, "handledning idag"))
        async with running(fake, ear):
            await until(lambda: len(ear.heard) == 2)

    asyncio.run(scenario())
    assert [told.kind for told in ear.heard] == [IncomingKind.TEXT, IncomingKind.EDIT]
    assert ear.heard[0].message_ref == ear.heard[1].message_ref
    assert ear.heard[0].delivery_key != ear.heard[1].delivery_key


def test_a_press_is_answered_once_and_only_after_hear(fake: Fake) -> None:
    ear = Ear(OSError("locked"))

    async def scenario() -> None:
        people.enqueue(fake, people.press(7, 12, "undo:5", query="q7"))
        async with running(fake, ear):
            await until(lambda: fake.seen(method="answerCallbackQuery"))
        assert len(ear.tried) == 2

    asyncio.run(scenario())
    assert (ear.heard[0].press, ear.heard[0].message_ref) == ("undo:5", "7:12")
    assert [call["ok"] for call in fake.seen(method="answerCallbackQuery")] == [True]


def test_in_a_group_only_commands_and_mentions_are_heard(fake: Fake) -> None:
    ear = Ear()
    lines = [
        "vem tar jouren?",
        "/handledning@handledd_bot idag",
        "/start@annan_bot",
        "@Handledd_bot, status",
    ]

    async def scenario() -> None:
        for line in lines:
            people.enqueue(fake, people.text(7, line, group=True))
        async with running(fake, ear):
            await until(lambda: people.pending(fake) == [])

    asyncio.run(scenario())
    assert ear.texts == ["/handledning idag", "status"]
    assert {(told.private, told.sender.address) for told in ear.heard} == {(False, "7")}


def test_what_is_not_for_us_is_confirmed_unheard(fake: Fake) -> None:
    ear = Ear()

    async def scenario() -> None:
        odd: list[people.JSON] = [{"poll": {"nonsense": 1}}, {"okänt": {}}]
        for update in (people.sticker(7), people.member(7, group=True), people.migrated(7), *odd):
            people.enqueue(fake, update)
        people.enqueue(fake, people.caption(7, "bedömning idag"))
        async with running(fake, ear):
            await until(lambda: people.pending(fake) == [])

    asyncio.run(scenario())
    assert ear.texts == ["bedömning idag"]


def test_stop_ends_a_long_poll_at_once(fake: Fake) -> None:
    async def scenario() -> None:
        async with running(fake, Ear(), pace=Pace(poll=3600)):
            await until(lambda: fake.seen(method="deleteWebhook"))

    asyncio.run(asyncio.wait_for(scenario(), DEADLINE))


def test_polling_mounts_no_route(fake: Fake) -> None:
    async def scenario() -> None:
        async with running(fake, Ear(), webhook_secret=SECRET) as platform:
            assert platform.routes() == []

    asyncio.run(scenario())
