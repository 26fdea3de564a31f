"""Statements that ask about lists of ids or names: nearly always, for one message, about lists of one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Executable, String, bindparam, literal_column
from sqlmodel import Session

from storage.prepared import Prepared

Among = Callable[[ColumnElement[Any], str], ColumnElement[bool]]
"""Whether a column's value is in a list, by the list's name."""


class Listed:
    """A statement about some lists, built once for lists of one and once for any others.

    SQLAlchemy writes a list into the statement at every execution: 30 to 80 µs that a plain value spares.
    """

    def __init__(self, made: Callable[[Among], Executable], *lists: str) -> None:
        self._of_one, self._of_many, self._lists = Prepared(made(_is)), made(_is_in), lists

    def ask(self, session: Session, **about: Any) -> Sequence[Any]:
        """All its rows, about its lists and whatever else it names."""
        lists = {name: list(about[name]) for name in self._lists}
        if _are_single(lists):
            return self._of_one.rows(session, about | _singles(lists))
        return session.connection().execute(self._of_many, about | lists).all()

    def write(self, session: Session, **about: Any) -> int:
        """Say it for what it changes; returns how many rows it met."""
        lists = {name: list(about[name]) for name in self._lists}
        if _are_single(lists):
            return self._of_one.write(session, about | _singles(lists))
        return int(session.connection().execute(self._of_many, about | lists).rowcount)


def _are_single(lists: Mapping[str, Sequence[Any]]) -> bool:
    return all(len(each) == 1 for each in lists.values())


def _singles(lists: Mapping[str, Sequence[Any]]) -> dict[str, Any]:
    return {name: only for name, (only,) in lists.items()}


def _is(column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    return column == bindparam(name)


def _is_in(column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    return column.in_(bindparam(name, expanding=True))


def written(*words: str) -> list[ColumnElement[str]]:
    """Words of ours (never of people's) for `in_`, in the statement itself: a bound list is expanded too."""
    return [literal_column(f"'{word}'", String) for word in words]
