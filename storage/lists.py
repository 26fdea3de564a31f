"""Statements that ask about lists of ids or names: nearly always, for one message, about a few."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Executable, String, bindparam, literal_column
from sqlmodel import Session

from storage.prepared import Prepared

Among = Callable[[ColumnElement[Any], str], ColumnElement[bool]]
"""Whether a column's value is in a list, by the list's name."""


FEW = 4
"""So many or fewer: a message's reminders, what an entry touches."""


class Listed:
    """A statement about some lists, prepared for each number of a few, and built once for any others.

    SQLAlchemy writes a list into the statement at every execution: 30 to 80 µs that plain values spare.
    """

    def __init__(self, made: Callable[[Among], Executable], *lists: str) -> None:
        self._made, self._of_many, self._lists = made, made(_is_in), lists
        self._of_few: dict[tuple[int, ...], Prepared] = {}

    def ask(self, session: Session, **about: Any) -> Sequence[Any]:
        """All its rows, about its lists and whatever else it names."""
        lists = {name: list(about.pop(name)) for name in self._lists}
        if few := self._prepared(lists):
            return few.rows(session, about | _each(lists))
        return session.connection().execute(self._of_many, about | lists).all()

    def write(self, session: Session, **about: Any) -> int:
        """Say it for what it changes; returns how many rows it met."""
        lists = {name: list(about.pop(name)) for name in self._lists}
        if few := self._prepared(lists):
            return few.write(session, about | _each(lists))
        return int(session.connection().execute(self._of_many, about | lists).rowcount)

    def _prepared(self, lists: Mapping[str, Sequence[Any]]) -> Prepared | None:
        lengths = tuple(map(len, lists.values()))
        if not 0 < min(lengths) <= max(lengths) <= FEW:
            return None
        ready = self._of_few.get(lengths)
        if ready is None:
            among = _is_one_of(dict(zip(lists, lengths, strict=True)))
            ready = self._of_few[lengths] = Prepared(self._made(among))
        return ready


def _each(lists: Mapping[str, Sequence[Any]]) -> dict[str, Any]:
    return {f"{name}_{at}": value for name, values in lists.items() for at, value in enumerate(values)}


def _is_one_of(lengths: Mapping[str, int]) -> Among:
    def among(column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
        values: list[ColumnElement[Any]] = [bindparam(f"{name}_{at}") for at in range(lengths[name])]
        return column.in_(values) if values[1:] else column == values[0]

    return among


def _is_in(column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    return column.in_(bindparam(name, expanding=True))


def written(*words: str) -> list[ColumnElement[str]]:
    """Words of ours (never of people's) for `in_`, in the statement itself: a bound list is expanded too."""
    return [literal_column(f"'{word}'", String) for word in words]
