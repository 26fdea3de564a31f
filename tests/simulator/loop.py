"""An event loop in which time is a number: it jumps to the next timer, and the dice order what is ready."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from random import Random
from typing import Any

PAUSE: ContextVar[Callable[[], float]] = ContextVar("PAUSE", default=lambda: 0.0)
"""Asked after each job: for how many seconds the process is stopped before it sees the result."""


class Killed(BaseException):
    """A process died here. No `except Exception` may stop it, as none stops SIGKILL."""


class _Jumping(selectors.BaseSelector):
    """Waits for nothing: a timeout is slept by adding it to `now`."""

    def __init__(self) -> None:
        self.now = 0.0
        self._keys: dict[Any, selectors.SelectorKey] = {}

    def register(self, fileobj: Any, events: int, data: Any = None) -> selectors.SelectorKey:
        key = selectors.SelectorKey(fileobj, 0, events, data)
        self._keys[fileobj] = key
        return key

    def unregister(self, fileobj: Any) -> selectors.SelectorKey:
        return self._keys.pop(fileobj)

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            msg = "every task waits and no timer is set: the history would never end"
            raise RuntimeError(msg)
        self.now += max(0.0, timeout)
        return []

    def get_map(self) -> Mapping[Any, selectors.SelectorKey]:
        return self._keys


class VirtualLoop(asyncio.SelectorEventLoop):
    """Worker threads become jobs of the loop, each begun after a thrown number of turns.

    A job runs in one go, as a SQLite transaction does: nothing else gets in between its statements.
    """

    def __init__(self, dice: Random) -> None:
        self._jumping = _Jumping()
        self._dice = dice
        super().__init__(self._jumping)

    @property
    def is_quiet(self) -> bool:
        """No job is under way."""
        return True

    def time(self) -> float:
        """Seconds since the history began."""
        return self._jumping.now

    def run_in_executor(  # type: ignore[override]
        self, executor: Any, func: Callable[..., Any], *args: Any
    ) -> Any:
        """`func` later in this very thread."""
        future = self.create_future()
        self.call_soon(self._begin, self._dice.randrange(4), future, func, args)
        return future

    def _begin(
        self, turns: int, future: asyncio.Future[Any], func: Callable[..., Any], args: tuple[Any, ...]
    ) -> None:
        if turns:
            self.call_soon(self._begin, turns - 1, future, func, args)
            return
        try:
            self._answer(future, func(*args), None)
        except (Exception, Killed) as error:  # noqa: BLE001 handed on to whoever waits for the job
            self._answer(future, None, error)

    def _answer(self, future: asyncio.Future[Any], result: Any, error: BaseException | None) -> None:
        """Tell whoever waits for a job what came of it: a process that is stopped sees it later."""
        if error is None:
            self.call_later(PAUSE.get()(), _hand_over, future, result)
        elif not future.cancelled():
            future.set_exception(error)


def _hand_over(future: asyncio.Future[Any], result: Any) -> None:
    if not future.cancelled():
        future.set_result(result)
