"""Taking words out of every table: names, addresses, account ids, wherever somebody wrote or kept them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Any, Final

from sqlalchemy import JSON, Column, String, Table, UniqueConstraint, and_, select, update
from sqlmodel import Session

from storage.tables import metadata

GONE: Final = "–"
"""What stands where a name stood."""
PERSON: Final = "person"
"""The table that is left alone: a namesake keeps their own name."""
SHORTEST: Final = 3
BATCH: Final = 1000


def sweep(session: Session, words: Collection[str]) -> int:
    """Replace each of the words, in whatever case, in every text and JSON column; returns how many rows.

    Every row is read: a database cannot look for a word in JSON that is kept escaped. Only whole words
    are taken, so that "Bo Dal" leaves "Bo Dalkvist" in peace.
    """
    wanted = sorted({word for word in words if len(word) >= SHORTEST}, key=len, reverse=True)
    if not wanted:
        return 0
    session.flush()
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, wanted))})(?!\w)", re.IGNORECASE)
    count = sum(_table(session, table, pattern) for table in metadata.sorted_tables if table.name != PERSON)
    session.expire_all()
    return count


def _table(session: Session, table: Table, pattern: re.Pattern[str]) -> int:
    texts = [column for column in table.columns if isinstance(column.type, String | JSON)]
    keys = list(table.primary_key.columns)
    if not texts:
        return 0
    found = session.connection().execute(select(*keys, *texts)).all()
    unique = _unique(table)
    changes = [(row, new) for row in found if (new := dict(_changed(row, texts, len(keys), unique, pattern)))]
    for row, new in changes:
        where = and_(*(key == row[at] for at, key in enumerate(keys)))
        session.connection().execute(update(table).where(where).values(new))
    return len(changes)


def _changed(
    row: Any, texts: list[Column[Any]], first: int, unique: set[str], pattern: re.Pattern[str]
) -> Iterator[tuple[str, Any]]:
    """The columns of a row that held one of the words, as they are without."""
    for at, column in enumerate(texts, first):
        swept = _swept(row[at], pattern)
        if swept != row[at]:
            yield column.name, f"{GONE}{row[0]}" if column.name in unique else swept


def _unique(table: Table) -> set[str]:
    """Columns in which two rows must not become alike."""
    groups = [each.columns for each in table.constraints if isinstance(each, UniqueConstraint)]
    groups += [table.primary_key.columns]
    return {column.name for group in groups for column in group}


def _swept(value: Any, pattern: re.Pattern[str]) -> Any:
    if isinstance(value, str):
        return pattern.sub(GONE, value)
    if isinstance(value, list):
        return [_swept(each, pattern) for each in value]
    if isinstance(value, dict):
        return {_swept(key, pattern): _swept(each, pattern) for key, each in value.items()}
    return value
