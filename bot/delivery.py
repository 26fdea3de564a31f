"""Delivery: claims what is due, words it, sends it, records how it ended.

Three short transactions around one send. Killed between the send and the record, the lease runs out and the
row is taken up again as one that may have been sent: see `_recover`.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Engine

from bot.clock import Clock
from bot.platforms.contract import Address, Platform, SendError
from bot.routing import route
from handlers.desk import Skip
from handlers.message import Message
from handlers.notices import Worded, word
from handlers.words import Words
from schedules import postbox
from schedules.postbox import Claim
from storage.engine import reading, writing
from storage.tables import Outbox, OutboxState, Person

LEASE = timedelta(seconds=60)
TRIES = 8
LONGEST = timedelta(hours=24)
BACK_OFF_SECONDS = 300.0

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Delivered:
    """A message that a platform took: for the demo's page and the simulator, which show what went out."""

    at: datetime
    to: Address
    message: Message
    rows: tuple[Outbox, ...]
    person: Person | None


class Delivery:
    """Sends what is in the outbox over the platforms that are served.

    `watch` is called after each recorded send. `spread` gives the jitter of a back-off, 0-1.
    """

    def __init__(
        self,
        engine: Engine,
        platforms: Mapping[str, Platform],
        clock: Clock,
        zone: str,
        *,
        watch: Callable[[Delivered], None] | None = None,
        spread: Callable[[], float] = random.random,
    ) -> None:
        self._engine = engine
        self._platforms = platforms
        self._clock = clock
        self._zone = zone
        self._watch = watch
        self._spread = spread
        self._awake = asyncio.Event()
        self._one_at_a_time = asyncio.Lock()

    def wake(self) -> None:
        """Something was queued: look at once instead of at the next round."""
        self._awake.set()

    async def run(self, pause: float = 1.0) -> None:
        """Deliver until cancelled: at once when woken, else every `pause` seconds."""
        while True:
            try:
                await self.drain()
            except Exception:  # the loop must outlive a database that is away for a minute
                log.exception("delivery_round_failed")
                await asyncio.sleep(pause)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._awake.wait(), timeout=pause)
            self._awake.clear()

    async def stop(self, running: asyncio.Task[None], patience: float = 8.0) -> None:
        """Finish what is under way, then end the `run` task: at most `patience` seconds."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(patience):
                await self.drain()
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running

    async def drain(self) -> int:
        """Deliver everything that is due now; returns how many messages went out or ended otherwise."""
        done = 0
        async with self._one_at_a_time:
            while claim := await asyncio.to_thread(self._claim):
                await self._deliver(claim)
                done += 1
        return done

    def _claim(self) -> Claim | None:
        with writing(self._engine) as session:
            return postbox.claim(session, self._clock(), LEASE, secrets.token_hex(16), self._zone)

    async def _deliver(self, claim: Claim) -> None:
        worded, address, person = await asyncio.to_thread(self._prepare, claim)
        if isinstance(worded, Skip):
            await self._end(claim, claim.rows, OutboxState.SKIPPED, worded.reason)
            return
        for row, reason in worded.skipped:
            await self._end(claim, [row], OutboxState.SKIPPED, reason)
        if address is None:
            await self._end(claim, worded.said, OutboxState.FAILED, "no platform reaches this person")
            return
        await self._send(claim, worded, address, person)

    def _prepare(self, claim: Claim) -> tuple[Worded | Skip, Address | None, Person | None]:
        with reading(self._engine) as session:
            worded = word(session, claim.rows, self._clock(), self._zone)
            first = claim.rows[0]
            person = session.get(Person, first.person_id) if first.person_id else None
            return worded, route(session, first, self._platforms), person

    async def _send(self, claim: Claim, worded: Worded, to: Address, person: Person | None) -> None:
        message = _warned(worded.message, person) if claim.rows[0].perhaps_sent else worded.message
        platform = self._platforms[to.platform]
        name = delivery_name(claim.rows[0])
        try:
            reference = await self._find(platform, claim, to, name) or await platform.send(to, message, name)
        except SendError as error:
            await self._failed(claim, worded.said, to, error)
            return
        await self._end(claim, worded.said, OutboxState.SENT, "", reference)
        if self._watch:
            self._watch(Delivered(self._clock(), to, message, tuple(worded.said), person))

    async def _find(self, platform: Platform, claim: Claim, to: Address, name: str) -> str | None:
        """What an earlier, interrupted try left on the platform, where the platform can tell."""
        return await platform.find(to, name) if claim.rows[0].perhaps_sent else None

    async def _failed(self, claim: Claim, rows: Sequence[Outbox], to: Address, error: SendError) -> None:
        log.warning("send_failed", platform=to.platform, kind=rows[0].kind, reason=error.reason)
        if error.refused:
            await self._end(claim, rows, OutboxState.FAILED, error.reason)
        elif error.permanent:
            await asyncio.to_thread(self._give_up_address, to, error.reason)
            await self._end(claim, rows, OutboxState.FAILED, error.reason)
        elif error.perhaps and rows[0].kind == "nudge":
            await self._end(claim, rows, OutboxState.UNCERTAIN, error.reason)
        elif self._is_hopeless(rows[0], error):
            state = OutboxState.UNCERTAIN if error.perhaps else OutboxState.FAILED
            await self._end(claim, rows, state, f"given up: {error.reason}")
        else:
            await self._retry(claim, rows, error)

    def _is_hopeless(self, row: Outbox, error: SendError) -> bool:
        again = error.perhaps and row.perhaps_sent
        return again or row.attempts >= TRIES or self._clock() - row.due_at > LONGEST

    async def _retry(self, claim: Claim, rows: Sequence[Outbox], error: SendError) -> None:
        wait = error.retry_after if error.retry_after is not None else self._back_off(rows[0].attempts)
        at = self._clock() + timedelta(seconds=wait)

        def put_back() -> None:
            with writing(self._engine) as session:
                postbox.put_back(session, claim, rows, at, perhaps=error.perhaps)

        await asyncio.to_thread(put_back)

    def _back_off(self, attempts: int) -> float:
        """1, 2, 4 … at most 300 seconds, of which a random part is waited (full jitter)."""
        longest = min(BACK_OFF_SECONDS, 2.0 ** max(0, attempts - 1))
        return longest * self._spread()

    def _give_up_address(self, to: Address, reason: str) -> None:
        with writing(self._engine) as session:
            postbox.disable(session, to.platform, to.workspace, to.external_id, reason, self._clock())

    async def _end(
        self, claim: Claim, rows: Sequence[Outbox], state: OutboxState, reason: str, reference: str = ""
    ) -> None:
        def record() -> None:
            with writing(self._engine) as session:
                postbox.end(session, claim, rows, state, reason, reference, self._clock())

        await asyncio.to_thread(record)


def delivery_name(row: Outbox) -> str:
    """What a row's sending is called on the platform, alike on every try.

    Its moment is part of it: a platform remembers longer than a database that was made or restored anew, in
    which the same number stands for something that was never said.
    """
    return f"outbox-{row.id}-{row.created_at:%Y%m%dT%H%M%S%f}"


def _warned(message: Message, person: Person | None) -> Message:
    """A message that may come twice says so."""
    words = Words(person.locale if person else "sv")
    return Message(
        text=f"{message.text}\n{words.say('nudge.twice')}",
        fields=message.fields,
        buttons=message.buttons,
        files=message.files,
        private=message.private,
        replaces=message.replaces,
    )
