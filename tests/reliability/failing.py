"""A database that fails at its n-th call: the material of the tests of its faults."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Engine, event
from sqlalchemy.exc import OperationalError


@dataclass
class Fault:
    """Fails once, when `left` calls have been made: statements, BEGINs and COMMITs."""

    left: int
    failed: bool = False

    def count(self, *_: object) -> None:
        """One call more."""
        self.left -= 1
        if self.left == 0:
            self.failed = True
            raise OperationalError("injected", None, Exception("the database failed"))


@contextmanager
def failing_at(engine: Engine, n: int) -> Iterator[Fault]:
    """While the block runs the n-th call of the engine's fails, from 1; the ones after it go well."""
    fault = Fault(n)
    names = ("begin", "before_cursor_execute", "commit")
    for name in names:
        event.listen(engine, name, fault.count)
    try:
        yield fault
    finally:
        for name in names:
            event.remove(engine, name, fault.count)
