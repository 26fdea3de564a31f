"""`handledd export EMAIL --out FILE`: a trainee's history as a signed file, for the next unit."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer
from sqlmodel import select

from bot.cli.database import database, load_settings
from bot.cli.output import FAILURE, fail, print_text, unknown_trainee, unwritable
from bot.clock import system_clock
from handlers.portable import signing
from handlers.portable.giving import history_of
from handlers.portable.history import History, signed
from schedules.zone import to_local
from storage.engine import writing
from storage.tables import Audit, Person, Trainee

app = typer.Typer()


@app.command()
def export(
    email: Annotated[str, typer.Argument(help="The trainee's e-mail.")],
    out: Annotated[Path, typer.Option(help="A new file to write.")],
) -> None:
    """Write what a trainee takes along. Nothing private and no concern is in it."""
    settings = load_settings()
    now = system_clock()
    with database(settings) as engine, writing(engine) as session:
        trainee = session.exec(select(Trainee).join(Person).where(Person.email == email.casefold())).first()
        if trainee is None:
            unknown_trainee(email)
        try:
            history = history_of(session, trainee, now, to_local(now, settings.timezone).date())
            _write(out, signed(history))
        except signing.NoKeyError as error:
            fail(str(error), FAILURE)
        session.add(Audit(at=now, act="history_given", subject=f"trainee:{trainee.id}"))
    print_text(_told(out, history))


def _write(out: Path, content: bytes) -> None:
    try:
        with os.fdopen(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
    except FileExistsError:
        fail(f"{out} exists already: choose a new name")
    except OSError as error:
        unwritable(out, error)


def _told(out: Path, history: History) -> str:
    return f"saved {out}: {len(history.entries)} entries; the next unit checks it with {signing.public_key()}"
