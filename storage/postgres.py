"""PostgreSQL's driver, told a prepared statement as it is: no more is asked of psycopg than its parts in C.

Its own execution makes a cursor, finds each value's and each column's way anew, and forgets at every rollback
what it had prepared: half of what a small statement costs our process (decision 20). Transactions, errors,
lost connections and types stay psycopg's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple, Self

import psycopg
from psycopg import adapt
from psycopg.abc import Buffer, Transformer
from psycopg.adapt import PyFormat
from psycopg.errors import error_from_result
from psycopg.generators import execute, fetch_many, send
from psycopg.pq import ExecStatus, TransactionStatus
from psycopg.pq.abc import PGconn, PGresult

_FINE = (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK)
_NAMED = re.compile(r"%(?:\((\w+)\)s|%)")


class _Known(NamedTuple):
    """A statement as this connection's server has it: its name there, and its parameters in order."""

    name: bytes
    order: Sequence[str]
    formats: Sequence[PyFormat]


class Wire(psycopg.Connection[Any]):
    """A connection that prepares what `Saying` says once, for as long as it lives."""

    def __init__(self, pgconn: PGconn) -> None:
        super().__init__(pgconn)
        self.cursor_factory = _Cursor
        self._known: dict[str, _Known] = {}

    def begin(self) -> bool:
        """Begin a transaction: whether a connection lives is told by that, not by a question of its own.

        Raises OperationalError on one that is lost.
        """
        with self.lock:
            self._begin()
        return True

    def set_autocommit(self, value: bool) -> None:
        """SQLAlchemy sets it only where nothing was said but the BEGIN."""
        self.rollback()
        super().set_autocommit(value)

    def saying(self) -> Saying:
        """A cursor for prepared statements."""
        return Saying(self)

    def answer(self, sql: str, about: Mapping[str, Any]) -> PGresult:
        """What the server answers to a statement, with its parameters in psycopg's words: `%(name)s`."""
        with self.lock:
            known = self._ready(sql)
            self.pgconn.send_query_prepared(known.name, self._told(known, about))
            return self._answered()

    def answer_all(self, sql: str, rows: Iterable[Mapping[str, Any]]) -> int:
        """Say a statement for each of some rows, all sent before an answer is awaited; how many they met."""
        with self.lock:
            known = self._ready(sql)
            told = [self._told(known, about) for about in rows]
            self.pgconn.enter_pipeline_mode()
            for each in told:
                self.pgconn.send_query_prepared(known.name, each)
            self.pgconn.pipeline_sync()
            self.wait(send(self.pgconn))
            answers = [self.wait(fetch_many(self.pgconn)) for _ in told]
            self.wait(fetch_many(self.pgconn))  # to the sync
            self.pgconn.exit_pipeline_mode()
            return sum(self._checked(each).command_tuples or 0 for each in answers)

    def rows(self, result: PGresult) -> list[tuple[Any, ...]]:
        """The rows of an answer."""
        self._ways.set_pgresult(result)
        return self._ways.load_rows(0, result.ntuples, tuple)

    @cached_property
    def _ways(self) -> Transformer:
        """Of Python's values to the server's and back: found once."""
        return adapt.Transformer(self)

    def _begin(self) -> None:
        self.pgconn.send_query(b"BEGIN")
        self._answered()

    def _ready(self, sql: str) -> _Known:
        if self.pgconn.transaction_status == TransactionStatus.IDLE:
            self._begin()
        return self._known.get(sql) or self._learn(sql)

    def _told(self, known: _Known, about: Mapping[str, Any]) -> Sequence[Buffer | None]:
        return self._ways.dump_sequence([about[name] for name in known.order], known.formats)

    def _learn(self, sql: str) -> _Known:
        order = [*dict.fromkeys(name for name in _NAMED.findall(sql) if name)]
        numbered = _NAMED.sub(lambda said: f"${order.index(said[1]) + 1}" if said[1] else "%", sql)
        name = f"handledd_{len(self._known)}".encode()
        self.pgconn.send_prepare(name, numbered.encode(self.info.encoding))
        self._answered()
        # As text, whose type the statement tells: a number's own would be another one for each size.
        self._known[sql] = known = _Known(name, order, [PyFormat.TEXT] * len(order))
        return known

    def _answered(self) -> PGresult:
        return self._checked(self.wait(execute(self.pgconn)))

    def _checked(self, results: Sequence[PGresult]) -> PGresult:
        for each in results:
            if each.status not in _FINE:
                raise error_from_result(each, self.info.encoding)
        return results[0]


class _Cursor(psycopg.Cursor[Any]):
    """psycopg's, but for many rows: told to prepare nothing, it has the server plan for each of them."""

    _met: int | None = None

    @property
    def rowcount(self) -> int:
        """How many rows were given or met."""
        return super().rowcount if self._met is None else self._met

    def execute(self, *args: Any, **kwargs: Any) -> Self:
        """See psycopg."""
        self._met = None
        return super().execute(*args, **kwargs)

    def executemany(self, query: Any, params_seq: Iterable[Any], *, returning: bool = False) -> None:
        """See psycopg."""
        rows, wire = list(params_seq), self.connection
        if rows and isinstance(rows[0], Mapping) and isinstance(wire, Wire) and not returning:
            self._met = wire.answer_all(query, rows)
        else:
            super().executemany(query, rows, returning=returning)


class Saying:
    """As much of a cursor as a prepared statement needs."""

    __slots__ = ("_result", "_wire", "rowcount")

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def execute(self, sql: str, about: Mapping[str, Any]) -> None:
        """Say a statement; `rowcount` is then how many rows it gave or met."""
        self._result = result = self._wire.answer(sql, about)
        given = result.status == ExecStatus.TUPLES_OK
        self.rowcount = result.ntuples if given else result.command_tuples or 0

    def fetchall(self) -> list[tuple[Any, ...]]:
        """All its rows."""
        return self._wire.rows(self._result)

    def close(self) -> None:
        """Nothing is held: the answer has come whole."""
