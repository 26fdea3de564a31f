"""The bot's home and the two platforms, each a process of its own."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.acceptance.demo import CHROMIUM, PATIENCE, DemoProcess
from tests.acceptance.house import BO, LARS, NAMES, SECRETS, SLACK_SECRET, SLACK_TOKEN, TELEGRAM_TOKEN, Home
from tests.fakes import telegram_driver
from tests.fakes.process import Fake, start


@pytest.fixture(scope="session")
def slack_process() -> Iterator[Fake]:
    """One Slack for all."""
    fake = start("tests.fakes.slack_fake", SLACK_TOKEN)
    yield fake
    fake.stop()


@pytest.fixture(scope="session")
def telegram_process() -> Iterator[Fake]:
    """One Telegram for all, in which the two people there have written to the bot before."""
    fake = start("tests.fakes.telegram_fake", TELEGRAM_TOKEN)
    for chat in (LARS, BO):
        telegram_driver.know(fake, chat)
    yield fake
    fake.stop()


@pytest.fixture
def slack(slack_process: Fake) -> Fake:
    """A Slack that works and has seen nothing yet."""
    httpx.post(f"{slack_process.url}/control/reset", json={}).raise_for_status()
    return slack_process.from_now_on()


@pytest.fixture
def telegram(telegram_process: Fake) -> Fake:
    """A Telegram that works, has seen nothing yet and holds no updates."""
    telegram_driver.reset(telegram_process)
    return telegram_process.from_now_on()


@pytest.fixture(scope="session")
def enrolled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file into which the roster was imported, by the command that operators use."""
    home = Home(tmp_path_factory.mktemp("enrolled"), {})
    home.enrol()
    return home.file


@pytest.fixture
def home(tmp_path: Path, enrolled: Path, slack: Fake, telegram: Fake) -> Iterator[Home]:
    """An enrolled home with both platforms set up; nothing runs yet, and what runs at the end is stopped."""
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
    shutil.copy(enrolled, made.file)
    try:
        yield made
        if made.process is not None:
            assert made.stop() == 0, made.said()
        # Whatever a test did here: a log holds no secret, and nobody's name or address.
        assert [word for word in (*SECRETS, *NAMES) if word in made.said()] == []
    finally:
        made.kill()


@pytest.fixture
def bot(home: Home) -> Home:
    """The bot, running."""
    home.start()
    return home


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoProcess]:
    """A demo that has started."""
    made = DemoProcess(tmp_path_factory.mktemp("demo"))
    made.ready()
    yield made
    made.end()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, for several pages one after the other."""
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()
