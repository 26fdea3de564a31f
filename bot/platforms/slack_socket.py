"""Slack's Socket Mode: the same bodies as over HTTP, through a connection that we open.

An envelope is acknowledged only after its body has been taken in; one that could not be is left alone, and
Slack delivers it again. Source: https://docs.slack.dev/apis/events-api/using-socket-mode
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from slack_bolt.response import BoltResponse
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.platforms.bodies import RefusedError
from bot.platforms.slack_errors import send_error

Dispatch = Callable[[dict[str, Any]], Awaitable[BoltResponse]]

PING_SECONDS = 5.0
"""Between two signs of life, and between two tries to connect."""
STOP_SECONDS = 3.0

log = logging.getLogger("handledd.slack")


class Socket:
    """One connection to Slack, opened anew whenever it ends. `dispatch` takes in one body."""

    def __init__(
        self,
        app_token: str,
        api_url: str,
        dispatch: Dispatch,
        clock: Callable[[], datetime],
        library_log: logging.Logger,
        ping_seconds: float = PING_SECONDS,
    ) -> None:
        self._app_token, self._api_url, self._dispatch = app_token, api_url, dispatch
        self._clock, self._library_log, self._ping_seconds = clock, library_log, ping_seconds
        self._client: SocketModeClient | None = None
        self._connecting: asyncio.Task[None] | None = None
        self._busy: set[asyncio.Task[Any]] = set()

    def start(self) -> None:
        """Begin to connect; a Slack that cannot be reached is tried again until it can."""
        self._client = _Client(
            self._app_token,
            logger=self._library_log,
            web_client=AsyncWebClient(base_url=self._api_url, retry_handlers=[], logger=self._library_log),
            ping_interval=self._ping_seconds,
        )
        self._client.clock = self._clock
        self._client.socket_mode_request_listeners.append(self._heard)
        self._connecting = asyncio.create_task(self._client.connect())  # type: ignore[no-untyped-call]

    async def stop(self) -> None:
        """Finish what is being taken in, for a few seconds, acknowledge it, and hang up."""
        if self._client is None or self._connecting is None:
            return
        if self._busy:
            await asyncio.wait(self._busy, timeout=STOP_SECONDS)
        self._connecting.cancel()
        await asyncio.gather(self._connecting, return_exceptions=True)
        await self._client.close()  # type: ignore[no-untyped-call]

    async def _heard(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        task = asyncio.ensure_future(self._take(client, request))
        self._busy.add(task)
        task.add_done_callback(self._busy.discard)
        await task

    async def _take(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        try:
            answer = await self._dispatch(dict(request.payload))
        except RefusedError as refused:
            log.warning("refused an envelope: %s", refused)
            answer = BoltResponse(status=refused.status)
        if answer.status >= 500:  # not saved: Slack comes again
            return
        said = json.loads(answer.body) if answer.body and request.accepts_response_payload else None
        try:
            await client.send_socket_mode_response(SocketModeResponse(request.envelope_id, said))
        except (ConnectionError, AttributeError) as error:  # hung up meanwhile: Slack comes again
            log.info("an envelope was not acknowledged: %s", type(error).__name__)


class _Client(SocketModeClient):
    """The SDK's client, which says once why it is not let in instead of writing a traceback for each try."""

    clock: Callable[[], datetime]
    told = ""

    async def issue_new_wss_url(self) -> str:
        """The address of the next connection. Raises what the SDK raises; it tries again by itself."""
        try:
            answer = await self.web_client.apps_connections_open(app_token=self.app_token)
        except Exception as error:
            await self._tell(error)
            raise
        self.told = ""
        return str(answer["url"])

    async def _tell(self, error: Exception) -> None:
        fault = send_error(error, self.clock())
        if fault.reason != self.told:
            log.warning("Socket Mode does not connect (%s): check HANDLEDD_SLACK_APP_TOKEN", fault.reason)
        self.told = fault.reason
        if fault.retry_after:
            await asyncio.sleep(fault.retry_after)
