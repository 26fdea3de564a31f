"""Matrix by long poll, a real Synapse, and a proxy before it that loses answers."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from typing import Any, ClassVar

import httpx
from sqlalchemy import Engine

from bot.platforms import matrix_render as render
from bot.platforms.contract import Hear, Platform
from bot.platforms.matrix import Matrix
from bot.serving import matrix_phrases
from tests.contract.benches import Remote
from tests.contract.matrix.scene import QUICK
from tests.contract.suite import Shown
from tests.fakes.process import Fake
from tests.support.synapse import Synapse
from tests.support.waiting import wait_for

_numbers = count(1)
FAULTS: dict[str, dict[str, Any]] = {
    "flooded": {"kind": "refuse", "status": 429, "headers": {"Retry-After": "3"}},
    "lost": {"kind": "5xx", "status": 500},
    "token": {"kind": "refuse", "status": 401, "body": {"errcode": "M_UNKNOWN_TOKEN"}},
}


class MatrixBench(Remote):
    """Anna and Bo have rooms with the bot already; Eva is asked into one by the first message to her."""

    name = "matrix"
    ids: ClassVar[dict[str, str]] = {"anna": "anna", "bo": "bo", "eva": "eva"}
    tells_deletions = True

    def __init__(self, engine: Engine, proxy: Fake, homeserver: Synapse) -> None:
        number = next(_numbers)
        self.proxy = proxy
        self.bot = homeserver.enrol(f"handledd-bench{number}")
        self.someone = {name: homeserver.enrol(f"{name}-bench{number}") for name in self.ids}
        self.rooms = {name: self.someone[name].direct_room(self.bot.user) for name in ("anna", "bo")}
        for room in self.rooms.values():
            self.bot.join(room)
        self._events: dict[str, str] = {}
        self._reacted: set[tuple[str, str]] = set()
        super().__init__(engine, self._make)

    @property
    def peer(self) -> Fake:
        return self.proxy

    def _make(self, hear: Hear, seconds: float = QUICK.answer, url: str = "") -> Platform:
        clock, phrases, pace = self.people.clock, matrix_phrases(), replace(QUICK, answer=seconds)
        server = url or self.proxy.url
        return Matrix(server, self.bot.user, self.bot.token, hear, clock, phrases, trusted="", pace=pace)

    def account(self, who: str) -> str:
        return self.someone[who].user

    def chat(self, who: str) -> str:
        return self.rooms.get(who, "")

    @contextlib.contextmanager
    def serving(self) -> Iterator[None]:
        """From the first sync on: what was said before the bot ever listened is none of its business."""
        with super().serving():
            wait_for(self._has_listened)
            yield

    def close(self) -> None:
        super().close()
        for someone in (self.bot, *self.someone.values()):
            someone.client.close()

    def _has_listened(self) -> bool:
        path = f"/client/v3/user/{self.bot.user}/account_data/se.handledd.sync"
        return self.bot.client.get(path).status_code == 200

    def say(self, who: str, text: str, name: str) -> None:
        content = {"msgtype": "m.text", "body": text}
        self._events[name] = self.someone[who].put(self.rooms[who], "m.room.message", content, name)

    def edit(self, who: str, name: str, text: str) -> None:
        self.someone[who].edit(self.rooms[who], self._events[name], text)

    def delete(self, who: str, name: str) -> None:
        self.someone[who].delete(self.rooms[who], self._events[name])

    def press(self, who: str, on: Shown, press: str) -> None:
        """First with a reaction, then by a reply with the number; a stranger makes up a message to press."""
        room, event = on.ref.split("|")
        number = [each for _, each in on.buttons].index(press) + 1
        someone = self.someone[who]
        if room != self.rooms[who]:
            room, number = self.rooms[who], 1
            event = someone.say(room, "1️⃣ Ångra", **{render.CHOICES: [press]})
            someone.answer(room, event, "1")
        elif (event, press) in self._reacted:
            someone.answer(room, event, str(number))
        else:
            someone.react(room, event, render.keycap(number))
        self._reacted.add((event, press))

    def seen(self, who: str) -> list[Shown]:
        return [_shown(ref, content) for ref, content in self._told(who) if content["msgtype"] == "m.text"]

    def files(self, who: str) -> list[str]:
        return [content["filename"] for _, content in self._told(who) if content["msgtype"] != "m.text"]

    def _told(self, who: str) -> list[tuple[str, dict[str, Any]]]:
        """The bot's events to somebody as their client shows them: what was edited as it is now."""
        room, found = self._room(who), dict[str, dict[str, Any]]()
        for event in self.someone[who].events(room) if room else []:
            content = event["content"]
            if event["sender"] == self.bot.user:
                assert "formatted_body" not in content
                assert content.get("m.mentions", {}) == {}
                name = f"{room}|{render.edited(event) or event['event_id']}"
                found[name] = content.get("m.new_content", content)
        return list(found.items())

    def _room(self, who: str) -> str:
        """The room they share with the bot; one that it asks them into is entered."""
        if who not in self.rooms:
            for room in self.someone[who].invitations():
                self.someone[who].join(room)
                self.rooms[who] = room
        return self.rooms.get(who, "")

    def break_next(self, kind: str) -> None:
        if kind == "blocked":
            self.someone["anna"].leave(self.rooms["anna"])
            return
        order = {"method": "PUT", "path": "/send/m.room.message/"} | FAULTS[kind]
        self.client.post(f"{self.proxy.url}/control/fault", json=order).raise_for_status()

    def forge(self) -> list[int]:
        """Written in Anna's room by nobody, by a made-up account, by Bo; and to the bot's own address."""
        room, content = self.rooms["anna"], {"msgtype": "m.text", "body": "handledning idag 1h"}
        path = f"{self.proxy.url}/_matrix/client/v3/rooms/{room}/send/m.room.message/{secrets.token_hex(8)}"
        tokens = ("", "Bearer syt_canary", f"Bearer {self.someone['bo'].token}")
        answers = [httpx.put(path, json=content, headers={"Authorization": token}) for token in tokens]
        answers.append(self.client.put(f"{self.url}/_matrix/app/v1/transactions/1", json={"events": []}))
        return [answer.status_code for answer in answers]


def _shown(ref: str, content: dict[str, Any]) -> Shown:
    """A message's text, and apart from it the numbered choices that end it, the hint below them left out."""
    presses, lines = content.get(render.CHOICES, []), content["body"].split("\n")
    if not presses:
        return Shown(ref, content["body"])
    numbered = lines[-len(presses) - 1 : -1]
    labels = [line.partition(" ")[2] for line in numbered]
    text = "\n".join(lines[: -len(presses) - 1]).rstrip("\n")
    return Shown(ref, text, tuple(zip(labels, presses, strict=True)))
