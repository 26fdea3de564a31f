"""A request's body, and no more of it than we take."""

from __future__ import annotations

from starlette.requests import Request


class RefusedError(Exception):
    """A request that is answered with `status` and nothing else; the reason, for the log, quotes nothing."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


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


async def small_body(request: Request, most: int) -> bytes:
    """The body. Raises RefusedError(400) where it is larger than that, and ClientDisconnect."""
    body = await read_body(request, most)
    if body is None:
        raise RefusedError(400, "body too large")
    return body
