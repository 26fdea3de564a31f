"""From `Message` to what Slack shows, and what each failure means."""

from __future__ import annotations

import asyncio
import json
import logging
import socket
from collections.abc import Coroutine
from dataclasses import replace
from typing import Any

import httpx
import pytest

from bot.platforms.contract import Address, Platform, SendError
from bot.platforms.slack import Slack
from handlers.message import Button, Field, File, Message
from tests.contract.odd_input import RETRY_AFTER
from tests.contract.slack.conftest import World
from tests.contract.slack.host import RECEIPT, SECRET, TOKEN, Clock, Ear, Host, serving
from tests.fakes import slack_blockkit
from tests.support.payloads import PAYLOADS

ANNA = Address("slack", "U1", "T1", chat="D1")
UNSEEN = Address("slack", "U7", "T1")
OPEN = Address("slack", "U1", "T1", chat="C1", open=True)
PICTURE = File("översikt.png", b"\x89PNG" + b"x" * 5000, "image/png", "2 av 3 i fas")
BOOK = File("översikt.xlsx", b"PK" + b"y" * 9000, "application/x")


def send(world: World, message: Message = RECEIPT, to: Address = ANNA, delivery: str = "d1") -> str:
    return world.host.run(world.host.slack.send(to, message, delivery))


def failure(world: World, message: Message = RECEIPT, to: Address = ANNA, delivery: str = "d1") -> SendError:
    with pytest.raises(SendError) as caught:
        send(world, message, to, delivery)
    assert TOKEN not in str(caught.value)
    assert message.text not in str(caught.value)
    return caught.value


def marks(error: SendError) -> tuple[bool, bool, float | None]:
    return error.permanent, error.perhaps, error.retry_after


def test_slack_is_a_platform(world: World) -> None:
    platform: Platform = world.host.slack
    assert (platform.name, [r.path for r in platform.routes()]) == ("slack", ["/slack/events"])  # type: ignore[attr-defined]


def test_a_message_goes_to_the_known_chat_with_its_delivery(world: World) -> None:
    reference = send(world)
    [call] = world.calls("chat.postMessage")
    args = call["args"]
    assert (args["channel"], reference[:3]) == ("D1", "D1:")
    assert args["metadata"] == {"event_type": "handledd_delivery", "event_payload": {"id": "d1"}}
    assert "Sparat: handledning sön 22 nov (v 47), 1 h · etik" in slack_blockkit.shown(args["blocks"])
    assert "Står: v 47 klar" in slack_blockkit.shown(args["blocks"])
    assert call["mentions"] == []
    # Nothing in the text that stands for the blocks is a style, and no link in it opens a page of its own.
    assert [args[name] for name in ("mrkdwn", "unfurl_links", "unfurl_media")] == [False] * 3


def test_a_message_to_a_person_not_met_yet_opens_the_chat(world: World) -> None:
    assert send(world, to=UNSEEN).startswith("D7:")


def test_in_a_channel_only_the_addressee_sees_it(world: World) -> None:
    send(world, to=OPEN)
    [call] = world.calls("chat.postEphemeral")
    assert (call["args"]["channel"], call["args"]["user"]) == ("C1", "U1")
    assert world.calls("chat.postMessage") == []


def test_nothing_is_posted_openly_whatever_chat_is_kept(world: World) -> None:
    send(world, to=replace(ANNA, chat="C1"))
    assert [call["args"]["channel"] for call in world.calls("chat.postMessage")] == ["U1"]


def test_in_a_channels_thread_the_answer_is_in_the_thread(world: World) -> None:
    assert send(world, to=replace(OPEN, chat="C1/1795339800.000100")).startswith("C1:")
    [call] = world.calls("chat.postEphemeral")
    assert (call["args"]["channel"], call["args"]["thread_ts"]) == ("C1", "1795339800.000100")


def test_where_the_bot_may_not_be_the_answer_comes_privately(world: World) -> None:
    assert send(world, to=Address("slack", "U1", "T1", chat="CGONE", open=True)).startswith("D1:")


def test_a_message_takes_the_place_of_an_earlier_one(world: World) -> None:
    reference = send(world)
    assert send(world, Message("Ångrat", replaces=reference), delivery="d2") == reference
    assert world.calls("chat.update")[0]["accepted"]
    assert len(world.calls("chat.postMessage")) == 1


def test_an_ephemeral_message_is_replaced_through_its_response_url(world: World) -> None:
    url = f"{world.fake.url}/hook/one"
    assert send(world, Message("Ångrat", replaces=f"url:{url}"), OPEN) == f"url:{url}"
    [call] = world.calls("response_url")
    assert (call["args"]["replace_original"], call["accepted"]) == (True, True)


@pytest.mark.parametrize("replaces", ["D1:1.000000", "url:HOOK/expired", "telegram", "url:https://evil.se/x"])
def test_what_cannot_be_replaced_is_said_anew(world: World, replaces: str) -> None:
    message = Message("Ångrat", replaces=replaces.replace("HOOK", f"{world.fake.url}/hook"))
    assert send(world, message).startswith("D1:")
    assert len(world.calls("chat.postMessage")) == 1


def test_in_a_channel_no_earlier_message_is_openly_rewritten(world: World) -> None:
    send(world, Message("Ångrat", replaces="C1:1.000000"), OPEN)
    assert (world.calls("chat.update"), len(world.calls("chat.postEphemeral"))) == ([], 1)


def test_files_are_put_in_the_chat_before_the_message(world: World) -> None:
    send(world, Message("Läget på måndag", files=(PICTURE, BOOK)))
    methods = [line["method"] for line in world.fake.seen() if line["method"] != "conversations.open"]
    assert methods == [
        *("files.getUploadURLExternal",) * 2,
        *("upload",) * 2,
        "files.completeUploadExternal",
        "chat.postMessage",
    ]
    assert [c["args"]["size"] for c in world.calls("upload")] == [5004, 9002]
    asked = [call["args"] for call in world.calls("files.getUploadURLExternal")]
    assert (asked[0]["filename"], asked[0]["alt_txt"]) == ("översikt.png", "2 av 3 i fas")
    assert "alt_txt" not in asked[1]
    assert all(line["accepted"] for line in world.fake.seen())


@pytest.mark.parametrize(
    ("locale", "told"),
    [("sv", "Filen kommer i vår privata chatt."), ("en", "The file comes in our private chat.")],
)
def test_files_are_never_put_in_a_channel(world: World, locale: str, told: str) -> None:
    send(world, Message("Läget", files=(PICTURE,)), replace(OPEN, locale=locale))
    assert world.calls("files.completeUploadExternal")[0]["args"]["channel_id"] == "D1"
    shown = slack_blockkit.shown(world.calls("chat.postEphemeral")[0]["args"]["blocks"])
    assert shown.splitlines()[-1].strip() == told


def test_a_message_tried_again_does_not_bring_its_files_twice(world: World) -> None:
    world.fault("chat.postMessage", "error", error="ratelimited")
    message = Message("Läget", files=(PICTURE,))
    failure(world, message)
    send(world, message)
    assert len(world.calls("files.completeUploadExternal")) == 1
    assert [c["accepted"] for c in world.calls("chat.postMessage")] == [False, True]


def test_a_file_that_is_not_taken_leaves_the_message_unsent(world: World) -> None:
    world.fault("upload", "answer", status=500, body="no", type="text/plain")
    assert marks(failure(world, Message("Läget", files=(PICTURE,)))) == (False, False, None)
    assert world.calls("chat.postMessage") == []


# --- long, odd and hostile texts


@pytest.mark.parametrize("size", [1, 2999, 3000, 3001, 9000, 90_000])
def test_a_long_text_loses_nothing(world: World, size: int) -> None:
    text = ("åäö 😀 tal\n" * (size // 9 + 1))[: size - 1] + "!"
    send(world, Message(text, buttons=(Button("Ångra", "undo:1"),)))
    [call] = world.calls("chat.postMessage")
    assert call["accepted"]
    assert slack_blockkit.shown(call["args"]["blocks"]) == text
    assert call["args"]["blocks"][-1]["type"] == "actions"


def test_a_text_beyond_every_block_comes_along_as_a_file(world: World) -> None:
    send(world, Message("ord " * 40_000))
    assert len(world.calls("chat.postMessage")[0]["args"]["blocks"]) == 50
    assert world.calls("upload")[0]["args"]["size"] == 160_000


@pytest.mark.parametrize(
    "message",
    [
        Message(""),
        Message(" \n "),
        Message("", fields=(Field("", ""),)),
        Message("x", fields=tuple(Field(f"f{n}", "v") for n in range(23))),
        Message("x", fields=(Field("lång", "ö" * 7000),)),
        Message("x", buttons=tuple(Button("k" * 200, f"b:{n}") for n in range(30))),
        Message("x", buttons=(Button("", "b"),)),
        Message("half \ud800 character"),
    ],
)
def test_every_message_is_one_that_slack_takes(world: World, message: Message) -> None:
    send(world, message)
    assert world.calls("chat.postMessage")[0]["accepted"]


def test_no_users_text_becomes_a_mention_a_link_or_a_style(world: World) -> None:
    for payload in PAYLOADS:
        message = Message(payload, fields=(Field(payload, payload),), buttons=(Button(payload, "b"),))
        world.ear.message = message
        inline = world.driver.command("/status").json()
        slack_blockkit.check(inline["blocks"])
        assert slack_blockkit.markup(inline) == []
        send(world, message)
        send(world, message, OPEN)
    assert {(line["accepted"], *line["mentions"]) for line in world.fake.seen()} == {(True,)}


def test_the_fake_sees_what_it_should_see() -> None:
    seen = slack_blockkit.markup({"text": "<!channel> <@U1> *x* http://evil.se"})
    assert {s.partition(":")[0] for s in seen} == {"channel-wide", "user", "bold", "bare link"}
    hidden = {"type": "section", "text": {"type": "mrkdwn", "text": "<!here>"}}
    assert slack_blockkit.markup({"text": "x", "blocks": [hidden]}) == ["channel-wide: <!here>"]


# --- failures


def test_a_dropped_connection_is_not_posted_again(world: World) -> None:
    world.fault("chat.postMessage", "close")
    assert marks(failure(world)) == (False, True, None)
    assert [call["accepted"] for call in world.calls("chat.postMessage")] == [True]
    assert world.host.run(world.host.slack.find(ANNA, "d1")) is not None


def test_a_dropped_response_url_is_not_posted_again(world: World) -> None:
    world.fault("response_url", "close")
    message = Message("Ångrat", replaces=f"url:{world.fake.url}/hook/two")
    assert marks(failure(world, message, OPEN)) == (False, True, None)
    assert len(world.calls("response_url")) == 1
    assert world.calls("chat.postEphemeral") == []


@pytest.mark.parametrize(("header", "seconds"), RETRY_AFTER)
def test_too_many_messages_tells_when_to_come_back(
    world: World, header: str | None, seconds: float | None
) -> None:
    headers = {} if header is None else {"Retry-After": header}
    world.fault("chat.postMessage", "answer", status=429, headers=headers)
    assert marks(failure(world)) == (False, False, seconds)
    assert len(world.calls("chat.postMessage")) == 1


def test_a_response_url_can_be_used_too_often_too(world: World) -> None:
    world.fault("response_url", "answer", status=429, headers={"Retry-After": "7"}, body="no")
    message = Message("Ångrat", replaces=f"url:{world.fake.url}/hook/three")
    assert marks(failure(world, message, OPEN)) == (False, False, 7.0)


@pytest.mark.parametrize(
    "code",
    ["channel_not_found", "user_not_found", "user_disabled", "is_archived"],
)
def test_a_lasting_refusal_is_permanent(world: World, code: str) -> None:
    world.fault("chat.postMessage", "error", error=code)
    error = failure(world)
    assert (marks(error), error.reason) == ((True, False, None), code)


@pytest.mark.parametrize("code", ["invalid_auth", "account_inactive", "token_revoked", "missing_scope"])
def test_a_fault_of_our_own_token_blames_no_address(world: World, code: str) -> None:
    world.fault("chat.postMessage", "error", error=code)
    error = failure(world)
    assert (marks(error), error.ours) == ((False, False, None), True)


@pytest.mark.parametrize("code", ["invalid_blocks", "team_added_to_org", "posting_to_general_channel_denied"])
def test_another_refusal_is_known_not_to_be_shown(world: World, code: str) -> None:
    world.fault("chat.postMessage", "error", error=code)
    assert marks(failure(world)) == (False, False, None)


@pytest.mark.parametrize("code", ["fatal_error", "internal_error", "service_unavailable"])
def test_slacks_own_trouble_leaves_it_open(world: World, code: str) -> None:
    world.fault("chat.postMessage", "error", error=code)
    assert marks(failure(world)) == (False, True, None)


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_server_error_after_the_post_leaves_it_open(world: World, status: int) -> None:
    world.fault("chat.postMessage", "lost", status=status)
    assert marks(failure(world)) == (False, True, None)
    assert len(world.calls("chat.postMessage")) == 1


@pytest.mark.parametrize(
    ("body", "media"),
    [("<html>", "text/html"), ("ok", "text/plain"), ("{", "application/json"), ("[]", "application/json")],
)
def test_an_answer_that_says_nothing_leaves_it_open(world: World, body: str, media: str) -> None:
    world.fault("chat.postMessage", "answer", status=200, body=body, type=media)
    assert marks(failure(world)) == (False, True, None)


@pytest.mark.parametrize(
    ("body", "reference"),
    [({"ok": True}, ""), ({"ok": True, "channel": "D1"}, ""), ({"ts": "1.0"}, "D1:1.0")],
)
def test_a_yes_is_a_yes_though_it_names_no_message(
    world: World, body: dict[str, Any], reference: str
) -> None:
    yes = json.dumps({"ok": True} | body)
    world.fault("chat.postMessage", "answer", status=200, body=yes, type="application/json")
    assert send(world) == reference


@pytest.mark.parametrize("status", [403, 404, 407, 451, 511])
@pytest.mark.parametrize("media", ["text/html", "application/json"])
def test_what_stands_before_slack_blames_neither_message_nor_address(
    world: World, status: int, media: str
) -> None:
    world.fault("chat.postMessage", "answer", status=status, body="<html>", type=media)
    error = failure(world)
    assert (marks(error), error.away, error.ours) == ((False, False, None), True, False)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_nothing_is_sent_to_where_an_answer_points(world: World, status: int) -> None:
    elsewhere = {"Location": f"{world.fake.url}/api/chat.meMessage"}
    world.fault("chat.postMessage", "answer", status=status, headers=elsewhere, body="", type="text/html")
    error = failure(world)
    assert (marks(error), error.away) == ((False, False, None), True)
    assert world.calls("chat.meMessage") == []


def test_an_error_in_words_is_not_repeated(world: World) -> None:
    world.fault("chat.postMessage", "error", error="Sparat: hemligt <b>")
    assert failure(world).reason == "HTTP 200"


def test_an_unknown_person_is_permanent(world: World) -> None:
    assert marks(failure(world, to=Address("slack", "UGONE", "T1"))) == (True, False, None)


def platform(api_url: str, call_seconds: float = 10.0) -> Slack:
    return Slack(SECRET, TOKEN, api_url, Ear(), Clock(), call_seconds=call_seconds)


def run(slack: Slack, work: Coroutine[Any, Any, str]) -> str:
    async def whole() -> str:
        await slack.start()
        try:
            return await work
        finally:
            await slack.stop()

    return asyncio.run(whole())


def test_no_answer_in_time_leaves_it_open(world: World) -> None:
    world.fault("chat.postMessage", "hang")
    slack = platform(world.fake.url + "/api/", call_seconds=0.5)
    with pytest.raises(SendError) as caught:
        run(slack, slack.send(ANNA, RECEIPT, "d9"))
    assert marks(caught.value) == (False, True, None)
    assert len(world.calls("chat.postMessage")) == 1


@pytest.mark.parametrize("where", ["http://127.0.0.1:PORT/api/", "http://finns.invalid/api/"])
def test_no_connection_is_known_not_to_be_sent_and_stops_nothing(
    caplog: pytest.LogCaptureFixture, where: str
) -> None:
    with socket.socket() as unused:  # bound and not listening: connections are refused
        unused.bind(("127.0.0.1", 0))
        slack = platform(where.replace("PORT", str(unused.getsockname()[1])))
        with pytest.raises(SendError) as caught:
            run(slack, slack.send(ANNA, RECEIPT, "d1"))
    assert marks(caught.value) == (False, False, None)
    assert "HANDLEDD_SLACK_BOT_TOKEN" in caplog.text
    assert TOKEN not in caplog.text


def test_a_host_whose_token_is_wrong_still_hears(world: World, caplog: pytest.LogCaptureFixture) -> None:
    world.fault("auth.test", "error", error="invalid_auth")
    host = Host(world.fake.url + "/api/")
    with serving(host) as url:
        assert httpx.post(f"{url}/slack/events", trust_env=False).status_code == 401
    assert "auth.test failed (invalid_auth)" in caplog.text


# --- finding


def test_an_earlier_delivery_is_found_by_its_name(world: World) -> None:
    reference = send(world, delivery="d41")
    send(world, delivery="d42")
    assert world.host.run(world.host.slack.find(ANNA, "d41")) == reference
    assert world.host.run(world.host.slack.find(Address("slack", "U1"), "d41")) == reference
    assert world.host.run(world.host.slack.find(ANNA, "d43")) is None
    assert world.host.run(world.host.slack.find(OPEN, "d41")) is None


def test_no_call_says_in_its_address_whom_it_is_about(world: World) -> None:
    send(world, Message("Läget", files=(PICTURE,)))
    world.host.run(world.host.slack.find(UNSEEN, "d41"))
    assert {line["method"] for line in world.fake.seen()} >= {"conversations.open", "conversations.history"}
    assert {line["query"] for line in world.fake.seen()} == {""}


def test_not_being_able_to_look_is_not_the_same_as_not_finding(world: World) -> None:
    world.fault("conversations.history", "answer", status=503, body="no", type="text/plain")
    with pytest.raises(SendError):
        world.host.run(world.host.slack.find(ANNA, "d1"))


def test_nothing_sent_is_logged(world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for name in list(logging.root.manager.loggerDict):
        if name.startswith(("slack", "aiohttp", "asyncio")):
            logging.getLogger(name).setLevel(logging.DEBUG)
    hook = f"{world.fake.url}/hook/canary-url"
    send(world, Message("canary-ord", files=(File("canary.txt", b"canary-fil", "text/plain"),)))
    send(world, Message("canary-ord", replaces=f"url:{hook}"), OPEN)
    world.fault("chat.postMessage", "close")
    failure(world, Message("canary-ord"))
    for secret in ("canary", TOKEN, SECRET):
        assert secret not in caplog.text
