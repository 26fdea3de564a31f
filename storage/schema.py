"""The schema's history: bring any released database up to today's tables."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from storage.tables import metadata

MIGRATIONS = Path(__file__).with_name("migrations")
_LOCK = 0x68616E64  # "hand": one number for all replicas, so that only one of them migrates


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def migrate(engine: Engine, revision: str = "head") -> None:
    """Run every migration that is missing, in one transaction. Safe from several replicas at once.

    Up to an older `revision`, to try what becomes of a database of that day.
    """
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        command.upgrade(_config(connection), revision)


def head() -> str:
    """The newest revision this version of the code knows."""
    found = ScriptDirectory.from_config(_config()).get_current_head()
    if found is None:
        msg = f"no migrations in {MIGRATIONS}"
        raise RuntimeError(msg)
    return found


def known_revisions() -> frozenset[str]:
    """Every revision this version of the code can bring up to today."""
    return frozenset(history())


def history() -> list[str]:
    """Every revision, the oldest first."""
    scripts = ScriptDirectory.from_config(_config()).walk_revisions()
    return [script.revision for script in scripts][::-1]


def current(engine: Engine) -> str | None:
    """The revision the database is at; None for an empty one."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def differences(engine: Engine) -> list[object]:
    """What the tables in the code have that the database has not, or the other way round; [] when alike."""
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, metadata))


def new_revision(engine: Engine, message: str, revision: str) -> None:
    """Write a migration from the difference between the database and the code, for a developer to read."""
    with engine.begin() as connection:
        command.revision(_config(connection), message=message, autogenerate=True, rev_id=revision)
