"""The number of a row, known while the row is written."""

from __future__ import annotations

from sqlalchemy import ColumnElement, ScalarSelect, func, literal_column, select
from sqlmodel import SQLModel

from storage.columns import table


def next_number(model: type[SQLModel], engine: str) -> ScalarSelect[int]:
    """The `id` that an insert into the table gives its row, however often it stands in that insert.

    It is what the engine ("sqlite" or "postgresql") would give by itself: one more than the last, where
    nobody else writes meanwhile; or the sequence's next, taken once.
    """
    rows = table(model)
    following: ColumnElement[int] = func.coalesce(func.max(rows.c.id), 0) + 1
    if engine == "postgresql":
        following = literal_column(f"nextval(CAST(pg_get_serial_sequence('{rows.name}', 'id') AS regclass))")
    taken = select(following.label("id")).cte("following")
    return select(taken.c.id).scalar_subquery()
