"""The webhook: who gets in, what is answered when, and that no body, however odd, is a fault of ours."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.platforms.telegram import Telegram
from bot.platforms.telegram_guard import MAX_BODY
from handlers.message import Incoming, IncomingKind, Reply
from tests.contract.telegram.running import NOW, SECRET, TOKEN, until, webhook
from tests.fakes import telegram_driver as people
from tests.fakes.process import Fake
from tests.reliability.sizes import size
from tests.support.ear import Ear

Headers = dict[str, str] | list[tuple[str, str]]
NOWHERE = Fake("http://127.0.0.1:9", None, None)  # type: ignore[arg-type]
"""No Telegram at all: receiving a private text must not need it."""
BOT = {"from": people.person(8, "Robot") | {"is_bot": True}}


def posted(ear: Ear, *bodies: bytes, headers: Headers | None = None) -> list[int]:
    """The statuses of raw bodies."""

    async def scenario() -> list[int]:
        async with webhook(NOWHERE, ear) as client:
            secret = {people.SECRET_HEADER: SECRET} if headers is None else headers
            answers = [await client.post("/telegram/webhook", content=b, headers=secret) for b in bodies]
        assert all(answer.content == b"" for answer in answers)
        return [answer.status_code for answer in answers]

    return asyncio.run(scenario())


def test_a_text_is_heard_before_it_is_acknowledged() -> None:
    async def scenario() -> None:
        entered, leave = asyncio.Event(), asyncio.Event()

        async def slow(incoming: Incoming) -> Reply:
            entered.set()
            await leave.wait()
            return await ear(incoming)

        async with webhook(NOWHERE, slow) as client:
            answer = asyncio.create_task(people.post_webhook(client, people.text(7, "bedömning"), SECRET))
            await entered.wait()
            assert not answer.done()
            leave.set()
            assert await answer == 200

    ear = Ear()
    asyncio.run(scenario())
    assert (ear.heard[0].text, ear.heard[0].delivery_key) == ("bedömning", "upd:7")


def test_only_the_writer_is_answered_whatever_chat_an_update_names() -> None:
    ear, update = Ear(), people.text(7, "status")
    update["message"]["chat"]["id"] = 501
    assert posted(ear, json.dumps({"update_id": 1, **update}).encode()) == [200]
    assert ear.heard[0].sender.address == "7"


@pytest.mark.parametrize("more", [{"sender_chat": {"id": -1, "type": "channel", "title": "ST"}}, BOT, {}])
def test_neither_a_bot_nor_a_channel_nor_somebody_unnamed_is_heard(more: dict[str, Any]) -> None:
    written = people.text(7, "status")["message"] | more
    bodies = [{"message": written}, {"edited_message": written}, {"channel_post": written}]
    if not more:
        del written["from"]
    if more is BOT:
        pressed = people.press(7, 12, "undo:5")["callback_query"] | more
        bodies.append({"callback_query": pressed})
    ear = Ear()
    told = [json.dumps({"update_id": number, **body}).encode() for number, body in enumerate(bodies)]
    assert posted(ear, *told) == [200] * len(told)
    assert ear.tried == []


def test_an_update_that_raised_is_asked_for_again_and_a_duplicate_keeps_its_key() -> None:
    ear = Ear(OSError("locked"))

    async def scenario() -> list[int]:
        async with webhook(NOWHERE, ear) as client:
            return [await people.post_webhook(client, people.text(7, "idag"), SECRET, 99) for _ in range(3)]

    assert asyncio.run(scenario()) == [503, 200, 200]
    assert [told.delivery_key for told in ear.heard] == ["upd:99", "upd:99"]


def test_a_press_delivered_twice_is_answered_once(fake: Fake) -> None:
    ear = Ear()
    update = people.press(7, 12, "undo:5", query="q7")

    async def scenario() -> None:
        async with webhook(fake, ear) as client:
            for _ in range(2):
                assert await people.post_webhook(client, update, SECRET) == 200
            await until(lambda: fake.seen(method="answerCallbackQuery"))

    asyncio.run(scenario())
    assert [call["ok"] for call in fake.seen(method="answerCallbackQuery")] == [True]
    assert (ear.heard[0].kind, ear.heard[0].at) == (IncomingKind.PRESS, NOW)


def test_a_group_waits_until_the_bot_knows_its_own_name(fake: Fake) -> None:
    ear = Ear()
    people.fault(fake, "getMe", "close")

    async def scenario() -> list[int]:
        update = people.text(7, "@handledd_bot status", group=True)
        async with webhook(fake, ear) as client:
            return [await people.post_webhook(client, update, SECRET) for _ in range(2)]

    assert asyncio.run(scenario()) == [503, 200]
    assert ear.texts == ["status"]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({people.SECRET_HEADER: ""}, 403),
        ({people.SECRET_HEADER: "fel"}, 403),
        ({people.SECRET_HEADER: SECRET[:-1]}, 403),
        ({people.SECRET_HEADER: SECRET + "x"}, 403),
        ({people.SECRET_HEADER: SECRET.upper()}, 403),
        ({"Authorization": f"Bearer {SECRET}"}, 401),
        ([(people.SECRET_HEADER, SECRET), (people.SECRET_HEADER, "fel")], 401),
        ([(people.SECRET_HEADER, SECRET), (people.SECRET_HEADER, SECRET)], 401),
    ],
)
def test_without_the_secret_nobody_is_heard(headers: Headers, status: int) -> None:
    ear = Ear()
    body = json.dumps({"update_id": 1, **people.text(7, "idag")}).encode()
    assert posted(ear, body, headers=headers) == [status]
    assert ear.tried == []


def test_a_secret_outside_ascii_is_refused_without_a_fault() -> None:
    async def scenario() -> int:
        async with webhook(NOWHERE, Ear()) as client:
            odd = [(people.SECRET_HEADER.encode(), "åäö".encode("latin-1"))]
            return (await client.post("/telegram/webhook", content=b"{}", headers=odd)).status_code

    assert asyncio.run(scenario()) == 403


def test_webhook_mode_without_a_secret_is_not_built() -> None:
    with pytest.raises(ValueError, match="WEBHOOK_SECRET"):
        Telegram(TOKEN, Ear(), lambda: NOW, mode="webhook")


def test_a_body_too_large_is_refused_and_one_at_the_limit_is_not() -> None:
    update = json.dumps({"update_id": 1, **people.text(7, "idag")}).encode()
    assert posted(Ear(), update.ljust(MAX_BODY), update.ljust(MAX_BODY + 1)) == [200, 400]


def written(update_id: int = 1, person: object = 7, **more: Any) -> bytes:
    """A text as Telegram sends it, but for some of its fields."""
    message = people.text(7, "idag")["message"]
    message["from"]["id"] = person
    return json.dumps({"update_id": update_id, "message": message | more}).encode()


def pressed(data: str, person: object = 7) -> bytes:
    """A press with this data, by somebody with this id."""
    press = people.press(7, 5, data)
    press["callback_query"]["from"]["id"] = person
    return json.dumps({"update_id": 1, **press}).encode()


NO_UPDATE = [
    b"",
    b"{",
    b"null",
    b"[]",
    b"17",
    b"\xff\xfe\x00",
    b"{}",
    b'{"update_id": null}',
    b'{"update_id": "1"}',
    b'{"update_id": true}',
    b"[" * 100_000,
    b'{"update_id": ' + b"9" * 5000 + b"}",
    written()[:-1],
    written(update_id=-1),
    written(update_id=2**63),
]
UNREADABLE = [
    b'{"update_id": 1, "message": 5}',
    b'{"update_id": 1, "message": {"message_id": 1}}',
    b'{"update_id": 1, "message": {"message_id": 1, "date": 1e400, "chat": {"id": 1, "type": "private"}}}',
    written(message_id="1"),
    written(message_id=2**63),
    written(chat={"id": 2**63, "type": "private"}),
    written(person="7"),
    written(person=0),
    pressed("å" * 33),
    pressed("undo.1.1", person=2**63),
]


def test_a_body_that_is_no_update_is_400() -> None:
    ear = Ear()
    assert posted(ear, *NO_UPDATE) == [400] * len(NO_UPDATE)
    assert ear.tried == []


@pytest.mark.parametrize("body", UNREADABLE)
def test_an_update_that_cannot_be_read_is_taken_and_logged_by_its_kind(
    body: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    """Refused, it would come again and again, and what comes after it would wait."""
    ear = Ear()
    assert posted(ear, body, written(update_id=2)) == [200, 200]
    assert ear.texts == ["idag"]
    kind = "callback_query" if b"callback" in body else "message"
    assert [each for each in caplog.messages if "be read" in each] == [
        f"Telegram: update 1 ({kind}) cannot be read"
    ]


def test_an_update_that_cannot_be_read_is_refused_without_the_secret() -> None:
    async def scenario() -> list[int]:
        async with webhook(NOWHERE, Ear()) as client:
            answers = [await client.post("/telegram/webhook", content=body) for body in UNREADABLE]
            return [answer.status_code for answer in answers]

    assert asyncio.run(scenario()) == [401] * len(UNREADABLE)


def test_what_a_database_cannot_store_is_mended_before_it_is_heard() -> None:
    ear = Ear()
    update = {"update_id": 1, **people.text(7, "a\x00b \ud83d e\u0301")}
    assert posted(ear, json.dumps(update).encode()) == [200]
    assert ear.texts == ["ab \ufffd é"]


LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9)
JUNK = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3)
)
SHAPES: list[dict[str, Any]] = [
    people.text(7, "handledning idag"),
    people.text(7, "@handledd_bot idag", group=True),
    people.press(7, 1, "undo:5"),
    people.caption(7, "dops idag"),
    people.member(7),
]


def paths(shape: Any, prefix: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The way to every value inside."""
    inner = shape.items() if isinstance(shape, dict) else enumerate(shape) if isinstance(shape, list) else ()
    return [prefix, *(path for key, value in inner for path in paths(value, (*prefix, key)))]


@st.composite
def spoiled(draw: st.DrawFn) -> Any:
    """A good update with one to three values replaced by junk."""
    update = json.loads(json.dumps({"update_id": draw(st.integers(0, 9)), **draw(st.sampled_from(SHAPES))}))
    for _ in range(draw(st.integers(1, 3))):
        *way, last = draw(st.sampled_from(paths(update)[1:]))
        place = update
        for key in way:
            place = place[key]
        place[last] = draw(JUNK)
    return update


@settings(max_examples=size(25, 375), deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(spoiled() | JUNK, min_size=8, max_size=8), st.lists(st.binary(max_size=200), max_size=4))
def test_no_body_is_a_fault_of_ours(fake: Fake, updates: list[Any], raw: list[bytes]) -> None:
    async def stored(incoming: Incoming) -> Reply:
        for value in (incoming.text, incoming.press, incoming.sender.name, incoming.sender.address):
            value.encode()
        assert "\x00" not in incoming.text + incoming.press
        return await Ear()(incoming)

    async def scenario() -> list[int]:
        async with webhook(fake, stored) as client:
            client.headers[people.SECRET_HEADER] = SECRET
            bodies = [json.dumps(update).encode() for update in updates] + raw
            return [(await client.post("/telegram/webhook", content=b)).status_code for b in bodies]

    assert set(asyncio.run(scenario())) <= {200, 400}


def test_only_post_is_taken() -> None:
    async def scenario() -> httpx.Response:
        async with webhook(NOWHERE, Ear()) as client:
            return await client.get("/telegram/webhook")

    assert asyncio.run(scenario()).status_code == 405
