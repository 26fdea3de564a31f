"""A loop that listens until it is stopped: its rounds, and what it waits for on the way."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from typing import Any, TypeVar

T = TypeVar("T")

_MOST_DOUBLED = 16
"""A wait is not doubled oftener: it has long been at its longest."""


class StoppedError(Exception):
    """The loop was stopped while it waited."""


class Stopping:
    """Whether a loop is to end; whatever it waits for ends with it."""

    def __init__(self, first_wait: float, longest_wait: float) -> None:
        """The first and the longest wait after a fault, in seconds."""
        self._first, self._longest = first_wait, longest_wait
        self._asked = asyncio.Event()

    def ask(self) -> None:
        """Ask the loop to end."""
        self._asked.set()

    @property
    def is_asked(self) -> bool:
        """Whether the loop is to end."""
        return self._asked.is_set()

    async def listen(
        self,
        prepare: Callable[[], Coroutine[Any, Any, object]],
        listen_once: Callable[[], Awaitable[bool]],
        told: Callable[[Exception], None],
    ) -> None:
        """`prepare` until it succeeds, then one round after the other until asked to end, come what may.

        A round says whether it was calm. After one that was not, and after a fault, which is `told`, it
        pauses.
        """
        faults, ready = 0, False
        while not self.is_asked:
            try:
                if not ready:
                    await self.until_asked(prepare())
                ready = True
                calm = await listen_once()
            except StoppedError:
                return
            except Exception as error:  # noqa: BLE001 the loop outlives every fault
                told(error)
                calm = False
            faults = 0 if calm else faults + 1
            await self.pause(faults)

    async def pause(self, faults: int) -> None:
        """After faults in a row wait 1, 2, 4 … first waits, less up to half by lot; end when asked."""
        if faults:
            longest = min(self._longest, self._first * 2 ** min(faults - 1, _MOST_DOUBLED))
            jittered = longest * random.uniform(0.5, 1.0)  # noqa: S311 no secret
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._asked.wait(), jittered)

    async def until_asked(self, work: Coroutine[Any, Any, T]) -> T:
        """What `work` returns or raises; raises StoppedError as soon as the loop is to end."""
        task, end = asyncio.create_task(work), asyncio.create_task(self._asked.wait())
        try:
            await asyncio.wait({task, end}, return_when=asyncio.FIRST_COMPLETED)
            if task.done():
                return task.result()
            raise StoppedError
        finally:
            await finish([task, end], 0)


async def finish(tasks: Iterable[asyncio.Task[Any]], seconds: float) -> None:
    """Give tasks some seconds, then cancel them, and see them end; their errors are their own."""
    waiting = set(tasks)
    if waiting and seconds:
        await asyncio.wait(waiting, timeout=seconds)
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
