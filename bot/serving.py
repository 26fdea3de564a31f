"""Which platforms are served: each whose settings are there, and none by half."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import timedelta
from ipaddress import ip_network
from typing import TYPE_CHECKING

from pydantic import SecretStr
from sqlalchemy import Engine

from bot.clock import Clock
from bot.platforms.matrix_render import Phrases
from bot.registry import Registry
from bot.settings import Settings
from bot.shelf import Shelf
from handlers.privacy.retention import Kept
from handlers.words import LANGUAGES, Words, say_to

if TYPE_CHECKING:  # init, manifest and doctor look at the settings without the server and its libraries
    from bot.host import Make
    from bot.platforms.contract import Hear, Platform

GUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")

TOKENS = (
    "slack_signing_secret",
    "slack_bot_token",
    "slack_app_token",
    "telegram_token",
    "matrix_access_token",
)
"""Secrets that travel in a header or an address as they are."""

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
    if settings.public_url and not settings.public_url.startswith(("https://", "http://")):
        yield "HANDLEDD_PUBLIC_URL is a whole address, such as https://handledd.exempel.se"
    if settings.watchdog_url and not settings.watchdog_url.startswith(("https://", "http://")):
        yield "HANDLEDD_WATCHDOG_URL is a whole address, such as https://hc.exempel.se/ping"
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
    if homeserver and not re.match(r"https?://[^/\s]", homeserver):
        yield "HANDLEDD_MATRIX_HOMESERVER is an address: https://matrix.exempel.se"
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


def kept(settings: Settings) -> Kept:
    """For how long what is kept, as the settings say."""
    return Kept(
        timedelta(days=settings.retention_training_days),
        timedelta(days=settings.retention_inbox_days),
        timedelta(days=settings.retention_outbox_days),
    )


def makers(settings: Settings, clock: Clock, engine: Engine | None = None) -> Sequence[Make]:
    """How to build every platform that is set up, each imported only when it is used."""
    found: list[Make] = []
    reaches = settings.slack_bot_token or (settings.slack_client_id and settings.slack_client_secret)
    if reaches and (settings.slack_signing_secret or settings.slack_app_token):
        found.append(lambda hear: _slack(settings, clock, hear, engine))
    if settings.telegram_token:
        found.append(lambda hear: _telegram(settings, clock, hear))
    if settings.matrix_homeserver and settings.matrix_user and settings.matrix_access_token:
        found.append(lambda hear: _matrix(settings, clock, hear))
    if settings.teams_client_id and settings.teams_client_secret and settings.teams_tenant_id:
        found.append(lambda hear: _teams(settings, clock, hear, engine))
    return found


def _slack(settings: Settings, clock: Clock, hear: Hear, engine: Engine | None) -> Platform:
    from bot.platforms.slack import Slack

    return Slack(
        _value(settings.slack_signing_secret),
        _value(settings.slack_bot_token),
        settings.slack_api_url,
        hear,
        clock,
        app_token=_value(settings.slack_app_token),
        registry=Registry(engine, clock, "slack") if engine else None,
        oauth=(settings.slack_client_id or "", _value(settings.slack_client_secret)),
    )


def _value(secret: SecretStr | None) -> str:
    return secret.get_secret_value() if secret else ""


def _telegram(settings: Settings, clock: Clock, hear: Hear) -> Platform:
    from bot.platforms.trusted import reading

    reading()  # while Telegram's library is imported
    from bot.manifests.telegram import menu
    from bot.platforms.telegram import Telegram

    token, secret = settings.telegram_token, settings.telegram_webhook_secret
    if token is None:
        msg = "Telegram needs its token"
        raise ValueError(msg)
    return Telegram(
        token.get_secret_value(),
        hear,
        clock,
        api_url=settings.telegram_api_url,
        mode=settings.telegram_mode,
        webhook_secret=secret.get_secret_value() if secret else None,
        public_url=settings.public_url or "",
        menu=menu(),
    )


def _matrix(settings: Settings, clock: Clock, hear: Hear) -> Platform:
    from bot.platforms.matrix import Matrix

    homeserver, user, token = settings.matrix_homeserver, settings.matrix_user, settings.matrix_access_token
    if homeserver is None or user is None or token is None:
        msg = "Matrix needs its homeserver, its user and its access token"
        raise ValueError(msg)
    secret = token.get_secret_value()
    return Matrix(homeserver, user, secret, hear, clock, matrix_phrases(), trusted=settings.matrix_trusted)


def matrix_phrases() -> Phrases:
    """What Matrix adds of its own, out of the catalogues: where its reader is not known, in each language."""
    choose = {language: Words(language).say("matrix.choose") for language in LANGUAGES}
    return Phrases(choose, say_to("", "matrix.encrypted"))


def _teams(settings: Settings, clock: Clock, hear: Hear, engine: Engine | None) -> Platform:
    from bot.platforms.teams import Teams

    secret = settings.teams_client_secret
    if secret is None or not settings.teams_client_id or not settings.teams_tenant_id:
        msg = "Teams needs its client id, its client secret and its tenant id"
        raise ValueError(msg)
    return Teams(
        settings.teams_client_id,
        secret.get_secret_value(),
        settings.teams_tenant_id,
        hear,
        clock,
        service_url=settings.teams_service_url,
        login_url=settings.teams_login_url,
        keys_url=settings.teams_keys_url,
        shelf=Shelf(engine, clock) if engine else None,
    )
