"""From Teams' request to `Incoming`, over a real socket."""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest
from microsoft_teams.api import ActivityTypeAdapter

from handlers.message import IncomingKind, Message
from tests.contract.teams.conftest import World
from tests.contract.teams.host import NOW
from tests.fakes import teams_card
from tests.fakes.teams_driver import (
    ANNA,
    BOT,
    CHAT,
    TENANT,
    activity,
    deleted,
    edited,
    installed,
    mention,
    message,
    press,
    submit,
)

LINE = "handledning idag 1h etik"
UNDO = {"press": "undo.1.1", "mark": "0a1b"}


def test_a_message_to_the_bot_is_heard_and_not_answered_inline(world: World) -> None:
    answer = world.driver.post(message(LINE, id="1795339800123"))
    [heard] = world.ear.heard
    assert (answer.status_code, answer.text) == (200, "")
    assert (heard.kind, heard.text, heard.private, heard.inline) == (IncomingKind.TEXT, LINE, True, False)
    assert heard.message_ref == f"{CHAT}:1795339800123"
    sender = heard.sender
    assert (sender.platform, sender.external_id, sender.workspace) == ("teams", ANNA, TENANT)
    assert (sender.name, sender.address) == ("Anna Berg", f"{CHAT} {world.driver.service}")
    assert heard.at.isoformat() == "2026-11-22T09:30:00.123456+00:00"


def test_swedish_letters_come_through_in_one_form(world: World) -> None:
    world.driver.post(message(unicodedata.normalize("NFD", "i går 45 min återkoppling på röntgen")))
    assert world.ear.heard[0].text == "i går 45 min återkoppling på röntgen"


@pytest.mark.parametrize(
    ("written", "heard"),
    [
        ("<at>handledd</at> handledning idag", "handledning idag"),
        ("<at>handledd</at>&nbsp;handledning idag\n", "handledning idag"),
        ("handledning idag <at>handledd</at>", "handledning idag"),
        ("<at>handledd</at> med <at>Eva Ek</at> 1h", "med Eva Ek 1h"),
        ('<at>handledd</at> med <at id="1">Eva Ek</at>', "med Eva Ek"),
        ("<at>handledd</at> etik &amp; samarbete &lt;3", "etik & samarbete <3"),
        ("<at>handledd</at>", ""),
        ("<at>handledd</at> två\r\nrader\x00", "två\nrader"),
    ],
)
def test_a_mention_reads_as_it_was_written(world: World, written: str, heard: str) -> None:
    world.driver.post(mention(written))
    assert (world.ear.heard[0].text, world.ear.heard[0].private) == (heard, False)


def test_a_mention_in_a_channel_leaves_an_address_for_a_private_answer(world: World) -> None:
    world.driver.post(mention(f"<at>handledd</at> {LINE}"))
    assert world.ear.heard[0].sender.address == f" {world.driver.service}"
    assert world.ear.heard[0].message_ref.startswith("19:st@thread.tacv2:")


def test_a_group_that_does_not_say_its_kind_is_heard_when_it_names_the_bot_and_answered_in_private(
    world: World,
) -> None:
    group = {"isGroup": True, "tenantId": TENANT, "id": "19:st@thread.v2"}
    world.driver.post(message(LINE, conversation=group))
    world.driver.post(mention(f"<at>handledd</at> {LINE}", conversation=group))
    [heard] = world.ear.heard
    assert (heard.private, heard.sender.address) == (False, f" {world.driver.service}")


def test_a_bots_name_that_a_person_has_too_is_not_taken_for_the_bot(world: World) -> None:
    other = {
        "type": "mention",
        "mentioned": {"id": "29:1eva", "name": "handledd"},
        "text": "<at>handledd</at>",
    }
    world.driver.post(mention(f"<at>handledd</at> {LINE}", entities=[other]))
    assert world.ear.heard == []


def test_an_edit_names_the_message_it_changes(world: World) -> None:
    original = message(LINE)
    world.driver.post(edited(original, "handledning idag 2h"))
    [heard] = world.ear.heard
    assert (heard.kind, heard.text) == (IncomingKind.EDIT, "handledning idag 2h")
    assert heard.message_ref == f"{CHAT}:{original['id']}"


def test_an_edit_there_and_back_is_two_edits(world: World) -> None:
    original = message(LINE)
    world.driver.post(edited(original, "handledning 2h"))
    world.driver.post(edited(original, LINE, timestamp="2026-11-22T09:41:00Z"))
    world.driver.post(edited(original, "handledning 2h", timestamp="2026-11-22T09:42:00Z"))
    assert len({heard.delivery_key for heard in world.ear.heard}) == 3


def test_a_deletion_names_the_message_it_removes(world: World) -> None:
    original = message(LINE)
    world.driver.post(deleted(original))
    world.driver.post(deleted(message(LINE)))
    first, second = world.ear.heard
    assert (first.kind, first.text) == (IncomingKind.DELETE, "")
    assert first.message_ref == f"{CHAT}:{original['id']}"
    assert first.delivery_key != second.delivery_key


def test_who_adds_the_app_is_greeted_and_can_be_reached_from_then_on(world: World) -> None:
    world.driver.post(installed())
    [heard] = world.ear.heard
    assert (heard.kind, heard.text, heard.private) == (IncomingKind.TEXT, "hjälp", True)
    assert heard.sender.address == f"{CHAT} {world.driver.service}"


def test_who_takes_the_app_away_is_lost_and_what_comes_twice_is_one(world: World) -> None:
    for number in ("1795339800001", "1795339800002"):  # a repetition has an id of its own
        answer = world.driver.post(installed(action="remove", id=number))
        assert (answer.status_code, answer.text) == (200, "")
    first, second = world.ear.heard
    assert (first.kind, first.text, first.inline) == (IncomingKind.LOST, "", True)
    assert (first.sender.external_id, first.sender.address) == (ANNA, "")
    assert first.delivery_key == second.delivery_key


@pytest.mark.parametrize(
    "body",
    [
        message(""),
        message(" \n "),
        message("", attachments=[{"contentType": "image/*", "contentUrl": "https://x.sharepoint.com/1"}]),
        mention("hej", entities=[]),
        mention("hej", entities=[{"type": "clientInfo", "locale": "sv-SE"}, "x", {"type": "mention"}]),
        edited(mention("hej", entities=[]), "handledning 2h"),
        deleted(mention("<at>handledd</at> hej")),
        edited(message("hej"), "hej", channelData={"eventType": "undeleteMessage"}),
        message("", value={"other": "app"}),
        press({"press": "x" * 65}),
        press({"press": "å"}),
        press({}),
        installed(action="remove-upgrade"),
        installed(action="remove", conversation={"conversationType": "channel", "id": "19:st@thread.tacv2"}),
        installed(conversation={"conversationType": "channel", "id": "19:st@thread.tacv2"}),
        activity("conversationUpdate", membersAdded=[BOT]),
        activity("messageReaction", reactionsAdded=[{"type": "like"}]),
        activity("typing"),
        activity("invoke", name="composeExtension/query", value={}),
        message(LINE, **{"from": BOT}),
        message(LINE, **{"from": {"id": "28:another", "name": "Bot"}}),
        message(LINE, **{"from": {"id": "29:1x", "aadObjectId": ANNA, "role": "bot"}}),
        press(UNDO) | {"from": BOT},
    ],
)
def test_what_nobody_handles_is_received_and_not_heard(world: World, body: dict[str, Any]) -> None:
    assert world.driver.post(body).status_code == 200
    assert world.ear.heard == []


@pytest.mark.parametrize(
    "body",
    [
        message(LINE),
        mention("<at>handledd</at> hej"),
        edited(message("a"), "b"),
        press(UNDO),
        submit(UNDO),
        installed(),
    ],
    ids=lambda body: body["type"],
)
def test_the_activities_here_are_ones_that_microsofts_own_models_read(body: dict[str, Any]) -> None:
    assert ActivityTypeAdapter.validate_python(body).type == body["type"]


# --- pressed buttons


def test_an_execute_is_answered_in_its_response_with_the_card_in_its_place(world: World) -> None:
    world.ear.message = Message("Ångrat: handledning", replaces=f"{CHAT}:1795339800999")
    answer = world.driver.post(press(UNDO))
    [heard] = world.ear.heard
    assert (heard.kind, heard.press, heard.message_ref) == (
        IncomingKind.PRESS,
        "undo.1.1",
        f"{CHAT}:1795339800999",
    )
    assert (answer.status_code, answer.json()["statusCode"]) == (200, 200)
    assert answer.json()["type"] == "application/vnd.microsoft.card.adaptive"
    teams_card.check_card(answer.json()["value"])
    assert teams_card.card_text(answer.json()["value"]) == "Ångrat: handledning"


def test_the_buttons_of_the_card_in_its_place_are_new_ones(world: World) -> None:
    world.ear.message = Message(
        "Ta bort?", buttons=world.ear.message.buttons, replaces=f"{CHAT}:1795339800999"
    )
    card = world.driver.post(press(UNDO)).json()["value"]
    buttons = teams_card.buttons(card)
    assert buttons["Ångra"]["press"] == "undo.1.1"
    assert buttons["Ångra"]["mark"] != UNDO["mark"]


def test_an_answer_that_takes_no_place_leaves_the_card_alone(world: World) -> None:
    answer = world.driver.post(press(UNDO)).json()
    assert (answer["type"], answer["value"]) == ("application/vnd.microsoft.activity.message", "✓")


def test_a_submit_is_a_press_too(world: World) -> None:
    assert world.driver.post(submit(UNDO)).text == ""
    [heard] = world.ear.heard
    assert (heard.kind, heard.press, heard.private) == (IncomingKind.PRESS, "undo.1.1", True)
    assert heard.message_ref == f"{CHAT}:1795339800999"


# --- the same again


def again(body: dict[str, Any], **more: Any) -> dict[str, Any]:
    """What Teams sends when it got no answer in time: the same with a new id and a new stamp."""
    return body | {"id": "1795339899999", "timestamp": "2026-11-22T09:30:45Z"} | more


def test_a_repeated_message_has_the_same_key_though_its_id_is_new(world: World) -> None:
    body = message(LINE)
    for one in (body, body, again(body)):
        assert world.driver.post(one).status_code == 200
    assert len({heard.delivery_key for heard in world.ear.heard}) == 1


def test_the_same_words_written_again_are_another_message(world: World) -> None:
    world.driver.post(message(LINE))
    world.driver.post(message(LINE))
    bo = {"id": "29:1bo", "aadObjectId": "bbbbbbbb-0000-4000-8000-000000000002"}
    same = message(LINE)
    world.driver.post(same)
    world.driver.post(same | {"from": bo})
    assert len({heard.delivery_key for heard in world.ear.heard}) == 4


def test_a_repeated_press_has_the_same_key_and_gets_the_same_answer(world: World) -> None:
    world.ear.message = Message("Ångrat", buttons=world.ear.message.buttons, replaces=f"{CHAT}:1795339800999")
    body = press(UNDO)
    answers = [
        world.driver.post(one).json()
        for one in (
            body,
            body,
            again(body),
            submit(UNDO) | {"type": "invoke", "name": "adaptiveCard/action", "value": body["value"]},
        )
    ]
    assert len({heard.delivery_key for heard in world.ear.heard}) == 1
    assert answers == answers[:1] * 4


def test_a_repeated_press_is_shown_its_answer_though_it_took_no_place(world: World) -> None:
    world.driver.post(press(UNDO))
    card = world.driver.post(press(UNDO)).json()["value"]
    assert teams_card.card_text(card).startswith("Sparat: handledning")


def test_another_button_another_card_another_person_and_another_day_are_other_presses(world: World) -> None:
    bo = {"id": "29:1bo", "aadObjectId": "bbbbbbbb-0000-4000-8000-000000000002"}
    tomorrow = (NOW + timedelta(days=1)).isoformat()
    for body in (
        press(UNDO),
        press(UNDO | {"press": "keep.1.1"}),
        press(UNDO | {"mark": "ffff"}),
        press(UNDO, timestamp=tomorrow),
        press(UNDO) | {"from": bo},
    ):
        world.driver.post(body)
    assert len({heard.delivery_key for heard in world.ear.heard}) == 5


# --- received only when it is saved

KINDS: dict[str, Callable[[], dict[str, Any]]] = {
    "message": lambda: message(LINE),
    "execute": lambda: press(UNDO),
    "submit": lambda: submit(UNDO),
}


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_acknowledged_before_it_is_saved(world: World, kind: str) -> None:
    world.ear.gate = threading.Event()
    answers: list[httpx.Response] = []
    thread = threading.Thread(target=lambda: answers.append(world.driver.post(KINDS[kind]())))
    thread.start()
    assert world.ear.called.wait(30)
    assert answers == []
    world.ear.gate.set()
    thread.join(30)
    assert answers[0].status_code == 200


def test_what_was_not_saved_is_delivered_again(world: World, caplog: pytest.LogCaptureFixture) -> None:
    world.ear.error = RuntimeError("INSERT 'canary-hemligt'")
    assert world.driver.post(message(LINE)).status_code == 503
    assert world.driver.post(submit(UNDO)).status_code == 503
    assert "canary" not in caplog.text


def test_a_press_that_was_not_saved_says_so_in_words(world: World) -> None:
    world.ear.error = RuntimeError("database is locked")
    answer = world.driver.post(press(UNDO))
    assert (answer.status_code, answer.json()["type"]) == (200, "application/vnd.microsoft.activity.message")
    assert "Försök igen" in answer.json()["value"]


def test_an_activity_without_a_time_is_taken_to_be_of_now(world: World) -> None:
    world.driver.post(message("hej", timestamp="igår", localTimestamp=None))
    assert world.ear.heard[0].at == NOW
