"""Telegram's way in and out without a network: the webhook's request, the commit, the reply by PTB's Bot."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from unittest.mock import patch

from sqlalchemy import Engine

from benchmarks.front_door import clock, house, post
from bot.platforms import telegram_wire
from bot.platforms.telegram import Telegram
from tests.support import crowd

SECRET = "made-up-webhook-secret"  # noqa: S105 nobody's
_HEADERS = {"content-type": "application/json", "x-telegram-bot-api-secret-token": SECRET}
_SENT = {"message_id": 1, "date": 1_795_339_800, "chat": {"id": 1, "type": "private"}}


class TelegramDoor:
    """Updates from the accounts n, n - 1, …; of each the reply must have gone out."""

    def __init__(self, loop: asyncio.AbstractEventLoop, engine: Engine, accounts: int, said: str) -> None:
        self.replies = 0
        self._loop, self._said, self._next = loop, said, accounts
        self._at = clock()

        def make(hear: Any) -> Telegram:
            return Telegram("1:made-up", hear, self._at, "http://127.0.0.1:1", "webhook", SECRET)

        self._house = house(engine, self._at, [make])

    def take(self, messages: int) -> None:
        """So many messages, each from somebody who has not written yet."""
        for _ in range(messages):
            before = self.replies
            self._loop.run_until_complete(self._one())
            if self.replies != before + 1:
                raise RuntimeError(self.replies)

    async def _one(self) -> None:
        """A second later than the one before, so that the platform's pace holds nobody up."""
        self._at.move_to(self._at() + timedelta(seconds=1))
        await post(self._house.app, "/telegram/webhook", self._update(), _HEADERS)
        await self._house.delivery.drain()

    def _update(self) -> bytes:
        who, self._next = self._next, self._next - 1
        person = {"id": who, "is_bot": False, "first_name": "Anna"}
        chat = {"id": who, "type": "private", "first_name": "Anna"}
        said = {"message_id": who, "from": person, "chat": chat, "text": self._said}
        date = int(crowd.NOW.timestamp())
        return json.dumps({"update_id": who, "message": said | {"date": date}}).encode()

    async def answer(self, url: str, **_: Any) -> tuple[int, bytes]:
        """What Telegram says to a sent message."""
        self.replies += url.endswith("/sendMessage")
        return 200, json.dumps({"ok": True, "result": _SENT}).encode()


@contextmanager
def telegram(
    loop: asyncio.AbstractEventLoop, engine: Engine, accounts: int, said: str
) -> Iterator[TelegramDoor]:
    """The door, with an answer in this very process in the place of Telegram's network."""
    door = TelegramDoor(loop, engine, accounts, said)
    with patch.object(telegram_wire.Request, "do_request", door.answer):
        yield door
