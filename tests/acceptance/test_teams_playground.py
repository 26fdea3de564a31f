"""Teams in Microsoft's own test client, in a real browser: a line, a pressed button, a reminder.

With HANDLEDD_TEST_PICTURE set to a file's name, the conversation is photographed for docs/platforms/teams.md.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
import uvicorn
from playwright.sync_api import FloatRect, Locator, Page, ViewportSize, expect, sync_playwright
from sqlalchemy import Engine

from bot.clock import MovableClock
from bot.host import House, build
from bot.passing import pass_time
from bot.platforms.teams import Teams
from bot.server import listen
from handlers.roster.applying import apply_roster, is_supervisor
from handlers.roster.checking import check
from handlers.roster.reading import read_csv
from storage.engine import writing
from tests.acceptance import playground
from tests.acceptance.house import until
from tests.acceptance.playground import Playground
from tests.fakes.process import Fake
from tests.fakes.process import start as start_fake
from tests.fakes.teams_driver import ANNA, CLIENT_ID, SECRET, TENANT
from tests.support.databases import database

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
PICTURE = os.environ.get("HANDLEDD_TEST_PICTURE")
PATIENCE = 60_000
"""Milliseconds after which something that should be seen is not; never waited for when all is well."""
WRITTEN = "handledning idag 1h åäö på röntgen i Åmål"
MARKUP = "åäö **fet** <b>fet</b> [klicka](https://exempel.se) på mötet"
ZONE = "Europe/Stockholm"
ROSTER = """\
email,name,role,unit,rulebook,supervisor,start,end,employed,platform,platform_id
anna@exempel.se,Anna Berg,trainee,Ekbacken,skane-primarvard,eva@exempel.se,{start},,,teams,{anna}
eva@exempel.se,Eva Ek,supervisor,Ekbacken,,,,,,,
"""


class Bot:
    """The whole bot in a server of its own thread, with a clock that can be moved forward."""

    def __init__(self, engine: Engine, login: str, service: str) -> None:
        self.engine = engine
        self.clock = MovableClock(datetime.now(UTC), running=True)
        self.house: House = build(
            engine,
            self.clock,
            ZONE,
            [
                lambda hear: Teams(
                    CLIENT_ID,
                    SECRET,
                    TENANT,
                    hear,
                    self.clock,
                    service_url=service,
                    login_url=login,
                    keys_url=f"{login}/keys",
                )
            ],
            beats=False,
        )
        self.loop: asyncio.AbstractEventLoop | None = None

    @contextlib.contextmanager
    def serving(self) -> Iterator[str]:
        """The address of the bot while it serves."""
        server = uvicorn.Server(uvicorn.Config(self.house.app, log_config=None, access_log=False))
        with listen("127.0.0.1", 0) as listener:

            async def serve() -> None:
                self.loop = asyncio.get_running_loop()
                await server.serve(sockets=[listener])

            thread = threading.Thread(target=lambda: asyncio.run(serve()))
            thread.start()
            try:
                until(lambda: server.started, "the bot to start")
                yield f"http://127.0.0.1:{listener.getsockname()[1]}"
            finally:
                server.should_exit = True
                thread.join(30)

    def pass_days(self, days: int) -> None:
        """Let days go by, with every tick and every delivery on the way."""
        assert self.loop
        moment = self.clock() + timedelta(days=days)
        work = pass_time(self.engine, self.clock, self.house.delivery, ZONE, moment)
        asyncio.run_coroutine_threadsafe(work, self.loop).result(120)


@pytest.fixture(scope="module")
def login() -> Iterator[Fake]:
    """The fake login and keys; it also gives the playground's activities the tokens that it makes none of."""
    fake = start_fake("tests.fakes.teams_fake", CLIENT_ID, SECRET, TENANT)
    yield fake
    fake.stop()


@pytest.fixture(scope="module")
def client(login: Fake, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Playground]:
    """Microsoft's test client, speaking to the bot by way of the fake."""
    made = playground.start(tmp_path_factory.mktemp("playground"), f"{login.url}/api/messages")
    yield made
    made.stop()


@pytest.fixture(scope="module")
def bot(login: Fake, client: Playground, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bot]:
    """The bot, with Anna in its roster."""
    with database("sqlite", tmp_path_factory.mktemp("bot")) as engine:
        made = Bot(engine, login.url, client.service)
        start = (made.clock() - timedelta(days=300)).date()
        with writing(engine) as session:
            rows = check(read_csv(ROSTER.format(start=start, anna=ANNA).encode()), is_supervisor(session))
            apply_roster(session, rows, made.clock(), ZONE)
        with made.serving() as url:
            httpx.post(f"{login.url}/control/forward", json={"to": url}, trust_env=False).raise_for_status()
            yield made


@pytest.fixture(scope="module")
def page(client: Playground, bot: Bot) -> Iterator[Page]:
    """The client in Chromium."""
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        size = ViewportSize(width=1280, height=876)
        opened = browser.new_page(viewport=size, device_scale_factor=2, locale="sv-SE", color_scheme="light")
        opened.route(lambda url: not url.startswith(client.url), lambda route: route.abort())
        opened.goto(client.url)
        yield opened
        browser.close()


def test_the_client_is_reached_from_this_machine_alone(client: Playground) -> None:
    """What listens on every interface answers on every loopback address too."""
    port = urlsplit(client.url).port or 0
    socket.create_connection(("127.0.0.1", port), timeout=30).close()
    with pytest.raises(OSError):  # noqa: PT011 refused or timed out, as the system has it
        socket.create_connection(("127.0.0.2", port), timeout=5)


def test_a_line_a_press_and_a_reminder(page: Page, bot: Bot) -> None:
    chat = Chat(page)
    expect(chat.message("Så här gör du:")).to_be_visible()  # who has just added the app is greeted

    chat.write(WRITTEN)
    receipt = chat.message("Sparat: handledning")
    expect(receipt).to_contain_text("åäö på röntgen i Åmål")
    for button in ("Ångra", "Ändra", "Boka nästa"):
        expect(receipt.get_by_role("button", name=button, exact=True)).to_be_visible()

    receipt.get_by_role("button", name="Ångra", exact=True).click()
    expect(chat.message("Ångrat: handledning")).to_be_visible()
    expect(receipt).to_have_count(0)  # the card was changed in its place

    chat.write("handledning idag 45 min etik")
    expect(chat.message("Sparat: handledning")).to_contain_text("45 min")
    reminder = chat.message("påminnelse")
    for _ in range(21):  # a working day of a week without a session is among them, whatever today is
        if not reminder.count():
            bot.pass_days(1)
    expect(reminder.first).to_be_visible()
    if PICTURE:
        photograph(page, Path(PICTURE))

    chat.write(f"handledning igår 1h {MARKUP}")
    literal = chat.message(MARKUP)
    expect(literal).to_be_visible()
    expect(literal.locator("b, strong, a")).to_have_count(0)


def photograph(page: Page, file: Path) -> None:
    """The conversation alone, without the client's log beside it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    size = page.viewport_size or ViewportSize(width=1280, height=876)
    clip = FloatRect(x=0, y=48, width=950, height=size["height"] - 48)
    page.screenshot(path=file, animations="disabled", clip=clip)


class Chat:
    """The personal chat, as somebody sits in front of it."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def write(self, text: str) -> None:
        """Write a line and send it."""
        box = self.page.get_by_role("textbox")
        box.click()
        self.page.keyboard.insert_text(text)
        self.page.keyboard.press("Enter")

    def message(self, text: str) -> Locator:
        """The bot's messages that say something."""
        return self.page.locator(".fai-OutputCard").filter(has_text=text)
