"""What Teams takes of a bot, checked strictly, and what it would make of the text in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from microsoft_teams.cards import AdaptiveCard

CARD = "application/vnd.microsoft.card.adaptive"
CONSENT = "application/vnd.microsoft.teams.card.file.consent"
INFO = "application/vnd.microsoft.teams.card.file.info"
_MARKS = re.compile(r"\*\*|\*\w|__|_\w|~~|`|\[[^]]*\]\(|^\s*[-+*]\s|^\s*\d+\.\s|^#|^>|<\w", re.MULTILINE)

Body = dict[str, Any]


class InvalidActivityError(ValueError):
    """What Teams answers 400 to."""


def check(activity: Body) -> None:
    """Raises InvalidActivityError for an activity that Teams does not take."""
    _need(activity.get("type") == "message", "type")
    attachments = activity.get("attachments", [])
    _need(bool(activity.get("text", "").strip()) or bool(attachments), "nothing to show")
    for attachment in attachments:
        check_attachment(attachment)


def check_attachment(attachment: Body) -> None:
    kind = attachment.get("contentType", "")
    if kind == CARD:
        check_card(attachment["content"])
    elif kind == CONSENT:
        content = attachment["content"]
        _need(bool(attachment["name"]) and content["sizeInBytes"] > 0, "offer")
        _need(isinstance(content["acceptContext"], dict), "offer's context")
    elif kind == INFO:
        _need(attachment["contentUrl"].startswith("http") and bool(attachment["name"]), "file")
    else:
        _need(kind in {"image/png", "image/jpeg", "image/gif"}, f"attachment {kind}")
        _need(attachment["contentUrl"].startswith(f"data:{kind};base64,"), "picture")


def check_card(card: Body) -> None:
    """The card's own rules, and Microsoft's model of it."""
    _need(card.get("type") == "AdaptiveCard" and card.get("version") in {"1.2", "1.3", "1.4", "1.5"}, "card")
    _need(bool(card.get("body")), "an empty card")
    for element in card["body"]:
        if element["type"] == "ActionSet":
            _need(1 <= len(element["actions"]) <= 6, "buttons in a row")
            for action in element["actions"]:
                _check_action(action)
        else:
            _need(element["type"] == "RichTextBlock", element["type"])
            _need(all(run["type"] == "TextRun" and run["text"] for run in element["inlines"]), "run")
            _need(all("\n" not in run["text"] for run in element["inlines"]), "a line end is not shown")
    AdaptiveCard.model_validate(card)


def _check_action(action: Body) -> None:
    _need(action["type"] == "Action.Execute" and action["fallback"]["type"] == "Action.Submit", "action")
    _need(bool(action["title"].strip()) and bool(action["verb"]), "title")
    _need(action["data"] == action["fallback"]["data"], "fallback")


def _need(true: bool, what: str) -> None:
    if not true:
        raise InvalidActivityError(what)


def markup(activity: Body) -> list[str]:
    """Every piece of text in which Teams would read markup."""
    return [text for text, reads in _texts(activity) if reads and _MARKS.search(text)] + [
        f"mention: {entity}" for entity in activity.get("entities", [])
    ]


def _texts(activity: Body) -> Iterator[tuple[str, bool]]:
    """Each text, and whether markup is read in it."""
    yield activity.get("text", ""), activity.get("textFormat", "markdown") != "plain"
    for card in cards(activity):
        for element in card["body"]:
            if element["type"] in {"TextBlock", "FactSet"}:
                yield str(element), True


def cards(activity: Body) -> list[Body]:
    """The cards of an activity."""
    return [a["content"] for a in activity.get("attachments", []) if a.get("contentType") == CARD]


def shown(activity: Body) -> str:
    """What a person reads: the text, or the card's lines."""
    return "\n".join([activity.get("text", ""), *map(card_text, cards(activity))]).strip("\n")


def card_text(card: Body) -> str:
    """The lines of a card."""
    blocks = [element for element in card["body"] if element["type"] == "RichTextBlock"]
    return "\n".join("".join(run["text"] for run in block["inlines"]) for block in blocks)


def buttons(card: Body) -> dict[str, Body]:
    """A card's buttons: title → data."""
    rows = [element["actions"] for element in card["body"] if element["type"] == "ActionSet"]
    return {action["title"]: action["data"] for row in rows for action in row}
