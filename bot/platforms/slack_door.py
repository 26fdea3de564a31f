"""Bolt, with one listener in front of everything else in it, its authorization too.

Bolt would otherwise ask Slack who it is before it lets a message in, and lose the message when Slack does not
answer.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.response import BoltResponse

from bot.platforms.bodies import RefusedError
from bot.platforms.slack_sending import library_log

Take = Callable[[dict[str, Any]], Awaitable[BoltResponse]]
"""Answers one body."""


class Door:
    """The one way in, for what comes over HTTP and what comes by Socket Mode."""

    def __init__(self, take: Take, bot_token: str, signing_secret: str) -> None:
        self._app = _App(
            name="handledd.slack.bolt",
            logger=library_log,
            token=bot_token or "-",  # Bolt wants one and never uses it: our listener stands before that
            signing_secret=signing_secret or None,
            process_before_response=True,
            request_verification_enabled=False,  # slack_guard has done it
            before_authorize=_CatchAll(take),
        )

    async def enter(self, body: dict[str, Any]) -> BoltResponse:
        """A body into Bolt. Raises RefusedError where Bolt cannot read it."""
        try:
            request = AsyncBoltRequest(body=body, mode="socket_mode")
        except (AttributeError, LookupError, RecursionError, TypeError, ValueError):
            raise RefusedError(400, "malformed body") from None
        return await self._app.async_dispatch(request)


class _App(AsyncApp):
    """Bolt's app makes a web client for each request, for listeners that call Slack. Ours never does."""

    def _init_context(self, req: AsyncBoltRequest) -> None:
        """Nothing: what we call Slack with is `slack_sending`'s."""


class _CatchAll(AsyncMiddleware):
    """The one listener: every request ends here.

    A class, because Bolt fills in a function's arguments by reading bodies in ways that odd ones break;
    its own answer to `url_verification` is passed by for the same reason.
    """

    def __init__(self, take: Take) -> None:
        self._take = take

    async def async_process(self, *, req: AsyncBoltRequest, resp: object, next: object) -> BoltResponse:  # noqa: A002, ARG002 Bolt's names
        """The answer to one request."""
        return await self._take(req.body)
