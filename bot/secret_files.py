"""Secrets in files: `HANDLEDD_SLACK_BOT_TOKEN_FILE=/run/secrets/slack` in the place of the secret itself.

Who may read a file that holds one is looked at before the file is: a secret that others can read is none.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Final

import tomli
from pydantic import SecretStr
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, TomlConfigSettingsSource
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

PREFIX: Final = "HANDLEDD_"
OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO
MOST_BYTES: Final = 16_384
ALSO: Final = ("database_url", "watchdog_url")
"""No secrets by their type, but an address can hold a password, or be all that one needs to know."""
KEY_OF_ITS_OWN: Final = "signing_key"
"""Its file is a PEM that handledd makes itself (`bot/signing_key.py`)."""


class SecretFileError(Exception):
    """A file of secrets that is not used; the text names setting, file and mend, never what is in it."""


def may_have_file(settings: type[BaseSettings]) -> tuple[str, ...]:
    """The settings that may stand in a file of their own."""
    fields = settings.model_fields
    secret = (name for name in fields if SecretStr.__name__ in str(fields[name].annotation))
    return (*(name for name in secret if name != KEY_OF_ITS_OWN), *ALSO)


def is_tight(mode: int, owner: int, *, read_only: bool) -> bool:
    """Whether nobody reads a file who should not.

    Its owner alone (600, 400), or root's own on a mount that cannot be written to: so Kubernetes, Docker's
    swarm and systemd's LoadCredential hand over secrets, as 644 or 440 for a user who is not root. Their mode
    is not ours to change, and who else sees such a mount is decided by the container or unit around it.
    A file of 644 anywhere else is one that somebody forgot.
    """
    return not mode & OTHERS or (owner == 0 and read_only)


def others_may_read(file: Path) -> bool:
    """Whether a file is not tight. Links are followed. OSError when there is none."""
    found, mount = file.stat(), os.statvfs(file)
    return not is_tight(found.st_mode, found.st_uid, read_only=bool(mount.f_flag & os.ST_RDONLY))


def refuse_if_open(file: Path) -> None:
    """Raise SecretFileError when others may read the file; OSError when there is none."""
    if others_may_read(file):
        raise SecretFileError(f"{file} holds secrets and others may read it: chmod 600 {file}")


def read_secret(name: str, file: Path) -> str:
    """What a file holds, without the line end that editors add. Raises SecretFileError."""
    setting = f"{PREFIX}{name}_FILE".upper()
    try:
        refuse_if_open(file)
        if file.stat().st_size > MOST_BYTES:
            raise SecretFileError(f"{setting}: {file} is too large for a secret")
        told = file.read_text("utf-8").strip()
    except OSError as error:
        raise SecretFileError(f"{setting}: {file} cannot be read: {error.strerror}") from error
    except ValueError:  # its own words would quote the file
        raise SecretFileError(f"{setting}: {file} holds no text") from None
    if not told:
        raise SecretFileError(f"{setting}: {file} is empty")
    return told


class SecretFiles(PydanticBaseSettingsSource):
    """`HANDLEDD_NAME_FILE` of the environment."""

    def get_field_value(self, field: object, field_name: str) -> tuple[Any, str, bool]:  # noqa: ARG002
        """The base class wants it; everything is read at once below."""
        return None, field_name, False

    def __call__(self) -> dict[str, Any]:
        """Every secret that is named by its file."""
        given = {name.upper(): value for name, value in os.environ.items() if value}
        found: dict[str, Any] = {}
        for name in may_have_file(self.settings_cls):
            plain = f"{PREFIX}{name}".upper()
            if file := given.get(f"{plain}_FILE"):
                if plain in given:
                    raise SecretFileError(f"{plain} and {plain}_FILE are both set: take one of them away")
                found[name] = read_secret(name, Path(file))
        return found


class TightToml(TomlConfigSettingsSource):
    """`handledd.toml`, refused while others may read secrets in it; there `name_file` names a file."""

    def __call__(self) -> dict[str, Any]:
        """What the file says. ValueError where something else stands in its place: it is not passed over."""
        file = Path(str(self.settings_cls.model_config["toml_file"]))
        if os.path.lexists(file) and not file.is_file():
            raise ValueError("is no file: move it away, and write the settings into a file of that name")
        data = super().__call__()
        names = may_have_file(self.settings_cls)
        if any(_is_secret(name, data.get(name)) for name in (*names, KEY_OF_ITS_OWN)):
            refuse_if_open(file)
        return _with_files(data, names)

    def _read_file(self, file_path: Path | Traversable) -> dict[str, Any]:
        """The mark that some editors begin a file with is let be. ValueError: what is wrong, and its mend."""
        try:
            return tomli.loads(file_path.read_bytes().decode("utf-8-sig"))
        except OSError as error:
            raise ValueError(f"cannot be read: {error.strerror}; let whoever runs this read it") from error
        except UnicodeDecodeError:  # its own words would quote the file
            raise ValueError("not UTF-8: save it as UTF-8") from None
        except tomli.TOMLDecodeError as error:
            raise ValueError(f"{error}; mend that line") from error


def _with_files(data: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    files = {f"{name}_file": name for name in names if f"{name}_file" in data}
    for key, name in files.items():
        if name in data:
            raise SecretFileError(f"handledd.toml sets both {name} and {key}: take one of them away")
    read = {name: read_secret(name, Path(str(data[key]))) for key, name in files.items()}
    return {key: value for key, value in data.items() if key not in files} | read


def _is_secret(name: str, value: object) -> bool:
    """Whether a value gives something away: an address of a database only with a password in it."""
    if name != "database_url" or not value:
        return bool(value)
    try:
        return make_url(str(value)).password is not None
    except ArgumentError:
        return True
