"""The edge between the platforms' event loop and the synchronous `receive`."""

from __future__ import annotations

import asyncio

from sqlalchemy import Engine

from bot import failpoints
from bot.clock import Clock
from bot.delivery import Delivery
from handlers.message import Incoming, Reply
from handlers.receive import receive
from storage.turns import Patience

PATIENCE = 10.0
"""Seconds from a message's arrival in which it is saved or refused, to come again: platforms wait 3 to 15.

Who waits for a thread behind others that wait for a locked database does not begin a wait of its own then.
"""


class Hearing:
    """Hears for every platform: commits in a worker thread, then hands the answer to the delivery."""

    def __init__(
        self,
        engine: Engine,
        clock: Clock,
        zone: str,
        delivery: Delivery,
        public_url: str = "",
        lines_a_minute: int = 0,
    ) -> None:
        self._engine = engine
        self._clock = clock
        self._zone = zone
        self._delivery = delivery
        self._public_url = public_url
        self._most = lines_a_minute

    async def __call__(self, incoming: Incoming) -> Reply:
        """Take in one update; returns after the commit. Raises when nothing was written."""
        now, patience = self._clock(), Patience(PATIENCE)
        reply = await asyncio.to_thread(
            receive, self._engine, incoming, now, self._zone, self._public_url, self._most, patience
        )
        failpoints.passing("commit.after")
        self._delivery.wake()
        return reply
