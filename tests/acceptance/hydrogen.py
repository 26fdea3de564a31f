"""Hydrogen, a Matrix client by the makers of Element, in headless Chromium: one person in one room."""

from __future__ import annotations

import functools
import http.server
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Locator, Page, ViewportSize, expect, sync_playwright

from tests.fakes.process import ROOT
from tests.support.matrix_people import Someone

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
PATIENCE = 60_000
"""Milliseconds after which something that should be seen is not; never waited for when all is well."""


class Window:
    """What somebody has before them."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def say(self, text: str) -> None:
        """Write a line where one writes, and send it."""
        box = self.page.locator(".MessageComposer textarea")
        box.fill(text)
        box.press("Enter")

    def message(self, beginning: str) -> Locator:
        """A message that is shown, by how it begins."""
        bodies = self.page.locator(".Timeline_messageBody")
        return bodies.filter(has_text=beginning)

    def photograph(self, file: str) -> None:
        """Keep what is seen at the end of the room, once its fonts are there."""
        self.page.locator(".Timeline_message").last.scroll_into_view_if_needed()
        self.page.locator("textarea").blur()
        self.page.evaluate("document.fonts.ready.then(() => null)")
        self.page.screenshot(path=file)


@contextmanager
def opened(person: Someone, room: str) -> Iterator[Window]:
    """Somebody's room, until the end of the block; a fault in the page fails the test."""
    account = {
        "homeserver": person.url,
        "userId": person.user,
        "deviceId": person.device(),
        "accessToken": person.token,
    }
    faults: list[str] = []
    with _site() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        size = ViewportSize(width=640, height=560)
        page = browser.new_page(viewport=size, device_scale_factor=2, locale="sv-SE", color_scheme="light")
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(url)
        page.evaluate("(where) => window.enter(where)", {"account": account, "room": room})
        expect.set_options(timeout=PATIENCE)
        yield Window(page)
        browser.close()
    assert faults == []


@contextmanager
def _site() -> Iterator[str]:
    """The client's files, made where they are missing, served on loopback."""
    made = subprocess.run([ROOT / "scripts" / "ensure-hydrogen"], stdout=subprocess.PIPE, check=True)
    files = functools.partial(_Files, directory=made.stdout.decode().strip())
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), files) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/index.html"
        finally:
            server.shutdown()
            thread.join()


class _Files(http.server.SimpleHTTPRequestHandler):
    """Says nothing of what it hands out."""

    def log_message(self, *_: object) -> None:
        pass
