"""Slack mounted in a real server on a real socket, and the ear it speaks into."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import AsyncIterator, Coroutine, Iterator
from concurrent.futures import Future
from datetime import UTC, datetime
from typing import Any, TypeVar

from starlette.applications import Starlette

from bot.platforms.slack import Slack
from handlers.message import Button, Field, Incoming, Message, Reply
from tests.support.serving import listening

T = TypeVar("T")
NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
SECRET = "signing-canary-0f3a"
TOKEN = "xoxb-token-canary-77"
APP_TOKEN = "xapp-token-canary-78"
RECEIPT = Message(
    "Sparat: handledning sön 22 nov (v 47), 1 h · etik",
    fields=(Field("Står", "v 47 klar"),),
    buttons=(Button("Ångra", "undo:1"), Button("Boka nästa", "book:1", primary=True)),
)


class Ear:
    """A `hear` that remembers, answers `message` and `errors`, waits for `gate` and raises `error`."""

    def __init__(self) -> None:
        self.heard: list[Incoming] = []
        self.message = RECEIPT
        self.errors: dict[str, str] = {}
        self.error: Exception | None = None
        self.gate: threading.Event | None = None
        self.called = threading.Event()

    async def __call__(self, incoming: Incoming) -> Reply:
        self.heard.append(incoming)
        self.called.set()
        if self.gate:
            await asyncio.to_thread(self.gate.wait, 30)
        if self.error:
            raise self.error
        return Reply(self.message, "logged", errors=self.errors)


class Clock:
    """The time it is until it is set again."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


class Host:
    """A running server with one Slack platform in it. `more` is given to the platform."""

    def __init__(
        self,
        api_url: str,
        secret: str = SECRET,
        token: str = TOKEN,
        ear: Ear | None = None,
        clock: Clock | None = None,
        **more: Any,
    ) -> None:
        self.ear, self.clock = ear or Ear(), clock or Clock()
        self.slack = Slack(secret, token, api_url, self.ear, self.clock, **more)
        self.loop: asyncio.AbstractEventLoop | None = None

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """`work` in the server's own event loop."""
        return self.begin(work).result(60)

    def begin(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        """The same, without waiting for it."""
        assert self.loop
        return asyncio.run_coroutine_threadsafe(work, self.loop)

    @contextlib.asynccontextmanager
    async def lifespan(self, _: Starlette) -> AsyncIterator[None]:
        """Start and stop the platform in the server's loop."""
        self.loop = asyncio.get_running_loop()
        await self.slack.start()
        yield
        await self.slack.stop()


@contextlib.contextmanager
def serving(host: Host) -> Iterator[str]:
    """The address of `host` while it serves."""
    app = Starlette(routes=list(host.slack.routes()), lifespan=host.lifespan)
    with listening(app) as address:
        yield address
