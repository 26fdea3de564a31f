"""Delivery: claims what is due, words it, and hands it to `sending` in its platform's turn.

Three short transactions around one send. Killed between the send and the record, the lease runs out and the
row is taken up again as one that may have been sent: see `schedules.outbox.claiming`.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from bot.clock import Clock
from bot.lane import Lane, Sleep
from bot.ledger import Ledger
from bot.logs import failed, where
from bot.platforms.contract import Address, Platform
from bot.sending import Delivered, Ready, Sending
from handlers.desk import Skip, Worded
from handlers.outgoing import word
from schedules.outbox import claiming
from schedules.outbox.postbox import Claim
from storage.engine import reading
from storage.tables import OutboxState

HANGS = 1.0
"""Seconds: a send that takes longer keeps nobody waiting who falls due by then."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Unworded:
    """No words could be made, which is a fault of ours: the kind of error."""

    error: str


@dataclass(frozen=True, slots=True)
class _Taken:
    """A message that was claimed: what it says, if it is still to be said, and where it goes."""

    claim: Claim
    worded: Worded | Skip | Unworded
    to: Address | None


class Delivery:
    """Sends what is in the outbox over the platforms that are served, each in a lane of its own.

    `watch` is called after each recorded send. `spread` gives the jitter of a back-off, 0-1; `sleep` waits
    for a lane's next turn.
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
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._engine = engine
        self._platforms = platforms
        self._clock = clock
        self._zone = zone
        self._spread = spread
        self._sleep = sleep
        self._ledger = Ledger(engine, clock, zone, platforms)
        self._sending = Sending(platforms, self._ledger, clock, spread, watch)
        self._lanes: dict[str, Lane] = {}
        self._stopping = False
        self._awake = asyncio.Event()
        self._one_at_a_time = asyncio.Lock()

    def wake(self) -> None:
        """Something was queued: look at once instead of at the next round."""
        self._awake.set()

    async def run(self, pause: float = 1.0) -> None:
        """Deliver until cancelled: at once when woken, else every `pause` seconds."""
        while not self._stopping:
            try:
                await self.drain()
            except Exception as error:  # noqa: BLE001 the loop must outlive a database that is away for a minute
                failed(log, "delivery_round_failed", error)
                await asyncio.sleep(pause)
            # Not wait_for: woken and cancelled at once, Python 3.11's forgets that it was cancelled.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._awake.wait()

    async def stop(self, running: asyncio.Task[None], patience: float = 8.0) -> None:
        """Finish what is under way and what is urgent, then end `run`: at most `patience` seconds."""
        self._stopping = True
        self.wake()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(patience):
                await self._last()
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running

    async def _last(self) -> None:
        try:
            await self.drain()
        except Exception as error:  # noqa: BLE001 the platforms are still to be stopped, whatever it was
            failed(log, "delivery_round_failed", error)

    async def drain(self) -> int:
        """Deliver everything that is due now; returns how many messages went out or ended otherwise."""
        sending: set[asyncio.Task[None]] = set()
        async with self._one_at_a_time:
            try:
                return await self._rounds(sending)
            except Exception:  # what is under way is not at fault: half done it would end as uncertain
                await asyncio.gather(*sending, return_exceptions=True)
                raise
            finally:
                for task in sending:
                    task.cancel()
                await asyncio.gather(*sending, return_exceptions=True)

    async def _rounds(self, sending: set[asyncio.Task[None]]) -> int:
        done, more, behind = 0, True, False
        while more or sending:
            most = self._most()
            self._awake.clear()
            self._ledger.moved = False
            taken = await asyncio.to_thread(self._take, most)
            if taken:
                done += await self._begin(taken, sending)
            more = self._has_news() or bool(taken and not taken.claim.is_last)
            # What is due and was not found is behind something in its chat: it goes when that has ended.
            behind = not taken.claim.is_last if taken else behind or bool(sending)
            if sending and not more:
                more = await self._wait(sending, most) or behind or most < claiming.ANY
            for task in [task for task in sending if task.done()]:
                sending.remove(task)
                task.result()
        return done

    async def _wait(self, sending: set[asyncio.Task[None]], most: int) -> bool:
        """Until one has ended, something more was queued, or the next falls due; whether there may be more.

        Most sends are over in no time: only of one that hangs is it asked what falls due meanwhile.
        """
        woken = asyncio.ensure_future(self._awake.wait())
        try:
            ended = await _first({*sending, woken}, HANGS)
            if not ended:
                soon = await asyncio.to_thread(self._until_next, most)
                ended = await _first({*sending, woken}, soon)
        finally:
            woken.cancel()
        return not ended or self._has_news()

    def _until_next(self, most: int) -> float | None:
        """Seconds until the next message may be claimed; None when none waits."""
        with reading(self._engine) as session:
            at = claiming.next_moment(session, most)
        return max(0.0, (at - self._clock()).total_seconds()) if at else None

    def _has_news(self) -> bool:
        return self._awake.is_set() or self._ledger.moved

    def _most(self) -> int:
        """While a platform has all it takes at once, only what is urgent joins the queue."""
        busy = self._stopping or any(lane.is_full for lane in self._lanes.values())
        return claiming.URGENT if busy else claiming.ANY

    async def _begin(self, taken: _Taken, sending: set[asyncio.Task[None]]) -> int:
        """Send what was taken, or put it off; returns how many messages that were dealt with."""
        claim, worded, address = taken.claim, taken.worded, taken.to
        if isinstance(worded, Unworded):
            await self._sending.not_worded(claim, worded.error)
            return 1
        if _skips(worded) and await self._sending.was_said(claim, address):
            return 1
        if isinstance(worded, Skip):
            await self._ledger.end(claim, claim.rows, OutboxState.SKIPPED, worded.reason)
            return 1
        for row, reason in worded.skipped:
            await self._ledger.end(claim, [row], OutboxState.SKIPPED, reason)
        if address is None:
            await self._ledger.end(claim, worded.said, OutboxState.FAILED, "no platform reaches this person")
            return 1
        lane = self._lane(address.platform)
        if at := lane.closed_until():
            await self._sending.leave_alone(claim, worded.said, address.platform, at)
            return 0
        if at := lane.busy_until(address, claim.rows[0].priority):
            await self._ledger.put_off(claim, worded.said, at)
            return 0
        lane.under_way += 1
        task = asyncio.create_task(self._in_turn(lane, Ready(claim, worded, address, claim.person)))
        sending.add(task)
        if lane.in_order:
            await asyncio.wait({task})
        return 1

    def _lane(self, platform: str) -> Lane:
        if platform not in self._lanes:
            limits = self._platforms[platform].limits
            self._lanes[platform] = Lane(limits, self._clock, self._sleep, self._spread)
        return self._lanes[platform]

    async def _in_turn(self, lane: Lane, ready: Ready) -> None:
        try:
            await lane.turn(ready.to, ready.claim.rows[0].priority)
            await self._sending.send(lane, ready)
        finally:
            lane.under_way -= 1

    def _take(self, most: int) -> _Taken | None:
        """Claim the next message, then word it: two transactions in one go of one thread."""
        found = self._ledger.claim(most)
        if found is None:
            return None
        claim, to = found
        with reading(self._engine) as session:
            if claim.person:
                session.add(claim.person)  # found with the claim: read once
            return _Taken(claim, self._worded(session, claim), to)

    def _worded(self, session: Session, claim: Claim) -> Worded | Skip | Unworded:
        try:
            return word(session, claim.rows, self._clock(), self._zone)
        except SQLAlchemyError:  # the database is away, and that is no fault of the message's
            raise
        except Exception as error:  # noqa: BLE001 whatever it was, those behind it must not wait for it
            name = type(error).__name__  # the text of an error can quote what was written
            log.error("not_worded", kind=claim.rows[0].kind, error=name, at=where(error))
            return Unworded(name)


async def _first(awaited: Iterable[asyncio.Future[Any]], seconds: float | None) -> bool:
    """Wait for whichever ends first; False when none did in so many seconds."""
    ended, _ = await asyncio.wait(awaited, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    return bool(ended)


def _skips(worded: Worded | Skip) -> bool:
    return isinstance(worded, Skip) or bool(worded.skipped)
