"""A tiny demo around the page: made-up people, a clock that only moves when told, a hearer by script."""

from __future__ import annotations

import asyncio
import base64
import threading
from collections.abc import Coroutine, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import uvicorn
from starlette.applications import Starlette

from bot.platforms.contract import Address
from bot.platforms.web import Web
from bot.platforms.web_incoming import WebPerson
from bot.server import listen
from handlers.message import Button, Field, File, Incoming, IncomingKind, Message, Reply

STOCKHOLM = ZoneInfo("Europe/Stockholm")
ANNA, EVA, STINA = "anna", "eva", "stina"
PEOPLE = (
    WebPerson(ANNA, "Anna Exempelsson", "ST-läkare", "Vårdcentralen Påhittet", supervisor=EVA),
    WebPerson("bo", "Bo Provberg", "ST-läkare", "Vårdcentralen Påhittet", supervisor=EVA),
    WebPerson(EVA, "Eva Fantasi", "Handledare", "Vårdcentralen Påhittet"),
    WebPerson("cilla", "Cilla Testing", "ST-läkare", "Medicinkliniken Låtsas"),
    WebPerson(STINA, "Stina Sagostad", "Studierektor", "Medicinkliniken Låtsas"),
)
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPj/HwADBwIAMCbHYQAAAABJRU5ErkJggg=="
)
Answer = TypeVar("Answer")


class Demo:
    """The page's surroundings. `heard` is every Incoming in order; `seen` are the delivery keys acted on."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 11, 20, 9, 30, tzinfo=STOCKHOLM)
        self.heard: list[Incoming] = []
        self.seen: set[str] = set()
        self.gate: threading.Event | None = None
        self.fails = False
        self.web = Web(self.hear, lambda: self.moment.astimezone(UTC), self)

    def people(self) -> Sequence[WebPerson]:
        return PEOPLE

    def now(self) -> datetime:
        return self.moment

    async def advance(self, days: int) -> datetime:
        if self.gate:
            await asyncio.to_thread(self.gate.wait)
        self.moment = (self.moment + timedelta(days=days)).replace(hour=8, minute=0)
        await self.web.send(address(STINA), digest(), f"digest:{self.moment:%F}")
        self.web.happened(f"Klockan gick {days} dagar framåt")
        return self.moment

    async def hear(self, came: Incoming) -> Reply:
        if self.fails:
            raise OSError
        self.heard.append(came)
        reply = Reply(answer(came), outcome="tested", repeated=came.delivery_key in self.seen)
        if came.delivery_key not in self.seen:
            self.seen.add(came.delivery_key)
            await self.web.send(address(came.sender.external_id), reply.message, f"re:{came.delivery_key}")
        return reply


def address(person: str) -> Address:
    return Address("web", person)


def answer(came: Incoming) -> Message:
    """What the scripted hearer says to each kind of update."""
    if came.kind is IncomingKind.PRESS:
        return Message("Ångrat: handledning fre 20 nov (v 47).", replaces=came.message_ref)
    if came.kind is IncomingKind.EDIT:
        return Message(f"Ändrat till: {came.text}")
    return receipt(came.text)


def receipt(text: str) -> Message:
    return Message(
        f"Sparat: {text}\nv 47 klar. Senast missad: v 41.",
        fields=[Field("Tid", "1 h"), Field("Med", "Eva Fantasi")],
        buttons=[
            Button("Boka nästa", "book:1", primary=True),
            Button("Ändra", "change:1"),
            Button("Ångra", "undo:1"),
        ],
    )


def digest() -> Message:
    return Message(
        "Måndagens översikt\n\n1. Behöver dig\n   Bo Provberg – ingen handledning på 3 veckor",
        files=[
            File("översikt.png", PIXEL, "image/png"),
            File("översikt v 48.xlsx", b"PK", "application/xlsx"),
        ],
        buttons=[Button("Visa", "show:1"), Button("Påminn paret", "remind:1")],
    )


class Running:
    """The demo behind a real server on this machine."""

    def __init__(self, demo: Demo, url: str, loop: asyncio.AbstractEventLoop) -> None:
        self.demo, self.url, self._loop = demo, url, loop

    def do(self, work: Coroutine[Any, Any, Answer]) -> Answer:
        """Run `work` in the server's own event loop."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=30)

    def send(self, person: str, message: Message, delivery: str) -> str:
        return self.do(self.demo.web.send(address(person), message, delivery))


@contextmanager
def running(demo: Demo) -> Iterator[Running]:
    """Serve the demo's routes on a free port of 127.0.0.1; stop cleanly at the end."""
    with listen("127.0.0.1", 0) as listening:
        app = Starlette(routes=demo.web.routes())
        server = uvicorn.Server(uvicorn.Config(app, ws="none", lifespan="off", log_level="warning"))
        up: Future[asyncio.AbstractEventLoop] = Future()

        async def serve() -> None:
            up.set_result(asyncio.get_running_loop())
            await server.serve(sockets=[listening])

        thread = threading.Thread(target=asyncio.run, args=(serve(),))
        thread.start()
        here = Running(demo, f"http://127.0.0.1:{listening.getsockname()[1]}", up.result(timeout=30))
        try:
            yield here
        finally:
            here.do(demo.web.stop())
            server.should_exit = True
            thread.join(timeout=30)
