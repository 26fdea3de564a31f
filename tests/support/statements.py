"""What is said to a database, and how it means to answer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event

from storage.engine import reading

Said = list[tuple[str, Any]]
"""Statements, each with its parameters as the driver gets them."""


@contextmanager
def listening(engine: Engine) -> Iterator[Said]:
    """Every statement that is said while the block runs, but for those that only begin a transaction."""
    said: Said = []

    def heard(_c: object, _cursor: object, statement: str, parameters: object, *_rest: object) -> None:
        if not statement.startswith("BEGIN"):
            said.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", heard)
    try:
        yield said
    finally:
        event.remove(engine, "before_cursor_execute", heard)


def plan(engine: Engine, statement: str, parameters: Any) -> list[str]:
    """The steps of a statement; PostgreSQL carries it out and tells the rows that each step met."""
    analysed = engine.dialect.name == "postgresql"
    explain = "EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) " if analysed else "EXPLAIN QUERY PLAN "
    with reading(engine) as session:
        found = session.connection().exec_driver_sql(explain + statement, parameters)
        return [str(row[-1]).strip() for row in found]
