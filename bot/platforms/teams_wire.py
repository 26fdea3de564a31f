"""The wire to Teams: the SDK's connector client with its traps guarded, the bot's token, what a fault means.

Guarded here (docs/decisions/0011): the SDK's client sets httpx's logger to log every URL, Telegram's with its
token included; waits for ever; puts ids into paths as they are; and invents an id where an answer has none.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, TypeVar
from urllib.parse import quote

import httpx
from microsoft_teams.api.activities.message import MessageActivityInput
from microsoft_teams.api.clients.conversation import ConversationClient, CreateConversationParams
from microsoft_teams.api.models import Account
from microsoft_teams.common import Client, ClientOptions

from bot.platforms.contract import SendError
from bot.platforms.pauses import retry_after
from bot.platforms.unsent import NOT_SENT, is_between

T = TypeVar("T")

SCOPE = "https://api.botframework.com/.default"
EARLY = timedelta(minutes=5)
"""A token is renewed this long before it ends."""

PERMANENT = frozenset(
    {
        "BotNotInConversationRoster",
        "ConversationBlockedByUser",
        "ConversationNotFound",
        "ForbiddenOperationException",
        "MessageWritesBlocked",
        "NotFound",
        "UserNotFound",
    }
)
"""The person has removed or blocked the app, or is gone."""
OURS = frozenset(
    {"BotDisabledByAdmin", "BotNotRegistered", "InvalidBotApiHost", "NotEnoughPermissions", "Unauthorized"}
)
"""The registration, its permissions or its secret: an operator mends it, and no address is given up."""
_PLACEHOLDER = "DO_NOT_USE_PLACEHOLDER_ID"


class Wire:
    """Calls to the connector and the login service; every failure is a SendError."""

    def __init__(
        self,
        client_id: str,
        client_secret: str,
        tenant_id: str,
        login_url: str,
        clock: Callable[[], datetime],
        call_seconds: float,
    ) -> None:
        self._form = {
            "grant_type": "client_credentials",
            "client_id": client_id,
            "client_secret": client_secret,
            "scope": SCOPE,
        }
        self._client_id, self._clock = client_id, clock
        self._login = f"{login_url.rstrip('/')}/{quote(tenant_id, safe='')}/oauth2/v2.0/token"
        self._call_seconds = call_seconds
        self._token, self._until = "", datetime.min.replace(tzinfo=clock().tzinfo)
        self._one_at_a_time = asyncio.Lock()

    @cached_property
    def _client(self) -> Client:
        """Made at the first call: it reads the trusted certificates, which takes a while."""
        client = Client(ClientOptions(timeout=self._call_seconds, token=self._bearer))
        logging.getLogger("httpx").setLevel(logging.WARNING)  # the line above has made it talkative
        client.http.event_hooks = {"response": [_in_its_own_form]}
        return client

    async def close(self) -> None:
        """Close the connections."""
        await self._client.http.aclose()

    async def get(self, url: str) -> Any:
        """The JSON at a URL of no secret. Raises httpx.HTTPError and ValueError."""
        answer = await self._client.http.get(url)
        answer.raise_for_status()
        return answer.json()

    async def put_file(self, url: str, content: bytes) -> None:
        """Put a file at an address that was given for it; without the bot's token. Raises SendError."""
        ends = {"Content-Range": f"bytes 0-{len(content) - 1}/{len(content)}"}

        async def put() -> None:
            (await self._client.http.put(url, content=content, headers=ends)).raise_for_status()

        await self._call(put(), repeatable=True)

    async def create(self, service: str, conversation: str, post: MessageActivityInput) -> str:
        """Post in a conversation; the id of the message, or "" where the answer tells none. SendError."""
        found = await self._call(self._at(service).create_activity(_quoted(conversation), post))
        return "" if found.id == _PLACEHOLDER else found.id

    async def update(self, service: str, conversation: str, message: str, post: MessageActivityInput) -> None:
        """Put a post in the place of an earlier one: repeating that shows nothing twice. SendError."""
        client = self._at(service)

        async def put() -> None:
            try:
                await client.update_activity(_quoted(conversation), _quoted(message), post)
            except (KeyError, TypeError):  # accepted, with an answer that names no id
                return

        await self._call(put(), repeatable=True)

    async def delete(self, service: str, conversation: str, message: str) -> None:
        """Take a post away. SendError."""
        client = self._at(service)
        await self._call(client.delete_activity(_quoted(conversation), _quoted(message)), repeatable=True)

    async def open(self, service: str, person: str, tenant: str) -> str:
        """The id of the private chat with a person; Teams gives the same again. Raises SendError."""
        params = CreateConversationParams(
            members=[Account(id=person)], tenant_id=tenant, channel_data={"tenant": {"id": tenant}}
        )
        found = await self._call(self._at(service).create(params), repeatable=True)
        if not found.id:
            raise SendError("Teams: no conversation")
        return str(found.id)

    def _at(self, service: str) -> ConversationClient:
        return ConversationClient(service, self._client)

    async def _call(self, call: Awaitable[T], *, repeatable: bool = False) -> T:
        try:
            return await call
        except Exception as error:  # noqa: BLE001 the SDK lets KeyError and ValidationError out of odd answers
            fault = send_error(error, self._clock(), repeatable=repeatable)
            if fault.ours:
                self._token = ""
            raise fault from None

    # --- the bot's own token

    async def _bearer(self) -> str:
        """The token for the connector. Raises SendError, never `perhaps`: nothing was sent yet."""
        async with self._one_at_a_time:
            if not self._token or self._clock() >= self._until:
                await self._renew()
            return self._token

    async def _renew(self) -> None:
        try:
            answer = await self._client.http.post(self._login, data=self._form)
        except httpx.HTTPError as error:
            raise SendError(f"Teams login: {type(error).__name__}", away=True) from None
        if answer.status_code == 429:
            raise rate_limited("Teams login: rate limited", answer, self._clock())
        if answer.status_code >= 500 or _is_anothers(answer):
            raise SendError(f"Teams login: HTTP {answer.status_code}", away=True)
        match _json(answer):
            case {"access_token": str(token), **more} if answer.status_code == 200:
                self._token, self._until = token, self._clock() + lasting(more.get("expires_in")) - EARLY
            case _:
                raise SendError(f"Teams login refuses the secret (HTTP {answer.status_code})", ours=True)


def lasting(told: object) -> timedelta:
    """For how long a token is good, a day at most: some login services tell it in a text, or not at all."""
    seconds = int(told) if isinstance(told, int | str) and str(told).isdecimal() else 3600
    return timedelta(seconds=min(seconds, 24 * 3600))


def _quoted(name: str) -> str:
    return quote(name, safe="")


# --- what a fault means


def send_error(error: Exception, now: datetime, *, repeatable: bool = False) -> SendError:
    """`error` as the one error the delivery knows. `repeatable`: a call that shows nothing twice."""
    if isinstance(error, SendError):
        return error
    if isinstance(error, httpx.HTTPStatusError):
        return _from_answer(error.response, now, repeatable)
    if isinstance(error, NOT_SENT):
        return SendError(f"Teams: no connection ({type(error).__name__})", away=True)
    return SendError(f"Teams: no answer ({type(error).__name__})", perhaps=not repeatable)


def _from_answer(answer: httpx.Response, now: datetime, repeatable: bool) -> SendError:
    """Source: the status codes of learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/
    send-proactive-messages, of which 412 and 429 say that nothing was posted."""
    status, code = answer.status_code, _code(_json(answer))
    reason = f"Teams: {code or f'HTTP {status}'}"
    if status == 429:
        return rate_limited("Teams: rate limited", answer, now)
    if status in (408, 412):
        return SendError(reason, perhaps=status == 408 and not repeatable)
    if _is_anothers(answer):
        return SendError(f"{reason}, which is not Teams'", away=True)
    if status >= 500:
        return SendError(f"Teams: HTTP {status}", perhaps=not repeatable)
    if status == 401 or code in OURS:
        return SendError(reason, ours=True)
    gone = code in PERMANENT or (status in (403, 404) and code != "ActivityNotFoundInConversation")
    return SendError(reason, permanent=gone, refused=not gone)


def rate_limited(reason: str, answer: httpx.Response, now: datetime) -> SendError:
    """A 429: the whole platform rests as long as it asks, or by its own back-off where it names no time."""
    wait = retry_after(answer.headers.get("Retry-After"), now)
    return SendError(reason, retry_after=wait, away=wait is None)


async def _in_its_own_form(answer: httpx.Response) -> None:
    """The SDK takes a page of a portal's for "posted, without a word". Raises httpx.DecodingError."""
    await answer.aread()
    if answer.is_success and answer.content.strip() and _json(answer) is None:
        raise httpx.DecodingError("no JSON", request=answer.request)


def _is_anothers(answer: httpx.Response) -> bool:
    """Whether it is not Teams that answered; its own bare 403 and 404 have no body at all."""
    told = bool(answer.content.strip()) or answer.status_code not in (403, 404)
    return told and is_between(answer.status_code) and not isinstance(_json(answer), dict)


def _json(answer: httpx.Response) -> object:
    try:
        return json.loads(answer.content)
    except (ValueError, RecursionError):
        return None


def _code(body: object) -> str:
    """The error's code, when it looks like one: a message could quote what was sent."""
    match body:
        case {"error": {"code": str(code)}} | {"errorCode": str(code)} if re.fullmatch(r"\w{1,60}", code):
            return code
        case _:
            return ""
