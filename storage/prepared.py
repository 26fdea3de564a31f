"""Statements that every message says: compiled once, and handed to the driver as they are.

SQLAlchemy looks up what it has compiled, and makes a context and a result, at every execution: most of what a
small statement costs (decision 20). What it knows stays in use: its SQL, its types, its transactions,
its events and its errors.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from operator import attrgetter, methodcaller
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, Column, Connection, Executable
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.schema import ScalarElementColumnDefault
from sqlmodel import Session

About = Mapping[str, Any]
"""The values of a statement's parameters, by their names."""
_Convert = Callable[[Any], Any]
_ROWS, _MET = methodcaller("fetchall"), attrgetter("rowcount")


class Prepared:
    """A Core statement about plain values (of lists knows `storage.lists`); for inserts, about given columns.

    Its rows are named tuples, by the statement's columns. Whatever goes wrong is raised as SQLAlchemy would.
    """

    def __init__(self, statement: Any) -> None:
        self.statement: Executable = statement
        self._ready: dict[tuple[str, bool, tuple[str, ...]], _Ready] = {}

    def rows(self, session: Session, about: About) -> list[Any]:
        """All rows that it gives, asked or returned."""
        ready, found = self._said(session, about, _ROWS)
        return ready.read(found) if found else []

    def value(self, session: Session, about: About) -> Any:
        """The first column of its first row; None when there is no row."""
        found = self.rows(session, about)
        return found[0][0] if found else None

    def values(self, session: Session, about: About) -> list[Any]:
        """The first column of all its rows."""
        return [row[0] for row in self.rows(session, about)]

    def write(self, session: Session, about: About) -> int:
        """Say it for what it changes; returns how many rows it met."""
        met: int = self._said(session, about, _MET)[1]
        return met

    def write_all(self, session: Session, rows: Sequence[About]) -> None:
        """Say it for each of some rows, which all name the same parameters."""
        if len(rows) == 1:
            self.write(session, rows[0])
        elif rows:
            self._said(session, rows, _MET, many=True)

    def _said(
        self, session: Session, about: Any, take: _Convert, *, many: bool = False
    ) -> tuple[_Ready, Any]:
        """How it is said on this engine, and what is taken from the driver's cursor; `many` rows or one."""
        connection = _connection(session)
        dialect, names = connection.dialect, tuple(about[0] if many else about)
        ready = self._ready.get((dialect.name, many, names))
        if ready is None:
            ready = _prepare(self.statement, dialect, names, many)
            self._ready[dialect.name, many, names] = ready
        return ready, _say(connection, ready, about, take, many=many)


_KNOWN = "handledd_connection"


def _connection(session: Session) -> Connection:
    """That of the session's transaction, or savepoint: asking the session for it each time takes 4 µs."""
    begun, known = session._transaction, session.info.get(_KNOWN)
    if known and known[0] is begun and begun.is_active:
        connection: Connection = known[1]
        return connection
    connection = session.connection()
    session.info[_KNOWN] = session._transaction, connection
    return connection


class _Ready(NamedTuple):
    """A statement in the words of one driver, and the ways there and back."""

    sql: str
    bind: Callable[[About], Any]
    read: Callable[[Sequence[Any]], list[Any]]


def _say(connection: Connection, ready: _Ready, about: Any, take: _Convert, *, many: bool) -> Any:
    """What is taken from the driver's cursor; with `many` the statement is said once for each of the values.

    Who listens to the engine hears of it as of any other.
    """
    sql, cursor, heard = ready.sql, None, connection._has_events or connection.engine._has_events
    try:
        cursor = connection.connection.cursor()
        values: Any = [ready.bind(each) for each in about] if many else ready.bind(about)
    except BaseException as error:  # noqa: BLE001 raised anew, in SQLAlchemy's words
        connection._handle_dbapi_exception(error, sql if cursor else None, None, cursor, None)
    if heard:
        connection.dispatch.before_cursor_execute(connection, cursor, sql, values, None, many)
    try:
        (cursor.executemany if many else cursor.execute)(sql, values)
        if heard:
            connection.dispatch.after_cursor_execute(connection, cursor, sql, values, None, many)
        taken = take(cursor)
        # At once: SQLite's lock would outlive a connection that is given up for as long as its cursor does.
        cursor.close()
    except BaseException as error:  # noqa: BLE001 as above
        # Only this knows a lost connection from a refusal on each engine, and gives the connection up.
        connection._handle_dbapi_exception(error, sql, None, cursor, None)
    return taken


def _prepare(statement: Any, dialect: Dialect, names: Sequence[str], many: bool) -> _Ready:
    # Said of many, an insert gives no keys back.
    made: SQLCompiler = statement.compile(dialect=dialect, column_keys=names, for_executemany=many)
    if made.post_compile_params or made.literal_execute_params:
        msg = f"a list is written into the statement anew each time; ask it by storage.lists: {made}"
        raise TypeError(msg)
    order = made.positiontup if made.positional else list(made.binds)
    defaults = {
        each.key: _plain(each) for each in made.insert_prefetch
    }  # of columns that an insert leaves out
    takes = [_take(made.binds[name], dialect, names, defaults) for name in order or ()]
    return _Ready(str(made), _binder(made.positional, order or (), takes), _reader(statement, dialect))


_Take = tuple[str | None, _Convert | None, Any]
"""A parameter's name, its type's way to the driver; or no name, and the value that the statement has."""


def _take(asked: BindParameter[Any], dialect: Dialect, given: Sequence[str], defaults: About) -> _Take:
    convert = asked.type.dialect_impl(dialect).bind_processor(dialect)
    if asked.key in given:
        return asked.key, convert, None
    if asked.required and asked.key not in defaults:
        msg = f"a value is required for {asked.key!r}"
        raise TypeError(msg)
    own = defaults.get(asked.key, asked.value)
    return None, None, convert(own) if convert else own


def _plain(column: Column[Any]) -> Any:
    if not isinstance(column.default, ScalarElementColumnDefault):
        msg = f"{column} makes its default anew each time; name it"
        raise TypeError(msg)
    return column.default.arg


def _binder(positional: bool, order: Sequence[str], takes: Sequence[_Take]) -> Callable[[About], Any]:
    def values(about: About) -> tuple[Any, ...]:
        told = [
            own if name is None else convert(about[name]) if convert else about[name]
            for name, convert, own in takes
        ]
        return tuple(told)

    if positional:
        return values
    return lambda about: dict(zip(order, values(about), strict=True))


def _reader(statement: Any, dialect: Dialect) -> Callable[[Sequence[Any]], list[Any]]:
    """Makes the driver's rows into named tuples, each value as its column's type has it."""
    shown = list(statement.exported_columns)
    row = _row([each.key for each in shown])
    ways = [each.type.dialect_impl(dialect).result_processor(dialect, None) for each in shown]
    converts = [(at, convert) for at, convert in enumerate(ways) if convert]

    def read(found: Sequence[Any]) -> list[Any]:
        rows = [*map(list, found)]
        for at, convert in converts:
            for each in rows:
                each[at] = convert(each[at])
        return [*map(row, rows)]

    return read if converts else lambda found: [*map(row, found)]


def _row(names: Sequence[str]) -> Callable[[Sequence[Any]], Any]:
    """What `_make` of a named tuple does, at a third of its price."""
    return partial(tuple.__new__, namedtuple("Row", names, rename=True))
