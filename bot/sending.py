"""One message's way: is it still ours to send, was it said already, what came of it, and what to do then."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from bot.clock import Clock
from bot.failpoints import passing
from bot.lane import Lane
from bot.ledger import Ledger
from bot.platforms.contract import Address, Platform, SendError
from handlers.desk import Worded
from handlers.message import Message
from handlers.words import Words
from schedules.outbox import postbox
from schedules.outbox.postbox import Claim
from storage.tables import Outbox, OutboxState, Person

TRIES = 8
LONGEST = timedelta(hours=24)
BACK_OFF_SECONDS = 300.0
_RESTS = SendError("away too long", away=True)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Delivered:
    """A message that a platform took: for the demo's page and the simulator, which show what went out."""

    at: datetime
    to: Address
    message: Message
    rows: tuple[Outbox, ...]
    person: Person | None


@dataclass(frozen=True, slots=True)
class Ready:
    """A message that is worded and knows where to go."""

    claim: Claim
    worded: Worded
    to: Address
    person: Person | None


class Sending:
    """Sends what a claim holds, and records how it ended.

    `watch` is called after each recorded send. `spread` gives the jitter of a back-off, 0-1.
    """

    def __init__(
        self,
        platforms: Mapping[str, Platform],
        ledger: Ledger,
        clock: Clock,
        spread: Callable[[], float],
        watch: Callable[[Delivered], None] | None,
    ) -> None:
        self._platforms = platforms
        self._ledger = ledger
        self._clock = clock
        self._spread = spread
        self._watch = watch

    async def send(self, lane: Lane, ready: Ready) -> None:
        """Send a message if it is still ours to send, and record what came of it."""
        first, to = ready.claim.rows[0], ready.to
        twice = first.perhaps_sent and not self._ledger.is_certain(first, to)
        message = _warned(ready.worded.message, ready.person) if twice else ready.worded.message
        platform, name = self._platforms[to.platform], _name(first)
        if not await self._ledger.holds(ready.claim):
            log.warning("lease_lost", platform=to.platform, kind=first.kind)
            return
        if twice and first.kind == "nudge":  # it was tried elsewhere: its account there is gone
            await self._ledger.end(
                ready.claim, ready.claim.rows, OutboxState.UNCERTAIN, "stopped while sending"
            )
            return
        try:
            found = await self._find(platform, ready.claim, to, name)
            reference = found or await _handed_over(platform, to, message, name)
        except SendError as error:
            await self._failed(lane, ready, error)
            return
        lane.works()
        await self._ledger.end(ready.claim, ready.worded.said, OutboxState.SENT, "", reference, to.platform)
        if self._watch:
            self._watch(Delivered(self._clock(), to, message, tuple(ready.worded.said), ready.person))

    async def not_worded(self, claim: Claim, error: str) -> None:
        """Nothing was sent, for want of words: tried again as any other fault, and given up in the end."""
        first = claim.rows[0]
        if self._is_hopeless(first):
            state = OutboxState.UNCERTAIN if first.perhaps_sent else OutboxState.FAILED
            await self._ledger.end(claim, claim.rows, state, f"given up: {error}")
        else:
            await self._retry(claim, claim.rows, SendError(error))

    async def was_said(self, claim: Claim, to: Address | None) -> bool:
        """Whether what is no longer to be said is dealt with: a process said it and died before it wrote so.

        Also when the platform cannot tell yet: it is asked again.
        """
        first = claim.rows[0]
        if to is None or not self._ledger.is_certain(first, to):
            return False
        try:
            found = await self._find(self._platforms[to.platform], claim, to, _name(first))
        except SendError as error:
            if not self._is_hopeless(first):
                await self._retry(claim, claim.rows, error)
            return not self._is_hopeless(first)
        if found:
            await self._ledger.end(claim, claim.rows, OutboxState.SENT, "", found, to.platform)
        return bool(found)

    async def _find(self, platform: Platform, claim: Claim, to: Address, name: str) -> str | None:
        """What an earlier, interrupted try left on the platform, where the platform can tell."""
        if not claim.rows[0].perhaps_sent:
            return None
        passing("find.before")
        found = await platform.find(to, name)
        passing("find.after")
        return found

    async def _failed(self, lane: Lane, ready: Ready, error: SendError) -> None:
        claim, rows, to = ready.claim, ready.worded.said, ready.to
        unsure = error.perhaps or rows[0].perhaps_sent
        certain = self._ledger.is_certain(rows[0], to)
        ended = OutboxState.UNCERTAIN if unsure else OutboxState.FAILED
        log.warning("send_failed", platform=to.platform, kind=rows[0].kind, reason=error.reason)
        if error.away or error.ours or error.retry_after is not None:
            at = lane.rest(error.retry_after)
            await self.leave_alone(claim, rows, to.platform, at, error)
        elif error.refused:
            await self._ledger.end(claim, rows, ended, error.reason)
        elif error.permanent:
            await self._ledger.give_up_address(to, error.reason)
            await self._ledger.end(claim, rows, ended, error.reason)
        elif error.perhaps and rows[0].kind == "nudge" and not certain:
            await self._ledger.end(claim, rows, ended, error.reason)
        elif error.perhaps and rows[0].perhaps_sent and not certain:
            await self._ledger.end(claim, rows, ended, f"given up: {error.reason}")
        elif self._is_hopeless(rows[0]):
            found = await self._last_look(ready) if error.perhaps and certain else None
            await self._give_up(ready, ended, error, found)
        else:
            await self._retry(claim, rows, error)

    async def _last_look(self, ready: Ready) -> str | None:
        """What the last try left although it was not answered: nobody is told "perhaps" of what is there."""
        first, to = ready.claim.rows[0], ready.to
        with contextlib.suppress(SendError):
            return await self._platforms[to.platform].find(to, _name(first))
        return None

    async def _give_up(self, ready: Ready, ended: OutboxState, error: SendError, found: str | None) -> None:
        claim, rows = ready.claim, ready.worded.said
        if found:
            await self._ledger.end(claim, rows, OutboxState.SENT, "", found, ready.to.platform)
        else:
            await self._ledger.end(claim, rows, ended, f"given up: {error.reason}")

    def _is_hopeless(self, row: Outbox) -> bool:
        return row.attempts >= TRIES or self._is_too_old(row)

    def _is_too_old(self, row: Outbox) -> bool:
        return self._clock() - postbox.waits_since(row) > LONGEST

    async def leave_alone(
        self, claim: Claim, rows: Sequence[Outbox], platform: str, at: datetime, error: SendError = _RESTS
    ) -> None:
        """The platform rests, and that is no try of any message's: one is given up only for its age."""
        if self._is_too_old(rows[0]):
            unsure = error.perhaps or rows[0].perhaps_sent
            state = OutboxState.UNCERTAIN if unsure else OutboxState.FAILED
            await self._ledger.end(claim, rows, state, f"given up: {error.reason}")
            return
        await self._ledger.put_off(claim, rows, at, perhaps=error.perhaps)
        await self._ledger.put_off_all(platform, self._platforms.keys() - {platform}, at)

    async def _retry(self, claim: Claim, rows: Sequence[Outbox], error: SendError) -> None:
        at = self._clock() + timedelta(seconds=self._back_off(rows[0].attempts))
        await self._ledger.put_back(claim, rows, at, perhaps=error.perhaps)

    def _back_off(self, attempts: int) -> float:
        """1, 2, 4 … at most 300 seconds, of which a random part is waited (full jitter)."""
        longest = min(BACK_OFF_SECONDS, 2.0 ** max(0, attempts - 1))
        return longest * self._spread()


def _name(first: Outbox) -> str:
    return first.sent_as or postbox.delivery_name(first)


async def _handed_over(platform: Platform, to: Address, message: Message, name: str) -> str:
    passing("send.before")
    reference = await platform.send(to, message, name)
    passing("send.after")
    return reference


def _warned(message: Message, person: Person | None) -> Message:
    """A message that may come twice says so."""
    words = Words(person.locale if person else "sv")
    return replace(message, text=f"{message.text}\n{words.say('nudge.twice')}")
