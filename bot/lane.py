"""A platform's lane: how fast one may send there, who goes first, and when it is left alone for a while.

No library keeps all three of a pace for the platform, one for each chat, and an order among those who wait.
Time is read from the clock it is given, so that a day of storms is tested in a second.
"""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.clock import Clock, Onward
from bot.platforms.contract import Address, Limits

Sleep = Callable[[float], Awaitable[None]]

LONGEST_REST = 300.0
LONGEST_ASKED = 3600.0
"""Seconds: of a rest of our own choosing, and of one that the platform asked for."""
PATIENCE = timedelta(seconds=2)
"""A chat that is free within this is waited for; else its row makes room for others."""
LONGEST_QUEUE = timedelta(seconds=20)
"""Of messages that wait here for one chat: far less than a lease, which would else run out in the queue."""
MANY_CHATS = 10_000
CATCH_UP = timedelta(milliseconds=250)
"""By how much those who wait may hurry after a late wake-up, never beyond what the platform takes."""
MOST_COUNTED = 100
_PROBING = timedelta(seconds=1)
_EPOCH = datetime.min.replace(tzinfo=UTC)


@dataclass(order=True, slots=True)
class _Waiting:
    """Somebody in the queue: the smaller priority first, then the order of coming."""

    priority: int
    number: int
    chat: str


class Lane:
    """One process's sending to one platform. `spread` gives the jitter of a rest, 0-1."""

    def __init__(self, limits: Limits, clock: Clock, sleep: Sleep, spread: Callable[[], float]) -> None:
        self._limits = limits
        self._clock = Onward(clock)
        self._sleep = sleep
        self._spread = spread
        self._free = _EPOCH
        self._latest: deque[datetime] = deque(maxlen=min(max(1, int(limits.per_second)), MOST_COUNTED))
        """When the last messages went: so many as the platform takes in the time that they fill."""
        self._chats: dict[str, datetime] = {}
        self._back: dict[tuple[str, int], datetime] = {}
        """When those of a chat and a priority come back that were put off, and all who come behind them."""
        self._rests_until = _EPOCH
        self._faults = 0
        self._queue: list[_Waiting] = []
        self._numbers = itertools.count()
        self.under_way = 0

    @property
    def in_order(self) -> bool:
        """One message at a time: the next is not begun before the last has ended."""
        return self._limits.at_once == 1

    @property
    def is_full(self) -> bool:
        """As much is under way as the platform takes at once."""
        return not self._faults and self.under_way >= self._limits.at_once

    def closed_until(self) -> datetime | None:
        """When to come back to the platform, on the clock; None while it is open.

        While it rests nothing is sent, and after a rest one message tries before the others.
        """
        now = self._clock()
        if now < self._rests_until:
            return self._clock.on_the_clock(self._rests_until)
        return self._clock.on_the_clock(now + _PROBING) if self._faults and self.under_way else None

    def busy_until(self, to: Address, priority: int) -> datetime | None:
        """When to come back, on the clock, to a chat that is full for now; None when one may queue up.

        Who comes behind one that was put off comes back with it: of equal urgency they go as they were
        written, "ångrat" never before its "sparat". What is more urgent waits for neither.
        """
        now, chat = self._clock(), _chat(to)
        back = self._back.get((chat, priority), _EPOCH)
        if back > now:
            return self._clock.on_the_clock(back)
        free = self._chats.get(chat, _EPOCH)
        before = self._spacing(to) * sum(
            other.chat == chat and other.priority <= priority for other in self._queue
        )
        if before < LONGEST_QUEUE and free <= now + PATIENCE:
            return None
        back = max(free, now) + before
        self._back = {key: at for key, at in self._back.items() if at > now} | {(chat, priority): back}
        return self._clock.on_the_clock(back)

    async def turn(self, to: Address, priority: int) -> None:
        """Wait until it is this message's turn."""
        me = _Waiting(priority, next(self._numbers), _chat(to))
        self._queue.append(me)
        try:
            while (wait := self._wait(me)) > 0:
                await self._sleep(wait)
        finally:
            self._queue.remove(me)
        self._took(to)

    def rest(self, seconds: float | None) -> datetime:
        """Leave the platform alone: as long as it asked for, else 1, 2, 4 … 300 s, of which a random part.

        Returns when it is tried again, on the clock.
        """
        own = min(LONGEST_REST, 2.0 ** min(self._faults, 10)) * self._spread()
        self._faults += 1
        wait = own if seconds is None else min(seconds, LONGEST_ASKED)
        self._rests_until = max(self._rests_until, self._clock() + timedelta(seconds=wait))
        return self._clock.on_the_clock(self._rests_until)

    def works(self) -> None:
        """It took a message: what went wrong before is over."""
        self._faults = 0
        self._rests_until = _EPOCH

    def _wait(self, me: _Waiting) -> float:
        """Seconds until `me` may go, as far as is known now; 0 when it may."""
        now = self._clock()
        at = max(self._free, self._full_until(), self._chats.get(me.chat, _EPOCH))
        if at > now:
            return (at - now).total_seconds()
        before = (other for other in self._queue if other < me)
        ready = any(self._chats.get(other.chat, _EPOCH) <= now for other in before)
        return self._slot().total_seconds() if ready else 0.0

    def _took(self, to: Address) -> None:
        now = self._clock()
        lost = CATCH_UP if self._queue else timedelta()  # to a late wake-up, while others wait
        self._free = max(self._free + self._slot(), now - lost)
        self._latest.append(now)
        if self._limits.chat_seconds:
            if len(self._chats) > MANY_CHATS:
                self._chats = {chat: free for chat, free in self._chats.items() if free > now}
            self._chats[_chat(to)] = max(self._chats.get(_chat(to), _EPOCH), now + self._spacing(to))

    def _full_until(self) -> datetime:
        """When the platform takes one more, by what it has had: whoever hurries does not go beyond that."""
        most = self._latest.maxlen or 1
        return self._latest[0] + most * self._slot() if len(self._latest) == most else _EPOCH

    def _slot(self) -> timedelta:
        return timedelta(seconds=1 / self._limits.per_second)

    def _spacing(self, to: Address) -> timedelta:
        return timedelta(seconds=self._limits.group_seconds if to.open else self._limits.chat_seconds)


def _chat(to: Address) -> str:
    return f"{to.workspace}/{to.chat or to.external_id}"
