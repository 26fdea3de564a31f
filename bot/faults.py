"""What is wrong with the settings, told before anything is served; no line holds a secret."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import ip_network
from urllib.parse import urlsplit

from bot.settings import Settings

GUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")

TOKENS = (
    "slack_signing_secret",
    "slack_bot_token",
    "slack_app_token",
    "telegram_token",
    "matrix_access_token",
)
"""Secrets that travel in a header or an address as they are."""

ADDRESSES = {
    "public_url": "https://handledd.exempel.se",
    "watchdog_url": "https://hc.exempel.se/ping",
    "slack_api_url": "https://slack.com/api/",
    "telegram_api_url": "https://api.telegram.org",
    "teams_service_url": "https://smba.trafficmanager.net/teams/",
    "teams_login_url": "https://login.microsoftonline.com",
    "teams_keys_url": "https://login.botframework.com/v1/.well-known/keys",
    "matrix_homeserver": "https://matrix.exempel.se",
}
"""What is called, or is to call here: each with an example."""

FORMS = (
    ("telegram_token", "telegram_api_url", r"\d+:[\w-]+", "is like 123456:AA…: copy it from @BotFather"),
    (
        "telegram_webhook_secret",
        "telegram_api_url",
        r"[\w-]{1,256}",
        "has up to 256 of a-z, A-Z, 0-9, _ and -: Telegram takes no others",
    ),
    ("slack_bot_token", "slack_api_url", r"xoxb-.+", "begins with xoxb-: copy the Bot User OAuth Token"),
    ("slack_app_token", "slack_api_url", r"xapp-.+", "begins with xapp-: make an App-Level Token for it"),
)
"""Secrets of which the form alone tells that they are none; what stands in for a platform has its own."""


def faults(settings: Settings) -> Iterator[str]:
    """What would stop the bot later, each as one line with its mend; no secret is in it."""
    yield from _token_faults(settings)
    yield from _address_faults(settings, *(name for name in ADDRESSES if name != "matrix_homeserver"))
    for proxy in filter(None, map(str.strip, settings.trusted_proxies.split(","))):
        if not _is_network(proxy):
            yield f"HANDLEDD_TRUSTED_PROXIES {proxy} is no address or network: name each, such as 10.0.0.5"
    hears = bool(settings.slack_signing_secret or settings.slack_app_token)
    installs = bool(settings.slack_client_id and settings.slack_client_secret)
    if hears != (bool(settings.slack_bot_token) or installs):
        yield (
            "Slack needs HANDLEDD_SLACK_BOT_TOKEN, and HANDLEDD_SLACK_SIGNING_SECRET (over HTTP)"
            " or HANDLEDD_SLACK_APP_TOKEN (Socket Mode)"
        )
    if bool(settings.slack_client_id) != bool(settings.slack_client_secret):
        yield "other workspaces need HANDLEDD_SLACK_CLIENT_ID and HANDLEDD_SLACK_CLIENT_SECRET, both"
    webhook = settings.telegram_token and settings.telegram_mode == "webhook"
    if webhook and not settings.telegram_webhook_secret:
        yield "HANDLEDD_TELEGRAM_MODE=webhook needs HANDLEDD_TELEGRAM_WEBHOOK_SECRET"
    yield from matrix_faults(settings)
    yield from _teams_faults(settings)


def _token_faults(settings: Settings) -> Iterator[str]:
    """Tokens that no platform can have given."""
    for name in TOKENS:
        token = getattr(settings, name)
        if token and not re.fullmatch(r"[!-~]+", token.get_secret_value()):
            yield f"HANDLEDD_{name.upper()} holds a blank or a letter that no token has: copy it again"
    for name, place, form, mend in FORMS:
        token, usual = getattr(settings, name), Settings.model_fields[place].default
        if not token or getattr(settings, place) != usual:
            continue
        if not re.fullmatch(form, token.get_secret_value(), re.ASCII):
            yield f"HANDLEDD_{name.upper()} {mend}"


def _address_faults(settings: Settings, *names: str) -> Iterator[str]:
    """Addresses that are set and are none."""
    for name in names:
        if (address := getattr(settings, name)) and not _is_address(address):
            yield f"HANDLEDD_{name.upper()} is a whole address, such as {ADDRESSES[name]}"


def _is_address(text: str) -> bool:
    """Whether it is one of the web, with a host and no blank in it."""
    try:
        parts = urlsplit(text)
        whole = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:  # a port that is no number, half a bracket
        return False
    return bool(whole) and not re.search(r"[\s\x00-\x20]", text)


def _is_network(text: str) -> bool:
    """Whether it is an address or a network with no bit set beyond its mask."""
    try:
        ip_network(text)
    except ValueError:
        return False
    return True


def matrix_faults(settings: Settings) -> Iterator[str]:
    """What is missing or misspelt of Matrix, each with its mend; nothing where none of it is set."""
    homeserver, user, token = settings.matrix_homeserver, settings.matrix_user, settings.matrix_access_token
    if not (homeserver or user or token):
        return
    if not (homeserver and user and token):
        yield "Matrix needs HANDLEDD_MATRIX_HOMESERVER, HANDLEDD_MATRIX_USER and HANDLEDD_MATRIX_ACCESS_TOKEN"
    yield from _address_faults(settings, "matrix_homeserver")
    if user and not re.fullmatch(r"@[^:\s]+:\S+", user):
        yield "HANDLEDD_MATRIX_USER is the bot's whole name: @handledd:exempel.se"


def _teams_faults(settings: Settings) -> Iterator[str]:
    """What is missing or odd in the settings for Teams; nothing when it is not to be served at all."""
    wanted = {
        "HANDLEDD_TEAMS_CLIENT_ID": settings.teams_client_id,
        "HANDLEDD_TEAMS_CLIENT_SECRET": settings.teams_client_secret,
        "HANDLEDD_TEAMS_TENANT_ID": settings.teams_tenant_id,
    }
    missing = [name for name, value in wanted.items() if not value]
    if 0 < len(missing) < len(wanted):
        yield f"Teams also needs {' and '.join(missing)}"
    for name in ("HANDLEDD_TEAMS_CLIENT_ID", "HANDLEDD_TEAMS_TENANT_ID"):
        if wanted[name] and not GUID.fullmatch(str(wanted[name])):
            yield f"{name} is a GUID like 00000000-0000-0000-0000-000000000000: copy it from the registration"
