"""Which platforms are served: each whose settings are there, and none by half."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from pydantic import SecretStr
from sqlalchemy import Engine

from bot.clock import Clock
from bot.deferred import finished_when_used
from bot.platforms.matrix_render import Phrases
from bot.registry import Registry
from bot.settings import Settings
from bot.shelf import Shelf
from handlers.privacy.retention import Kept
from handlers.words import LANGUAGES, Words, say_to

if TYPE_CHECKING:  # init, manifest and doctor look at the settings without the server and its libraries
    from bot.host import Make
    from bot.platforms.contract import Hear, Platform


def kept(settings: Settings) -> Kept:
    """For how long what is kept, as the settings say."""
    return Kept(
        timedelta(days=settings.retention_training_days),
        timedelta(days=settings.retention_inbox_days),
        timedelta(days=settings.retention_outbox_days),
    )


def served(settings: Settings) -> list[str]:
    """Every platform that is set up, by the name that its senders have."""
    s = settings
    reaches = s.slack_bot_token or (s.slack_client_id and s.slack_client_secret)
    found = {
        "slack": reaches and (s.slack_signing_secret or s.slack_app_token),
        "telegram": s.telegram_token,
        "matrix": s.matrix_homeserver and s.matrix_user and s.matrix_access_token,
        "teams": s.teams_client_id and s.teams_client_secret and s.teams_tenant_id,
    }
    return [name for name, is_set in found.items() if is_set]


def makers(settings: Settings, clock: Clock, engine: Engine | None = None) -> Sequence[Make]:
    """How to build every platform that is set up, each imported only when it is used."""
    make: dict[str, Make] = {
        "slack": lambda hear: _slack(settings, clock, hear, engine),
        "telegram": lambda hear: _telegram(settings, clock, hear),
        "matrix": lambda hear: _matrix(settings, clock, hear),
        "teams": lambda hear: _teams(settings, clock, hear, engine),
    }
    return [make[name] for name in served(settings)]


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
    return Phrases(choose, say_to("", "matrix.encrypted"), say_to("", "matrix.group"))


def _teams(settings: Settings, clock: Clock, hear: Hear, engine: Engine | None) -> Platform:
    with finished_when_used():
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
