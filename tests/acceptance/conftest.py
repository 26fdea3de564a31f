"""The bot's home and the two platforms, each a process of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.house import BO, LARS, SLACK_SECRET, SLACK_TOKEN, TELEGRAM_TOKEN, Home
from tests.fakes import telegram_driver
from tests.fakes.process import Fake, start


@pytest.fixture
def slack() -> Iterator[Fake]:
    """A Slack that has seen nothing."""
    fake = start("tests.fakes.slack_fake", SLACK_TOKEN)
    yield fake
    fake.stop()


@pytest.fixture
def telegram() -> Iterator[Fake]:
    """A Telegram in which the two people there have written to the bot before."""
    fake = start("tests.fakes.telegram_fake", TELEGRAM_TOKEN)
    for chat in (LARS, BO):
        telegram_driver.know(fake, chat)
    yield fake
    fake.stop()


@pytest.fixture
def home(tmp_path: Path, slack: Fake, telegram: Fake) -> Iterator[Home]:
    """An enrolled home with both platforms set up; nothing is running yet."""
    made = Home(
        tmp_path,
        {
            "HANDLEDD_SLACK_SIGNING_SECRET": SLACK_SECRET,
            "HANDLEDD_SLACK_BOT_TOKEN": SLACK_TOKEN,
            "HANDLEDD_SLACK_API_URL": f"{slack.url}/api/",
            "HANDLEDD_TELEGRAM_TOKEN": TELEGRAM_TOKEN,
            "HANDLEDD_TELEGRAM_API_URL": telegram.url,
        },
    )
    made.enrol()
    yield made
    made.kill()
