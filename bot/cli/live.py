"""What only the outside can say: whether each platform takes the token, and whether the clock is right."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

import httpx
from pydantic import SecretStr

from bot.settings import Settings

TIMEOUT: Final = 10.0
"""Seconds for one question."""
ASTRAY: Final = timedelta(seconds=60)
"""So far may the clock be off: signatures and tokens hold for a few minutes at most."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a platform; `mend` is what to do when it says no."""

    platform: str
    request: httpx.Request
    mend: str


def questions(settings: Settings) -> Iterator[Question]:
    """One for each token that is set."""
    if settings.slack_bot_token:
        yield _bearer(
            "Slack", f"{settings.slack_api_url.rstrip('/')}/auth.test", settings.slack_bot_token,
            "copy the Bot User OAuth Token into HANDLEDD_SLACK_BOT_TOKEN",
        )  # fmt: skip
    if settings.telegram_token:
        address = f"{settings.telegram_api_url.rstrip('/')}/bot{settings.telegram_token.get_secret_value()}"
        mend = "copy the token from @BotFather into HANDLEDD_TELEGRAM_TOKEN"
        yield Question("Telegram", httpx.Request("GET", f"{address}/getMe"), mend)
    if settings.matrix_homeserver and settings.matrix_access_token:
        address = f"{settings.matrix_homeserver.rstrip('/')}/_matrix/client/v3/account/whoami"
        yield _bearer(
            "Matrix", address, settings.matrix_access_token,
            "log in again and set HANDLEDD_MATRIX_ACCESS_TOKEN",
        )  # fmt: skip
    if settings.teams_client_id and settings.teams_client_secret and settings.teams_tenant_id:
        yield _teams(settings, settings.teams_client_secret)


def _bearer(platform: str, address: str, token: SecretStr, mend: str) -> Question:
    headers = {"Authorization": f"Bearer {token.get_secret_value()}"}
    return Question(platform, httpx.Request("GET", address, headers=headers), mend)


def _teams(settings: Settings, secret: SecretStr) -> Question:
    address = f"{settings.teams_login_url.rstrip('/')}/{settings.teams_tenant_id}/oauth2/v2.0/token"
    asked = {
        "grant_type": "client_credentials",
        "client_id": settings.teams_client_id or "",
        "client_secret": secret.get_secret_value(),
        "scope": "https://api.botframework.com/.default",
    }
    mend = "make a new client secret and set HANDLEDD_TEAMS_CLIENT_SECRET"
    return Question("Teams", httpx.Request("POST", address, data=asked), mend)


def answers(settings: Settings, clock: Callable[[], datetime]) -> Iterator[tuple[bool, str]]:
    """For each question whether all is well and a line; no line holds a token, nor an address with one."""
    with httpx.Client(timeout=TIMEOUT) as client:
        for question in questions(settings):
            try:
                answer = client.send(question.request)
            except httpx.HTTPError as error:
                text = (
                    f"{question.platform} does not answer ({type(error).__name__}): look at network and proxy"
                )
                yield False, text
                continue
            taken = answer.is_success and _ok(answer)
            yield taken, f"{question.platform} takes the token" if taken else _refused(question, answer)
            yield from _clock(answer, clock())


def _ok(answer: httpx.Response) -> bool:
    """Slack says no with status 200 and `ok` false."""
    try:
        told = answer.json()
    except ValueError:
        return False
    return isinstance(told, dict) and told.get("ok", True) is True


def _refused(question: Question, answer: httpx.Response) -> str:
    return f"{question.platform} refuses the token (status {answer.status_code}): {question.mend}"


def _clock(answer: httpx.Response, now: datetime) -> Iterator[tuple[bool, str]]:
    try:
        there = parsedate_to_datetime(answer.headers.get("date", ""))
    except ValueError:
        return
    off = abs(now - there)
    if off > ASTRAY:
        yield False, f"this machine's clock is {int(off.total_seconds())} s off: switch on NTP (timedatectl)"
