"""What several commands ask for in the same words: a day, and a person by their e-mail."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer
from sqlmodel import Session, select

from bot.cli.output import as_date, fail, unknown_person
from bot.clock import system_clock
from handlers.people import units_of
from schedules.agenda import READERS
from schedules.zone import midnight
from storage.tables import Person

AsOf = Annotated[str | None, typer.Option(help="A local date like 2026-11-22; today if left out.")]


def moment_of(as_of: AsOf, zone: str) -> datetime:
    """The beginning of that local day in the zone; the present moment without one."""
    day = as_date(as_of, "--as-of")
    return midnight(day, zone) if day else system_clock()


def person_of(session: Session, email: str) -> Person:
    """Whose e-mail it is; one that nobody in the roster has ends the command."""
    person = session.exec(select(Person).where(Person.email == email.casefold())).first()
    if person is None:
        unknown_person(email)
    return person


def reader_of(session: Session, email: str, lacks: str) -> Person:
    """Somebody who reads digests; anybody else ends the command, which says what they have not."""
    person = person_of(session, email)
    if not units_of(session, person, READERS):
        fail(f"{email} {lacks}: only {', '.join(READERS)} with a unit do")
    return person
