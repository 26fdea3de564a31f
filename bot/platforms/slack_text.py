"""Slack's text form, both ways: `<@U1>`, `<http://x|x>`, `&amp;` → what a person reads.

Source: https://docs.slack.dev/messaging/formatting-message-text
"""

from __future__ import annotations

import re
import unicodedata

from handlers.message import Mentioned

_ANGLE = re.compile(r"<([^<>]*)>")
_PERSON = re.compile(r"<@([A-Z0-9]{2,40})(?:\|([^<>]*))?>")
"""Slack names a person by their id, in what people write by that alone."""


def readable(text: str) -> str:
    """Slack's own text form as the writer saw it."""
    return _unescape(_ANGLE.sub(lambda found: _label(found[1]), text))


def people_in(text: str) -> dict[str, Mentioned | None]:
    """Those whom Slack's form of a text names, by account; None where it does not say their name."""
    named = {account: clean(_unescape(label)) for account, label in _PERSON.findall(text)}
    return {account: Mentioned(name) if name.strip() else None for account, name in named.items()}


def by_account(text: str) -> str:
    """`<@U1|anna>` → `<@U1>`: whoever has the roster says the name."""
    return _PERSON.sub(r"<@\1>", text)


def _label(inner: str) -> str:
    """`@U1|anna` → `@anna`, `#C1|st` → `#st`, `!here` → `@here`, `mailto:a@x.se|a@x.se` → `a@x.se`."""
    target, _, label = inner.partition("|")
    match target[:1]:
        case "@" | "#":
            return target[0] + (label or target[1:]).lstrip("@#")
        case "!":
            return label or "@" + target[1:].partition("^")[0]
        case _:
            return label or target.removeprefix("mailto:").removeprefix("tel:")


def _unescape(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def escape(text: str) -> str:
    """Text that Slack can read no mention, link or entity into."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def clean(text: str) -> str:
    """NFC, without NUL (PostgreSQL refuses it) and lone surrogates (UTF-8 refuses them).

    No "?" stands in their place: it would make a question of a log.
    """
    if not text.isprintable():  # labels and lines are, and have neither in them
        whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        text = whole.replace("\x00", "")
    return unicodedata.normalize("NFC", text)
