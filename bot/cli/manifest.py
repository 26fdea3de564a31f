"""`handledd manifest`: what a platform wants to be told of the app before it is installed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer

from bot.cli.database import load_settings
from bot.cli.output import fail, print_text, unwritable
from bot.faults import GUID
from bot.manifests.slack import PLACEHOLDER
from bot.manifests.slack import manifest as slack_manifest
from bot.manifests.teams import package

app = typer.Typer(no_args_is_help=True)


@app.callback()
def manifest() -> None:
    """App manifests."""


@app.command()
def slack(
    address: Annotated[
        str, typer.Option(help="Where the bot is reached, like https://st.exempel.se.")
    ] = PLACEHOLDER,
    socket: Annotated[bool, typer.Option("--socket", help="For Socket Mode: no address is needed.")] = False,
) -> None:
    """Print Slack's app manifest. Paste it at https://api.slack.com/apps, "From a manifest"."""
    host = address.removeprefix("https://").rstrip("/")
    if not address.startswith("https://") or not host or "/" in host:
        fail(f"--address is https:// and a host, like https://st.exempel.se, not {address!r}")
    print_text(json.dumps(slack_manifest(address, socket=socket), ensure_ascii=False, indent=2))


@app.command()
def teams(
    address: Annotated[
        str, typer.Option(help="Your organisation's page about the bot and about privacy, https://….")
    ],
    organisation: Annotated[str, typer.Option(help="Who runs the bot, at most 32 characters.")] = "handledd",
    file: Annotated[Path, typer.Option(help="The zip to write.")] = Path("handledd-teams.zip"),
) -> None:
    """Write the app package for Teams. Upload it under Apps, Manage your apps, "Upload an app"."""
    client_id = load_settings().teams_client_id
    if not client_id or not GUID.fullmatch(client_id):
        fail("set HANDLEDD_TEAMS_CLIENT_ID to the registration's Application (client) ID first")
    parts = urlsplit(address)
    if parts.scheme != "https" or not parts.hostname or not address.isascii() or " " in address:
        fail(f"--address is an https address like https://st.exempel.se, not {address!r}")
    if not 1 <= len(organisation) <= 32:
        fail("--organisation has 1 to 32 characters")
    try:
        file.write_bytes(package(client_id, address, organisation))
    except OSError as error:
        unwritable(file, error)
    print_text(f"{file}: ok (upload it in Teams: Apps, Manage your apps, Upload an app)")
