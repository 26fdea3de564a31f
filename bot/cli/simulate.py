"""`handledd simulate`: play a script on a virtual clock and print every message."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from bot.cli.output import as_date, fail, print_json, print_text, unreadable
from bot.simulation import ScriptError, Simulation, read_script
from handlers.roster.reading import RosterError

app = typer.Typer()


@app.command()
def simulate(
    roster: Annotated[Path, typer.Option(help="The roster, .csv or .xlsx.")],
    script: Annotated[Path, typer.Option(help="What people say and press, one JSON object a line.")],
    first: Annotated[str, typer.Option("--from", help="The first day, like 2026-09-01.")],
    until: Annotated[str, typer.Option(help="The last day, like 2026-12-31.")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object per message.")] = False,
    zone: Annotated[str, typer.Option("--timezone", hidden=True)] = "Europe/Stockholm",
) -> None:
    """Run the real receive, tick and delivery from the first day to the last."""
    begin, end = as_date(first, "--from"), as_date(until, "--until")
    if begin is None or end is None or end < begin:
        fail("--until is the last day and cannot be before --from")
    try:
        steps = read_script(script.read_text(encoding="utf-8-sig").splitlines(), zone)
    except OSError as error:
        unreadable(script, error)
    except UnicodeDecodeError:
        fail(f"the script {script} is not UTF-8: save it as UTF-8")
    except ScriptError as error:
        fail(str(error))
    simulation = Simulation(zone, print_json if as_json else _show)
    try:
        closing = simulation.run(roster, steps, begin, end)
    except RosterError as error:
        fail("; ".join(fault.of(roster.name) for fault in error.faults))
    except ScriptError as error:
        fail(str(error))
    finally:
        simulation.close()
    (print_json if as_json else _close)(closing)


def _show(sent: dict[str, Any]) -> None:
    buttons = f"  [{'] ['.join(sent['buttons'])}]" if sent["buttons"] else ""
    print_text(
        f"{sent['at'][:16]}  {sent['kind']} → {sent['to']}\n  " + sent["text"].replace("\n", "\n  ") + buttons
    )


def _close(closing: dict[str, Any]) -> None:
    for email, standings in closing["standing"].items():
        told = "  ".join(f"{key}={row['state']}" for key, row in standings.items())
        print_text(f"{email}: {told}")
