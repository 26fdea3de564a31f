"""Which token reaches which workspace: that of the settings, or that of an installation."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime
from typing import Protocol

import aiohttp

from bot.platforms.contract import SendError
from bot.platforms.slack_sending import CALL_SECONDS, CONNECT_SECONDS, Sending
from handlers.message import Mentioned

CLIENTS = 200
"""Workspaces whose client is kept at hand."""


class Registry(Protocol):
    """What is remembered of workspaces; see bot.registry."""

    async def token(self, workspace: str) -> str:
        """The workspace's token; "" where the app is not installed."""
        ...

    async def permits(self, state: str) -> bool:
        """Whether an installation may go through with this state: once."""
        ...

    async def install(self, workspace: str, name: str, token: str) -> None:
        """Remember a workspace's token."""
        ...


class Workspaces:
    """Every workspace the app is in. `token` is that of the settings, or ""."""

    def __init__(
        self,
        token: str,
        api_url: str,
        clock: Callable[[], datetime],
        registry: Registry | None = None,
        call_seconds: float = CALL_SECONDS,
    ) -> None:
        self._token, self._api_url, self._clock = token, api_url, clock
        self.registry = registry
        self._timeout = aiohttp.ClientTimeout(total=call_seconds, sock_connect=CONNECT_SECONDS)
        self.session: aiohttp.ClientSession | None = None
        self._clients: OrderedDict[str, Sending] = OrderedDict()
        self.home = ""
        """The workspace of the settings' token, once Slack has told."""

    async def open(self) -> str:
        """Open the connections; returns the bot's own user id in the home workspace. Raises SendError."""
        self.session = aiohttp.ClientSession(timeout=self._timeout, trace_configs=[_no_detours()])
        if not self._token:
            return ""
        bot_user, self.home = await self._with(self._token).identity()
        return bot_user

    async def close(self) -> None:
        """Close the connections."""
        if self.session:
            await self.session.close()

    async def of(self, workspace: str) -> Sending:
        """Who sends to a workspace. Raises SendError where the app is installed no more.

        A workspace of its own token goes by it; any other (a guest's, in a shared channel) by the settings'.
        """
        token = ""
        if self.registry and workspace and workspace != self.home:
            token = await self.registry.token(workspace)
        token = token or self._token
        if not token:
            raise SendError("the app is not installed there", permanent=True)
        return self._with(token)

    async def who(self, user: str, workspace: str) -> Mentioned:
        """What a workspace says of an account, if the app is in it. Raises SendError.

        Another company's workspace, met in a shared channel, is believed in nothing.
        """
        registry = self.registry
        if not workspace or registry is None:
            return Mentioned()
        if self._token and not self.home:  # Slack was away at the start
            _, self.home = await self._with(self._token).identity()
        if workspace != self.home and not await registry.token(workspace):
            return Mentioned()
        return await (await self.of(workspace)).who(user, workspace)

    def _with(self, token: str) -> Sending:
        if token not in self._clients:
            self._clients[token] = Sending(token, self._api_url, self._clock, self.session)
        self._clients.move_to_end(token)
        if len(self._clients) > CLIENTS:
            self._clients.popitem(last=False)
        return self._clients[token]


def _no_detours() -> aiohttp.TraceConfig:
    """Slack sends nobody elsewhere: what goes along would else be shown to whom the answer names."""

    async def elsewhere(*_: object) -> None:
        raise SendError("sent elsewhere, which is not Slack's doing", away=True)

    config = aiohttp.TraceConfig()
    config.on_request_redirect.append(elsewhere)
    return config
