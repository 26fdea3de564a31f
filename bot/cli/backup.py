"""`handledd backup FILE`: a whole copy of the database while the bot runs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bot.cli.database import load_settings
from bot.cli.output import BAD_INPUT, FAILURE, fail, print_text
from storage.backup import backup
from storage.faults import BackupError, MisnamedError
from storage.sealed import recipient_of

app = typer.Typer()


@app.command()
def make(
    file: Annotated[Path, typer.Argument(help="A new file to write.")],
    encrypt_to: Annotated[
        list[str] | None, typer.Option(metavar="AGE1…", help="Who alone opens it; may be given again.")
    ] = None,
) -> None:
    """Copy the database to a new file that its owner alone may read. The bot may run meanwhile."""
    settings = load_settings()
    if file.suffix == ".age" and not encrypt_to:
        fail(f"{file} would not be encrypted: add --encrypt-to AGE1…, or name it otherwise")
    try:
        recipients = [recipient_of(one) for one in encrypt_to or ()]
        with Console(stderr=True).status("Copying …"):
            backup(settings.database_url, file, recipients)
    except BackupError as error:
        fail(str(error), BAD_INPUT if isinstance(error, MisnamedError) else FAILURE)
    print_text(f"saved {file} ({file.stat().st_size:,} bytes)")
