"""A session's way to its driver: its connection, held while the transaction lasts.

Asking the session for it takes longer than many a statement (decision 20). No cursor is held: SQLite's lock
would outlive a connection that is given up at its commit for as long as the cursor does.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from sqlalchemy import Connection
from sqlalchemy.pool import PoolProxiedConnection
from sqlmodel import Session


class Way(NamedTuple):
    """What the driver is told belongs to the connection's transaction."""

    connection: Connection
    driver: PoolProxiedConnection


_HELD = "way"


def way_of(session: Session) -> Way:
    """The one that is held, or another where it does not lead on."""
    held: Way | None = session.info.get(_HELD)
    if held is None or not _leads_on(session, held):
        connection = session.connection()
        held = session.info[_HELD] = Way(connection, connection.connection)
    return held


def _leads_on(session: Session, held: Way) -> bool:
    """Whether what is said there belongs to the session's transaction, whatever has happened meanwhile.

    A savepoint begins when the session is asked for its connection, so within one it is always asked.
    """
    connection = held.connection
    lasts = connection.in_transaction() and not session.in_nested_transaction()
    return lasts and connection.connection is held.driver


def _cursor(connection: Connection, driver: PoolProxiedConnection) -> Any:
    try:
        return driver.cursor()
    except BaseException as error:  # noqa: BLE001 raised anew, in SQLAlchemy's words
        connection._handle_dbapi_exception(error, None, None, None, None)


def say(way: Way, sql: str, values: Any, take: Callable[[Any], Any], *, many: bool = False) -> Any:
    """What is taken from a cursor when a statement was said, with `many` once for each of the values.

    Who listens to the engine hears of it as of any other. Raises what SQLAlchemy would.
    """
    connection, driver = way
    cursor = _cursor(connection, driver)
    heard = connection._has_events or connection.engine._has_events
    if heard:
        connection.dispatch.before_cursor_execute(connection, cursor, sql, values, None, many)
    try:
        (cursor.executemany if many else cursor.execute)(sql, values)
        if heard:
            connection.dispatch.after_cursor_execute(connection, cursor, sql, values, None, many)
        taken = take(cursor)
        cursor.close()
    except BaseException as error:  # noqa: BLE001 as above
        # Only this knows a lost connection from a refusal on each engine, and gives the connection up.
        connection._handle_dbapi_exception(error, sql, None, cursor, None)
    return taken
