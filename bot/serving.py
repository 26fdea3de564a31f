"""Which platforms are served: each whose settings are there, and none by half."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.clock import Clock
from bot.host import Make
from bot.platforms.contract import Hear, Platform
from bot.settings import Settings


def faults(settings: Settings) -> Iterator[str]:
    """What would stop the bot later, each as one line with its mend; no secret is in it."""
    try:
        ZoneInfo(settings.timezone)
    except (ZoneInfoNotFoundError, ValueError):
        yield f"HANDLEDD_TIMEZONE {settings.timezone} is unknown: try Europe/Stockholm"
    if bool(settings.slack_signing_secret) != bool(settings.slack_bot_token):
        yield "Slack needs both HANDLEDD_SLACK_SIGNING_SECRET and HANDLEDD_SLACK_BOT_TOKEN"
    webhook = settings.telegram_token and settings.telegram_mode == "webhook"
    if webhook and not settings.telegram_webhook_secret:
        yield "HANDLEDD_TELEGRAM_MODE=webhook needs HANDLEDD_TELEGRAM_WEBHOOK_SECRET"


def makers(settings: Settings, clock: Clock) -> Sequence[Make]:
    """How to build every platform that is set up, each imported only when it is used."""
    found: list[Make] = []
    if settings.slack_signing_secret and settings.slack_bot_token:
        found.append(lambda hear: _slack(settings, clock, hear))
    if settings.telegram_token:
        found.append(lambda hear: _telegram(settings, clock, hear))
    return found


def _slack(settings: Settings, clock: Clock, hear: Hear) -> Platform:
    from bot.platforms.slack import Slack

    secret, token = settings.slack_signing_secret, settings.slack_bot_token
    if secret is None or token is None:
        msg = "Slack needs its signing secret and its bot token"
        raise ValueError(msg)
    return Slack(secret.get_secret_value(), token.get_secret_value(), settings.slack_api_url, hear, clock)


def _telegram(settings: Settings, clock: Clock, hear: Hear) -> Platform:
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
    )
