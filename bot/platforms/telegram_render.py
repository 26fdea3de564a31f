"""`Message` → what Telegram shows: pure functions, no network.

Nothing is sent with a parse mode, so no text, whoever wrote it, can become bold, a disguised link or a
mention by markup. Telegram still finds some things in plain text by itself: `@name` (broken up below by an
invisible word joiner, so that a note never points at a stranger), and bare links, which always show where
they lead and whose preview is off. Commands stay: the bot's own help lives on them being tappable.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from handlers.message import Button, File, Message

CHARACTERS = 4096
"""UTF-16 code units a text message takes (core.telegram.org/bots/api#sendmessage)."""

SHORT_LABEL = 16
"""Two labels of at most this many characters share a row; on a telephone longer ones are cut off."""

PICTURES = frozenset({"image/jpeg", "image/png", "image/webp"})
"""What sendPhoto shows in place; other pictures (SVG, GIF) it refuses or spoils: they go as documents."""

PHOTO_BYTES = 10 * 1024 * 1024
"""sendPhoto's limit."""

_MENTION = re.compile(r"(?<!\w)@(?=\w)")


@dataclass(frozen=True, slots=True)
class Part:
    """One post: a text or a file, and the buttons under it."""

    text: str = ""
    file: File | None = None
    buttons: tuple[Button, ...] = ()


def parts(message: Message) -> tuple[Part, ...]:
    """The posts in order: texts, then files; buttons under the last text, or under the last file if none."""
    texts = [Part(text=text) for text in split(literal(message.plain()))]
    files = [Part(file=file) for file in message.files]
    bearer = texts or files
    if bearer:
        bearer[-1] = Part(bearer[-1].text, bearer[-1].file, tuple(message.buttons))
    return (*texts, *files)


def literal(text: str) -> str:
    """`text` as it stands to the eye, with mentions broken up and lone surrogates replaced."""
    whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return _MENTION.sub("@\u2060", whole)


def split(text: str, limit: int = CHARACTERS) -> list[str]:
    """Parts of at most `limit` UTF-16 units, cut at line ends, else at spaces, else anywhere; none blank."""
    return [part for part in _pieces(text, limit) if part.strip()]


def units(text: str) -> int:
    """Length as Telegram counts it: UTF-16 code units."""
    return len(text.encode("utf-16-le")) // 2


def keyboard(buttons: Sequence[Button]) -> InlineKeyboardMarkup | None:
    """Rows of two short buttons or one long; None without buttons."""
    return InlineKeyboardMarkup([_row(row) for row in _rows(buttons)]) if buttons else None


def is_photo(file: File) -> bool:
    """Whether the file is shown in place."""
    return file.media_type in PICTURES and len(file.content) <= PHOTO_BYTES


def _pieces(rest: str, limit: int) -> Iterator[str]:
    while units(rest) > limit:
        end, start = _cut(rest, limit)
        yield rest[:end]
        rest = rest[start:]
    yield rest


def _cut(text: str, limit: int) -> tuple[int, int]:
    """Where this part ends and the next begins; the line end or space between them is left out."""
    fits = len(text.encode("utf-16-le")[: 2 * limit].decode("utf-16-le", "ignore"))
    for mark in ("\n", " "):
        at = text.rfind(mark, 1, fits + 1)
        if at > 0:
            return at, at + 1
    return fits, fits


def _rows(buttons: Sequence[Button]) -> Iterator[Sequence[Button]]:
    left = list(buttons)
    while left:
        width = 2 if all(len(button.label) <= SHORT_LABEL for button in left[:2]) else 1
        yield left[:width]
        del left[:width]


def _row(buttons: Sequence[Button]) -> list[InlineKeyboardButton]:
    return [InlineKeyboardButton(button.label, callback_data=button.press) for button in buttons]
