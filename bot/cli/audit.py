"""`handledd audit`: who did or saw what, when; never what was written."""

from __future__ import annotations

from typing import Annotated

import typer
from sqlmodel import Session, select

from bot.cli.database import database, load_settings
from bot.cli.output import as_date, print_json, print_table, unknown_trainee
from handlers.trail import Trace, trail
from schedules.zone import midnight, to_local
from storage.engine import reading
from storage.tables import Person, Trainee

app = typer.Typer()
_COLUMNS = ("at", "who", "act", "about", "subject", "facts")


@app.command()
def audit(
    trainee: Annotated[str | None, typer.Option(help="Only about this trainee, by e-mail.")] = None,
    since: Annotated[str | None, typer.Option(help="The first local date, like 2026-11-22.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object per act.")] = False,
) -> None:
    """Print the audit trail, oldest first."""
    settings = load_settings()
    day = as_date(since, "--since")
    first = midnight(day, settings.timezone) if day else None
    with database(settings) as engine, reading(engine) as session:
        whose = _trainee(session, trainee) if trainee else None
        rows = [_row(each, settings.timezone) for each in trail(session, first, whose)]
    if as_json:
        for row in rows:
            print_json(row)
        return
    for row in rows:
        row["at"] = str(row["at"]).replace("T", " ")  # where a narrow terminal may break it
    print_table(_COLUMNS, [[_cell(row[key]) for key in _COLUMNS] for row in rows])


def _trainee(session: Session, email: str) -> Trainee:
    found = session.exec(select(Trainee).join(Person).where(Person.email == email.casefold())).first()
    return found or unknown_trainee(email)


def _row(trace: Trace, zone: str) -> dict[str, object]:
    return {
        "at": to_local(trace.at, zone).isoformat(timespec="seconds"),
        "who": trace.who or "handledd",
        "act": trace.act,
        "about": trace.about,
        "subject": trace.subject,
        "facts": trace.facts,
    }


def _cell(value: object) -> str:
    if isinstance(value, dict):
        return " ".join(f"{key}={_fact(each)}" for key, each in value.items() if each is not None)
    return str(value or "")


def _fact(value: object) -> str:
    """`1→5` of what was changed; as the rulebook or everybody has it is "usual"."""
    if isinstance(value, list):
        return "→".join("usual" if each is None else str(each) for each in value)
    return str(value)
