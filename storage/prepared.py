"""Statements that every message says: compiled once, and handed to the driver as they are.

SQLAlchemy looks up what it has compiled, and makes a context and a result, at every execution: most of what a
small statement costs (decision 20). What it knows stays in use: its SQL, its types, its transactions,
its events and its errors.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
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
        connection = _connection(session)
        ready = self._made(connection.dialect, about)
        return ready.read(_say(connection, ready.sql, _bound(connection, ready, about), _ROWS))

    def value(self, session: Session, about: About) -> Any:
        """The first column of its first row; None when there is no row."""
        found = self.rows(session, about)
        return found[0][0] if found else None

    def values(self, session: Session, about: About) -> list[Any]:
        """The first column of all its rows."""
        return [row[0] for row in self.rows(session, about)]

    def write(self, session: Session, about: About) -> int:
        """Say it for what it changes; returns how many rows it met."""
        connection = _connection(session)
        ready = self._made(connection.dialect, about)
        met: int = _say(connection, ready.sql, _bound(connection, ready, about), _MET)
        return met

    def write_all(self, session: Session, rows: Sequence[About]) -> None:
        """Say it for each of some rows, which all name the same parameters."""
        if len(rows) == 1:
            self.write(session, rows[0])
        elif rows:
            connection = _connection(session)
            ready = self._made(connection.dialect, rows[0], many=True)
            values = [_bound(connection, ready, row) for row in rows]
            _say(connection, ready.sql, values, _MET, many=True)

    def _made(self, dialect: Dialect, about: About, *, many: bool = False) -> _Ready:
        key = dialect.name, many, tuple(about)
        ready = self._ready.get(key)
        if ready is None:
            ready = self._ready[key] = _prepare(self.statement, dialect, list(about), many)
        return ready


_KNOWN = "handledd_connection"


def _connection(session: Session) -> Connection:
    """That of the session's transaction: asking the session for it at each statement takes 4 µs."""
    begun, known = session.get_transaction(), session.info.get(_KNOWN)
    if known and known[0] is begun and begun.is_active and not session.in_nested_transaction():
        connection: Connection = known[1]
        return connection
    connection = session.connection()
    session.info[_KNOWN] = session.get_transaction(), connection
    return connection


class _Ready(NamedTuple):
    """A statement in the words of one driver, and the ways there and back."""

    sql: str
    bind: Callable[[About], Any]
    read: Callable[[Sequence[Any]], list[Any]]


def _bound(connection: Connection, ready: _Ready, about: About) -> Any:
    """The values as the driver takes them."""
    try:
        return ready.bind(about)
    except BaseException as error:  # noqa: BLE001 raised anew, in SQLAlchemy's words
        connection._handle_dbapi_exception(error, ready.sql, None, None, None)


def _say(connection: Connection, sql: str, values: Any, take: _Convert, *, many: bool = False) -> Any:
    """What is taken from the driver's cursor; with `many` the statement is said once for each of the values.

    Who listens to the engine hears of it as of any other.
    """
    cursor, heard = _cursor(connection), connection._has_events or connection.engine._has_events
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


def _cursor(connection: Connection) -> Any:
    """Of a connection that is still there."""
    try:
        return connection.connection.cursor()
    except BaseException as error:  # noqa: BLE001 as above
        connection._handle_dbapi_exception(error, None, None, None, None)


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
    if not converts:
        return lambda found: [row(each) for each in found]
    return lambda found: [row(_converted(each, converts)) for each in found]


def _row(names: Sequence[str]) -> Callable[[Sequence[Any]], Any]:
    made: Any = namedtuple("Row", names, rename=True)  # type: ignore[misc]  # known when it runs
    return made._make


def _converted(found: Sequence[Any], converts: Sequence[tuple[int, _Convert]]) -> list[Any]:
    row = list(found)
    for at, convert in converts:
        row[at] = convert(row[at])
    return row
