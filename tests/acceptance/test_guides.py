"""The guides in a real browser: what they tell people to write is written, and photographed for them.

With HANDLEDD_TEST_PICTURE set to a folder, docs/guider's pictures are taken anew (`make picture-guides`).
"""

from __future__ import annotations

import html
import os
import re
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

from tests.acceptance.demo import DemoProcess
from tests.acceptance.house import Home
from tests.acceptance.test_demo_page import Window

PICTURES = os.environ.get("HANDLEDD_TEST_PICTURE")
TELEPHONE = ViewportSize(width=390, height=844)
DESK = ViewportSize(width=1280, height=1000)


def opened(browser: Browser, demo: DemoProcess, size: ViewportSize) -> Page:
    page = browser.new_page(viewport=size, device_scale_factor=2, locale="sv-SE", color_scheme="light")
    page.goto(demo.url)
    return page


def shot(page: Page, name: str, part: Locator | None = None) -> None:
    """A picture of the page or a part of it, where pictures are wanted."""
    if PICTURES:
        page.mouse.move(0, 0)
        page.evaluate("document.activeElement.blur()")
        (part or page).screenshot(path=Path(PICTURES) / f"{name}.png", animations="disabled")


def test_a_trainee_writes_a_line_and_sees_how_it_stands_in_a_telephone(
    browser: Browser, demo: DemoProcess
) -> None:
    page = opened(browser, demo, TELEPHONE)
    anna = Window(page, 1)
    anna.be("Anna Berg")
    anna.write("handledning idag 1h etik")
    expect(anna.message("Sparat: handledning")).to_contain_text("etik")
    shot(page, "guide-st-lakare")
    anna.write("status")
    expect(anna.message("Anna Berg · Vårdcentralen Ekbacken")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= TELEPHONE["width"]
    shot(page, "guide-status")
    page.close()


def test_a_supervisor_is_asked_and_sees_the_pairs(browser: Browser, demo: DemoProcess) -> None:
    page = opened(browser, demo, DESK)
    eva = Window(page, 1)
    eva.be("Eva Ek")
    expect(eva.message("Stämmer det?").get_by_role("button", name="Stämmer", exact=True)).to_be_visible()
    eva.write("par")
    expect(eva.message("Bilal Noor")).to_be_visible()
    shot(page, "guide-handledare", eva.root)
    page.close()


def test_a_studierektor_asks_for_the_whole(browser: Browser, demo: DemoProcess) -> None:
    page = opened(browser, demo, DESK)
    siv = Window(page, 1)
    siv.be("Siv Rektorsson")
    siv.write("digest")
    expect(siv.message("Sammanfattning")).to_contain_text("Läget:")
    siv.scroll_to(siv.message("Sammanfattning"))
    shot(page, "guide-studierektor", siv.root)
    siv.write("översikt")
    expect(siv.root.locator(".message img").last).to_have_attribute(
        "alt", re.compile("ST-läkare × krav, .* av 9 i fas")
    )
    page.close()


LIST = """\
email,name,role,unit,rulebook,supervisor,start,end
anna@exempel.se,Anna Berg,trainee,Ekbacken,ostergotland-allmanmedicin,eva@exempel.se,2026-01-12,2031-01-11
bilal@exempel.se,Bilal Noor,trainee,Ekbacken,,eva@exempel.se,2023-02-01,2028-01-31
eva@exempel.se,Eva Ek,supervisor,Ekbacken,,,,
siv@exempel.se,Siv Rektorsson,studierektor,Ekbacken,,,,
"""
BEFORE = "bilal@exempel.se,Bilal Noor,trainee,Ekbacken,,eva@exempel.se,2023-02-01,2028-01-31"
AFTER = "bilal@exempel.se,Bilal Noor,trainee,Ekbacken,,lars@exempel.se,2023-02-01,2028-06-30"
NEW = """\
lars@exempel.se,Lars Lind,supervisor,Ekbacken,,,,
cia@exempel.se,Cia Strand,trainee,Ekbacken,,eva@exempel.se,2026-12-01,2031-11-30
anna@exempel.se,,leave,,,,2027-02-01,2027-08-31
"""
SCREEN = """\
<!doctype html><html lang="sv"><title>Terminal</title>
<style>body {{ margin: 0; background: #1d2430 }}
pre {{ display: inline-block; margin: 0; padding: 20px 24px; color: #e6e9ef;
font: 15px/1.15 "DejaVu Sans Mono", "Liberation Mono", monospace }} b {{ color: #8fd3a8 }}</style>
<pre>{}</pre></html>"""


def this_year(text: str) -> str:
    """The same, a year later for each year since Anna began: the command has the real clock."""
    later = (datetime.now(UTC) - datetime(2026, 1, 12, tzinfo=UTC)).days // 366
    return re.sub(r"20\d\d(?=-\d\d-\d\d)", lambda year: str(int(year[0]) + later), text)


def test_a_secretary_sees_what_a_file_would_change(browser: Browser, tmp_path: Path) -> None:
    """A new supervisor and a new trainee, a longer training, a pair that ends, a leave: a year's upkeep."""
    home, file = Home(tmp_path, {}), tmp_path / "roster.csv"
    file.write_text(this_year(LIST), encoding="utf-8")
    assert home.command("roster", "import", "roster.csv").returncode == 0
    file.write_text(this_year(LIST.replace(BEFORE, AFTER) + NEW), encoding="utf-8")
    said = ""
    for words in (("roster", "import", "roster.csv", "--dry-run"), ("roster", "check")):
        done = home.command(*words, COLUMNS="110")
        assert done.returncode == 0, done.stderr
        said += f"<b>$ handledd {' '.join(words)}</b>\n{html.escape(done.stdout)}\n"
    page = browser.new_page(viewport=ViewportSize(width=1100, height=600), device_scale_factor=2)
    page.set_content(SCREEN.format(said))
    for line in ("lars@exempel.se", "2028-06-30", "avslutat", "2027-02-01 – 2027-08-31", "Allt stämmer"):
        expect(page.locator("pre")).to_contain_text(this_year(line))
    shot(page, "guide-sekreterare", page.locator("pre"))
    page.close()
