"""The demo page for everybody: axe-core finds nothing, and all of it is done with the keyboard alone."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.acceptance.demo import DemoProcess
from tests.acceptance.test_demo_page import Window

SIZES = {"desk": ViewportSize(width=1280, height=800), "telephone": ViewportSize(width=390, height=844)}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", sorted(SIZES))
def test_axe_finds_nothing(browser: Browser, demo: DemoProcess, size: str, scheme: str) -> None:
    page = browser.new_page(viewport=SIZES[size], locale="sv-SE", color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(demo.url)
    anna = Window(page, 1)
    anna.be("Anna Berg")
    anna.write("handledning idag 1h etik")
    expect(anna.message("andledning")).to_be_visible()
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    page.close()


@pytest.mark.parametrize("width", [320, 390, 768, 972, 1024, 1280])
def test_nothing_is_cut_off_at_the_side(browser: Browser, demo: DemoProcess, width: int) -> None:
    """WCAG 2.1, 1.4.10: at 320 CSS pixels nobody reads sideways; where three windows stand, all are whole."""
    page = browser.new_page(viewport=ViewportSize(width=width, height=700), locale="sv-SE")
    page.goto(demo.url)
    expect(Window(page, 1).root.locator("h2")).to_be_visible()
    sides = "[...document.querySelectorAll('button, h1, h2, time, textarea, .window')]"
    shown = f"{sides}.filter(each => each.checkVisibility()).map(each => each.getBoundingClientRect().right)"
    assert max(page.evaluate(shown)) <= width
    ends = "[...document.querySelectorAll('.step, #help')].map(each => each.getBoundingClientRect().right)"
    *steps, tools = page.evaluate(ends)
    assert max(steps) <= tools  # the buttons that move the clock keep to the bar's margin too
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()


def test_a_line_is_written_and_undone_with_the_keyboard_alone(browser: Browser, demo: DemoProcess) -> None:
    page = browser.new_page(viewport=SIZES["desk"], locale="sv-SE")
    page.goto(demo.url)
    bilal = Window(page, 1)
    bilal.be("Bilal Noor")
    _tab_to(page, "#window-1 textarea")
    page.keyboard.insert_text("handledning idag 1h etik")
    page.keyboard.press("Enter")
    expect(bilal.message("Sparat: handledning")).to_be_visible()
    _tab_to(page, "#window-1 .message button", backwards=True)
    while page.evaluate("document.activeElement.textContent") != "Ångra":
        page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(bilal.message("Ångrat: handledning")).to_be_visible()
    page.close()


def _tab_to(page: Page, selector: str, *, backwards: bool = False) -> None:
    """Tab until something that the selector names has the focus."""
    for _ in range(60):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Shift+Tab" if backwards else "Tab")
    pytest.fail(f"the keyboard does not come to {selector}")


def test_a_dark_window_is_printed_whole_and_dark_on_white(browser: Browser, demo: DemoProcess) -> None:
    page = browser.new_page(viewport=SIZES["telephone"], locale="sv-SE", color_scheme="dark")
    page.goto(demo.url)
    anna = Window(page, 1)
    anna.be("Anna Berg")
    anna.write("hjälp")  # longer than the window
    expect(anna.message("Så här gör du")).to_be_visible()
    page.emulate_media(media="print")
    whole = "node => getComputedStyle(node).overflowY + ' ' + (node.scrollHeight - node.clientHeight)"
    assert anna.root.locator(".scroll").evaluate(whole) == "visible 0"
    ink = anna.message("Så här gör du").evaluate("node => getComputedStyle(node).color")
    assert ink == "rgb(23, 33, 31)"
    expect(anna.root.locator("textarea")).to_be_hidden()
    page.close()
