"""Modals and the App Home, over a real socket: what is shown, what comes back, and what happens otherwise."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from handlers.message import Button, File, Form, IncomingKind, Input, Message
from tests.contract.slack.conftest import World
from tests.contract.slack.host import RECEIPT
from tests.fakes import slack_blockkit
from tests.fakes.slack_driver import home_opened, home_press, press, submitted
from tests.support.waiting import wait_for

INPUTS = (
    Input("whom", "Vem gäller det?", "one", options=(("Åsa & Östen", "4"), ("Bo" * 60, "5")), optional=False),
    Input("date", "Vilken dag?", "date", "2026-11-22", optional=False),
    Input("minutes", "Hur länge?", value="1 h", hint="Till exempel: <1h>"),
    Input("topics", "Vad tog ni upp?", "many", "b,c", options=(("Etik", "a"), ("Å", "b"), ("Ö", "c"))),
    Input("note", "Anteckning", "long"),
)
FORM = Form("Handledning", "Spara", "logged.7", INPUTS)
QUESTION = Message("Skriv till exempel: handledning idag 1h etik", form=FORM)
FILLED = {
    "whom": {"selected_option": {"text": {}, "value": "4"}},
    "date": {"selected_date": "2026-11-21"},
    "minutes": {"value": "45 min"},
    "topics": {"selected_options": [{"value": "a"}, {"value": "c"}]},
    "note": {"value": None},
}


def opened(world: World) -> dict[str, Any]:
    """The view that was opened last."""
    args = world.calls("views.open")[-1]["args"]
    view = args["view"]
    return dict(view if isinstance(view, dict) else json.loads(view))


def open_form(world: World) -> dict[str, Any]:
    world.ear.message = QUESTION
    answer = world.driver.command("/handledning")
    assert (answer.status_code, answer.text) == (200, "")
    return opened(world)


def test_a_command_alone_opens_the_form_and_says_nothing_more(world: World) -> None:
    view = open_form(world)
    assert world.ear.heard[0].forms is True
    assert [block["block_id"] for block in view["blocks"]] == ["whom", "date", "minutes", "topics", "note"]
    topics = view["blocks"][3]["element"]
    assert [option["value"] for option in topics["initial_options"]] == ["b", "c"]
    assert view["blocks"][1]["element"]["initial_date"] == "2026-11-22"
    assert view["blocks"][0]["element"]["options"][0]["text"]["text"] == "Åsa & Östen"
    assert [block["optional"] for block in view["blocks"]] == [False, False, True, True, True]


def test_what_was_filled_in_is_heard_and_the_form_closes(world: World) -> None:
    view = open_form(world)
    world.ear.message = RECEIPT
    answer = world.driver.interaction(submitted(view, FILLED, trigger_id="6.6"))
    heard = world.ear.heard[-1]
    assert (answer.status_code, answer.text) == (200, "")
    assert (heard.kind, heard.press, heard.delivery_key) == (IncomingKind.FORM, "logged.7", "form:6.6")
    assert heard.values == {
        "whom": "4",
        "date": "2026-11-21",
        "minutes": "45 min",
        "topics": "a,c",
        "note": "",
    }
    assert (heard.sender.external_id, heard.sender.workspace, heard.private, heard.inline) == (
        "U1",
        "T1",
        True,
        False,
    )


def test_what_is_to_be_mended_is_said_in_the_form(world: World) -> None:
    view = open_form(world)
    world.ear.errors = {"date": "Välj en dag."}
    answer = world.driver.interaction(submitted(view, FILLED))
    assert answer.json() == {"response_action": "errors", "errors": {"date": "Välj en dag."}}


def test_a_press_opens_the_form_and_its_answer_takes_the_place_of_the_message(world: World) -> None:
    world.ear.message = QUESTION
    assert world.driver.interaction(press("change.1.7")).text == ""
    world.driver.interaction(submitted(opened(world), FILLED))
    assert world.ear.heard[-1].message_ref == "D1:1795339800.000900"


def test_when_no_form_can_be_opened_a_command_is_answered_in_words(world: World) -> None:
    world.ear.message = QUESTION
    answer = world.driver.command("/handledning", trigger_id="expired-1")
    assert slack_blockkit.shown(answer.json()["blocks"]) == "Skriv till exempel: handledning idag 1h etik"


def test_when_no_form_can_be_opened_a_press_is_answered_in_words(world: World) -> None:
    world.ear.message = QUESTION
    assert world.driver.interaction(press("change.1.7", trigger_id="expired-2")).text == ""
    [call] = wait_for(lambda: world.calls("chat.postMessage"))
    assert call["args"]["channel"] == "D1"


def test_in_a_channel_those_words_are_for_the_presser_alone(world: World) -> None:
    world.ear.message = QUESTION
    world.driver.interaction(press("change.1.7", trigger_id="expired-3", channel="C1"))
    [call] = wait_for(lambda: world.calls("chat.postEphemeral"))
    assert (call["args"]["channel"], call["args"]["user"]) == ("C1", "U1")


def test_a_form_that_was_not_saved_stays_open(world: World) -> None:
    view = open_form(world)
    world.ear.error = RuntimeError("database is locked")
    assert world.driver.interaction(submitted(view, FILLED)).status_code == 503


@pytest.mark.parametrize(
    "kept", ["", "[]", "{}", '{"press": 1, "reference": ""}', '{"press": "å", "reference": ""}', "x" * 4000]
)
def test_a_form_that_is_none_of_ours_is_refused(world: World, kept: str) -> None:
    view = open_form(world) | {"private_metadata": kept}
    heard = len(world.ear.heard)
    assert world.driver.interaction(submitted(view, FILLED)).status_code == 400
    assert world.driver.interaction(submitted(view | {"callback_id": "x"}, FILLED)).status_code == 200
    assert len(world.ear.heard) == heard


@pytest.mark.parametrize("state", [None, [], {"values": []}, {"values": {"date": []}}])
def test_a_form_without_its_values_is_refused(world: World, state: object) -> None:
    body = submitted(open_form(world), FILLED)
    body["view"]["state"] = state
    assert world.driver.interaction(body).status_code == 400


def test_opening_the_home_shows_how_one_stands(world: World) -> None:
    world.ear.message = Message("Anna & <b>: i fas", buttons=(Button("Logga", "fill.7", primary=True),))
    assert world.driver.event(home_opened(), event_id="EvH").status_code == 200
    [heard] = world.ear.heard
    assert (heard.kind, heard.delivery_key, heard.inline) == (IncomingKind.HOME, "evt:EvH", True)
    [call] = wait_for(lambda: world.calls("views.publish"))
    view = call["args"]["view"]
    view = view if isinstance(view, dict) else json.loads(view)
    assert call["args"]["user_id"] == "U1"
    assert slack_blockkit.shown(view["blocks"]) == "Anna & <b>: i fas"
    assert call["mentions"] == []
    assert world.calls("chat.postMessage") == []


def test_a_home_shows_its_picture_once_slack_has_looked_at_it(world: World) -> None:
    picture = File("oversikt.png", b"\x89PNG" + bytes(60), "image/png", "ST-läkare × krav")
    world.ear.message = Message("Alla i fas", buttons=(Button("Hjälp", "do.2.7"),), files=(picture,))
    assert world.driver.event(home_opened()).status_code == 200
    calls = wait_for(lambda: world.calls("views.publish")[2:] and world.calls("views.publish"))
    assert [call["error"] for call in calls] == [None, "invalid_blocks", None]
    words, *_, shown = [_blocks(call["args"]["view"]) for call in calls]
    assert [block["type"] for block in words] == ["section", "actions"]
    assert [block["type"] for block in shown] == ["section", "image", "actions"]
    assert shown[1]["alt_text"] == "ST-läkare × krav"
    [upload] = world.calls("files.completeUploadExternal")
    assert "channel_id" not in upload["args"]
    assert world.calls("chat.postMessage") == []


def _blocks(view: Any) -> list[dict[str, Any]]:
    blocks: list[dict[str, Any]] = (view if isinstance(view, dict) else json.loads(view))["blocks"]
    return blocks


def test_a_home_whose_picture_slack_will_not_take_keeps_its_words(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    picture = File("oversikt.png", b"\x89PNG" + bytes(60), "image/png")
    world.ear.message = Message("Alla i fas", files=(picture,))
    world.fault("files.completeUploadExternal", "error", error="storage_limit_reached")
    world.driver.event(home_opened())
    wait_for(lambda: "storage_limit_reached" in caplog.text)
    assert [call["accepted"] for call in world.calls("views.publish")] == [True]


def test_opening_the_other_tab_is_nothing(world: World) -> None:
    assert world.driver.event(home_opened(tab="messages")).status_code == 200
    assert world.ear.heard == []


@pytest.mark.parametrize("channel", ["\ud800", "D1\x00", "D" * 500, "", None])
def test_a_home_whose_chat_no_database_could_keep_is_shown_without_one(world: World, channel: object) -> None:
    assert world.driver.event(home_opened(channel=channel)).status_code == 200
    [heard] = world.ear.heard
    assert (heard.sender.external_id, heard.sender.address) == ("U1", "")


def test_a_button_in_the_home_is_answered_in_the_private_chat(world: World) -> None:
    assert world.driver.interaction(home_press("do.0.7", trigger_id="8.8")).status_code == 200
    [heard] = world.ear.heard
    assert (heard.kind, heard.press, heard.message_ref) == (IncomingKind.PRESS, "do.0.7", "")
    assert (heard.private, heard.sender.address, heard.sender.workspace) == (True, "", "T1")


def test_a_home_that_slack_refuses_is_told_in_the_log_without_its_words(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.ear.message = replace(RECEIPT, text="canary-hemligt")
    world.fault("views.publish", "error", error="not_enabled")
    world.driver.event(home_opened())
    wait_for(lambda: "not_enabled" in caplog.text)
    assert "canary" not in caplog.text
