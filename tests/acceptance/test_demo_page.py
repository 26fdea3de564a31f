"""The demo in a real browser: one writes, another confirms, a week passes, Monday's digest comes.

With HANDLEDD_TEST_PICTURE set to a file's name, the conversation is photographed for the README.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, ViewportSize, expect, sync_playwright

from tests.acceptance.demo import CHROMIUM, PATIENCE, DemoProcess

PICTURE = os.environ.get("HANDLEDD_TEST_PICTURE")

WRITTEN = "handledning idag 1h etik"


@pytest.fixture(scope="module")
def page(demo: DemoProcess) -> Iterator[Page]:
    """The page in Chromium, wide enough for three windows; every fault in its console fails the test."""
    expect.set_options(timeout=PATIENCE)
    faults: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        size = ViewportSize(width=1280, height=800)  # the words stay readable at the width of a README
        opened = browser.new_page(viewport=size, device_scale_factor=2, locale="sv-SE", color_scheme="light")
        opened.on("pageerror", lambda error: faults.append(str(error)))
        opened.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
        opened.goto(demo.url)
        yield opened
        browser.close()
    assert faults == []


class Window:
    """One of the page's windows, as somebody sits in front of it."""

    def __init__(self, page: Page, number: int) -> None:
        self.root: Locator = page.locator(f"#window-{number}")

    def be(self, name: str) -> None:
        choice = self.root.locator("select")
        option = choice.locator("option").filter(has_text=re.compile(rf"^{name} –"))
        choice.select_option(option.get_attribute("value"))
        expect(self.root.locator("h2")).to_have_text(name)

    def write(self, text: str) -> None:
        self.root.locator("textarea").fill(text)
        self.root.get_by_role("button", name="Skicka").click()

    def message(self, text: str) -> Locator:
        """The newest message that holds a text."""
        return self.root.locator(".message").filter(has_text=text).last

    def scroll_to(self, message: Locator) -> None:
        """Put a message at the top, below its day."""
        message.evaluate(
            "(node, gap) => { const all = node.closest('.scroll');"
            " all.scrollTop += node.getBoundingClientRect().top - all.getBoundingClientRect().top - gap; }",
            50,
        )


def test_a_conversation_from_a_line_to_mondays_digest(page: Page) -> None:
    anna, eva, siv = (Window(page, number) for number in (1, 2, 3))
    for window, name in ((anna, "Anna Berg"), (eva, "Eva Ek"), (siv, "Siv Rektorsson")):
        window.be(name)

    anna.write(WRITTEN)
    receipt = anna.message("Sparat: handledning")
    for button in ("Ångra", "Ändra", "Boka nästa"):
        expect(receipt.get_by_role("button", name=button, exact=True)).to_be_visible()

    strip = page.locator("#happenings")
    for told in (
        "Anna Berg → sparat",
        "Läge ",
        "Utkorg ",
        "fråga om bekräftelse till Eva Ek, i kö",
        "skickat",
    ):
        expect(strip).to_contain_text(told)

    asked = eva.message("Anna Berg har sparat: handledning")
    asked.get_by_role("button", name="Stämmer", exact=True).click()
    expect(eva.message("Bekräftat")).to_be_visible()

    page.get_by_role("button", name="+1 vecka").click()
    expect(page.locator("#progress")).to_be_hidden()
    expect(eva.message("påminnelse")).to_contain_text("Bilal Noor")
    expect(page.locator("#latest")).to_have_text(re.compile(r"En vecka gick: \d+ meddelanden skickade"))
    digest = siv.message("Sammanfattning")
    expect(digest.get_by_text("Behöver dig:")).to_be_in_viewport()  # long, and read from its beginning
    expect(digest).to_contain_text("Behöver dig:")
    expect(digest).to_contain_text("Bilal Noor (Vårdcentralen Ekbacken)")
    if PICTURE:
        anna.scroll_to(anna.root.locator(".message").first)
        eva.scroll_to(eva.root.locator(".message").first)
        siv.scroll_to(digest)
        photograph(page, Path(PICTURE))


def photograph(page: Page, file: Path) -> None:
    """The three windows, at twice the pixels so that the words are sharp in the README."""
    file.parent.mkdir(parents=True, exist_ok=True)
    page.mouse.move(0, 0)
    page.evaluate("document.activeElement.blur()")
    page.screenshot(path=file, animations="disabled")
