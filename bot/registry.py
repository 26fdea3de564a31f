"""What a platform must know besides messages: its workspaces' tokens."""

from __future__ import annotations

import asyncio

from sqlalchemy import Engine

from bot.clock import Clock
from handlers import installing
from storage.engine import reading, writing


class Registry:
    """A platform's view of the database, each question in a worker thread."""

    def __init__(self, engine: Engine, clock: Clock, platform: str) -> None:
        self._engine, self._clock, self._platform = engine, clock, platform

    async def token(self, workspace: str) -> str:
        """The workspace's token; "" where the app is not installed."""
        return await asyncio.to_thread(self._token, workspace)

    async def permits(self, state: str) -> bool:
        """Whether an installation may go through with this state: once."""
        return await asyncio.to_thread(self._permits, state)

    async def install(self, workspace: str, name: str, token: str) -> None:
        """Remember a workspace's token."""
        await asyncio.to_thread(self._install, workspace, name, token)

    def _token(self, workspace: str) -> str:
        with reading(self._engine) as session:
            return installing.token_of(session, self._platform, workspace)

    def _permits(self, state: str) -> bool:
        """Who has no link waits for no writer, and keeps none waiting."""
        with reading(self._engine) as session:
            if not installing.is_permitted(session, state, self._clock()):
                return False
        with writing(self._engine) as session:
            return installing.use(session, state, self._clock())

    def _install(self, workspace: str, name: str, token: str) -> None:
        with writing(self._engine) as session:
            installing.install(session, self._platform, workspace, name, token, self._clock())
