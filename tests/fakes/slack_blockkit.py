"""Block Kit as Slack takes it, and Slack's markup as Slack reads it.

Sources: https://docs.slack.dev/reference/block-kit/blocks and
https://docs.slack.dev/messaging/formatting-message-text
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

_MARKUP = {
    "channel-wide": re.compile(r"<!(channel|here|everyone)[^>]*>"),
    "group": re.compile(r"<!subteam\^[^>]*>"),
    "special": re.compile(r"<!(?!channel|here|everyone|subteam)[^>]*>"),
    "user": re.compile(r"<@[^>]*>"),
    "channel": re.compile(r"<#[^>]*>"),
    "link": re.compile(r"<[^@#!>|][^>]*>"),
}
_STYLE = {
    "bare link": re.compile(r"\bhttps?://[^\s<>|]+"),
    "bold": re.compile(r"(?<!\w)\*[^*\n]+\*(?!\w)"),
    "italic": re.compile(r"(?<!\w)_[^_\n]+_(?!\w)"),
    "strike": re.compile(r"(?<!\w)~[^~\n]+~(?!\w)"),
    "code": re.compile(r"`[^`\n]+`"),
}


class InvalidBlocksError(ValueError):
    """What Slack answers `invalid_blocks` to, saying where."""


def check(blocks: object) -> None:
    """Raises InvalidBlocksError for anything Slack would refuse."""
    _need(isinstance(blocks, list) and 1 <= len(blocks) <= 50, "1-50 blocks")
    assert isinstance(blocks, list)
    for block in blocks:
        _block(block)
    actions = [element["action_id"] for block in blocks for element in block.get("elements", [])]
    _need(len(actions) == len(set(actions)), "action_id twice")


def _block(block: dict[str, Any]) -> None:
    match block:
        case {"type": "section", "text": text, **rest} if not rest.keys() - {"block_id"}:
            _text(text, 3000)
        case {"type": "section", "fields": [*fields], **rest} if not rest.keys() - {"block_id"}:
            _need(1 <= len(fields) <= 10, "1-10 fields")
            for field in fields:
                _text(field, 2000)
        case {"type": "actions", "elements": [*elements], **rest} if not rest.keys() - {"block_id"}:
            _need(1 <= len(elements) <= 25, "1-25 elements")
            for element in elements:
                _button(element)
        case {"type": "divider"}:
            pass
        case _:
            raise InvalidBlocksError(f"unknown block: {str(block)[:80]}")


def _button(element: dict[str, Any]) -> None:
    _need(element.get("type") == "button", "only buttons")
    _need(not element.keys() - {"type", "text", "value", "action_id", "style"}, "unknown key in a button")
    _need(element["text"].get("type") == "plain_text", "a button's text is plain")
    _text(element["text"], 75)
    _need(1 <= len(element.get("value", "")) <= 2000, "value 1-2000")
    _need(1 <= len(element.get("action_id", "")) <= 255, "action_id 1-255")
    _need(element.get("style", "primary") in {"primary", "danger"}, "style")


def _text(text: dict[str, Any], longest: int) -> None:
    _need(text.get("type") in {"plain_text", "mrkdwn"}, "a text's type")
    _need(not text.keys() - {"type", "text", "emoji", "verbatim"}, "unknown key in a text")
    _need("emoji" not in text or text["type"] == "plain_text", "emoji belongs to plain_text")
    _need(isinstance(text.get("text"), str), "a text's text")
    _need(bool(text["text"].strip()) and len(text["text"]) <= longest, f"1-{longest} characters")


def _need(true: bool, what: str) -> None:
    if not true:
        raise InvalidBlocksError(what)


def markup(args: dict[str, Any]) -> list[str]:
    """Every mention, link or style that Slack would make of a message's texts, as `kind: what`."""
    found = [f"{kind}: {hit}" for text in _marked(args) for kind, hit in _hits(text, _MARKUP | _STYLE)]
    # Beside blocks the text is only a notification: mentions in it still ring, styles do not show.
    patterns = _MARKUP if args.get("blocks") or args.get("mrkdwn") is False else _MARKUP | _STYLE
    found += [f"{kind}: {hit}" for kind, hit in _hits(str(args.get("text", "")), patterns)]
    if args.get("link_names") or args.get("parse") == "full":
        found += [f"name: {hit}" for hit in re.findall(r"[@#]\w+", str(args.get("text", "")))]
    return found


def shown(blocks: list[dict[str, Any]]) -> str:
    """What a reader sees of the sections and fields, pieces put together as they were cut."""
    texts = [b["text"]["text"] for b in blocks if b["type"] == "section" and "text" in b]
    fields = [f["text"] for b in blocks for f in b.get("fields", [])]
    return "\n".join(["".join(texts), *fields])


def _marked(node: object) -> Iterator[str]:
    match node:
        case {"type": "mrkdwn", "text": str(text)}:
            yield text
        case dict():
            for value in node.values():
                yield from _marked(value)
        case list():
            for value in node:
                yield from _marked(value)


def _hits(text: str, patterns: dict[str, re.Pattern[str]]) -> Iterator[tuple[str, str]]:
    for kind, pattern in patterns.items():
        yield from ((kind, found[0]) for found in pattern.finditer(text))
