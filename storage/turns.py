"""Whose turn it is to write, among the threads of one process: first come, first served. And for how long."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from threading import Lock, get_ident
from time import monotonic


class Patience:
    """For how long somebody waits in all, from now on: for a thread, for the turn and for the database.

    `clock` gives seconds that only ever grow.
    """

    def __init__(self, seconds: float, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._until = clock() + seconds

    def left(self) -> float:
        """Seconds that are left of it; 0 when it is over."""
        return max(0.0, self._until - self._clock())


class Turns:
    """A lock that is handed to whoever has waited longest; who holds it may take it again.

    SQLite lets its writers try again every so often and the luckiest win: of three hundred at once one may
    wait until it is told "database is locked". Here each waits for those before it and for nobody else.
    """

    def __init__(self) -> None:
        self._guard = Lock()
        self._waiting: deque[tuple[Lock, int]] = deque()
        self._holder: int | None = None
        self._depth = 0
        self.busy_ms = 0
        """How long its holder still waits for the writers of other processes."""

    @property
    def waiting(self) -> int:
        """How many wait for their turn."""
        return len(self._waiting)

    @property
    def is_mine(self) -> bool:
        """Whether this thread has it."""
        return self._holder == get_ident()

    def take(self, seconds: float) -> None:
        """Wait for the turn. TimeoutError when it does not come in so many seconds."""
        gate, me = Lock(), get_ident()
        with self._guard:
            if self._holder in (None, me):
                self._holder, self._depth = me, self._depth + 1
                return
            gate.acquire()
            self._waiting.append((gate, me))
        if not gate.acquire(timeout=seconds):
            self._give_up(gate, me, seconds)

    def _give_up(self, gate: Lock, me: int, seconds: float) -> None:
        with self._guard:
            if (gate, me) not in self._waiting:
                return  # it was handed over in the same moment
            self._waiting.remove((gate, me))
        msg = f"no turn to write within {seconds:g} s"
        raise TimeoutError(msg)

    def leave(self) -> None:
        """Hand it to whoever has waited longest."""
        with self._guard:
            self._depth -= 1
            if self._depth:
                return
            self._holder = None
            if self._waiting:
                gate, self._holder = self._waiting.popleft()
                self._depth = 1
                gate.release()
