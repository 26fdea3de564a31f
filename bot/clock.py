"""The clock: the only place where the time is read. Everything else is handed a moment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]
"""Gives the present moment, aware and UTC."""


def system_clock() -> datetime:
    """The machine's time."""
    return datetime.now(UTC)


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
