"""Several transactions at once, and yet one history by one seed: each goes on only when it is let.

A job runs in a thread of its own up to one of its statements and stands still there when the dice say so;
then others go on. One that waits for a lock of another's is left alone until PostgreSQL has given it that. So
no two threads ever run at the same time, and what happens depends on the dice alone.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from random import Random
from typing import Any

from sqlalchemy import Connection, Engine, event

from tests.simulator.loop import Killed, VirtualLoop

STANDS_STILL = 0.4
"""How likely a job lets others go first at each of its statements."""
GLANCE = 0.02
"""Seconds after which a job that has not come to its next stop may be waiting for a lock."""
_HERE = threading.local()


class Job:
    """A transaction or two of a process."""

    def __init__(self, work: Callable[[], Any], dice: Random) -> None:
        self.result: Any = None
        self.error: BaseException | None = None
        self.ended = False
        self.backend = 0
        """The server's process that it talks to."""
        self._work, self._dice = work, dice
        self._go, self._stands = threading.Semaphore(0), threading.Semaphore(0)
        self._waits = self._abandoned = False
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def go_on(self, is_blocked: Callable[[int], bool]) -> None:
        """Let it go on until it stands still, waits for a lock, or has ended."""
        if self._waits and is_blocked(self.backend):
            return
        self._go.release()
        while not self._stands.acquire(timeout=GLANCE):
            if self.backend and is_blocked(self.backend):
                self._waits = True
                return

    def abandon(self) -> None:
        """Let it die where it stands."""
        self._abandoned = True
        self._go.release()

    def join(self) -> None:
        """Wait until its thread has ended."""
        self._thread.join()

    def before(self, backend: int) -> None:
        """A statement comes: perhaps others go first."""
        self.backend = backend
        if self._dice.random() < STANDS_STILL:
            self._stands.release()
            self._stop()

    def after(self) -> None:
        """A statement has returned: if it had to wait, the one that it waited for goes on first."""
        if self._waits:
            self._stop()
            self._waits = False

    def _stop(self) -> None:
        self._go.acquire()
        if self._abandoned:
            raise Killed

    def _run(self) -> None:
        _HERE.job = self
        try:
            self._stop()
            self.result = self._work()
        except (Exception, Killed) as error:  # noqa: BLE001 handed on to whoever waits for the job
            self.error = error
        self.ended = True
        self._stands.release()


def stands_still_at_statements(engine: Engine) -> None:
    """Make every statement of an engine a place at which a job may stand still."""

    def before(connection: Connection, *_: object) -> None:
        if job := _job():
            job.before(connection.connection.driver_connection.info.backend_pid)  # type: ignore[union-attr]

    def after(*_: object) -> None:
        if job := _job():
            job.after()

    event.listen(engine, "before_cursor_execute", before)
    event.listen(engine, "after_cursor_execute", after)
    event.listen(engine, "handle_error", after)


def _job() -> Job | None:
    return getattr(_HERE, "job", None)


class InterleavedLoop(VirtualLoop):
    """Jobs take turns at their statements. `is_blocked` tells whether a server's process waits for a lock."""

    def __init__(self, dice: Random, is_blocked: Callable[[int], bool]) -> None:
        super().__init__(dice)
        self._is_blocked = is_blocked
        self._jobs: list[Job] = []

    @property
    def is_quiet(self) -> bool:
        return not self._jobs

    def _begin(
        self, turns: int, future: asyncio.Future[Any], func: Callable[..., Any], args: tuple[Any, ...]
    ) -> None:
        job = Job(lambda: func(*args), self._dice)
        self._jobs.append(job)
        self.call_soon(self._go_on, turns, future, job)

    def _go_on(self, turns: int, future: asyncio.Future[Any], job: Job) -> None:
        if not turns:
            job.go_on(self._is_blocked)
        if job.ended:
            self._jobs.remove(job)
            self._answer(future, job.result, job.error)
        else:
            self.call_soon(self._go_on, turns - 1 if turns else self._dice.randrange(4), future, job)

    def close(self) -> None:
        """What has not ended dies."""
        for job in self._jobs:
            job.abandon()
        for job in self._jobs:
            job.join()
        super().close()
