"""The demo's chat page as a platform: same `hear`, same `send`, same delivery as the others.

What comes in are small JSON posts from the page; what goes out is a stream of server-sent events, which
needs nothing of the host but HTTP. Nobody logs in: the one at the keyboard chooses who to be.
"""

from __future__ import annotations

import asyncio
import json
import re
import secrets
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote

from starlette.middleware import Middleware
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from bot.platforms.contract import Address, Hear, Limits, SendError
from bot.platforms.web_guard import Endpoint, Guard, RefusedError, body, refusing
from bot.platforms.web_incoming import NAME, Edited, Moved, Pressed, Said, WebPerson, incoming
from bot.platforms.web_log import Entry, Log, kept
from handlers.message import Message

# --- settings and limits

LIMITS = Limits(characters=20_000, chat_seconds=0.0, per_second=1e9)
SILENCE = 15.0
"""Seconds without an event after which an open stream shows that it is alive."""
PAGE = Path(__file__).parent / "web_page"
PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
"""What a browser may show in place: no SVG, which can carry a script."""

Clock = Callable[[], datetime]
"""The moment now, aware; the demo's is virtual."""


class Controls(Protocol):
    """What the page asks of the demo around it."""

    def people(self) -> Sequence[WebPerson]:
        """Everyone to choose from, in the order to show; answers at once."""
        ...

    def now(self) -> datetime:
        """The virtual moment in the units' own time zone."""
        ...

    async def advance(self, days: int) -> datetime:
        """Move the clock to the morning `days` (1-366) ahead; returns when all that fell due is delivered."""
        ...


# --- what goes out: Message → the page's events


def _entry(to: str, ref: str, message: Message, at: datetime) -> Entry:
    return Entry(
        to, ref, message.text, at, fields=message.fields, buttons=message.buttons, files=kept(message.files)
    )


def _event(kind: str, data: dict[str, Any], number: str = "") -> str:
    line = f"id: {number}\n" if number else ""
    return f"{line}event: {kind}\ndata: {json.dumps(data)}\n\n"


async def _rung(bell: asyncio.Event) -> bool:
    try:
        await asyncio.wait_for(bell.wait(), SILENCE)
    except TimeoutError:
        return False
    return True


# --- sending and the platform itself


class Web:
    """The page on this machine. `happened` and the rest are for one event loop only."""

    name = NAME
    limits = LIMITS

    def __init__(self, hear: Hear, clock: Clock, controls: Controls) -> None:
        self._hear = hear
        self._clock = clock
        self._controls = controls
        self._log = Log()
        self._epoch = secrets.token_hex(8)
        self._moving = False
        self._stopped = False

    def routes(self) -> Sequence[BaseRoute]:
        """The page at `/`; every route answers only the page itself, on this machine."""
        guard = [Middleware(Guard)]

        def route(path: str, endpoint: Endpoint, method: str = "GET") -> Route:
            return Route(path, refusing(endpoint), methods=[method], middleware=guard)

        return [
            route("/", self._page),
            route("/api/people", self._people),
            route("/api/say", self._say, "POST"),
            route("/api/edit", self._edit, "POST"),
            route("/api/press", self._press, "POST"),
            route("/api/clock", self._advance, "POST"),
            route("/events", self._events),
            route("/files/{token}", self._file),
            # Its "not found" is answered inside the guard, so that it too carries the headers.
            Mount(
                "/static", StaticFiles(directory=PAGE), middleware=[*guard, Middleware(ExceptionMiddleware)]
            ),
        ]

    async def start(self) -> None:
        """Nothing to connect to: pages come by themselves."""

    async def stop(self) -> None:
        """End every open stream; a server waits for them before it closes."""
        self.hang_up()

    def hang_up(self) -> None:
        """See contract.Streams."""
        self._stopped = True
        self._log.ring()

    async def send(self, to: Address, message: Message, delivery: str) -> str:
        """Show the message, in place of the one it replaces while that one is kept. Never shows one twice."""
        if to.external_id not in self._by_id():
            raise SendError("no such person on the page", permanent=True)
        shown = self._log.delivered(to.external_id, delivery)
        return shown or self._show(to.external_id, message, delivery)

    async def find(self, to: Address, delivery: str) -> str | None:
        """The reference of an earlier `send` with this name, while that message is kept."""
        return self._log.delivered(to.external_id, delivery)

    def happened(self, text: str) -> None:
        """Say in every window what just happened, in one Swedish line."""
        self._log.happened(text, self._local())

    def _show(self, to: str, message: Message, delivery: str) -> str:
        before = self._log.get(to, message.replaces)
        entry = _entry(to, before.ref if before else secrets.token_hex(8), message, self._local())
        earlier = before.deliveries if before else ()
        self._log.put(replace(entry, deliveries=(*earlier, delivery), changed=before is not None))
        return entry.ref

    def _local(self) -> datetime:
        return self._clock().astimezone(self._controls.now().tzinfo)

    def _by_id(self) -> dict[str, WebPerson]:
        return {person.external_id: person for person in self._controls.people()}

    def _person(self, external_id: str) -> WebPerson:
        if (person := self._by_id().get(external_id)) is None:
            raise RefusedError(404, "Personen finns inte här: ladda om sidan och välj igen.")
        return person

    async def _page(self, _request: Request) -> Response:
        return FileResponse(PAGE / "index.html", media_type="text/html")

    async def _people(self, _request: Request) -> Response:
        people = [asdict(person) for person in self._controls.people()]
        return JSONResponse({"people": people, **self._clock_face()})

    async def _say(self, request: Request) -> Response:
        said = await body(request, Said)
        # The place is taken before the answer can come, the words are shown once they are saved.
        place, came = self._log.reserve(), incoming(said, self._person(said.who), self._clock())
        await self._hear(came)
        if self._log.get(said.who, said.id) is None:
            self._log.put(Entry(said.who, said.id, said.text, self._local(), own=True, place=place))
        return JSONResponse({"ref": said.id})

    async def _edit(self, request: Request) -> Response:
        edited = await body(request, Edited)
        came = incoming(edited, self._person(edited.who), self._clock())
        before = self._log.get(edited.who, edited.ref)
        if before is None or not before.own:
            raise RefusedError(404, "Meddelandet finns inte kvar att ändra: skriv ett nytt i stället.")
        await self._hear(came)
        self._log.put(replace(before, text=edited.text, changed=True))
        return JSONResponse({"ref": edited.ref})

    async def _press(self, request: Request) -> Response:
        pressed = await body(request, Pressed)
        await self._hear(incoming(pressed, self._person(pressed.who), self._clock()))
        return JSONResponse({"ref": pressed.ref})

    async def _advance(self, request: Request) -> Response:
        moved = await body(request, Moved)
        if self._moving:
            raise RefusedError(409, "Klockan går redan framåt: vänta tills den har stannat.")
        self._move(moving=True)
        try:
            await self._controls.advance(moved.days)
        finally:
            self._move(moving=False)
        return JSONResponse(self._clock_face())

    def _move(self, *, moving: bool) -> None:
        self._moving = moving
        self._log.ring()

    def _clock_face(self) -> dict[str, Any]:
        return {"now": self._controls.now().isoformat(timespec="minutes"), "moving": self._moving}

    async def _file(self, request: Request) -> Response:
        file = self._log.file(request.path_params["token"])
        if file is None:
            raise RefusedError(404, "Filen finns inte kvar.")
        shown = file.media_type in PICTURES
        place = f"{'inline' if shown else 'attachment'}; filename*=UTF-8''{quote(file.name, safe='')}"
        kind = file.media_type if shown else "application/octet-stream"
        return Response(file.content, headers={"content-disposition": place}, media_type=kind)

    async def _events(self, request: Request) -> Response:
        people = [self._person(who).external_id for who in request.query_params.getlist("to")]
        since = self._since(request.headers.get("last-event-id", ""))
        return StreamingResponse(self._stream(people, since), media_type="text/event-stream")

    def _since(self, last: str) -> int:
        # Numbers of an earlier process say nothing about this one: then all is shown again.
        epoch, _, number = last.partition("-")
        return int(number) if epoch == self._epoch and re.fullmatch(r"[0-9]{1,18}", number) else 0

    async def _stream(self, people: Sequence[str], since: int) -> AsyncIterator[str]:
        """`hello` (whose log this is), what was missed, `ready`, then what comes, with `clock` between."""
        face: dict[str, Any] = {}
        ready = _event("ready", {})
        yield _event("hello", {"epoch": self._epoch})
        while not self._stopped:
            bell = self._log.bell
            for item in self._log.after(since, people):
                since = item.revision
                yield _event(item.kind, item.as_json(), f"{self._epoch}-{since}")
            if (now := self._clock_face()) != face:
                face = now
                yield _event("clock", face)
            if ready:
                yield ready
                ready = ""
            if not await _rung(bell):
                yield ": still here\n\n"
