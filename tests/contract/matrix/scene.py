"""What the tests share: people and a bot on a real homeserver, and an ear in the place of `hear`."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar

from bot.platforms.contract import Address
from bot.platforms.matrix import Matrix
from bot.platforms.matrix_sync import Pace
from bot.serving import matrix_phrases
from handlers.message import Button
from tests.fakes.process import Fake
from tests.support.ear import Ear
from tests.support.matrix_people import Someone
from tests.support.plain import plain

T = TypeVar("T")

QUICK = Pace(poll=5.0, answer=20.0, upload=20.0, first_wait=0.01, longest_wait=0.1, stop=20.0, timeline=5)
HASTY = Pace(poll=5.0, answer=3.0, upload=3.0, first_wait=0.01, longest_wait=0.1, stop=20.0)
DEADLINE = 60.0
"""Seconds after which something that should happen has not; never waited for when all is well."""
BUTTONS = (Button("Ångra", "undo:7:5"), Button("Ändra", "change:7:5"), Button("Boka nästa", "next:7:5"))


class Host:
    """A platform in an event loop of its own thread, so that tests read like what people do."""

    def __init__(self, platform: Matrix) -> None:
        self.platform = platform
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """What a coroutine of the platform returns or raises."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(DEADLINE * 2)

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


@dataclass
class Scene:
    """A bot's account, two people's, the way to the homeserver, and the bot's ear."""

    bot: Someone
    anna: Someone
    bo: Someone
    proxy: Fake
    ear: Ear = field(default_factory=Ear)

    def build(self, ear: Callable[..., Any] | None = None, **more: Any) -> Matrix:
        """A platform; it speaks to the homeserver through the proxy."""
        values: dict[str, Any] = {"pace": QUICK, "url": self.proxy.url, "token": self.bot.token} | more
        url, token = values.pop("url"), values.pop("token")
        hear = ear or self.ear
        return Matrix(url, self.bot.user, token, hear, lambda: datetime.now(UTC), matrix_phrases(), **values)

    @contextmanager
    def listening(self, **more: Any) -> Iterator[Host]:
        """The bot listens, from its first sync on until the end of the block."""
        with self.speaking(**more) as host:
            known = self.synced()
            host.run(host.platform.start())
            until(lambda: self.synced() != known or (known and self.polls()), "the first sync")
            yield host

    @contextmanager
    def speaking(self, **more: Any) -> Iterator[Host]:
        """The bot can send, and does not listen."""
        host = Host(self.build(**more))
        try:
            yield host
        finally:
            host.run(host.platform.stop())
            host.close()

    def synced(self) -> str:
        """The token that the bot has saved."""
        path = f"/client/v3/user/{self.bot.user}/account_data/se.handledd.sync"
        answer = self.bot.client.get(path)
        return str(answer.json()["since"]) if answer.status_code == 200 else ""

    def mapped(self) -> list[str]:
        """The rooms that the bot keeps as those with Anna alone."""
        answer = self.bot.client.get(f"/client/v3/user/{self.bot.user}/account_data/m.direct")
        return list(answer.json().get(self.anna.user, []))

    def polls(self) -> list[Any]:
        """The syncs that were asked for and answered in this test."""
        return [line for line in self.proxy.seen(method="GET") if line["path"].endswith("/sync")]

    def room(self, person: Someone | None = None) -> str:
        """A direct room with the bot, which listens, as a person makes it; returned when the bot is in."""
        person = person or self.anna
        room = person.direct_room(self.bot.user)
        until(lambda: person.members(room)[self.bot.user] == "join", "the bot to join")
        return room

    def old_room(self, person: Someone | None = None) -> str:
        """A direct room that the bot has been in since before it listened."""
        person = person or self.anna
        room = person.direct_room(self.bot.user)
        self.bot.join(room)
        return room

    def address(self, room: str = "", person: Someone | None = None, **more: Any) -> Address:
        """Where a person is reached."""
        return Address("matrix", (person or self.anna).user, chat=room, **more)

    def sends(self, room: str = "") -> list[dict[str, Any]]:
        """The messages that the homeserver was asked to post."""
        lines = self.proxy.seen(method="PUT")
        return [line for line in lines if "/send/m.room.message/" in line["path"]]

    def fault(self, path: str, kind: str, method: str = "PUT", **more: Any) -> None:
        """The next `times` requests whose path matches fail in some way: see the proxy."""
        order = {"method": method, "path": path, "kind": kind, **more}
        self._control("fault", order)

    def calm(self) -> None:
        """No more faults."""
        self._control("calm", {})

    def _control(self, what: str, order: dict[str, Any]) -> None:
        with plain() as client:
            client.post(f"{self.proxy.url}/control/{what}", json=order).raise_for_status()


def until(true: Callable[[], T], what: str) -> T:
    """Wait for a true value and return it; fails, saying what was waited for, after DEADLINE."""
    deadline = time.monotonic() + DEADLINE
    while not (value := true()):
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(0.02)
    return value
