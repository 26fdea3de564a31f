"""Who may talk to the demo's page: this machine's own browser, from the page itself, in small JSON bodies.

A web site elsewhere can make the browser send requests to 127.0.0.1, and can point a name of its own there
(DNS rebinding): so the Host header must name this machine, and an Origin must be the page's own.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar
from urllib.parse import urlsplit

from pydantic import BaseModel, ValidationError
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.platforms.bodies import read_body

LARGEST = 64 * 1024
"""Bytes in a request's body."""
HERE = frozenset({"127.0.0.1", "localhost", "::1"})

HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cache-control": "no-cache",
}

Shape = TypeVar("Shape", bound=BaseModel)
Endpoint = Callable[[Request], Awaitable[Response]]


class RefusedError(Exception):
    """A request that is answered with `status` and one line in Swedish."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status

    def response(self) -> Response:
        """`{"error": text}`."""
        return JSONResponse({"error": str(self)}, self.status)


def refusing(endpoint: Endpoint) -> Endpoint:
    """The endpoint, with its refusals turned into answers whatever the host's own error pages are."""

    async def guarded(request: Request) -> Response:
        try:
            return await endpoint(request)
        except RefusedError as refusal:
            return refusal.response()

    return guarded


class Guard:
    """Middleware for one route: Host and Origin must be the page's own; safe headers on every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        app: ASGIApp = self._app if (fault := _fault(Headers(scope=scope))) is None else fault.response()
        await app(scope, receive, safely)


def _fault(headers: Headers) -> RefusedError | None:
    host = headers.get("host", "")
    if _hostname(host) not in HERE:
        return RefusedError(403, "Sidan svarar bara på den egna datorn: öppna http://127.0.0.1 i stället.")
    if headers.get("origin", f"http://{host}") not in {f"http://{host}", f"https://{host}"}:
        return RefusedError(403, "Anropet kom från en annan webbplats och släpptes inte in.")
    return None


def _hostname(host: str) -> str | None:
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None


async def body(request: Request, shape: type[Shape]) -> Shape:
    """The JSON body in that shape. Raises RefusedError: 415 not JSON, 413 too large, 400 another shape."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise RefusedError(415, "Skicka innehållet som JSON: Content-Type: application/json.")
    try:
        return shape.model_validate_json(await _read(request))
    except ValidationError as error:
        raise RefusedError(400, _worded(error)) from error


async def _read(request: Request) -> bytes:
    content = await read_body(request, LARGEST)
    if content is None:
        raise RefusedError(413, "Innehållet är för stort: högst 64 kB åt gången.")
    return content


def _worded(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    if first["type"] == "json_invalid" or not first["loc"]:
        return "Innehållet gick inte att läsa som ett JSON-objekt."
    return f"Fältet ”{first['loc'][0]}” saknas eller har fel form."
