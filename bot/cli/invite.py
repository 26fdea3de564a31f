"""`handledd invite`: a code that links somebody's account."""

from __future__ import annotations

from typing import Annotated

import typer
from sqlmodel import select

from bot.cli.database import database, load_settings
from bot.cli.output import fail, print_text
from bot.clock import system_clock
from handlers.linking import invite as make_code
from storage.engine import writing
from storage.tables import Person

app = typer.Typer()


@app.command()
def invite(email: Annotated[str, typer.Argument(help="Whose account is to be linked.")]) -> None:
    """Print a code: the person writes `koppla CODE` to the bot within ten minutes."""
    with database(load_settings()) as engine, writing(engine) as session:
        person = session.exec(select(Person).where(Person.email == email.casefold())).first()
        if person is None:
            fail(f"{email} is not in the roster: import it first with handledd roster import")
        code = make_code(session, person, system_clock())
    print_text(f"{code}\nSkriv till boten inom tio minuter: koppla {code}")
