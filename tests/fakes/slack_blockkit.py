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


def check_view(view: dict[str, Any]) -> None:
    """Raises InvalidBlocksError for a modal or a home that Slack would refuse."""
    match view:
        case {"type": "home", "blocks": [*blocks], **rest} if not rest:
            check(blocks)
        case {"type": "modal", "title": title, "submit": submit, "blocks": [*blocks], **rest}:
            _need(not rest.keys() - {"callback_id", "private_metadata", "close"}, "unknown key in a view")
            _plain(title, 24)
            _plain(submit, 24)
            _need(len(rest.get("callback_id", "")) <= 255, "callback_id")
            _need(len(rest.get("private_metadata", "")) <= 3000, "private_metadata")
            _need(1 <= len(blocks) <= 100, "1-100 blocks")
            _need(len({block["block_id"] for block in blocks}) == len(blocks), "block_id twice")
            for block in blocks:
                _input(block)
        case _:
            raise InvalidBlocksError("unknown view")


def _input(block: dict[str, Any]) -> None:
    _need(block.get("type") == "input", "only inputs")
    _need(not block.keys() - {"type", "block_id", "label", "element", "optional", "hint"}, "unknown key")
    _plain(block["label"], 2000)
    if "hint" in block:
        _plain(block["hint"], 2000)
    element: dict[str, Any] = block["element"]
    kind = element["type"]
    _need(kind in _ELEMENTS, "unknown element")
    _need(not element.keys() - {"type", "action_id", *_ELEMENTS[kind]}, "unknown key in an element")
    if kind == "plain_text_input":
        longest = element.get("max_length", 3000)
        _need(1 <= longest <= 3000 and len(element.get("initial_value", "")) <= longest, "max_length")
    elif kind == "datepicker":
        _need(bool(re.fullmatch(r"\d{4}-\d\d-\d\d", element.get("initial_date", "2026-01-01"))), "a date")
    else:
        one = [element["initial_option"]] if "initial_option" in element else None
        _options(element["options"], element.get("initial_options", one))


_ELEMENTS = {
    "plain_text_input": ("multiline", "initial_value", "max_length"),
    "datepicker": ("initial_date",),
    "static_select": ("options", "initial_option"),
    "multi_static_select": ("options", "initial_options"),
}


def _options(options: list[dict[str, Any]], chosen: list[dict[str, Any]] | None) -> None:
    _need(1 <= len(options) <= 100, "1-100 options")
    for option in options:
        _plain(option["text"], 75)
        _need(1 <= len(option["value"]) <= 150, "value 1-150")
    _need(chosen is None or (bool(chosen) and all(each in options for each in chosen)), "an initial option")


def _plain(text: dict[str, Any], longest: int) -> None:
    _need(text.get("type") == "plain_text", "plain_text")
    _text(text, longest)


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
        case {"type": "image", "slack_file": {"id": file}, "alt_text": told, **rest} if not rest:
            _need(bool(re.fullmatch(r"F[A-Z0-9]{8,}", file)), "a file's id")
            _need(1 <= len(told) <= 2000, "alt_text 1-2000")
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
