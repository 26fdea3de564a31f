"""Slack's app manifest: https://docs.slack.dev/reference/app-manifest"""

from __future__ import annotations

from typing import Any, Final

from handlers.commands.table import COMMANDS, Row

NAME: Final = "handledd"
DESCRIPTION: Final = "Loggar, påminner och sammanfattar i ST"
PLACEHOLDER: Final = "https://YOUR-ADDRESS"
SCOPES: Final = (
    "app_mentions:read",
    "chat:write",
    "commands",
    "files:write",
    "im:history",
    "im:write",
    "users:read",
    "users:read.email",
)
EVENTS: Final = ("app_home_opened", "app_mention", "app_uninstalled", "message.im", "tokens_revoked")

Manifest = dict[str, Any]


def manifest(address: str = PLACEHOLDER, *, socket: bool = False) -> Manifest:
    """The manifest of an app at `address` (https, no path), or of one that listens in Socket Mode."""
    back = {} if socket else {"redirect_urls": [f"{address.rstrip('/')}/slack/oauth"]}
    where = {} if socket else {"url": f"{address.rstrip('/')}/slack/events"}
    request = {f"request_{key}": url for key, url in where.items()}
    return {
        "display_information": {"name": NAME, "description": DESCRIPTION},
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": NAME, "always_online": True},
            "slash_commands": [_command(row, where) for row in COMMANDS if row.slash],
        },
        "oauth_config": {**back, "scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {**request, "bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True, **request},
            "org_deploy_enabled": False,
            "socket_mode_enabled": socket,
            "token_rotation_enabled": False,
        },
    }


def _command(row: Row, where: dict[str, str]) -> Manifest:
    """A hint is "what it does: an example"."""
    description, _, usage = row.hint.partition(": ")
    hint = {"usage_hint": usage} if usage else {}
    return {
        "command": f"/{row.slash}",
        **where,
        "description": description,
        **hint,
        "should_escape": False,
    }
