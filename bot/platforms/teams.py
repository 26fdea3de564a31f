"""Microsoft Teams: messages, mentions, pressed buttons and files through the bot connector.

The SDK's own app and server are not used (docs/decisions/0011): they fetch keys in the event loop, answer
500 to a malformed body and know no duplicates. The sections have files of their own, in the contract's order:
what a request must be (teams_guard, teams_keys, teams_service), what comes in (teams_incoming), what goes out
(teams_cards, teams_files), sending (teams_sending, teams_wire). Here: settings and limits, the route.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from bot.platforms.bodies import RefusedError
from bot.platforms.contract import Address, Hear, Limits, SendError
from bot.platforms.fields import MalformedError
from bot.platforms.teams_cards import CHARACTERS, mark_of, replacement
from bot.platforms.teams_files import CONSENT, Answer, Memory, Shelf, answer
from bot.platforms.teams_guard import Guard
from bot.platforms.teams_incoming import read, sender
from bot.platforms.teams_keys import Keys
from bot.platforms.teams_sending import Courier
from bot.platforms.teams_service import Services
from bot.platforms.teams_wire import Wire
from handlers.message import Incoming, Message, Reply
from handlers.words import say_to

# --- settings and limits

LIMITS = Limits(characters=CHARACTERS, chat_seconds=1.0, per_second=50.0, at_once=16)
"""learn.microsoft.com/microsoftteams/platform/bots/how-to/rate-limit: 50 a second for an app and a tenant.

Not `certain`: a bot cannot read a chat's history, and the connector takes no name for a post.
"""
SERVICE_URL = "https://smba.trafficmanager.net/teams/"
LOGIN_URL = "https://login.microsoftonline.com"
KEYS_URL = "https://login.botframework.com/v1/.well-known/keys"
CALL_SECONDS = 10.0
STOP_SECONDS = 3.0
TRY_AGAIN = say_to("", "aside.try_again")
TAKEN = "✓"

log = logging.getLogger("handledd.teams")


class Teams:
    """Microsoft Teams, as contract.Platform."""

    name = "teams"
    limits = LIMITS

    def __init__(
        self,
        client_id: str,
        client_secret: str,
        tenant_id: str,
        hear: Hear,
        clock: Callable[[], datetime],
        *,
        service_url: str = SERVICE_URL,
        login_url: str = LOGIN_URL,
        keys_url: str = KEYS_URL,
        call_seconds: float = CALL_SECONDS,
        shelf: Shelf | None = None,
    ) -> None:
        self._hear, self._clock = hear, clock
        services = Services(service_url)
        self._wire = Wire(client_id, client_secret, tenant_id, login_url, clock, call_seconds)
        self._keys = Keys(keys_url, self._wire.get, clock)
        self._guard = Guard(client_id, tenant_id, services, self._keys)
        self._courier = Courier(self._wire, services, tenant_id, shelf or Memory())
        self._errands: set[asyncio.Task[None]] = set()

    # --- what comes in

    def routes(self) -> Sequence[BaseRoute]:
        """The messaging endpoint, as the registration names it."""
        return [Route("/api/messages", self._receive, methods=["POST"])]

    async def _receive(self, request: Request) -> Response:
        """200 only after `hear`; 503 asks Teams to come again. Nothing of the body is ever logged."""
        try:
            return await self._take(await self._guard.activity(request, self._clock()))
        except RefusedError as refused:
            log.warning("refused a request: %s", refused)
            return Response(status_code=refused.status)
        except MalformedError as error:
            log.warning("refused a body: %s", error)
            return Response(status_code=400)
        except ClientDisconnect:
            return Response(status_code=400)

    async def _take(self, activity: Mapping[str, Any]) -> Response:
        is_invoke = activity.get("type") == "invoke"
        if is_invoke and activity.get("name") == CONSENT:
            return self._file_answered(activity)
        incoming = read(activity, self._clock())
        if incoming is None:
            return Response(status_code=200)
        try:
            reply = await self._hear(incoming)
        except Exception as error:  # noqa: BLE001 whatever it was, nothing was saved and Teams must know
            log.error("not saved: %s", type(error).__name__)  # the text of an error can quote the message
            return _told(TRY_AGAIN) if is_invoke else Response(status_code=503)
        return _pressed(incoming, reply) if is_invoke else Response(status_code=200)

    def _file_answered(self, activity: Mapping[str, Any]) -> Response:
        given, who = answer(activity), sender(activity)
        self._errand(self._hand_over(who.address, who.external_id, given))
        return Response(status_code=200)

    async def _hand_over(self, address: str, person: str, given: Answer) -> None:
        try:
            await self._courier.hand_over(address, person, given)
        except (SendError, MalformedError) as error:
            log.warning("a file was not handed over: %s", error)

    def _errand(self, work: Coroutine[Any, Any, None]) -> None:
        """In the background: Teams waits only some seconds for an answer."""
        task = asyncio.create_task(work)
        self._errands.add(task)
        task.add_done_callback(self._errands.discard)

    # --- sending

    async def send(self, to: Address, message: Message, delivery: str) -> str:
        """See contract.Platform."""
        return await self._courier.send(to, message, delivery)

    async def find(self, to: Address, delivery: str) -> str | None:  # noqa: ARG002 the contract's
        """None: a bot cannot read a chat's history."""
        return None

    # --- the platform itself

    async def start(self) -> None:
        """Nothing to connect to: keys and token are fetched when they are first needed."""

    async def stop(self) -> None:
        """Let files under way go out, for a few seconds, and close the connections."""
        if self._errands:
            _, late = await asyncio.wait(self._errands, timeout=STOP_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        await self._keys.stop()
        await self._wire.close()


def _pressed(incoming: Incoming, reply: Reply) -> Response:
    """The answer to an Action.Execute. What takes the card's place is shown in the very response; the
    delivery puts the same into the message itself, so that it is there tomorrow and on other devices too.
    An answer that takes no place follows as a message of its own, unless it was given before.
    """
    if not reply.message.replaces and not reply.repeated:
        return _told(TAKEN)
    card = replacement(replace(reply.message, files=()), mark_of(incoming.delivery_key))
    return _invoked("application/vnd.microsoft.card.adaptive", card)


def _told(text: str) -> Response:
    return _invoked("application/vnd.microsoft.activity.message", text)


def _invoked(kind: str, value: object) -> Response:
    return JSONResponse({"statusCode": 200, "type": kind, "value": value})
