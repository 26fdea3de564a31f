"""The server's own socket."""

from __future__ import annotations

import asyncio
import socket

from bot.server import listen


def test_what_is_accepted_sends_at_once() -> None:
    """Else the body of an answer waits for the caller to acknowledge its head."""
    told: list[int] = []

    async def answer(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        accepted = writer.get_extra_info("socket")
        told.append(accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        writer.close()

    async def call() -> None:
        with listen("127.0.0.1", 0) as listener:
            server = await asyncio.start_server(answer, sock=listener)
            reader, writer = await asyncio.open_connection(*listener.getsockname())
            await reader.read()
            writer.close()
            server.close()
            await server.wait_closed()

    asyncio.run(call())
    assert told
    assert told[0] != 0
