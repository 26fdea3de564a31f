"""`handledd key`: the public key that the next unit checks a signed history with."""

from __future__ import annotations

import typer

from bot.cli.database import load_settings
from bot.cli.output import FAILURE, fail, print_text
from handlers.portable import signing

app = typer.Typer()


@app.command()
def key() -> None:
    """Print this installation's public key; make the pair when there is none yet."""
    load_settings()
    try:
        print_text(signing.public_key())
    except signing.NoKeyError as error:
        fail(str(error), FAILURE)
