"""Opening the database that the settings name, for commands that read or change it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from pathlib import Path
from typing import Literal, get_args, get_origin

from pydantic import ValidationError
from pydantic.fields import FieldInfo
from sqlalchemy import Engine
from sqlalchemy.exc import DatabaseError, OperationalError

from bot.cli.output import FAILURE, fail
from bot.secret_files import SecretFileError
from bot.settings import Settings
from bot.signing_key import signing_key
from handlers.language.lexicon import vocabulary
from handlers.language.lexicon.word_files import VocabularyError
from handlers.portable import signing
from storage.engine import open_engine
from storage.faults import NewerError, lacks_room
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
        name, wrong = first_fault(error)
        fail(f"setting HANDLEDD_{name.upper()}: {wrong}")
    except ValueError as error:
        fail(f"handledd.toml: {error}")
    return settings


def first_fault(error: ValidationError) -> tuple[str, str]:
    """The first wrong setting's name, and what is wrong with it; never its value."""
    first = error.errors()[0]
    name = "_".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        return name, f"there is no such setting{meant(name, Settings.model_fields)}"
    if first["type"] == "value_error":
        return name, first["msg"].removeprefix("Value error, ")
    return name, f"write {_form(Settings.model_fields[str(first['loc'][0])])}"


def _form(field: FieldInfo) -> str:
    """What a setting looks like, in the words of whoever is to write it."""
    if get_origin(field.annotation) is Literal:
        return f"one of {', '.join(get_args(field.annotation))}"
    if field.annotation is not int:
        return "a text; in handledd.toml it stands between quotes"
    least, most = (_bound(field, kind) for kind in ("ge", "le"))
    return f"a whole number from {least} to {most}"


def _bound(field: FieldInfo, kind: str) -> int | None:
    return next((getattr(each, kind) for each in field.metadata if hasattr(each, kind)), None)


def meant(name: str, known: Iterable[str]) -> str:
    """The nearest name there is, as the end of a sentence; where none is near, where all are told."""
    near = get_close_matches(name, known, n=1)
    return f": is {near[0]} meant?" if near else ": README.md names those there are"


@contextmanager
def database(settings: Settings) -> Iterator[Engine]:
    """The engine, migrated to today's tables. An unreachable database ends the command."""
    engine = open_engine(settings.database_url)
    try:
        _migrated(engine)
        yield engine
    except OperationalError as error:
        fail(f"the database does not answer: {_one_line(error)}; {_mend(error, engine)}", FAILURE)
    finally:
        engine.dispose()


def _migrated(engine: Engine) -> None:
    try:
        migrate(engine)
    except OperationalError:
        raise
    except NewerError:
        fail(f"the database comes from a newer handledd: install that version ({_where(engine)})", FAILURE)
    except DatabaseError as error:
        fail(f"HANDLEDD_DATABASE_URL is no database of handledd's: {_one_line(error)}", FAILURE)


def _mend(error: OperationalError, engine: Engine) -> str:
    if lacks_room(error.orig):
        return f"make room where it lies, or see whether that disk is sound ({_where(engine)})"
    if "readonly" in str(error.orig):
        return f"let whoever runs this write {_where(engine)} and its folder"
    if "database is locked" in str(error.orig) or "lock timeout" in str(error.orig):
        return "something else is writing to it: try again when that is done"
    return f"is HANDLEDD_DATABASE_URL right ({_where(engine)})?"


def _where(engine: Engine) -> str:
    """A file as the folder it is looked for in makes it; of a server everything but the password."""
    url = engine.url
    if engine.dialect.name == "sqlite" and url.database:
        return str(Path(url.database).absolute())
    return url.render_as_string(hide_password=True)


def _one_line(error: DatabaseError) -> str:
    """The driver's own words; a driver's may be several lines."""
    return " ".join(str(error.orig).split())
