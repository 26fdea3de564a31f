"""What answers in a platform's place while the reminders go out: it counts, and takes no time."""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter, deque
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import Clock
from bot.platforms import teams_wire, telegram_wire
from bot.platforms.contract import Hear, Platform
from bot.platforms.slack import Slack
from bot.platforms.teams import Teams
from bot.platforms.telegram import Telegram

TELEGRAM_SECRET = "made-up-webhook-secret"  # noqa: S105 nobody's
NOWHERE = "http://127.0.0.1:1/"
TOLERATED = 0.03
"""Of a second: by which a message may be early on a busy machine."""


@dataclass(slots=True)
class Drained:
    """What the platform `name` saw, which takes `most` messages in `within` seconds of a real clock."""

    name: str
    most: int
    within: float
    seconds: float = 0.0
    messages: int = 0
    too_fast: int = 0
    waits: list[float] = field(default_factory=list)
    seen: Counter[tuple[str, str]] = field(default_factory=Counter)
    latest: deque[float] = field(default_factory=deque)
    arrived: dict[str, asyncio.Event] = field(default_factory=dict)

    @property
    def a_second(self) -> float:
        """How many it takes in a second, on the long run."""
        return self.most / self.within

    @property
    def twice(self) -> int:
        """How often somebody was told what they had been told."""
        return sum(count - 1 for count in self.seen.values())

    def take(self, chat: str, text: str) -> str:
        """One message has come; returns its reference."""
        now = time.perf_counter()
        if len(self.latest) == self.most:
            self.too_fast += now - self.latest.popleft() < self.within - TOLERATED
        self.latest.append(now)
        self.messages += 1
        self.seen[chat, text] += 1
        self.arrived.setdefault(chat, asyncio.Event()).set()
        return str(self.messages)


@dataclass(frozen=True, slots=True)
class Network:
    """A platform, how it is made, and what puts a count in the place of its network."""

    name: str
    most: int
    within: float
    workspace: str
    make: Callable[[Hear, Clock], Platform]
    instead: Callable[[Drained], AbstractContextManager[object]]


def _telegram(drained: Drained) -> AbstractContextManager[object]:
    async def answer(_request: object, url: str, request_data: Any = None, **_: Any) -> tuple[int, bytes]:
        number = "0"
        if url.endswith("/sendMessage"):
            told = request_data.json_parameters
            number = drained.take(told["chat_id"], told["text"])
        sent = {"message_id": int(number), "date": 1_795_339_800, "chat": {"id": 1, "type": "private"}}
        return 200, json.dumps({"ok": True, "result": sent}).encode()

    return patch.object(telegram_wire.Request, "do_request", answer)


def _slack(drained: Drained) -> AbstractContextManager[object]:
    async def api_call(_client: object, method: str, **words: Any) -> dict[str, str]:
        if method != "chat.postMessage":
            raise RuntimeError(method)
        told = words["json"]
        return {"channel": told["channel"], "ts": drained.take(told["channel"], told["text"])}

    return patch.object(AsyncWebClient, "api_call", api_call)


def _teams(drained: Drained) -> AbstractContextManager[object]:
    async def create(_wire: object, _service: str, chat: str, post: Any) -> str:
        return drained.take(chat, post.model_dump_json())

    async def opened(_wire: object, _service: str, person: str, _tenant: str) -> str:
        return person

    both = ExitStack()
    both.enter_context(patch.object(teams_wire.Wire, "create", create))
    both.enter_context(patch.object(teams_wire.Wire, "open", opened))
    return both


NETWORKS = {
    each.name: each
    for each in (
        Network(
            "telegram",
            30,
            1,
            "",
            lambda hear, at: Telegram("1:made-up", hear, at, NOWHERE, "webhook", TELEGRAM_SECRET),
            _telegram,
        ),
        Network(
            "slack",
            525,
            60,
            "T1",
            lambda hear, at: Slack("made-up", "xoxb-made-up", NOWHERE, hear, at),
            _slack,
        ),
        Network(
            "teams", 50, 1, "", lambda hear, at: Teams("made-up", "made-up", "made-up", hear, at), _teams
        ),
    )
}
