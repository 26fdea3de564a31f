"""Statements that ask about lists of ids or names: nearly always, for one message, about lists of one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, CursorResult, Executable, String, bindparam, literal_column
from sqlmodel import Session

Among = Callable[[ColumnElement[Any], str], ColumnElement[bool]]
"""Whether a column's value is in a list, by the list's name."""


class Listed:
    """A statement about some lists, built once for lists of one and once for any others.

    SQLAlchemy writes a list into the statement at every execution: 30 to 80 µs that a plain value spares.
    """

    def __init__(self, made: Callable[[Among], Executable], *lists: str) -> None:
        self._of_one, self._of_many, self._lists = made(_is), made(_is_in), lists

    def ask(self, session: Session, **about: Any) -> CursorResult[*tuple[Any, ...]]:
        """Ask it about its lists and whatever else it names."""
        say, lists = session.connection().execute, {name: list(about[name]) for name in self._lists}
        if all(len(each) == 1 for each in lists.values()):
            return say(self._of_one, about | {name: only for name, (only,) in lists.items()})
        return say(self._of_many, about | lists)


def _is(column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    return column == bindparam(name)


def _is_in(column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    return column.in_(bindparam(name, expanding=True))


def written(*words: str) -> list[ColumnElement[str]]:
    """Words of ours (never of people's) for `in_`, in the statement itself: a bound list is expanded too."""
    return [literal_column(f"'{word}'", String) for word in words]
