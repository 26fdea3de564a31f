"""A request's body, and no more of it than we take; a header that stands once."""

from __future__ import annotations

import asyncio

from starlette.datastructures import Headers
from starlette.requests import Request

BODY_SECONDS = 10.0
"""For a body to come whole: platforms send theirs at once, and whoever does not would hold a connection."""


class RefusedError(Exception):
    """A request that is answered with `status` and nothing else; the reason, for the log, quotes nothing."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


def only(headers: Headers, name: str) -> str | None:
    """A header's value; None where it is missing, or comes twice: nobody could tell which one is meant."""
    values = headers.getlist(name)
    return values[0] if len(values) == 1 else None


async def read_body(request: Request, most: int) -> bytes | None:
    """The body; None as soon as more than `most` bytes have come. Raises ClientDisconnect.

    The length that a request claims may be missing or untrue: what has come is what counts.
    """
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            return None
    return bytes(body)


async def small_body(request: Request, most: int, seconds: float = BODY_SECONDS) -> bytes:
    """The body. Raises RefusedError, 400 where it is larger or 408 where it is late, and ClientDisconnect."""
    try:
        async with asyncio.timeout(seconds):
            body = await read_body(request, most)
    except TimeoutError:
        raise RefusedError(408, "body too slow") from None
    if body is None:
        raise RefusedError(400, "body too large")
    return body
