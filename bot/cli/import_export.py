"""`handledd import-export FILE --key PUB`: offer a history from another unit to the trainee it is of."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.database import database, load_settings
from bot.cli.output import fail, print_text, unreadable
from bot.clock import system_clock
from handlers.portable.history import HistoryError, read
from handlers.portable.taking import Offered, offer
from storage.engine import writing

app = typer.Typer()


@app.command()
def take(
    file: Annotated[Path, typer.Argument(help="The signed file.")],
    key: Annotated[str, typer.Option(help="What `handledd key` prints at the unit that wrote it.")],
) -> None:
    """Check a signed history and ask its trainee to accept it. The same file again changes nothing."""
    settings = load_settings()
    try:
        history, raw = read(file.read_bytes(), key)
        with database(settings) as engine, writing(engine) as session:
            offered = offer(session, history, raw, key, system_clock())
    except OSError as error:
        unreadable(file, error)
    except HistoryError as error:
        fail(f"{file}: {error}")
    print_text(_told(offered))


def _told(offered: Offered) -> str:
    if offered.taken:
        return f"{offered.name} has taken this file before: nothing to do"
    return f"{offered.entries} entries offered to {offered.name}, who is asked in the chat to accept them"
