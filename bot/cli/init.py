"""`handledd init`: the settings file and the database, asked for on a terminal or told by options."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Final

import typer
from pydantic import SecretStr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict
from sqlalchemy.engine import make_url

from bot.cli.database import database, first_fault, load_settings
from bot.cli.output import FAILURE, fail, print_text, write_private
from bot.faults import faults
from bot.settings import Settings

app = typer.Typer()
FILE: Final = Path("handledd.toml")
ASKED: Final[Mapping[str, Sequence[str]]] = {
    "slack": ("slack_signing_secret", "slack_bot_token"),
    "telegram": ("telegram_token",),
    "teams": ("teams_client_id", "teams_client_secret", "teams_tenant_id"),
    "matrix": ("matrix_homeserver", "matrix_user", "matrix_access_token"),
    "none": (),
}
"""What each platform cannot do without."""
NEXT: Final = """\
next:
  handledd roster import roster.csv --dry-run    who is who: a CSV or Excel file (README.md, The roster)
  handledd doctor                                what is still missing
  handledd run                                   start"""


class _Written(Settings):
    """Settings as they are handed over: no older file beside them is looked at."""

    model_config = SettingsConfigDict(toml_file=None)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 the base class fixes the signature
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (init_settings,)


@app.command()
def init(
    database_url: Annotated[str | None, typer.Option(help="sqlite:///FILE or postgresql+psycopg://…")] = None,
    timezone: Annotated[str | None, typer.Option(help="Such as Europe/Stockholm.")] = None,
    platform: Annotated[str | None, typer.Option(help=f"The first one: {', '.join(ASKED)}.")] = None,
    more: Annotated[
        list[str] | None,
        typer.Option(
            "--set", help="NAME=VALUE of any setting; NAME=@FILE reads it, so that no secret shows."
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over a handledd.toml.")] = False,
) -> None:
    """Write handledd.toml for its owner alone, create the database, and say what comes next."""
    if FILE.exists() and not force:
        fail(f"{FILE} is there already: edit it, or write over it with --force")
    given = {"database_url": database_url, "timezone": timezone}
    values = {name: value for name, value in given.items() if value} | _told(more or ())
    values = _asked(values, platform) if sys.stdin.isatty() else values
    if platform:
        _must_have(values, platform)
    _check(values)
    write_private(FILE, _toml(values).encode())
    print_text(f"{FILE} written; its owner alone may read it")
    _create()
    print_text(NEXT)


def _told(pairs: Sequence[str]) -> dict[str, str]:
    """The values of --set. An unknown name is named; a value never is."""
    found: dict[str, str] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        name = name.lower().removeprefix("handledd_")
        if not equals or name not in Settings.model_fields:
            fail(f"--set {name}: write NAME=VALUE; the names are {', '.join(Settings.model_fields)}")
        found[name] = _from_file(name, value[1:]) if value.startswith("@") and _secret(name) else value
    return found


def _from_file(name: str, path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        fail(f"--set {name}: {path} cannot be read")


def _secret(name: str) -> bool:
    return SecretStr.__name__ in str(Settings.model_fields[name].annotation)


def _asked(values: Mapping[str, str], platform: str | None) -> dict[str, str]:
    """What is not told yet, asked for with its usual value; a secret is not shown while it is typed."""
    found = dict(values)
    for name in ("database_url", "timezone"):
        if name not in found:
            found[name] = typer.prompt(name.replace("_", " "), default=Settings.model_fields[name].default)
    chosen = platform or typer.prompt("platform (" + ", ".join(ASKED) + ")", default="none")
    for name in ASKED.get(chosen, ()):
        if name not in found:
            found[name] = typer.prompt(name.replace("_", " "), hide_input=_secret(name))
    if platform is None:
        _must_have(found, chosen)
    return found


def _must_have(values: Mapping[str, str], platform: str) -> None:
    """End the command when the platform cannot be served with these values and the environment's."""
    if platform not in ASKED:
        fail(f"--platform is {', '.join(ASKED)}, not {platform}")
    for name in ASKED[platform]:
        if name not in values and name not in _outside():
            fail(f"{platform} needs {name}: --set {name}=…, or HANDLEDD_{name.upper()} in the environment")


def _check(values: Mapping[str, str]) -> None:
    """End the command when a value is wrong, the environment's too: named, with its mend, never shown."""
    try:
        settings = _Written(**{**values, **_outside()})  # type: ignore[arg-type]
    except ValidationError as error:
        fail(": ".join(first_fault(error)))
    for fault in faults(settings):
        fail(fault)


def _outside() -> dict[str, str]:
    """The environment's, which go before the file's."""
    names = ((name, f"HANDLEDD_{name}".upper()) for name in Settings.model_fields)
    return {name: os.environ[variable] for name, variable in names if os.environ.get(variable)}


def _toml(values: Mapping[str, str]) -> str:
    """The file's text; a number without quotes, a text with those of JSON, which TOML shares."""
    written = _Written(**values)  # type: ignore[arg-type]
    lines = ["# Settings of handledd; HANDLEDD_* variables go before them. README.md names each one."]
    for name, value in values.items():
        number = isinstance(getattr(written, name), int)
        lines.append(f"{name} = {value if number else json.dumps(value, ensure_ascii=False)}")
    return "\n".join(lines) + "\n"


def _create() -> None:
    """The database that `run` would open: its tables, and its file for its owner alone."""
    settings = load_settings()
    url = make_url(settings.database_url)
    if url.get_backend_name() == "sqlite" and url.database and url.database != ":memory:":
        try:
            Path(url.database).touch(0o600)
        except OSError as error:
            fail(f"HANDLEDD_DATABASE_URL: {url.database} cannot be made: {error.strerror}", FAILURE)
    with database(settings) as engine:
        print_text(f"database ready: {engine.url.render_as_string(hide_password=True)}")
