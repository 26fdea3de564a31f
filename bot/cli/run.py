"""`handledd run`: serve every platform whose settings are present."""

from __future__ import annotations

import socket

import typer
from sqlalchemy import Engine

from bot import collector, failpoints
from bot.cli.database import database, load_settings
from bot.cli.output import FAILURE, fail
from bot.clock import system_clock
from bot.faults import faults
from bot.host import House, build
from bot.logs import configure
from bot.server import leave_on_signals, listen, serve
from bot.serving import kept, makers
from bot.settings import Settings

app = typer.Typer()


@app.command()
def run() -> None:
    """Serve until stopped; SIGTERM and Ctrl-C finish what is under way."""
    collector.starting()  # the platforms are imported next
    leave_on_signals()
    settings = load_settings()
    configure(settings.secrets(), settings.log_level)
    _check(settings)
    with database(settings) as engine:
        failpoints.arm(engine)
        house = _house(settings, engine)
        # The port comes before the platforms: a second process must not poll for updates it cannot keep.
        with _taken(settings.host, settings.port) as listener:
            collector.serving()
            serve(house.app, listener, house.leave, settings.trusted_proxies)


def _check(settings: Settings) -> None:
    for fault in faults(settings):
        fail(fault)
    if not makers(settings, system_clock):
        fail(
            "no platform is set up: set HANDLEDD_SLACK_SIGNING_SECRET and HANDLEDD_SLACK_BOT_TOKEN,"
            " or HANDLEDD_TELEGRAM_TOKEN,"
            " or HANDLEDD_TEAMS_CLIENT_ID, HANDLEDD_TEAMS_CLIENT_SECRET and HANDLEDD_TEAMS_TENANT_ID,"
            " or HANDLEDD_MATRIX_HOMESERVER, HANDLEDD_MATRIX_USER and HANDLEDD_MATRIX_ACCESS_TOKEN"
            " (see README.md), or try handledd demo"
        )


def _house(settings: Settings, engine: Engine) -> House:
    house = build(
        engine,
        system_clock,
        settings.timezone,
        makers(settings, system_clock, engine),
        public_url=settings.public_url or "",
        watchdog_url=settings.watchdog_url or "",
        lines_a_minute=settings.lines_a_minute,
    )
    house.metronome.kept = kept(settings)
    return house


def _taken(host: str, port: int) -> socket.socket:
    try:
        return listen(host, port)
    except OSError as error:
        fail(
            f"cannot listen on {host} port {port} ({error.strerror}): set HANDLEDD_HOST or HANDLEDD_PORT,"
            " or stop the other process",
            FAILURE,
        )
