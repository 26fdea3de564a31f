"""One spelling for one text: what is seen stays, what is unseen goes."""

from __future__ import annotations

import unicodedata
from functools import cache

_DROPPED = {"Cf", "Me", "Co", "Cs", "Cn"}  # zero-width and direction marks, keycaps, unassigned
_JOINERS = {"\u200d", "\ufe0f", "\ufe0e"}
_FRACTIONS = "½¼¾"
_LATIN, _BASIC_PLANE = "\u024f", "\uffff"


def clean(text: str) -> str:
    """The line in the user's own letters: NFC, no invisible characters, no emoji, plain digits and dashes."""
    composed = unicodedata.normalize("NFC", text)
    if composed.isascii() and composed.isprintable():
        return composed
    highest = max(composed)
    if highest <= _LATIN:
        return composed.translate(_up_to(_LATIN))
    plain = composed.translate(_up_to(_BASIC_PLANE))
    far = {char for char in plain if char > _BASIC_PLANE} if highest > _BASIC_PLANE else None
    return plain.translate({ord(char): _plain(char) for char in far}) if far else plain


@cache
def _up_to(last: str) -> list[str]:
    """What each character becomes, made once: hostile lines stay quick to clean. Most people write Latin
    letters alone, so the 65,536 of the basic plane wait for whoever writes another."""
    return [_plain(chr(code)) for code in range(ord(last) + 1)]


def _plain(char: str) -> str:
    if char in _FRACTIONS or (char.isalpha() and char <= _LATIN):
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
    if char in "∕⁄":
        return "/"
    if kind in ("Cc", "Zs", "Zl", "Zp", "So", "Sk") and char not in "°`^´¨":
        return " "
    wide = unicodedata.normalize("NFKC", char)
    return wide if len(wide) == 1 and wide.isascii() else char


_ACCENTS = str.maketrans("åäàáâãæöøòóôõéèêëüúùûíìîïñç", "aaaaaaaoooooo" + "eeeeuuuuiiiinc")


def fold(word: str) -> str:
    """The word in small letters without accents: `Bedömning` → `bedomning`."""
    return word.lower().translate(_ACCENTS)
