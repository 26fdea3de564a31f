"""One spelling for one text: what is seen stays, what is unseen goes."""

from __future__ import annotations

import unicodedata
from functools import cache

_DROPPED = {"Cf", "Me", "Co", "Cs", "Cn"}  # zero-width and direction marks, keycaps, unassigned
_JOINERS = {"\u200d", "\ufe0f", "\ufe0e"}
_FRACTIONS = "½¼¾"


def clean(text: str) -> str:
    """The line in the user's own letters: NFC, no invisible characters, no emoji, plain digits and dashes."""
    composed = unicodedata.normalize("NFC", text)
    if composed.isascii() and composed.isprintable():
        return composed
    plain = composed.translate(_basic_plane())
    far = {char for char in plain if char > "\uffff"} if max(plain, default="") > "\uffff" else None
    return plain.translate({ord(char): _plain(char) for char in far}) if far else plain


@cache
def _basic_plane() -> list[str]:
    """What each of the first 65,536 characters becomes, made once: hostile lines stay quick to clean."""
    return [_plain(chr(code)) for code in range(0x10000)]


def _plain(char: str) -> str:
    if char in _FRACTIONS or (char.isalpha() and char < "\u0250"):
        return char
    if char in _JOINERS:
        return ""
    kind = unicodedata.category(char)
    if kind in _DROPPED:
        return ""
    return _plain_visible(char, kind)


def _plain_visible(char: str, kind: str) -> str:
    if kind in ("Nd", "No"):
        digit = unicodedata.digit(char, None)
        return char if digit is None else str(digit)
    if kind == "Pd" or char == "−":
        return "-"
    if kind in ("Cc", "Zs", "Zl", "Zp", "So", "Sk") and char not in "°`^´¨":
        return " "
    wide = unicodedata.normalize("NFKC", char)
    return wide if len(wide) == 1 and wide.isascii() else char


_ACCENTS = str.maketrans("åäàáâãæöøòóôõéèêëüúùûíìîïñç", "aaaaaaaoooooo" + "eeeeuuuuiiiinc")


def fold(word: str) -> str:
    """The word in small letters without accents: `Bedömning` → `bedomning`."""
    return word.lower().translate(_ACCENTS)
