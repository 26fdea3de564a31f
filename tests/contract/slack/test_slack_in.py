"""From Slack's request to `Incoming`, over a real socket."""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from handlers.message import File, IncomingKind, Message
from tests.contract.slack.conftest import World
from tests.contract.slack.host import NOW
from tests.fakes import slack_blockkit
from tests.fakes.slack_driver import deleted, direct, edited, mention, press


def test_a_command_is_answered_in_its_own_response(world: World) -> None:
    answer = world.driver.command("/handledning", "idag 1h etik", trigger_id="77.1")
    [heard] = world.ear.heard
    assert (heard.delivery_key, heard.text, heard.inline) == ("cmd:77.1", "/handledning idag 1h etik", True)
    assert (heard.sender.platform, heard.sender.workspace, heard.sender.external_id) == ("slack", "T1", "U1")
    assert (heard.sender.name, heard.private, heard.at, heard.kind) == ("anna", False, NOW, IncomingKind.TEXT)
    body = answer.json()
    assert (answer.status_code, body["response_type"]) == (200, "ephemeral")
    slack_blockkit.check(body["blocks"])
    assert slack_blockkit.shown(body["blocks"]).startswith(
        "Sparat: handledning sön 22 nov (v 47), 1 h · etik"
    )
    assert [b["value"] for b in body["blocks"][-1]["elements"]] == ["undo:1", "book:1"]
    assert world.fake.seen() == []


def test_a_command_in_a_direct_chat_is_private(world: World) -> None:
    world.driver.command("/status", channel_id="D7", channel_name="directmessage")
    assert (world.ear.heard[0].private, world.ear.heard[0].text) == (True, "/status")


def test_a_command_whose_text_says_payload_is_a_command(world: World) -> None:
    world.driver.command("/handledning", "idag 1h payload=x")
    assert world.ear.heard[0].text == "/handledning idag 1h payload=x"


def test_swedish_letters_come_through_in_one_form(world: World) -> None:
    world.driver.command("/bedomning", unicodedata.normalize("NFD", "i går 45 min återkoppling på röntgen"))
    assert world.ear.heard[0].text == "/bedomning i går 45 min återkoppling på röntgen"


def test_a_file_of_a_command_goes_to_the_private_chat(world: World) -> None:
    world.ear.message = Message("Här är din export.", files=(File("export.xlsx", b"PK", "application/x"),))
    shown = slack_blockkit.shown(world.driver.command("/export").json()["blocks"])
    assert "Filen kommer i vår privata chatt." in shown
    deadline = threading.Event()
    for _ in range(300):
        if world.calls("files.completeUploadExternal"):
            break
        deadline.wait(0.1)
    [call] = world.calls("files.completeUploadExternal")
    assert call["args"]["channel_id"] == "D1"


def test_a_message_to_the_bot_is_heard_and_not_answered_inline(world: World) -> None:
    answer = world.driver.event(direct("handledning idag 1h &amp; etik &lt;3"), event_id="Ev900")
    [heard] = world.ear.heard
    assert (answer.status_code, answer.text) == (200, "")
    assert (heard.delivery_key, heard.text) == ("evt:Ev900", "handledning idag 1h & etik <3")
    assert (heard.message_ref, heard.sender.address) == ("D1:1795339800.000100", "D1")
    assert (heard.private, heard.inline, heard.sender.workspace) == (True, False, "T1")
    assert heard.at.isoformat() == "2026-11-22T09:30:00.000100+00:00"


@pytest.mark.parametrize(
    ("written", "heard"),
    [
        ("<@UBOT> handledning idag", "handledning idag"),
        ("<@UBOT|handledd>: handledning idag", "handledning idag"),
        ("handledning idag <@UBOT>", "handledning idag"),
        ("<@UBOT> med <@U2|eva>", "med @U2"),
        ("<@UBOT> med <@U2>", "med @U2"),
        ("<@UBOT> kurs <http://lof.se|lof.se> <mailto:a@x.se|a@x.se>", "kurs lof.se a@x.se"),
        ("<@UBOT> <https://lof.se/a?b=1&amp;c=2>", "https://lof.se/a?b=1&c=2"),
        ("<@UBOT> <#C2|st> <!here> <!subteam^S1|@st-läkare>", "#st @here @st-läkare"),
    ],
)
def test_a_mention_reads_as_it_was_written(world: World, written: str, heard: str) -> None:
    world.driver.event(mention(written))
    assert (world.ear.heard[0].text, world.ear.heard[0].private) == (heard, False)
    assert world.ear.heard[0].message_ref == "C1:1795339801.000100"


def test_an_edit_names_the_message_it_changes(world: World) -> None:
    world.driver.event(edited("handledning 1h", "handledning 2h"))
    [heard] = world.ear.heard
    assert (heard.kind, heard.text, heard.message_ref) == (
        IncomingKind.EDIT,
        "handledning 2h",
        "D1:1795339800.000100",
    )


def test_an_edited_mention_is_an_edit(world: World) -> None:
    world.driver.event(mention("<@UBOT> handledning 2h", edited={"user": "U1", "ts": "1795339900.0"}))
    assert (world.ear.heard[0].kind, world.ear.heard[0].text) == (IncomingKind.EDIT, "handledning 2h")


def test_a_deletion_names_the_message_it_removes(world: World) -> None:
    world.driver.event(deleted("handledning 1h"))
    [heard] = world.ear.heard
    assert (heard.kind, heard.text, heard.message_ref) == (IncomingKind.DELETE, "", "D1:1795339800.000100")


def test_a_tombstone_is_a_deletion(world: World) -> None:
    grave = {"subtype": "tombstone", "user": "USLACKBOT", "text": "This message was deleted."}
    world.driver.event(edited("handledning 1h", "") | {"message": grave})
    assert world.ear.heard[0].kind is IncomingKind.DELETE


def test_a_picture_does_not_hide_its_line(world: World) -> None:
    world.driver.event(direct("handledning idag 1h", subtype="file_share", files=[{"id": "F1"}]))
    assert world.ear.heard[0].text == "handledning idag 1h"


@pytest.mark.parametrize(
    "event",
    [
        direct("Sparat", bot_id="B1", user="UBOT"),
        direct("Sparat", user="UBOT"),
        direct("hej", user="USLACKBOT"),
        direct("hej", subtype="channel_join"),
        direct("hej", channel="C1", channel_type="channel"),
        direct("hej", channel="C1", channel_type="channel", subtype="message_changed"),
        mention("<@UBOT> hej", bot_id="B9"),
        mention("<@UBOT> hej", channel="D1"),
        edited("se http://x.se", "se http://x.se"),
        deleted("Sparat") | {"previous_message": {"user": "UBOT", "bot_id": "B1", "ts": "1.2", "text": "x"}},
        {"type": "reaction_added", "user": "U1"},
        {"type": "team_join"},
    ],
)
def test_what_nobody_handles_is_received_and_not_heard(world: World, event: dict[str, Any]) -> None:
    assert world.driver.event(event).status_code == 200
    assert world.ear.heard == []


def test_the_bots_own_words_are_known_by_auth_test_too(world: World) -> None:
    world.driver.event(direct("Sparat", user="UBOT"), authorizations=[])
    assert world.ear.heard == []


def test_a_press_on_a_message_names_that_message(world: World) -> None:
    answer = world.driver.interaction(press("undo:1", trigger_id="5.5"))
    [heard] = world.ear.heard
    assert (answer.status_code, answer.text) == (200, "")
    assert (heard.kind, heard.press, heard.delivery_key) == (IncomingKind.PRESS, "undo:1", "act:5.5")
    assert (heard.message_ref, heard.private, heard.inline) == ("D1:1795339800.000900", True, False)


def test_a_press_on_an_ephemeral_message_names_its_response_url(world: World) -> None:
    url = "https://hooks.slack.com/actions/T1/2/abc"
    world.driver.interaction(press("undo:1", response_url=url, channel="C1"))
    heard = world.ear.heard[0]
    assert (heard.message_ref, heard.private, heard.sender.address) == (f"url:{url}", False, "C1")


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.slack.com/x",
        "https://hooks.slack.com.evil.se/x",
        "https://hooks.slack.com@evil.se/x",
        "https://hooks.slack.com:8443/x",
        "https://evil.se\\@hooks.slack.com/x",
        "http://169.254.169.254/latest",
        "http://127.0.0.1:1/x",
        "file:///etc/passwd",
        "https://[",
    ],
)
def test_no_other_host_is_ever_taken_for_a_response_url(world: World, url: str) -> None:
    assert world.driver.interaction(press("undo:1", response_url=url)).status_code == 200
    assert world.ear.heard[0].message_ref == ""


def test_a_button_of_another_app_or_a_closed_dialogue_is_not_heard(world: World) -> None:
    for payload in (press("x" * 65), press("å"), press("a", actions=[]), {"type": "view_closed"}):
        assert world.driver.interaction(payload).status_code == 200
    assert world.ear.heard == []


def test_the_same_delivery_has_the_same_key_and_a_retry_is_never_dropped(world: World) -> None:
    for headers in ({}, {"X-Slack-Retry-Num": "1", "X-Slack-Retry-Reason": "http_timeout"}):
        assert world.driver.event(direct("hej"), headers, event_id="Ev5").status_code == 200
    world.driver.interaction(press("a", trigger_id="9.9"))
    world.driver.interaction(press("a", trigger_id="9.9"))
    assert [h.delivery_key for h in world.ear.heard] == ["evt:Ev5", "evt:Ev5", "act:9.9", "act:9.9"]


@pytest.mark.parametrize("kind", ["command", "event", "press"])
def test_nothing_is_acknowledged_before_it_is_saved(world: World, kind: str) -> None:
    world.ear.gate = threading.Event()
    answers: list[httpx.Response] = []
    send: dict[str, Callable[[], httpx.Response]] = {
        "command": lambda: world.driver.command("/handledning"),
        "event": lambda: world.driver.event(direct("hej")),
        "press": lambda: world.driver.interaction(press("undo:1")),
    }
    thread = threading.Thread(target=lambda: answers.append(send[kind]()))
    thread.start()
    assert world.ear.called.wait(30)
    assert answers == []
    world.ear.gate.set()
    thread.join(30)
    assert answers[0].status_code == 200


def test_what_was_not_saved_is_delivered_again(world: World, caplog: pytest.LogCaptureFixture) -> None:
    world.ear.error = RuntimeError("INSERT 'canary-hemligt'")
    assert world.driver.event(direct("hej")).status_code == 503
    assert world.driver.interaction(press("undo:1")).status_code == 503
    assert "canary" not in caplog.text


def test_a_command_that_was_not_saved_says_so_in_words(world: World) -> None:
    world.ear.error = RuntimeError("database is locked")
    answer = world.driver.command("/handledning", "idag 1h")
    assert (answer.status_code, answer.json()["response_type"]) == (200, "ephemeral")
    assert "Försök igen" in slack_blockkit.shown(answer.json()["blocks"])
    assert "Sparat" not in answer.text


def test_the_address_proves_itself_to_slack(world: World) -> None:
    answer = world.driver.post(b'{"type": "url_verification", "challenge": "3eZbrw1a"}')
    assert (answer.status_code, answer.json()) == (200, {"challenge": "3eZbrw1a"})
    assert world.ear.heard == []


def test_nothing_heard_needs_an_answer_from_slack_first(world: World) -> None:
    world.fault("auth.test", "error", error="invalid_auth", times=99)
    assert world.driver.command("/status").status_code == 200
    assert world.calls("auth.test") == []
