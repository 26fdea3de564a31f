"""Slack, over HTTP or Socket Mode: commands, messages to the bot, mentions and buttons in; messages out."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from slack_bolt.adapter.starlette.async_handler import to_starlette_response
from slack_bolt.response import BoltResponse
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.platforms.bodies import RefusedError
from bot.platforms.contract import Address, Hear, Limits, SendError
from bot.platforms.fields import MalformedError
from bot.platforms.slack_blocks import MAX_BLOCKS, MAX_TEXT
from bot.platforms.slack_door import Door
from bot.platforms.slack_forms import faults, modal
from bot.platforms.slack_guard import parse, signed_body
from bot.platforms.slack_home import publish
from bot.platforms.slack_incoming import Context, read
from bot.platforms.slack_oauth import PATH, OAuth
from bot.platforms.slack_sending import CALL_SECONDS, body_of, files_of, library_log, with_notice
from bot.platforms.slack_socket import PING_SECONDS, Socket
from bot.platforms.slack_strangers import told
from bot.platforms.slack_workspaces import Registry, Workspaces
from handlers.message import File, Form, Incoming, IncomingKind, Message, Reply, Sender, StrangerError
from handlers.words import say_to

# --- settings and limits

LIMITS = Limits(
    characters=(MAX_BLOCKS - 5) * MAX_TEXT,
    chat_seconds=1.0,
    per_second=8.75,
    group_seconds=1.0,
    at_once=8,
    certain=True,
)
STOP_SECONDS = 5.0
TRY_AGAIN = say_to("", "aside.try_again")

log = logging.getLogger("handledd.slack")


class Slack:
    """Slack, as contract.Platform.

    With an `app_token` it listens in Socket Mode; without a `signing_secret` it takes no message over HTTP.
    `oauth` is the app's client id and secret: with them and a `registry` other workspaces can install it.
    """

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
        app_token: str = "",
        registry: Registry | None = None,
        oauth: tuple[str, str] = ("", ""),
        call_seconds: float = CALL_SECONDS,
        ping_seconds: float = PING_SECONDS,
    ) -> None:
        self._secret = signing_secret
        self._api_url = api_url
        self._hear = hear
        self._clock = clock
        self._workspaces = Workspaces(bot_token, api_url, clock, registry, call_seconds)
        self._oauth = OAuth(*oauth, api_url, self._workspaces, library_log) if all(oauth) else None
        self._bot_user = ""
        self._tasks: set[asyncio.Task[None]] = set()
        self._door = Door(self._take, bot_token, signing_secret)
        self._socket: Socket | None = None
        if app_token:
            self._socket = Socket(app_token, api_url, self._door.enter, clock, library_log, ping_seconds)

    # --- what comes in

    def routes(self) -> Sequence[BaseRoute]:
        """One address for commands, events and interactions, as the app's manifest names it."""
        heard = [Route("/slack/events", self._receive, methods=["POST"])] if self._secret else []
        return [*heard, Route(PATH, self._oauth.installed)] if self._oauth else heard

    async def _receive(self, request: Request) -> Response:
        try:
            raw = await signed_body(request, self._secret, self._clock())
            body = parse(raw, request.headers.get("content-type", ""))
            response = await self._door.enter(dict(body))
        except RefusedError as refused:
            log.warning("refused a request: %s", refused)
            return Response(status_code=refused.status)
        except ClientDisconnect:
            return Response(status_code=400)
        return to_starlette_response(response)

    async def _take(self, body: dict[str, Any]) -> BoltResponse:
        if body.get("type") == "url_verification":
            return _proof(body.get("challenge"))
        try:
            incoming = read(body, Context(self._clock(), self._api_url, self._bot_user))
        except MalformedError as error:
            log.warning("refused a body: %s", error)
            return BoltResponse(status=400)
        if incoming is None:
            return BoltResponse(status=200)
        return await self._answer(incoming, str(body.get("trigger_id", "")))

    async def _answer(self, incoming: Incoming, trigger: str) -> BoltResponse:
        """200 strictly after the commit. After a failure: 503, so that Slack delivers the event again.

        A command is never delivered again and its 503 is shown as a raw error, so it is answered in words.
        """
        try:
            reply = await self._heard(incoming)
        except Exception as error:  # noqa: BLE001 whatever it was, nothing was saved and Slack must know
            log.error("not saved: %s", type(error).__name__)  # the text of an error can quote the message
            in_words = incoming.inline and incoming.kind is IncomingKind.TEXT
            return _ephemeral(Message(TRY_AGAIN)) if in_words else BoltResponse(status=503)
        if incoming.kind is IncomingKind.HOME:
            self._run(self._publish(incoming.sender, reply.message))
        if incoming.kind in (IncomingKind.HOME, IncomingKind.REMOVED):
            return BoltResponse(status=200)
        if reply.errors:
            return BoltResponse(status=200, body=faults(reply.errors))
        if reply.message.form and await self._opened(reply.message.form, incoming, trigger):
            return BoltResponse(status=200)
        if reply.message.form and not incoming.inline:
            self._run(self._instead(incoming, reply.message))
        return self._inline(incoming, reply) if incoming.inline else BoltResponse(status=200)

    async def _opened(self, form: Form, incoming: Incoming, trigger: str) -> bool:
        """Whether the person now has the form; if not, the message says the same in words."""
        reference = incoming.message_ref if incoming.kind is IncomingKind.PRESS else ""
        try:
            sending = await self._workspaces.of(incoming.sender.workspace)
            await sending.open_form(trigger, modal(form, reference))
        except (SendError, TimeoutError) as error:
            log.warning("a form was not opened: %s", type(error).__name__)
            return False
        return True

    async def _instead(self, incoming: Incoming, message: Message) -> None:
        sender = incoming.sender
        to = Address("slack", sender.external_id, sender.workspace, sender.address, open=not incoming.private)
        await self.send(to, message, "")

    async def _publish(self, sender: Sender, message: Message) -> None:
        await publish(await self._workspaces.of(sender.workspace), sender.external_id, message)

    async def _share(self, sender: Sender, files: Sequence[File]) -> None:
        await (await self._workspaces.of(sender.workspace)).share(sender.external_id, files)

    async def _heard(self, incoming: Incoming) -> Reply:
        """The workspace says who somebody is who is not linked: the sender, or one whom they mention.

        It is asked only once `hear` has not known them, so that nobody else waits for it.
        """
        can_ask = self._workspaces.registry is not None and bool(incoming.sender.external_id)
        if can_ask:
            incoming = replace(incoming, sender=replace(incoming.sender, email=None))
        try:
            return await self._hear(incoming)
        except StrangerError as strangers:
            return await self._hear(await told(self._workspaces, incoming, strangers.accounts))

    def _inline(self, incoming: Incoming, reply: Reply) -> BoltResponse:
        files = files_of(reply.message)
        if not files:
            return _ephemeral(reply.message)
        self._run(self._share(incoming.sender, files))
        return _ephemeral(with_notice(reply.message, reply.locale))

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        """In the background: Slack's three seconds are for the commit, not for calls of our own."""
        task = asyncio.create_task(_quietly(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # --- sending

    async def send(self, to: Address, message: Message, delivery: str) -> str:
        """See contract.Platform."""
        return await (await self._workspaces.of(to.workspace)).send(to, message, delivery)

    async def find(self, to: Address, delivery: str) -> str | None:
        """See contract.Platform. Raises SendError where Slack cannot tell now."""
        return await (await self._workspaces.of(to.workspace)).find(to, delivery)

    # --- the platform itself

    async def start(self) -> None:
        """Open the connections and learn who the bot is; a Slack that cannot be reached stops nothing."""
        try:
            self._bot_user = await self._workspaces.open()
        except SendError as error:
            mend = "check HANDLEDD_SLACK_BOT_TOKEN and that this machine reaches HANDLEDD_SLACK_API_URL"
            log.warning("Slack's auth.test failed (%s): %s", error.reason, mend)
        if self._socket:
            self._socket.start()

    async def stop(self) -> None:
        """Let files under way go out, for a few seconds, and close the connections."""
        if self._socket:
            await self._socket.stop()
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=STOP_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        await self._workspaces.close()


def _proof(challenge: object) -> BoltResponse:
    """The answer that shows Slack whose address this is."""
    if not isinstance(challenge, str):
        return BoltResponse(status=400)
    return BoltResponse(status=200, body={"challenge": challenge})


async def _quietly(work: Coroutine[Any, Any, None]) -> None:
    try:
        await work
    except SendError as error:
        log.warning("not shown: %s", error.reason)


def _ephemeral(message: Message) -> BoltResponse:
    return BoltResponse(status=200, body=body_of(message) | {"response_type": "ephemeral"})
