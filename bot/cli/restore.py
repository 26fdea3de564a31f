"""`handledd restore FILE`: check a backup, put it in the database's place, and verify every standing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from sqlalchemy.engine import make_url

from bot.cli.compared import verified
from bot.cli.database import database, load_settings
from bot.cli.output import FAILURE, fail, print_text
from bot.clock import system_clock
from bot.secret_files import SecretFileError, refuse_if_open
from handlers.trail import looked
from storage.backup import backup, refuse_at_once, restore
from storage.faults import BackupError, MisnamedError
from storage.sealed import Identity, identities_of

app = typer.Typer()


@app.command()
def put_back(
    file: Annotated[Path, typer.Argument(help="A file that handledd backup wrote.")],
    keep: Annotated[
        Path | None, typer.Option(help="Where what is there now is kept; beside the backup by default.")
    ] = None,
    identity: Annotated[
        Path | None,
        typer.Option(help="The file with the key of an encrypted backup, as age-keygen wrote it."),
    ] = None,
) -> None:
    """Replace the database's content by a backup, after keeping a copy of what is there now."""
    settings = load_settings()
    now = system_clock()
    try:
        refuse_at_once(settings.database_url, file)
        keys = _keys(identity) if identity else []
        kept = _keep(settings.database_url, keep or _beside(file, now), keys)
        with Console(stderr=True).status("Putting back …"):
            restore(settings.database_url, file, keys)
    except (MisnamedError, SecretFileError) as error:
        fail(str(error))
    except BackupError as error:
        fail(str(error), FAILURE)
    if kept:
        print_text(f"kept what was there in {kept}")
    with database(settings) as engine:
        looked(engine, "restored", "database", now, backup=file.name)
        found = len(verified(engine, now, settings.timezone))
    print_text(f"restored {file}: drift {found}")
    if found:
        fail("some standings differ from the journal: run handledd recompute", FAILURE)


def _keys(identity: Path) -> Sequence[Identity]:
    """The keys of a file that its owner alone may read."""
    try:
        refuse_if_open(identity)
        return identities_of(identity.read_text("utf-8"), str(identity))
    except OSError as error:
        raise MisnamedError(
            f"{identity} cannot be read: {error.strerror}; name a file that you may read"
        ) from error
    except UnicodeDecodeError:  # its own words would quote the file
        raise MisnamedError(f"{identity} is no identity file: name the one that age-keygen wrote") from None


def _keep(database_url: str, target: Path, keys: Sequence[Identity]) -> Path | None:
    """What is there now, unless there is nothing; under the same keys, when the backup came under some."""
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        return None
    backup(database_url, target, [key.to_public() for key in keys])
    return target


def _beside(file: Path, now: datetime) -> Path:
    return file.with_name(f"{file.name}.before-{now:%Y%m%dT%H%M%SZ}")
