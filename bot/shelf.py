"""Where sealed files wait for all replicas: what one of them offered, any of them can hand over."""

from __future__ import annotations

import asyncio

from sqlalchemy import Engine, delete
from sqlmodel import col, select

from bot.clock import Clock
from storage.engine import reading, writing
from storage.offers import LASTS
from storage.tables import OfferedFile


class Shelf:
    """See `platforms.teams_files.Shelf`; each word to the database in a worker thread."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine, self._clock = engine, clock

    async def put(self, name: str, sealed: bytes) -> None:
        """Keep it for as long as an offer lasts."""
        await asyncio.to_thread(self._put, name, sealed)

    async def get(self, name: str) -> bytes | None:
        """What is kept under a name and not too old."""
        return await asyncio.to_thread(self._get, name)

    async def take(self, name: str) -> bool:
        """Give it up; whether it was still there: of two who take it at once, one does."""
        return await asyncio.to_thread(self._take, name)

    def _put(self, name: str, sealed: bytes) -> None:
        with writing(self._engine, alone=False) as session:
            session.add(OfferedFile(key_hash=name, sealed=sealed, offered_at=self._clock()))

    def _get(self, name: str) -> bytes | None:
        fresh = col(OfferedFile.offered_at) > self._clock() - LASTS
        with reading(self._engine) as session:
            return session.exec(
                select(OfferedFile.sealed).where(OfferedFile.key_hash == name, fresh)
            ).one_or_none()

    def _take(self, name: str) -> bool:
        with writing(self._engine, alone=False) as session:
            gone = delete(OfferedFile).where(col(OfferedFile.key_hash) == name)
            return bool(session.connection().execute(gone).rowcount)
