"""What answers in a platform's place while the reminders go out: it counts, and takes no time."""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter, deque
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any
from unittest.mock import patch

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import Clock
from bot.platforms import teams_wire, telegram_wire
from bot.platforms.contract import Hear, Platform
from bot.platforms.slack import Slack
from bot.platforms.teams import Teams
from bot.platforms.telegram import Telegram
from tests.fakes import slack_driver, teams_driver

TELEGRAM_SECRET = "made-up-webhook-secret"  # noqa: S105 nobody's
NOWHERE = "http://127.0.0.1:1/"
TEAMS = "https://smba.trafficmanager.net/teams/"
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
class Line:
    """A whole request that brings a person's line, and the chat in which its answer arrives."""

    path: str
    body: bytes
    headers: dict[str, str]
    chat: str


@dataclass(frozen=True, slots=True)
class Network:
    """A platform, how it is made, what puts a count in the place of its network, and how a line comes."""

    name: str
    most: int
    within: float
    workspace: str
    make: Callable[[Hear, Clock], Platform]
    instead: Callable[[Drained], AbstractContextManager[object]]
    line: Callable[[str, str, datetime], Line]
    """Of an account, in the private chat with the bot."""


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

    published = {"keys": [jwt.algorithms.RSAAlgorithm.to_jwk(_key().public_key(), as_dict=True) | _KID]}

    async def keys(_wire: object, _url: str) -> Any:
        return published

    every = ExitStack()
    for name, instead in (("create", create), ("open", opened), ("get", keys)):
        every.enter_context(patch.object(teams_wire.Wire, name, instead))
    return every


_KID = {"kid": "made-up"}


@cache
def _key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _telegram_line(account: str, text: str, at: datetime) -> Line:
    person = {"id": int(account), "is_bot": False, "first_name": "Anna"}
    chat = {"id": int(account), "type": "private", "first_name": "Anna"}
    said = {"message_id": 1, "from": person, "chat": chat, "text": text, "date": int(at.timestamp())}
    body = json.dumps({"update_id": int(account), "message": said}).encode()
    headers = {"content-type": "application/json", "x-telegram-bot-api-secret-token": TELEGRAM_SECRET}
    return Line("/telegram/webhook", body, headers, account)


def _slack_line(account: str, text: str, at: datetime) -> Line:
    stamp, chat = str(int(at.timestamp())), f"D{account}"
    moment = {"ts": f"{stamp}.000100", "event_ts": f"{stamp}.000100"}
    event = slack_driver.direct(text, user=account, channel=chat, **moment)
    body = json.dumps(slack_driver.event_body(event)).encode()
    headers = {
        "content-type": slack_driver.JSON,
        "x-slack-request-timestamp": stamp,
        "x-slack-signature": slack_driver.sign("made-up", stamp, body),
    }
    return Line("/slack/events", body, headers, chat)


def _teams_line(account: str, text: str, at: datetime) -> Line:
    chat = f"a:1{account}"
    activity = teams_driver.message(
        text,
        **{"from": {"id": f"29:1{account}", "name": "Anna", "aadObjectId": account}},
        conversation={"conversationType": "personal", "tenantId": "made-up", "id": chat},
        channelData={"tenant": {"id": "made-up"}},
        timestamp=at.isoformat(),
        serviceUrl=TEAMS,
    )
    now = int(at.timestamp())
    claims = {"iss": "https://api.botframework.com", "aud": "made-up", "serviceurl": TEAMS}
    token = jwt.encode(claims | {"nbf": now - 10, "exp": now + 3600}, _key(), "RS256", headers=_KID)
    headers = {"content-type": "application/json", "authorization": f"Bearer {token}"}
    return Line("/api/messages", json.dumps(activity).encode(), headers, chat)


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
            _telegram_line,
        ),
        Network(
            "slack",
            525,
            60,
            "T1",
            lambda hear, at: Slack("made-up", "xoxb-made-up", NOWHERE, hear, at),
            _slack,
            _slack_line,
        ),
        Network(
            "teams",
            50,
            1,
            "",
            lambda hear, at: Teams("made-up", "made-up", "made-up", hear, at),
            _teams,
            _teams_line,
        ),
    )
}
