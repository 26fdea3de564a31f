"""Opening the database that the settings name, for commands that read or change it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pydantic import ValidationError
from sqlalchemy import Engine
from sqlalchemy.exc import ArgumentError, DatabaseError, OperationalError

from bot.cli.output import FAILURE, fail
from bot.secret_files import SecretFileError
from bot.settings import Settings
from bot.signing_key import signing_key
from handlers.language import vocabulary
from handlers.language.vocabulary import VocabularyError
from handlers.portable import signing
from storage.engine import open_engine
from storage.schema import migrate


def load_settings() -> Settings:
    """The settings; a wrong one ends the command and is named, never shown."""
    try:
        settings = Settings()
        signing.use(lambda: signing_key(settings))
        if settings.words:
            vocabulary.use(settings.words)
    except SecretFileError as error:
        fail(str(error))
    except VocabularyError as error:
        fail(f"setting HANDLEDD_WORDS: {error}")
    except OSError as error:
        fail(f"setting HANDLEDD_WORDS: {error.filename} cannot be read: {error.strerror}")
    except ValidationError as error:
        first = error.errors()[0]
        name = "_".join(str(part) for part in first["loc"]).upper()
        fail(f"setting HANDLEDD_{name}: {first['msg']}")
    except ValueError as error:
        fail(f"handledd.toml: {error}")
    return settings


@contextmanager
def database(settings: Settings) -> Iterator[Engine]:
    """The engine, migrated to today's tables. An unreachable database ends the command."""
    try:
        engine = open_engine(settings.database_url)
    except (ValueError, ArgumentError) as error:
        fail(f"HANDLEDD_DATABASE_URL: {error}")
    try:
        _migrated(engine)
        yield engine
    except OperationalError as error:
        fail(f"the database does not answer: {_one_line(error)}", FAILURE)
    finally:
        engine.dispose()


def _migrated(engine: Engine) -> None:
    try:
        migrate(engine)
    except OperationalError:
        raise
    except DatabaseError as error:
        fail(f"HANDLEDD_DATABASE_URL is no database of handledd's: {_one_line(error)}", FAILURE)


def _one_line(error: DatabaseError) -> str:
    """The driver's own words; a driver's may be several lines."""
    return " ".join(str(error.orig).split())
