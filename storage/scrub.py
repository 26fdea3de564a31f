"""Leaving nothing of what was deleted in the database's own files."""

from __future__ import annotations

from sqlalchemy import Engine


def scrub(engine: Engine) -> bool:
    """Rewrite the database without what was deleted, and empty SQLite's write-ahead log.

    False when another connection still reads the log: it is emptied once nobody does. Call it after the
    commit, outside any transaction. Backups are files of their own: they keep what they hold.
    """
    if engine.dialect.name != "sqlite":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM")
        return True
    raw = engine.raw_connection()
    try:
        cursor = raw.cursor()
        cursor.execute("PRAGMA secure_delete=ON")
        cursor.execute("VACUUM")
        busy = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return bool(busy is None or busy[0] == 0)
    finally:
        raw.close()
