"""The server under `run` and `demo`: its port is taken before anything starts, and a signal ends it well."""

from __future__ import annotations

import asyncio
import signal
import socket
import sys
from collections.abc import Awaitable, Callable
from types import FrameType

import structlog
import uvicorn
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

log = structlog.get_logger(__name__)

FINISH_SECONDS = 3
"""How long requests under way may take once the server is told to stop; the platforms come after them."""


HEAD_SECONDS = 10.0
"""For a request's head to come whole: uvicorn itself waits for ever, and each that waits holds a handle."""


def listen(host: str, port: int) -> socket.socket:
    """A listening socket on `host`, on a free port when `port` is 0. Raises OSError when it cannot be had.

    What it accepts sends at once: asyncio sees to that only for sockets that name TCP as their protocol, and
    without it an answer's body waits some 40 ms for the caller to acknowledge the head.
    """
    family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    listener = socket.create_server(address[:2], family=family, backlog=1024)
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # the accepted inherit it
    listener.set_inheritable(False)
    return listener


def leave_on_signals() -> None:
    """Let SIGTERM and Ctrl-C end the process with status 0, cleaning up on the way out.

    The server takes the signals over while it serves and gives them back when it has finished.
    """

    def leave(_signal: int, _frame: FrameType | None) -> None:
        sys.exit(0)

    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, leave)


def serve(
    app: Starlette, listener: socket.socket, leaving: Callable[[], Awaitable[None]], proxies: str = ""
) -> None:
    """Serve until a signal. `leaving` is awaited first: it ends what would otherwise stream for ever.

    Who calls is whom the connection comes from; only `proxies` (addresses and networks, parted by commas)
    are believed when they name another in X-Forwarded-For: anybody can write that header.
    """
    config = uvicorn.Config(
        Parting(app),
        http=Hasty,
        access_log=False,
        log_config=None,
        timeout_graceful_shutdown=FINISH_SECONDS,
        server_header=False,
        proxy_headers=bool(proxies),
        forwarded_allow_ips=proxies,
    )
    host, port = listener.getsockname()[:2]
    log.info("listening", host=host, port=port)
    _Server(config, leaving).run(sockets=[listener])


class Hasty(H11Protocol):
    """A connection that is ended where it does not say in time what it wants."""

    seconds = HEAD_SECONDS
    _waits: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn's
        """See asyncio.Protocol."""
        super().connection_made(transport)
        self._watch()

    def data_received(self, data: bytes) -> None:
        """See asyncio.Protocol. What comes by drops gets no more time."""
        super().data_received(data)
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        """See asyncio.Protocol."""
        super().connection_lost(exc)
        self._calm()

    def _watch(self) -> None:
        if self.cycle is not None and not self.cycle.response_complete:  # the head is here
            self._calm()
        elif self._waits is None:
            self._waits = self.loop.call_later(self.seconds, self.transport.close)

    def _calm(self) -> None:
        if self._waits is not None:
            self._waits.cancel()
            self._waits = None


class Parting:
    """Around the whole app: who still waits when the server ends is asked to come again.

    Nothing was told to have been received, so a platform delivers it once more. Uvicorn itself would answer
    500 and write a traceback.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        begun = False

        async def sending(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, sending)
        except asyncio.CancelledError:
            if begun or scope["type"] != "http":
                raise
            await Response(status_code=503, headers={"Retry-After": "10"})(scope, receive, send)


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, leaving: Callable[[], Awaitable[None]]) -> None:
        super().__init__(config)
        self._leaving = leaving

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await self._leaving()
        await super().shutdown(sockets)
