"""Sending to Slack: which call shows a message where, and what its failure means.

The SDK's own retries are off (a dropped connection would post twice): retrying is the delivery's business.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

import aiohttp
from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.platforms.contract import Address, SendError
from bot.platforms.slack_blocks import Block, blocks, fallback, overflow
from bot.platforms.slack_errors import from_status, send_error
from bot.platforms.slack_fields import is_direct
from bot.platforms.slack_incoming import may_post
from bot.platforms.slack_text import clean
from handlers.message import File, Mentioned, Message
from handlers.words import say_to

T = TypeVar("T")

CALL_SECONDS = 10.0
CONNECT_SECONDS = 5.0
FORM_SECONDS = 2.0
"""Slack waits three seconds for the answer to a command, and a modal opens before it or not at all."""
HISTORY = 200
"""How many of a chat's latest messages are looked through for a delivery."""

EVENT_TYPE = "handledd_delivery"
GONE = frozenset({"cant_update_message", "edit_window_closed", "message_not_found", "HTTP 404", "HTTP 410"})
"""Answers to an attempt to replace a message that can no longer be replaced."""
NOT_THERE = frozenset({"channel_not_found", "not_in_channel", "user_not_in_channel", "is_archived"})

library_log = logging.getLogger("handledd.slack.sdk")
library_log.setLevel(logging.CRITICAL)
"""Bolt and the SDK write whole bodies and messages to their loggers; what matters is logged by us instead."""


class FormClient(AsyncWebClient):
    """The SDK's client, with every argument in the body: in some calls it would put whom they are about, and
    what files are called, into the address, where anything on the way may write it down."""

    async def api_call(self, api_method: str, **more: Any) -> AsyncSlackResponse:
        """As the SDK's; Slack takes every method as a POST with a form, in which a yes is a 1."""
        if asked := more.pop("params", None):
            form = {name: int(value) if isinstance(value, bool) else value for name, value in asked.items()}
            more |= {"http_verb": "POST", "data": form}
        return await super().api_call(api_method, **more)


class Sending:
    """Our client of Slack's Web API in the workspaces that one token reaches."""

    def __init__(
        self,
        bot_token: str,
        api_url: str,
        clock: Callable[[], datetime],
        session: aiohttp.ClientSession | None,
    ) -> None:
        self._api_url = api_url
        self._clock = clock
        self._session = session
        self._shared: set[str] = set()
        self.client = FormClient(
            token=bot_token,
            base_url=api_url,
            timeout=int(CALL_SECONDS),
            retry_handlers=[],
            logger=library_log,
            session=session,
        )

    async def identity(self) -> tuple[str, str]:
        """The bot's own user id, and its workspace. Raises SendError."""
        answer = await self._call(self.client.auth_test())
        return str(answer.get("user_id") or ""), str(answer.get("team_id") or "")

    async def who(self, user: str, workspace: str) -> Mentioned:
        """The name Slack shows and, of a member, the confirmed e-mail. Raises SendError."""
        told = (await self._call(self.client.users_info(user=user))).get("user")
        return Mentioned(_shown_name(told), _confirmed(told, workspace))

    async def send(self, to: Address, message: Message, delivery: str) -> str:
        """See contract.Platform. Files go first: rather a file twice than an answer without it."""
        files = files_of(message)
        if files and delivery not in self._shared:
            await self.share(to.external_id, files)
            self._shared.update({delivery} - {""})
        message = with_notice(message, to.locale) if files and to.open else message
        reference = await self._replace(to, message, delivery) or await self._show(to, message, delivery)
        self._shared.discard(delivery)
        return reference

    async def share(self, user: str, files: Sequence[File]) -> None:
        """Put files in the private chat with `user`, the only place where nobody reads along. SendError."""
        await self._call(self._share(user, files))

    async def _share(self, user: str, files: Sequence[File]) -> None:
        await self._upload(files, await self._direct(user))

    async def _upload(self, files: Sequence[File], channel: str | None = None) -> AsyncSlackResponse:
        uploads = [
            {"filename": f.name, "title": f.name, "file": f.content, "alt_txt": f.shows or None}
            for f in files
        ]
        try:
            return await self.client.files_upload_v2(file_uploads=uploads, channel=channel)
        except SlackClientError as error:
            if hasattr(error, "response"):
                raise
            raise SendError("upload refused") from None  # not shared yet, so known not to be shown

    async def _replace(self, to: Address, message: Message, delivery: str) -> str:
        """The reference of the replaced message, or "" where there is none that can be replaced."""
        kind, _, rest = message.replaces.partition(":")
        try:
            if kind == "url" and may_post(rest, self._api_url):
                return await self._call(self._respond(rest, message, delivery))
            if kind and rest and kind != "url" and not to.open:
                return await self._call(self._update(kind, rest, message, delivery))
        except SendError as error:
            if error.reason not in GONE:
                raise
        return ""

    async def open_form(self, trigger: str, view: dict[str, Any]) -> None:
        """Open a modal. Raises SendError; a trigger works once, within three seconds."""
        async with asyncio.timeout(FORM_SECONDS):
            await self._call(self.client.views_open(trigger_id=trigger, view=view))

    async def show_home(self, user: str, shown: list[Block]) -> None:
        """Blocks as the person's App Home. Raises SendError."""
        view = {"type": "home", "blocks": shown}
        await self._call(self.client.views_publish(user_id=user, view=view))

    async def keep(self, files: Sequence[File]) -> list[str]:
        """Slack's ids of files that are uploaded and shared with nobody. Raises SendError."""
        answer = await self._call(self._upload(files))
        return [str(each["id"]) for each in answer["files"]]

    async def _respond(self, url: str, message: Message, delivery: str) -> str:
        webhook = AsyncWebhookClient(url, logger=library_log, retry_handlers=[], session=self._session)
        body = body_of(message, delivery) | {"replace_original": True, "response_type": "ephemeral"}
        answer = await webhook.send_dict(body)
        if answer.status_code != 200:
            raise from_status(answer.status_code, None, answer.headers, self._clock())
        return f"url:{url}"

    async def _update(self, channel: str, stamp: str, message: Message, delivery: str) -> str:
        await self.client.chat_update(channel=channel, ts=stamp, **body_of(message, delivery))
        return f"{channel}:{stamp}"

    async def _show(self, to: Address, message: Message, delivery: str) -> str:
        if to.open and to.chat:
            try:
                return await self._call(self._whisper(to, message))
            except SendError as error:
                if error.reason not in NOT_THERE:
                    raise
        return await self._call(self._post(_private(to) or to.external_id, message, delivery))

    async def _whisper(self, to: Address, message: Message) -> str:
        channel, _, thread = to.chat.partition("/")
        answer = await self.client.chat_postEphemeral(
            channel=channel, user=to.external_id, thread_ts=thread or None, **body_of(message)
        )
        return _named(channel, answer.get("message_ts"))

    async def _post(self, chat: str, message: Message, delivery: str) -> str:
        answer = await self.client.chat_postMessage(
            channel=chat, unfurl_links=False, unfurl_media=False, mrkdwn=False, **body_of(message, delivery)
        )
        return _named(answer.get("channel") or chat, answer.get("ts"))

    async def find(self, to: Address, delivery: str) -> str | None:
        """The message with this delivery in the private chat. Raises SendError where Slack cannot tell now.

        What only one person was shown in a channel leaves no trace in its history: None.
        """
        if to.open:
            return None
        return await self._call(self._search(to, delivery))

    async def _search(self, to: Address, delivery: str) -> str | None:
        channel = _private(to) or await self._direct(to.external_id)
        answer = await self.client.conversations_history(
            channel=channel, limit=HISTORY, include_all_metadata=True
        )
        messages: list[dict[str, Any]] = answer["messages"]
        return next((f"{channel}:{m['ts']}" for m in messages if _delivery(m) == delivery), None)

    async def _direct(self, user: str) -> str:
        answer = await self.client.conversations_open(users=user)
        return str(answer["channel"]["id"])

    async def _call(self, call: Awaitable[T]) -> T:
        """What `call` returns, or whatever it raises as a SendError."""
        try:
            return await call
        except Exception as error:  # noqa: BLE001 the SDK also raises AttributeError on an odd answer
            raise send_error(error, self._clock()) from None


def body_of(message: Message, delivery: str = "") -> dict[str, Any]:
    """A message as Slack's calls take it; `delivery` goes along where Slack keeps metadata."""
    body: dict[str, Any] = {"text": fallback(message), "blocks": blocks(message)}
    if delivery:
        body["metadata"] = {"event_type": EVENT_TYPE, "event_payload": {"id": delivery}}
    return body


def _shown_name(user: object) -> str:
    match user:
        case {"profile": {"real_name": str(name)}} | {"real_name": str(name)} | {"name": str(name)}:
            return clean(name)
    return ""


def _confirmed(user: object, workspace: str) -> str:
    """A guest, a bot, a stranger of a shared channel and a deleted account vouch for nothing."""
    match user:
        case {"is_email_confirmed": True, "team_id": team, "profile": {"email": str(email)}, **more}:
            is_member = team == workspace and not any(more.get(mark) for mark in _NO_MEMBER)
            return email.strip() if is_member else ""
    return ""


_NO_MEMBER = ("is_bot", "is_app_user", "is_stranger", "is_restricted", "is_ultra_restricted", "deleted")


def _private(to: Address) -> str:
    """The chat of two with the addressee, "" where it is not known: nothing is posted where others read."""
    return to.chat if is_direct(to.chat) and not to.open else ""


def _named(chat: object, stamp: object) -> str:
    """The reference of what was shown; "" where a yes names nothing: it can then not be replaced."""
    return f"{chat}:{stamp}" if stamp else ""


def _delivery(message: dict[str, Any]) -> object:
    metadata = message.get("metadata") or {}
    payload = metadata.get("event_payload") or {}
    return payload.get("id") if metadata.get("event_type") == EVENT_TYPE else None


def files_of(message: Message) -> list[File]:
    """The message's files, and its text as one more when it is too long to show."""
    long = overflow(message)
    return [*message.files, *([long] if long else [])]


def with_notice(message: Message, locale: str) -> Message:
    """The message, saying where its files are: nothing that others could see is put in a channel."""
    return replace(message, text=f"{message.text}\n{say_to(locale, 'aside.file_elsewhere')}")
