"""`handledd run`: serve every platform whose settings are present."""

from __future__ import annotations

from collections.abc import Sequence

import typer
import uvicorn

from bot.cli.database import database, load_settings
from bot.cli.output import fail
from bot.clock import system_clock
from bot.host import Make, build
from bot.logs import configure
from bot.serving import makers

app = typer.Typer()


@app.command()
def run() -> None:
    """Serve until stopped; SIGTERM and Ctrl-C finish what is under way."""
    settings = load_settings()
    configure(settings.secrets())
    served: Sequence[Make] = makers(settings, system_clock)
    if not served:
        fail(
            "no platform is set up: set HANDLEDD_SLACK_SIGNING_SECRET and HANDLEDD_SLACK_BOT_TOKEN,"
            " or HANDLEDD_TELEGRAM_TOKEN (see README.md), or try handledd demo"
        )
    with database(settings) as engine:
        house = build(engine, system_clock, settings.timezone, served)
        uvicorn.run(
            house.app,
            host=settings.host,
            port=settings.port,
            access_log=False,
            log_config=None,
            timeout_graceful_shutdown=8,
            server_header=False,
        )
