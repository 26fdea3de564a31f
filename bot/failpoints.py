"""Where the crash tests end the process, as kill -9 does. Inert unless HANDLEDD_FAIL_AT names a point.

`HANDLEDD_FAIL_AT=send.before` ends `handledd run` the first time it is about to hand a message to a
platform, `send.after` when the platform has just taken it. The variable is read here, once, by `arm`.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Sequence

from sqlalchemy import Engine, event
from sqlalchemy.engine import Connection
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

CALLS = ("inbox", "commit", "ack", "claim", "find", "send", "record", "retry", "tick")
POINTS = tuple(f"{call}.{side}" for call in CALLS for side in ("before", "after"))
"""inbox: the row of what came in; commit: of its transaction; ack: the answer to the platform; claim: of an
outbox row; find: asking the platform what it has shown; record: how a send ended; retry: putting back."""

_armed: list[str] = []


def arm(engine: Engine) -> None:
    """Read the variable and, if it names a point, get ready to end there; another name ends it at once."""
    point = os.environ.get("HANDLEDD_FAIL_AT")
    if not point:
        return
    if point not in POINTS:
        raise SystemExit(f"handledd: HANDLEDD_FAIL_AT {point} is none of {', '.join(POINTS)}")
    _armed.append(point)
    event.listen(engine, "before_cursor_execute", _before_statement)
    event.listen(engine, "after_cursor_execute", _after_statement)
    event.listen(engine, "commit", _before_commit)


def passing(point: str) -> None:
    """End the process here and now, if this is the point."""
    if point in _armed:
        os.kill(os.getpid(), signal.SIGKILL)


def middleware() -> Sequence[Middleware]:
    """What tells apart before and after an answer, where a point is armed."""
    return [Middleware(_Acknowledging)] if _armed else []


class _Acknowledging:
    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def sending(message: Message) -> None:
            passing("ack.before")
            await send(message)
            if message["type"] == "http.response.body":
                passing("ack.after")

        answers = scope["type"] == "http" and scope["method"] == "POST"
        await self._app(scope, receive, sending if answers else send)


def _before_statement(connection: Connection, _cursor: object, statement: str, *_rest: object) -> None:
    if statement.startswith("INSERT INTO inbox"):
        connection.info["takes_in"] = True
        passing("inbox.before")


def _after_statement(_connection: Connection, _cursor: object, statement: str, *_rest: object) -> None:
    if statement.startswith("INSERT INTO inbox"):
        passing("inbox.after")


def _before_commit(connection: Connection) -> None:
    if connection.info.pop("takes_in", False):
        passing("commit.before")
