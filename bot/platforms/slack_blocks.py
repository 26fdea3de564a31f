"""What goes out: `Message` → Block Kit. Pure: no network.

Everything a person may have written goes out as `plain_text`, which Slack reads no markup in.
Source of the limits: https://docs.slack.dev/reference/block-kit/blocks
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot.platforms.slack_text import clean, escape
from handlers.message import Button, Field, File, Message

Block = dict[str, Any]

MAX_BLOCKS = 50
MAX_TEXT = 3000
MAX_FIELDS = 10
MAX_FIELD = 2000
MAX_ELEMENTS = 25
MAX_LABEL = 75


def blocks(message: Message) -> list[Block]:
    """At most 50 blocks; text that does not fit is `overflow`'s."""
    below = [*_fields(message), *_actions(message.buttons)]
    texts = _texts(message)[: MAX_BLOCKS - len(below)]
    return [_section(text) for text in texts] + below


def home(message: Message, pictures: Sequence[tuple[str, str]] = ()) -> list[Block]:
    """The blocks of an App Home, its pictures (Slack's file id, what it shows) between text and buttons."""
    below = _actions(message.buttons)
    above = blocks(replace(message, buttons=()))
    shown = [_picture(file, told) for file, told in pictures]
    return above[: MAX_BLOCKS - len(shown) - len(below)] + shown + below


def _picture(file: str, told: str) -> Block:
    return {"type": "image", "slack_file": {"id": file}, "alt_text": clean(told)[:MAX_FIELD] or "–"}


def overflow(message: Message) -> File | None:
    """The whole text as a file when it is longer than one message can show, so that nothing is lost."""
    rows = -(-len(message.buttons) // MAX_ELEMENTS)  # as `_actions` makes them: not made for every answer
    room = MAX_BLOCKS - len(_fields(message)) - rows
    if len(_texts(message)) <= room:
        return None
    return File("handledd.txt", clean(message.plain()).encode(), "text/plain; charset=utf-8")


def fallback(message: Message) -> str:
    """What a notification says: the beginning of the same, harmless even where markup is read."""
    return escape(clean(message.plain()).strip()[: MAX_TEXT // 5]) or "–"


def chunks(text: str, size: int = MAX_TEXT) -> list[str]:
    """`text` in pieces of at most `size` characters, cut at a line's or a word's end where there is one."""
    pieces: list[str] = []
    while len(text) > size:
        cut = max(text.rfind("\n", size // 2, size), text.rfind(" ", size // 2, size)) + 1 or size
        pieces.append(text[:cut])
        text = text[cut:]
    return [*pieces, text] if text else pieces


def _texts(message: Message) -> list[str]:
    """The text, then the fields too long for a field; Slack takes no empty section, so never none."""
    long = [_line(field) for field in message.fields if len(_line(field)) > MAX_FIELD]
    texts = [piece for text in (clean(message.text), *long) for piece in chunks(text) if piece.strip()]
    return texts or ([] if message.fields else ["–"])


def _section(text: str) -> Block:
    return {"type": "section", "text": _plain(text)}


def _fields(message: Message) -> list[Block]:
    lines = [_line(field) for field in message.fields]
    short = [_plain(line) for line in lines if len(line) <= MAX_FIELD]
    return [
        {"type": "section", "fields": short[start : start + MAX_FIELDS]}
        for start in range(0, len(short), MAX_FIELDS)
    ]


def _line(field: Field) -> str:
    return clean(f"{field.label}: {field.value}")


def _actions(buttons: Sequence[Button]) -> list[Block]:
    elements = [_button(number, button) for number, button in enumerate(buttons)]
    return [
        {"type": "actions", "elements": elements[start : start + MAX_ELEMENTS]}
        for start in range(0, len(elements), MAX_ELEMENTS)
    ]


def _button(number: int, button: Button) -> Block:
    label = clean(button.label).strip() or "–"
    if len(label) > MAX_LABEL:
        label = label[: MAX_LABEL - 1] + "…"
    element = {"type": "button", "text": _plain(label), "value": button.press}
    element["action_id"] = f"handledd:{number}"
    return element | ({"style": "primary"} if button.primary else {})


def _plain(text: str) -> Block:
    return {"type": "plain_text", "text": text, "emoji": False}
