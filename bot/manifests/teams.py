"""The app package of Microsoft Teams: a zip with `manifest.json` and two icons.

Source: learn.microsoft.com/microsoftteams/platform/resources/schema/manifest-schema (version 1.19).
"""

from __future__ import annotations

import io
import json
import zipfile
from importlib.metadata import version
from typing import Any

from bot.manifests import icons
from handlers.commands.table import COMMANDS

VERSION = "1.19"
MENU = ("log", "book", "placement", "status", "history", "undo", "rules", "overview", "show", "help")
"""Ten are as many as Teams' command menu holds: those whose bare name the bot understands."""
MADE = (2026, 1, 1, 0, 0, 0)
"""The time of each file in the zip: the same settings give the same zip, byte for byte."""


def package(client_id: str, address: str, organisation: str) -> bytes:
    """The zip to upload to Teams."""
    content = json.dumps(manifest(client_id, address, organisation), ensure_ascii=False, indent=2)
    files = {"manifest.json": content.encode(), "color.png": icons.color(), "outline.png": icons.outline()}
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in files.items():
            made.writestr(zipfile.ZipInfo(name, MADE), data, zipfile.ZIP_DEFLATED)
    return whole.getvalue()


def manifest(client_id: str, address: str, organisation: str) -> dict[str, Any]:
    """The manifest. `address` is an https address of the organisation's, for the texts it must link to."""
    page = address.rstrip("/")
    return {
        "$schema": f"https://developer.microsoft.com/json-schemas/teams/v{VERSION}/MicrosoftTeams.schema.json",
        "manifestVersion": VERSION,
        "version": version("handledd"),
        "id": client_id.lower(),
        "localizationInfo": {"defaultLanguageTag": "sv"},
        "developer": {
            "name": organisation,
            "websiteUrl": page,
            "privacyUrl": page,
            "termsOfUseUrl": page,
        },
        "name": {"short": "handledd", "full": "handledd – handledning i ST"},
        "description": {
            "short": "Loggar handledning, påminner och sammanfattar i ST.",
            "full": (
                "Skriv handledning idag 1h etik, så sparas det. Handledaren bekräftar med en knapp. När något"
                " håller på att bli sent får ni en vänlig påminnelse. Studierektorn får läget på måndagen."
            ),
        },
        "icons": {"color": "color.png", "outline": "outline.png"},
        "accentColor": "#0F615A",
        "defaultInstallScope": "personal",
        "bots": [_bot(client_id.lower())],
        "permissions": ["identity", "messageTeamMembers"],
        "validDomains": [],
    }


def _bot(client_id: str) -> dict[str, Any]:
    scopes = ["personal", "team"]
    return {
        "botId": client_id,
        "scopes": scopes,
        "isNotificationOnly": False,
        "supportsFiles": True,
        "commandLists": [{"scopes": scopes, "commands": _commands()}],
    }


def _commands() -> list[dict[str, str]]:
    """What the menu inserts is what the bot reads: the command's name without a slash."""
    return [{"title": row.slash or "", "description": row.hint} for row in COMMANDS if row.intent in MENU]
