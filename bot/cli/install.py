"""`handledd install`: a link that lets the app into one more workspace, once."""

from __future__ import annotations

import typer

from bot.cli.database import database, load_settings
from bot.cli.output import fail, print_text
from bot.clock import system_clock
from bot.manifests.slack import SCOPES
from handlers.installing import permit
from storage.engine import writing

app = typer.Typer(no_args_is_help=True)


@app.callback()
def install() -> None:
    """Install the app in one more workspace."""


@app.command()
def slack() -> None:
    """Print a link, good once and for an hour. Open it in a browser, signed in to the workspace."""
    from bot.platforms.slack_oauth import authorize_url

    settings = load_settings()
    if not settings.slack_client_id or not settings.slack_client_secret:
        fail("set HANDLEDD_SLACK_CLIENT_ID and HANDLEDD_SLACK_CLIENT_SECRET (Basic Information of the app)")
    with database(settings) as engine, writing(engine) as session:
        state = permit(session, system_clock())
    print_text(authorize_url(settings.slack_client_id, ",".join(SCOPES), state))
