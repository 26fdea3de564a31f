"""What each part of an update from Telegram decides: one update a line, and what is heard of it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from telegram import Update

from bot.platforms.telegram_incoming import GREATEST, MalformedError, bare_command, read
from handlers.message import Incoming, IncomingKind
from tests.fakes.telegram_driver import DATE, GROUP, caption, person

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
PRIVATE = {"id": 7, "type": "private", "first_name": "Åsa"}
CROWD = {"id": GROUP, "type": "supergroup", "title": "ST-läkare"}


def heard(update: dict[str, Any], number: int = 1) -> Incoming | None:
    made = Update.de_json({"update_id": number, **update})
    assert made is not None
    return read(made, "handledd_bot", NOW)


def press(**more: Any) -> dict[str, Any]:
    """A pressed button; a part that is None is left out."""
    message = {"message_id": 3, "date": DATE, "chat": PRIVATE}
    whole = {
        "id": "1",
        "from": person(7),
        "chat_instance": "1",
        "data": "undo.1.7",
        "message": message,
    } | more
    return {"callback_query": {key: value for key, value in whole.items() if value is not None}}


def blocked(chat: dict[str, Any], status: str = "kicked") -> dict[str, Any]:
    bot = {"id": 4242, "is_bot": True, "first_name": "handledd"}
    old, new = {"user": bot, "status": "member"}, {"user": bot, "status": status, "until_date": 0}
    change = {"chat": chat, "from": person(7), "date": DATE, "old_chat_member": old, "new_chat_member": new}
    return {"my_chat_member": change}


def test_a_picture_is_heard_by_the_line_under_it_and_without_one_not_at_all() -> None:
    found = heard(caption(7, "dops idag"))
    assert found is not None
    assert found.text == "dops idag"
    bare = caption(7, "")
    del bare["message"]["caption"]
    assert heard(bare) is None


def test_who_blocks_the_bot_is_lost_and_who_takes_it_out_of_a_group_is_not() -> None:
    found = heard(blocked(PRIVATE))
    assert found is not None
    assert found.kind is IncomingKind.LOST
    assert heard(blocked(CROWD)) is None


@pytest.mark.parametrize("missing", ["message", "data"])
def test_a_press_on_nothing_of_ours_is_not_heard(missing: str) -> None:
    assert heard(press(**{missing: None})) is None


def test_a_press_is_as_long_as_telegram_lets_it_be() -> None:
    found = heard(press(data="å" * 32))
    assert found is not None
    with pytest.raises(MalformedError):
        heard(press(data="å" * 32 + "a"))


def test_a_press_holds_nothing_that_no_row_can_keep() -> None:
    found = heard(press(data="undo\x00.1.7\ud83d"))
    assert found is not None
    assert "\x00" not in found.press
    found.press.encode()


@pytest.mark.parametrize(
    ("number", "is_one"), [(0, True), (GREATEST, True), (GREATEST + 1, False), (-1, False)]
)
def test_which_numbers_an_update_can_bear(number: int, *, is_one: bool) -> None:
    if is_one:
        assert heard(press(), number) is not None
        return
    with pytest.raises(MalformedError):
        heard(press(), number)


def test_a_command_in_the_middle_of_a_line_is_text() -> None:
    assert (
        bare_command("handledning idag om /status@handledd_bot") == "handledning idag om /status@handledd_bot"
    )
