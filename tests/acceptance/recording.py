"""The README's recording: a line, a confirmation, a week and Monday's digest, filmed in the demo in Chromium.

`make recording`, or `python -m tests.acceptance.recording FILE.webp`. What is filmed is what
`test_demo_page.py` tests; a fault on the page ends it.
"""

from __future__ import annotations

import io
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, ViewportSize, expect, sync_playwright

from tests.acceptance.demo import CHROMIUM, PATIENCE, DemoProcess
from tests.acceptance.test_demo_page import WRITTEN, Window

SIZE = ViewportSize(width=1200, height=720)
KEYS, LOOK, READ = 130, 1500, 4000
"""Milliseconds a picture stays: while somebody types, for what has changed, for a digest."""


class Film:
    """Pictures of a page, each with how long it is seen."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._pictures: list[Image.Image] = []
        self._lasts: list[int] = []

    def take(self, lasts: int) -> None:
        """One more picture, as the page is now."""
        shot = Image.open(io.BytesIO(self._page.screenshot(animations="disabled", caret="hide")))
        self._pictures.append(shot.convert("RGB"))
        self._lasts.append(lasts)

    def save(self, file: Path) -> None:
        """As WebP without loss: letters stay sharp, and what does not change costs nothing."""
        first, *others = self._pictures
        first.save(
            file, save_all=True, append_images=others, duration=self._lasts, loop=0, lossless=True, method=6
        )


def _type(film: Film, window: Window, text: str) -> None:
    """As fast as somebody types who knows what to write: two letters a picture."""
    for end in range(0, len(text) + 1, 2):
        window.root.locator("textarea").fill(text[:end])
        film.take(KEYS)
    window.root.locator("textarea").fill(text)
    film.take(KEYS * 4)


def play(page: Page, film: Film) -> None:
    """The whole scene."""
    anna, eva, siv = (Window(page, number) for number in (1, 2, 3))
    for window, name in ((anna, "Anna Berg"), (eva, "Eva Ek"), (siv, "Siv Rektorsson")):
        window.be(name)
    film.take(LOOK)
    _type(film, anna, WRITTEN)
    anna.root.get_by_role("button", name="Skicka").click()
    expect(anna.message("Sparat: handledning")).to_be_visible()
    yes = eva.message("Anna Berg har sparat: handledning").get_by_role("button", name="Stämmer", exact=True)
    expect(yes).to_be_visible()
    film.take(LOOK)
    yes.hover()
    film.take(LOOK)
    yes.click()
    expect(eva.message("Bekräftat")).to_be_visible()
    film.take(LOOK)
    week = page.get_by_role("button", name="+1 vecka")
    week.hover()
    film.take(LOOK)
    week.click()
    expect(page.locator("#progress")).to_be_hidden()
    digest = siv.message("Sammanfattning")
    expect(digest).to_contain_text("Behöver dig:")
    expect(eva.message("påminnelse")).to_be_visible()
    page.mouse.move(0, 0)
    eva.scroll_to(eva.message("påminnelse"))
    siv.scroll_to(digest)
    film.take(READ)


def main(file: Path) -> None:
    """Film it into a file."""
    expect.set_options(timeout=PATIENCE)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        demo = DemoProcess(Path(folder))
        try:
            demo.ready()
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
            page = browser.new_page(
                viewport=SIZE, device_scale_factor=1.5, locale="sv-SE", color_scheme="light"
            )
            page.goto(demo.url)
            film = Film(page)
            play(page, film)
            browser.close()
        finally:
            demo.end()
    film.save(file)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
