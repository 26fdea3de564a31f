"""Each kind of reply as Microsoft's test client and the demo's page draw it (`make picture-replies`)."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Browser, Locator, ViewportSize, expect, sync_playwright

from bot.platforms.contract import Address
from bot.platforms.teams import Teams
from handlers.message import Incoming, Message, Reply
from tests.acceptance import playground
from tests.acceptance.playground import Playground
from tests.acceptance.test_teams_playground import CHROMIUM, PATIENCE
from tests.contract.web.demo import ANNA as READER
from tests.contract.web.demo import Demo, running
from tests.fakes.process import Fake, start
from tests.fakes.teams_driver import ANNA, CLIENT_ID, SECRET, TENANT
from tests.support.gallery import replies

CHAT = "a:1-playground"
SIZE = ViewportSize(width=1440, height=2400)
"""High enough for the longest reply: what a window has no room for would be cut off (`_photograph`)."""


async def nobody(_incoming: Incoming) -> Reply:
    """Whatever the client says by itself."""
    return Reply(Message("–"), "drawn")


def teams(browser: Browser, shown: Mapping[str, Message], folder: Path) -> None:
    """The Adaptive Cards, one by one."""
    login = start("tests.fakes.teams_fake", CLIENT_ID, SECRET, TENANT)
    with tempfile.TemporaryDirectory() as home:
        client = playground.start(Path(home), f"{login.url}/api/messages")
        try:
            _cards(browser, shown, folder, login, client)
        finally:
            client.stop()
            login.stop()


def _cards(
    browser: Browser, shown: Mapping[str, Message], folder: Path, login: Fake, client: Playground
) -> None:
    page = browser.new_page(viewport=SIZE, locale="sv-SE", color_scheme="light")
    page.goto(client.url)
    expect(page.get_by_role("textbox")).to_be_visible()
    cards = page.locator(".fai-OutputCard")
    for name, message in shown.items():
        before = cards.count()
        with ThreadPoolExecutor(1) as beside:  # Playwright's own loop runs in this thread
            beside.submit(asyncio.run, _send(login.url, client.service, name, message)).result()
        worded = cards.nth(before + len(message.files))
        _photograph(worded, folder / f"teams-{name}.png")
    page.close()


def _photograph(drawn: Locator, file: Path) -> None:
    """Of the whole of it, or none."""
    expect(drawn).to_be_in_viewport(ratio=1)
    drawn.screenshot(path=file, animations="disabled")


async def _send(login: str, service: str, name: str, message: Message) -> None:
    made = Teams(
        CLIENT_ID,
        SECRET,
        TENANT,
        nobody,
        lambda: datetime.now(UTC),
        service_url=service,
        login_url=login,
        keys_url=f"{login}/keys",
    )
    await made.send(Address("teams", ANNA, TENANT, f"{CHAT} {service}"), message, name)
    await made.stop()


def web(browser: Browser, shown: Mapping[str, Message], folder: Path) -> None:
    """The same on the page."""
    with running(Demo()) as here:
        page = browser.new_page(viewport=SIZE, locale="sv-SE", color_scheme="light")
        page.goto(here.url)
        window = page.locator("#window-1 .message")
        for name, message in shown.items():
            before = window.count()
            here.send(READER, message, name)
            _photograph(window.nth(before), folder / f"web-{name}.png")
        page.close()


def main(folder: Path) -> None:
    """Draw them all into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    expect.set_options(timeout=PATIENCE)
    shown = replies()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        web(browser, shown, folder)
        teams(browser, shown, folder)
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
