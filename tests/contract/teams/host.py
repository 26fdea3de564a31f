"""Teams, with Slack beside it, mounted in a real server on a real socket, and the ear they speak into."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import AsyncIterator, Coroutine, Iterator
from datetime import UTC, datetime
from typing import Any, TypeVar

from starlette.applications import Starlette

from bot.platforms.slack import Slack
from bot.platforms.teams import Teams
from handlers.message import Button, Field, Incoming, Message, Reply
from tests.fakes.teams_driver import CLIENT_ID, SECRET, TENANT
from tests.support.serving import listening

T = TypeVar("T")
NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
SLACK_SECRET = "signing-canary-0f3b"
RECEIPT = Message(
    "Sparat: handledning sön 22 nov (v 47), 1 h · etik",
    fields=(Field("Står", "v 47 klar"),),
    buttons=(Button("Ångra", "undo.1.1"), Button("Boka nästa", "next.1.1", primary=True)),
)


class Ear:
    """A `hear` that remembers, answers `message`, waits for `gate` and raises `error` when told to.

    The same delivery key twice is answered as a repetition, as `receive` does.
    """

    def __init__(self) -> None:
        self.heard: list[Incoming] = []
        self.message = RECEIPT
        self.error: Exception | None = None
        self.gate: threading.Event | None = None
        self.called = threading.Event()

    async def __call__(self, incoming: Incoming) -> Reply:
        repeated = any(incoming.delivery_key == earlier.delivery_key for earlier in self.heard)
        self.heard.append(incoming)
        self.called.set()
        if self.gate:
            await asyncio.to_thread(self.gate.wait, 30)
        if self.error:
            raise self.error
        return Reply(self.message, "logged", repeated=repeated)


class Clock:
    """The time it is until it is set again."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


class Host:
    """A running server with one Teams platform and one Slack platform in it."""

    def __init__(self, fake: str, call_seconds: float = 10.0) -> None:
        self.ear, self.clock = Ear(), Clock()
        self.teams = Teams(
            CLIENT_ID,
            SECRET,
            TENANT,
            self.ear,
            self.clock,
            service_url=f"{fake}/teams/",
            login_url=fake,
            keys_url=f"{fake}/keys",
            call_seconds=call_seconds,
        )
        self.slack = Slack(SLACK_SECRET, "xoxb-none", f"{fake}/api/", self.ear, self.clock)
        self.loop: asyncio.AbstractEventLoop | None = None

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """`work` in the server's own event loop."""
        assert self.loop
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(60)

    @contextlib.asynccontextmanager
    async def lifespan(self, _: Starlette) -> AsyncIterator[None]:
        """Start and stop the platform in the server's loop."""
        self.loop = asyncio.get_running_loop()
        await self.teams.start()
        yield
        await self.teams.stop()


@contextlib.contextmanager
def serving(host: Host) -> Iterator[str]:
    """The address of `host` while it serves."""
    app = Starlette(routes=[*host.teams.routes(), *host.slack.routes()], lifespan=host.lifespan)
    with listening(app) as address:
        yield address
