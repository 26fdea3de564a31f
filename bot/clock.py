"""The clock: the only place where the time is read. Everything else is handed a moment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]
"""Gives the present moment, aware and UTC."""


def system_clock() -> datetime:
    """The machine's time."""
    return datetime.now(UTC)


class Onward:
    """A clock's time as it were had the clock never been put back: paces and pauses are measured by it.

    By the clock itself a pause of a second would last for as long as the clock was put back.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._seen = clock()
        self._ahead = timedelta()

    def __call__(self) -> datetime:
        """The present moment; never before one that it has told."""
        now = self._clock()
        if now < self._seen:
            self._ahead += self._seen - now
        self._seen = now
        return now + self._ahead

    def on_the_clock(self, moment: datetime) -> datetime:
        """What the clock itself says at a moment of this one."""
        return moment - self._ahead


class MovableClock:
    """A clock one can move forward: the demo's and the simulator's. It never goes back.

    `running` adds the machine's own passing of time; without it the clock stands still between moves.
    """

    def __init__(self, start: datetime, *, running: bool = False) -> None:
        self._at = start
        self._running = running
        self._since = system_clock()

    def __call__(self) -> datetime:
        """The present moment of this clock."""
        return self._at + (system_clock() - self._since if self._running else timedelta())

    def move_to(self, moment: datetime) -> None:
        """Jump forward to a moment; one that has passed already is ignored."""
        if moment > self():
            self._at = moment
            self._since = system_clock()
