"""What Telegram makes of a text: entities from HTML markup, and those it finds in plain text by itself."""

from __future__ import annotations

import re
from html.parser import HTMLParser

TAGS = frozenset(
    ("b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "span", "tg-spoiler", "a", "code", "pre")
)

FOUND = {
    "mention": re.compile(r"(?<!\w)@[A-Za-z0-9_]{3,32}(?!\w)"),
    "url": re.compile(
        r"(?:https?|ftp|tg)://\S+|(?<![\w@.])[\w-]+\.(?:se|com|org|net|me)(?!\w)(?:/\S*)?", re.I
    ),
    "email": re.compile(r"[\w.+-]+@[\w-]+\.\w+"),
    "bot_command": re.compile(r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@\w{3,32})?(?![\w/<>])"),
}

Entity = dict[str, str | int]


def units(text: str) -> int:
    """Length in UTF-16 code units, as the Bot API counts."""
    return len(text.encode("utf-16-le")) // 2


def found(text: str) -> list[Entity]:
    """The entities of a plain text."""
    return [
        {
            "type": kind,
            "offset": units(text[: hit.start()]),
            "length": units(hit.group()),
            "text": hit.group(),
        }
        for kind, pattern in FOUND.items()
        for hit in pattern.finditer(text)
    ]


def from_html(source: str) -> tuple[str, list[Entity]]:
    """The text without markup and the markup's entities. Raises ValueError where Telegram would refuse."""
    reader = _Reader()
    reader.feed(source)
    reader.close()
    if reader.open_tags:
        msg = f"can't parse entities: can't find end tag corresponding to {reader.open_tags[-1][0]}"
        raise ValueError(msg)
    return reader.text, reader.entities


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.entities: list[Entity] = []
        self.open_tags: list[tuple[str, int]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            msg = f"can't parse entities: unsupported start tag {tag!r}"
            raise ValueError(msg)
        self.open_tags.append((tag, len(self.text)))

    def handle_endtag(self, tag: str) -> None:
        if not self.open_tags or self.open_tags[-1][0] != tag:
            msg = f"can't parse entities: unexpected end tag {tag!r}"
            raise ValueError(msg)
        _, start = self.open_tags.pop()
        kind = "text_link" if tag == "a" else tag
        inside = self.text[start:]
        offset = units(self.text[:start])
        self.entities.append({"type": kind, "offset": offset, "length": units(inside), "text": inside})

    def handle_data(self, data: str) -> None:
        self.text += data
