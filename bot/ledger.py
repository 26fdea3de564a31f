"""The outbox for the delivery: every word to the database in a transaction of its own, in a worker thread."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Engine
from sqlmodel import Session

from bot.clock import Clock
from bot.failpoints import passing
from bot.platforms.contract import Address, Platform
from bot.routing import route
from handlers import reach
from schedules.outbox import claiming, postbox
from schedules.outbox.postbox import Claim
from storage.engine import choosing, writing
from storage.tables import Outbox, OutboxState

LEASE = timedelta(seconds=60)
SENDING = timedelta(seconds=30)
"""What must be left of a lease when a send begins: longer than a look-up and a send may take."""


class Ledger:
    """What was claimed, put off, and how it ended."""

    def __init__(self, engine: Engine, clock: Clock, zone: str, platforms: Mapping[str, Platform]) -> None:
        self._engine = engine
        self._platforms = platforms
        self._clock = clock
        self._zone = zone
        self.moved = False
        """Something else than a message's end was written since this was last set: look for more."""

    def claim(self, most: int) -> tuple[Claim, Address | None] | None:
        """The most urgent message of a priority up to `most`, held for the length of a lease, and its way.

        In the caller's own thread, alone among these: the wording follows in the same one.
        """
        token = secrets.token_hex(16)
        with choosing(self._engine) as session:
            found = claiming.claim(session, self._clock(), LEASE, token, self._zone, most, self._certain())
            if found is None:
                return None
            to = route(session, found.rows[0], found.person, self._platforms)
            postbox.hold(session, found, to.platform if to else None)
            passing("claim.before")
        passing("claim.after")
        return found, to

    def is_certain(self, row: Outbox, to: Address) -> bool:
        """Whether a send of this row whose end is unknown can be repeated to the same place."""
        return row.tried_on == to.platform and postbox.is_certain(row, self._certain())

    def _certain(self) -> list[str]:
        return [name for name, platform in self._platforms.items() if platform.limits.certain]

    async def holds(self, claim: Claim) -> bool:
        """Whether a send may begin: the claim is still ours, and will be for as long as that takes.

        A process that was stopped meanwhile (a pause, a laptop's lid, a slow queue) finds out here that its
        lease is over. The clock is read again after each renewal: it may have been stopped during that too.
        """
        until = claim.until
        while until is not None and until - self._clock() < SENDING:
            until = await asyncio.to_thread(self._renew, claim)
        return until is not None

    def _renew(self, claim: Claim) -> datetime | None:
        until = self._clock() + LEASE
        with writing(self._engine, alone=False) as session:
            return until if postbox.renew(session, claim, until) else None

    async def end(
        self,
        claim: Claim,
        rows: Sequence[Outbox],
        state: OutboxState,
        reason: str,
        reference: str = "",
        platform: str | None = None,
    ) -> None:
        """How some rows of a claim ended, and on which platform those that were sent."""
        passing("record.before")
        await self._write(
            lambda session: postbox.end(
                session, claim, rows, state, reason, reference, self._clock(), platform
            ),
            moves=False,  # nothing is due because something ended
        )
        passing("record.after")

    async def put_off(
        self, claim: Claim, rows: Sequence[Outbox], at: datetime, *, perhaps: bool = False
    ) -> None:
        """Come back at a moment; it was no try."""
        passing("retry.before")
        await self._write(lambda session: postbox.put_off(session, claim, rows, at, perhaps=perhaps))
        passing("retry.after")

    async def put_off_all(self, platform: str, others: Iterable[str], at: datetime) -> None:
        """Everything that is due and goes to a platform that rests."""
        await self._write(lambda session: postbox.put_off_all(session, platform, others, self._clock(), at))

    async def put_back(self, claim: Claim, rows: Sequence[Outbox], at: datetime, *, perhaps: bool) -> None:
        """Try again at a moment."""
        passing("retry.before")
        await self._write(lambda session: postbox.put_back(session, claim, rows, at, perhaps=perhaps))
        passing("retry.after")

    async def give_up_address(self, to: Address, reason: str) -> None:
        """No message reaches this account any more."""
        await self._write(
            lambda session: reach.lost(
                session, to.platform, to.workspace, to.external_id, reason, self._clock()
            )
        )

    async def _write(self, change: Callable[[Session], object], *, moves: bool = True) -> None:
        def write() -> None:
            with writing(self._engine, alone=False) as session:
                change(session)

        await asyncio.to_thread(write)
        self.moved |= moves
