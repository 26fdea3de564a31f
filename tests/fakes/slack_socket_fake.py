"""The fake Slack's Socket Mode: a websocket that keeps Slack's rules.

An address works once. An envelope may be acknowledged once, over any connection, with a payload only where
one is accepted. Whatever breaks a rule is logged with `"accepted": false`.
"""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import Callable
from typing import Any

from aiohttp import WSMsgType, web

Args = dict[str, Any]
Write = Callable[..., None]


class SocketHub:
    """Slack's end of every connection."""

    def __init__(self, write: Write) -> None:
        self.write = write
        self.port = 0
        self.tickets: set[str] = set()
        self.connections: list[web.WebSocketResponse] = []
        self.connected = asyncio.Condition()
        self.envelopes: dict[str, bool] = {}
        """Those sent and not acknowledged, and whether each accepts a payload."""
        self.numbers = itertools.count(1)

    async def start(self) -> None:
        """Listen on a free port of its own."""
        app = web.Application()
        app.router.add_get("/link", self.link)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self.port = runner.addresses[0][1]

    def address(self) -> str:
        """What apps.connections.open answers: good for one connection."""
        ticket = f"ticket-{next(self.numbers)}"
        self.tickets.add(ticket)
        return f"ws://127.0.0.1:{self.port}/link?ticket={ticket}"

    async def link(self, request: web.Request) -> web.StreamResponse:
        ticket = request.query.get("ticket", "")
        if ticket not in self.tickets:
            return web.Response(status=403)
        self.tickets.discard(ticket)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"type": "hello", "num_connections": len(self.connections) + 1})
        async with self.connected:
            self.connections.append(socket)
            self.connected.notify_all()
        self.write("socket.connected", {}, accepted=True)
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                self.acknowledged(json.loads(message.data))
        self.connections.remove(socket)
        self.write("socket.closed", {}, accepted=True)
        return socket

    def acknowledged(self, ack: Args) -> None:
        takes_payload = self.envelopes.pop(ack.get("envelope_id", ""), None)
        right = takes_payload is not None and (takes_payload or "payload" not in ack)
        self.write("socket.ack", ack, accepted=right)

    async def control(self, name: str, args: Args) -> Args:
        """`envelope` sends one; `refresh` asks for a new connection; `drop` ends every one without a word."""
        match name:
            case "envelope":
                return await self.send(args)
            case "refresh":
                socket = await self.newest()
                await socket.send_json({"type": "disconnect", "reason": "refresh_requested"})
            case "drop":
                for socket in self.connections:
                    if socket._req and socket._req.transport:
                        socket._req.transport.abort()
        return {}

    async def send(self, args: Args) -> Args:
        envelope = args.pop("envelope_id", None) or f"env-{next(self.numbers)}"
        self.envelopes[envelope] = args["accepts_response_payload"]
        socket = await self.newest()
        await socket.send_json({"envelope_id": envelope} | args)
        return {"envelope_id": envelope}

    async def newest(self) -> web.WebSocketResponse:
        async with self.connected:
            await self.connected.wait_for(lambda: bool(self.connections))
            return self.connections[-1]
