"""An app on a real socket, in a thread, while a test asks it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import uvicorn
from starlette.applications import Starlette

from bot.host import build
from bot.server import listen
from tests.support.plain import plain
from tests.support.world import ZONE, World

STARTS_WITHIN = 30.0


@contextmanager
def served(world: World) -> Iterator[httpx.Client]:
    """A client of the whole house as `build` puts it together; nothing is ticked or delivered by it."""
    house = build(world.engine, world.clock, ZONE, [], beats=False)
    with listening(Starlette(routes=list(house.app.routes))) as address, plain(base_url=address) as client:
        yield client


@contextmanager
def listening(app: Starlette) -> Iterator[str]:
    """The address of an app while it serves, from when its lifespan has begun."""
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False))
    with listen("127.0.0.1", 0) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            _wait(server)
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(STARTS_WITHIN)


def _wait(server: uvicorn.Server) -> None:
    deadline = time.monotonic() + STARTS_WITHIN
    while not server.started:
        assert time.monotonic() < deadline, "the server did not start"
        time.sleep(0.01)
