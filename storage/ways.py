"""A session's way to its driver: its connection and a cursor of that, held while the transaction lasts.

Asking the session for the one and the pool for the other takes longer than many a statement (decision 20).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from sqlalchemy import Connection
from sqlalchemy.pool import PoolProxiedConnection
from sqlmodel import Session


class Way(NamedTuple):
    """What is said by the cursor belongs to the connection's transaction."""

    connection: Connection
    driver: PoolProxiedConnection
    cursor: Any


_HELD = "way"


def way_of(session: Session) -> Way:
    """The one that is held, or another where it does not lead on."""
    held: Way | None = session.info.get(_HELD)
    if held is None or not _leads_on(session, held):
        connection = session.connection()
        held = session.info[_HELD] = Way(connection, connection.connection, _cursor(connection))
    return held


def _leads_on(session: Session, held: Way) -> bool:
    """Whether what is said there belongs to the session's transaction, whatever has happened meanwhile.

    A savepoint begins when the session is asked for its connection, so within one it is always asked.
    """
    connection = held.connection
    lasts = connection.in_transaction() and not session.in_nested_transaction()
    return lasts and connection.connection is held.driver


def _cursor(connection: Connection) -> Any:
    try:
        return connection.connection.cursor()
    except BaseException as error:  # noqa: BLE001 raised anew, in SQLAlchemy's words
        connection._handle_dbapi_exception(error, None, None, None, None)


def say(
    session: Session, way: Way, sql: str, values: Any, take: Callable[[Any], Any], *, many: bool = False
) -> Any:
    """What is taken from the cursor when a statement was said, with `many` once for each of the values.

    Who listens to the engine hears of it as of any other. Raises what SQLAlchemy would.
    """
    connection, _, cursor = way
    heard = connection._has_events or connection.engine._has_events
    if heard:
        connection.dispatch.before_cursor_execute(connection, cursor, sql, values, None, many)
    try:
        (cursor.executemany if many else cursor.execute)(sql, values)
        if heard:
            connection.dispatch.after_cursor_execute(connection, cursor, sql, values, None, many)
        return take(cursor)
    except BaseException as error:  # noqa: BLE001 as above
        # Only this knows a lost connection from a refusal on each engine, and gives the connection up.
        session.info.pop(_HELD, None)
        connection._handle_dbapi_exception(error, sql, None, cursor, None)
