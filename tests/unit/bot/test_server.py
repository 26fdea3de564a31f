"""The server's own socket, and connections that do not say in time what they want."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Sequence
from random import Random
from typing import Any

import pytest
import uvicorn
from starlette.requests import Request
from starlette.types import Message
from uvicorn.server import ServerState

from bot.platforms.bodies import BODY_SECONDS, RefusedError, small_body
from bot.server import HEAD_SECONDS, Hasty, Parting, listen
from tests.simulator.loop import VirtualLoop


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


HEAD = b"GET /healthz HTTP/1.1\r\nHost: bot\r\n\r\n"
SLOW_ANSWER = 3 * HEAD_SECONDS
KEPT = 5.0
"""Seconds that uvicorn keeps a connection for a next request."""


class Wire(asyncio.Transport):
    """A connection of which only the end is remembered: when it came."""

    ended: float | None = None

    def write(self, data: bytes | bytearray | memoryview) -> None:
        pass

    def is_closing(self) -> bool:
        return self.ended is not None

    def close(self) -> None:
        if self.ended is None:
            self.ended = asyncio.get_running_loop().time()


async def slowly(_scope: Any, _receive: Any, send: Any) -> None:
    """An app that takes its time."""
    await asyncio.sleep(SLOW_ANSWER)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
    await send({"type": "http.response.body"})


def ended(said: Sequence[tuple[float, bytes]]) -> float | None:
    """After how many seconds a connection is ended on which this is said, each at its second."""

    async def talk() -> float | None:
        config = uvicorn.Config(slowly, log_config=None, lifespan="off")
        wire, connection = Wire(), Hasty(config, ServerState(), {})
        connection.connection_made(wire)
        for at, data in said:
            await asyncio.sleep(at - asyncio.get_running_loop().time())
            connection.data_received(data)
        await asyncio.sleep(10 * SLOW_ANSWER)
        return wire.ended

    with asyncio.Runner(loop_factory=lambda: VirtualLoop(Random(1))) as runner:
        return runner.run(talk())


@pytest.mark.parametrize(
    ("said", "after"),
    [
        ([], HEAD_SECONDS),
        ([(1, HEAD[:9])], HEAD_SECONDS),
        ([(second, HEAD[second : second + 1]) for second in range(9)], HEAD_SECONDS),  # drop by drop
        ([(1, HEAD)], 1 + SLOW_ANSWER + KEPT),
        ([(1, HEAD[:9]), (9, HEAD[9:])], 9 + SLOW_ANSWER + KEPT),
        ([(0, HEAD), (SLOW_ANSWER + 1, HEAD[:9])], SLOW_ANSWER + 1 + HEAD_SECONDS),  # the next one by half
    ],
)
def test_a_head_comes_in_time_or_its_connection_ends(
    said: Sequence[tuple[float, bytes]], after: float
) -> None:
    assert ended(said) == pytest.approx(after)


def test_who_still_waits_when_the_server_ends_is_asked_to_come_again() -> None:
    told: list[Message] = []

    async def send(message: Message) -> None:
        told.append(message)

    async def cancelled() -> None:
        call = asyncio.create_task(Parting(slowly)({"type": "http"}, nothing, send))
        await asyncio.sleep(1)
        call.cancel()
        await call

    with asyncio.Runner(loop_factory=lambda: VirtualLoop(Random(1))) as runner:
        runner.run(cancelled())
    assert [message.get("status") for message in told] == [503, None]


async def nothing() -> Message:
    """Of a caller who says no more."""
    return await asyncio.get_running_loop().create_future()  # type: ignore[no-any-return]


def test_a_body_comes_in_time_or_is_refused() -> None:
    """Whoever asks knows the form of our headers, but neither secret nor token."""

    async def dripping() -> dict[str, Any]:
        await asyncio.sleep(1)
        return {"type": "http.request", "body": b" ", "more_body": True}

    async def refused() -> tuple[int, float]:
        request = Request({"type": "http", "method": "POST", "headers": []}, dripping)
        with pytest.raises(RefusedError) as found:
            await small_body(request, 1000)
        return found.value.status, asyncio.get_running_loop().time()

    with asyncio.Runner(loop_factory=lambda: VirtualLoop(Random(1))) as runner:
        status, after = runner.run(refused())
    assert status == 408
    assert after == pytest.approx(BODY_SECONDS)
