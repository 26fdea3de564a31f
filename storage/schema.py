"""The schema's history: bring any released database up to today's tables."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, column, inspect, select, text
from sqlalchemy import table as named

from storage.columns import is_of, told_conditions
from storage.faults import NewerError
from storage.tables import metadata

if TYPE_CHECKING:
    from alembic.config import Config

# Alembic is imported where it is used: a database that is at today's tables is opened without it.

MIGRATIONS = Path(__file__).with_name("migrations")
_LOCK = 0x68616E64  # "hand": one number for all replicas, so that only one of them migrates
_AT = named("alembic_version", column("version_num"))


def _config(connection: Connection | None = None) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def migrate(engine: Engine, revision: str = "head") -> None:
    """Run every migration that is missing, in one transaction. Safe from several replicas at once.

    Up to an older `revision`, to try what becomes of a database of that day. Raises NewerError where a newer
    handledd was there before, after whose upgrade the older program was put back.
    """
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        found = _revision_of(connection)
        if found == (head() if revision == "head" else revision):
            return
        if found is not None and found not in known_revisions():
            raise NewerError(found)
        _upgrade(connection, revision)


def _upgrade(connection: Connection, revision: str) -> None:
    from alembic import command

    command.upgrade(_config(connection), revision)


def head() -> str:
    """The newest revision this version of the code knows: the files are numbered in their order."""
    newest = max((MIGRATIONS / "versions").glob("r*_*.py"), key=lambda file: file.name, default=None)
    if newest is None:
        msg = f"no migrations in {MIGRATIONS}"
        raise RuntimeError(msg)
    return newest.name.partition("_")[0].removeprefix("r")


def known_revisions() -> frozenset[str]:
    """Every revision this version of the code can bring up to today."""
    return frozenset(history())


def history() -> list[str]:
    """Every revision, the oldest first."""
    from alembic.script import ScriptDirectory

    scripts = ScriptDirectory.from_config(_config()).walk_revisions()
    return [script.revision for script in scripts][::-1]


def current(engine: Engine) -> str | None:
    """The revision the database is at; None for an empty one."""
    with engine.connect() as connection:
        return _revision_of(connection)


def _revision_of(connection: Connection) -> str | None:
    if not inspect(connection).has_table(_AT.name):
        return None
    return connection.execute(select(_AT.c.version_num)).scalar()


def differences(engine: Engine) -> list[object]:
    """What the tables in the code have that the database has not, or the other way round; [] when alike."""
    from alembic.autogenerate import compare_metadata
    from alembic.runtime.migration import MigrationContext

    with engine.connect() as connection:
        opts = {"compare_type": True, "include_object": is_of(connection.dialect.name)}
        context = MigrationContext.configure(connection, opts=opts)
        return list(compare_metadata(context, told_conditions(metadata)))
