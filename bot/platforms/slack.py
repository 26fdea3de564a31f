"""Slack in HTTP mode: slash commands, messages to the bot, mentions and buttons in; messages and files out.

One catch-all stands in front of everything else in Bolt, before its authorization too: Bolt would otherwise
ask Slack who it is before it lets a message in, and lose the message when Slack does not answer.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any

from slack_bolt.adapter.starlette.async_handler import to_starlette_response
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.response import BoltResponse
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.platforms.contract import Address, Hear, Limits, SendError
from bot.platforms.slack_blocks import MAX_BLOCKS, MAX_TEXT
from bot.platforms.slack_guard import RefusedError, parse, signed_body
from bot.platforms.slack_incoming import Context, MalformedError, read
from bot.platforms.slack_sending import CALL_SECONDS, Sending, body_of, files_of, library_log, with_notice
from handlers.message import File, Incoming, Message, Reply

# --- settings and limits

LIMITS = Limits(characters=(MAX_BLOCKS - 5) * MAX_TEXT, chat_seconds=1.0, per_second=20.0)
STOP_SECONDS = 5.0
TRY_AGAIN = "Det gick inte att ta emot just nu, så inget är lagrat. Försök igen om en stund."

log = logging.getLogger("handledd.slack")


class Slack:
    """Slack, as contract.Platform."""

    name = "slack"
    limits = LIMITS

    def __init__(
        self,
        signing_secret: str,
        bot_token: str,
        api_url: str,
        hear: Hear,
        clock: Callable[[], datetime],
        *,
        call_seconds: float = CALL_SECONDS,
    ) -> None:
        self._secret = signing_secret
        self._api_url = api_url
        self._hear = hear
        self._clock = clock
        self._sending = Sending(bot_token, api_url, clock, call_seconds)
        self._bot_user = ""
        self._tasks: set[asyncio.Task[None]] = set()
        self._app = AsyncApp(
            name="handledd.slack.bolt",
            logger=library_log,
            client=self._sending.client,
            signing_secret=signing_secret,
            process_before_response=True,
            request_verification_enabled=False,  # slack_guard has done it
            before_authorize=CatchAll(self._take),
        )

    # --- what comes in

    def routes(self) -> Sequence[BaseRoute]:
        """One address for commands, events and interactions, as the app's manifest names it."""
        return [Route("/slack/events", self._receive, methods=["POST"])]

    async def _receive(self, request: Request) -> Response:
        try:
            raw = await signed_body(request, self._secret, self._clock())
            body = parse(raw, request.headers.get("content-type", ""))
            response = await self._dispatch(dict(body))
        except RefusedError as refused:
            log.warning("refused a request: %s", refused)
            return Response(status_code=refused.status)
        except ClientDisconnect:
            return Response(status_code=400)
        return to_starlette_response(response)

    async def _dispatch(self, body: dict[str, Any]) -> BoltResponse:
        """A body into Bolt. Socket Mode's bodies come the same way, so that there is one way in."""
        try:
            request = AsyncBoltRequest(body=body, mode="socket_mode")
        except (AttributeError, LookupError, RecursionError, TypeError, ValueError):
            raise RefusedError(400, "malformed body") from None
        return await self._app.async_dispatch(request)

    async def _take(self, body: dict[str, Any]) -> BoltResponse:
        if body.get("type") == "url_verification":
            return BoltResponse(status=200, body={"challenge": body.get("challenge")})
        try:
            incoming = read(body, Context(self._clock(), self._api_url, self._bot_user))
        except MalformedError as error:
            log.warning("refused a body: %s", error)
            return BoltResponse(status=400)
        return await self._answer(incoming) if incoming else BoltResponse(status=200)

    async def _answer(self, incoming: Incoming) -> BoltResponse:
        """200 strictly after the commit. After a failure: 503, so that Slack delivers the event again.

        A command is never delivered again and its 503 is shown as a raw error, so it is answered in words.
        """
        try:
            reply = await self._hear(incoming)
        except Exception as error:  # noqa: BLE001 whatever it was, nothing was saved and Slack must know
            log.error("not saved: %s", type(error).__name__)  # the text of an error can quote the message
            return _ephemeral(Message(TRY_AGAIN)) if incoming.inline else BoltResponse(status=503)
        return self._inline(incoming, reply) if incoming.inline else BoltResponse(status=200)

    def _inline(self, incoming: Incoming, reply: Reply) -> BoltResponse:
        files = files_of(reply.message)
        if not files:
            return _ephemeral(reply.message)
        task = asyncio.create_task(self._share(incoming.sender.external_id, files))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return _ephemeral(with_notice(reply.message))

    async def _share(self, user: str, files: Sequence[File]) -> None:
        try:
            await self._sending.share(user, files)
        except SendError as error:
            log.warning("a file was not delivered: %s", error.reason)

    # --- sending

    async def send(self, to: Address, message: Message, delivery: str) -> str:
        """See contract.Platform."""
        return await self._sending.send(to, message, delivery)

    async def find(self, to: Address, delivery: str) -> str | None:
        """See contract.Platform. Raises SendError where Slack cannot tell now."""
        return await self._sending.find(to, delivery)

    # --- the platform itself

    async def start(self) -> None:
        """Open the connections and learn who the bot is; a Slack that cannot be reached stops nothing."""
        try:
            self._bot_user = await self._sending.open()
        except SendError as error:
            mend = "check HANDLEDD_SLACK_BOT_TOKEN and that this machine reaches HANDLEDD_SLACK_API_URL"
            log.warning("Slack's auth.test failed (%s): %s", error.reason, mend)

    async def stop(self) -> None:
        """Let files under way go out, for a few seconds, and close the connections."""
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=STOP_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        await self._sending.close()


class CatchAll(AsyncMiddleware):
    """The one listener: every request ends here.

    A class, because Bolt fills in a function's arguments by reading bodies in ways that odd ones break;
    its own answer to `url_verification` is passed by for the same reason.
    """

    def __init__(self, take: Callable[[dict[str, Any]], Awaitable[BoltResponse]]) -> None:
        self._take = take

    async def async_process(self, *, req: AsyncBoltRequest, resp: object, next: object) -> BoltResponse:  # noqa: A002, ARG002 Bolt's names
        """The answer to one request."""
        return await self._take(req.body)


def _ephemeral(message: Message) -> BoltResponse:
    return BoltResponse(status=200, body=body_of(message) | {"response_type": "ephemeral"})
