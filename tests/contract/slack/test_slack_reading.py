"""What each part of a body from Slack decides: one body a line, and what is heard of it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.platforms.slack_incoming import Context, may_post, read
from handlers.message import Incoming, IncomingKind
from tests.fakes.slack_driver import (
    command_body,
    direct,
    edited,
    event_body,
    home_opened,
    home_press,
    mention,
    press,
)

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
CONTEXT = Context(NOW, "https://slack.com/api/")


def heard(body: dict[str, Any], context: Context = CONTEXT) -> Incoming:
    found = read(body, context)
    assert found is not None
    return found


@pytest.mark.parametrize("subtype", ["", "me_message", "thread_broadcast", "file_share"])
def test_what_a_person_wrote_is_heard_whatever_it_is_called(subtype: str) -> None:
    assert heard(event_body(direct("handledning idag", subtype=subtype))).text == "handledning idag"


@pytest.mark.parametrize("subtype", ["bot_message", "channel_join", "reminder_add", 7, ["me_message"]])
def test_what_nobody_wrote_is_not(subtype: object) -> None:
    assert read(event_body(direct("handledning idag", subtype=subtype)), CONTEXT) is None


def test_marks_and_odd_signs_are_taken_out_wherever_somebody_wrote() -> None:
    odd, plain = "a&lt;b\x00 o\u0308", "a<b ö"
    assert heard(command_body("/handledning", odd)).text == f"/handledning {plain}"
    assert heard(event_body(direct(odd))).text == plain
    assert heard(command_body("/x", user_name="A\x00o\u0308")).sender.name == "Aö"
    assert heard(press("a", user={"id": "U1", "name": "A\x00o\u0308"})).sender.name == "Aö"


def test_the_bots_own_words_are_known_by_the_event_or_by_what_slack_told_at_the_start() -> None:
    own = direct("Sparat", user="UBOT")
    assert read(event_body(own), CONTEXT) is None
    assert read(event_body(own, authorizations=[]), Context(NOW, CONTEXT.api_url, "UBOT")) is None


def test_only_the_home_tab_is_looked_at() -> None:
    assert heard(event_body(home_opened())).kind is IncomingKind.HOME
    assert read(event_body(home_opened() | {"tab": "messages"}), CONTEXT) is None


def test_only_a_token_of_the_bots_that_was_taken_back_ends_a_workspace() -> None:
    revoked = {"type": "tokens_revoked", "tokens": {"bot": ["UBOT"], "oauth": []}}
    assert heard(event_body(revoked)).kind is IncomingKind.REMOVED
    assert read(event_body(revoked | {"tokens": {"bot": [], "oauth": ["U1"]}}), CONTEXT) is None


def test_a_mention_that_is_changed_is_an_edit() -> None:
    assert heard(event_body(mention("<@UBOT> hej"))).kind is IncomingKind.TEXT
    changed = mention("<@UBOT> hej", edited={"user": "U1", "ts": "1795339900.000000"})
    assert heard(event_body(changed)).kind is IncomingKind.EDIT


@pytest.mark.parametrize("before", [None, "x", []])
def test_a_change_that_does_not_tell_what_was_there_is_one(before: object) -> None:
    changed = edited("", "handledning idag 2h") | {"previous_message": before}
    assert heard(event_body(changed)).kind is IncomingKind.EDIT


def test_when_it_was_is_told_by_the_event_else_by_the_message() -> None:
    later = direct("hej", ts="1795339800.0", event_ts="1795339860.0")
    assert heard(event_body(later)).at.minute == 31
    assert heard(event_body(later | {"event_ts": None})).at == NOW
    assert heard(press("a", at="1795339860.0")).at.minute == 31
    untimed = press("a")
    del untimed["actions"][0]["action_ts"]
    assert heard(untimed).at == NOW


def test_a_press_in_the_chat_with_the_bot_is_answered_there() -> None:
    pressed = heard(press("a"))
    assert (pressed.sender.address, pressed.message_ref) == ("D1", "D1:1795339800.000900")


def test_a_press_on_the_home_tab_is_answered_in_private() -> None:
    pressed = heard(home_press("a"))
    assert (pressed.sender.address, pressed.message_ref, pressed.private) == ("", "", True)


def test_an_ephemeral_press_in_a_channel_is_answered_there() -> None:
    url = "https://hooks.slack.com/actions/1"
    pressed = heard(press("a", response_url=url, channel="C1"))
    assert (pressed.sender.address, pressed.private) == ("C1", False)


@pytest.mark.parametrize(
    ("more", "workspace"),
    [
        ({}, "T1"),
        ({"team": {"id": "T2"}}, "T2"),
        ({"team": None}, "T1"),  # installed for a whole organisation
    ],
)
def test_whose_workspace_a_press_is_of(more: dict[str, Any], workspace: str) -> None:
    assert heard(press("a", **more)).sender.workspace == workspace


@pytest.mark.parametrize("url", ["https://[", "https://[::1", "http://hooks.slack.com/x", "", None, 7])
def test_an_address_that_is_none_of_slacks_is_never_posted_to(url: object) -> None:
    assert not may_post(url, "https://slack.com/api/")
