"""docs/platforms/replies shows what the bot sends: it must be that, and what each platform takes."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from PIL import Image

from bot.platforms.matrix_render import CHOICES
from tests.fakes import slack_blockkit, teams_card, telegram_entities
from tests.support.gallery import CLIENTS, FOLDER, PLATFORMS, Shape, drawn

KEPT = {file.name: file.read_text("utf-8") for file in sorted(FOLDER.iterdir()) if file.is_file()}
ON: dict[str, dict[str, Shape]] = {platform: json.loads(KEPT[f"{platform}.json"]) for platform in PLATFORMS}
NAMES = sorted(ON["slack"])


def test_what_is_kept_is_what_the_bot_sends() -> None:
    """If this fails: python -m tests.support.gallery"""
    assert drawn() == KEPT


@pytest.mark.parametrize("platform", PLATFORMS)
def test_every_kind_is_shown_on_every_platform(platform: str) -> None:
    assert sorted(ON[platform]) == NAMES
    assert len(NAMES) == 11


def test_every_kind_was_photographed_in_every_client() -> None:
    """If this fails: make picture-replies"""
    wanted = {f"{client}-{name}.png" for client in CLIENTS for name in NAMES}
    assert {file.name for file in (FOLDER / "images").iterdir()} == wanted


@pytest.mark.parametrize("name", NAMES)
def test_no_picture_of_the_page_is_cut_off_below(name: str) -> None:
    """Under a whole message there is the white of its window; a cut one ended in the ground beside it."""
    with Image.open(FOLDER / "images" / f"web-{name}.png") as picture:
        whole = picture.convert("RGB")
    row = [whole.getpixel((x, whole.height - 1)) for x in range(whole.width)]
    assert set(row) == {(255, 255, 255)}


@pytest.mark.parametrize("name", NAMES)
def test_slack_takes_its_blocks(name: str) -> None:
    shown = ON["slack"][name]
    for view in (shown if name == "home" else None, shown.get("modal")):
        if view:
            slack_blockkit.check_view(view)
    slack_blockkit.check(shown["blocks"])
    assert slack_blockkit.markup(shown) == []


@pytest.mark.parametrize("name", NAMES)
def test_teams_takes_its_cards(name: str) -> None:
    assert ON["teams"][name]
    for activity in ON["teams"][name]:
        teams_card.check(activity)
        assert teams_card.markup(activity) == []


@pytest.mark.parametrize("name", NAMES)
def test_telegram_takes_its_posts(name: str) -> None:
    assert ON["telegram"][name]
    for post in ON["telegram"][name]:
        assert 1 <= telegram_entities.units(post["text"]) <= 4096
        assert all(1 <= len(data.encode()) <= 64 for data in callback_data(post))


def callback_data(post: Shape) -> Iterator[str]:
    for row in post.get("reply_markup", {}).get("inline_keyboard", []):
        for button in row:
            yield button["callback_data"]


@pytest.mark.parametrize("name", NAMES)
def test_matrix_shows_a_number_for_every_choice(name: str) -> None:
    buttons = [data for post in ON["telegram"][name] for data in callback_data(post)]
    choices = [choice for content in ON["matrix"][name] for choice in content.get(CHOICES, [])]
    assert choices == buttons
    for number in range(1, len(choices) + 1):
        assert f"\n{number}\ufe0f\u20e3 " in ON["matrix"][name][-1]["body"]
