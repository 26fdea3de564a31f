"""Numbers in digits and in words."""

from __future__ import annotations

from handlers.language.lexicon.phrases import FRACTION, JOINT, NUMBER, POINT
from handlers.language.lexicon.tokens import Line
from handlers.language.lexicon.vocabulary import Vocabulary

FRACTIONS = {"½": 0.5, "¼": 0.25, "¾": 0.75}
_GOES_ON = NUMBER | POINT | JOINT | FRACTION  # what a number with a fraction goes on with


def whole_at(line: Line, index: int, words: Vocabulary) -> tuple[int, int] | None:
    """A whole number in digits or words at `index`, and the index after it."""
    digits = line.number(index)
    if digits is not None:
        return digits, index + 1
    found = line.phrase(index, words.table("numbers"))
    if found is None:
        return None
    value, end = int(found[0]), found[1]
    more = line.phrase(end, words.table("numbers")) if value in range(20, 100, 10) else None
    if more and 0 < int(more[0]) < 10:  # `fyrtio fem`
        return value + int(more[0]), more[1]
    return value, end


def amount_at(line: Line, index: int, words: Vocabulary) -> tuple[float, int] | None:
    """A number that may have a fraction, also as it is dictated: `en komma fem`; and the index after it."""
    amount = _written_at(line, index, words)
    if amount is None or line.words[amount[1]] != "komma":
        return amount
    tenths = whole_at(line, amount[1] + 1, words)
    return (amount[0] + tenths[0] / 10 ** len(str(tenths[0])), tenths[1]) if tenths else amount


def _written_at(line: Line, index: int, words: Vocabulary) -> tuple[float, int] | None:
    """A number that may have a fraction: `1,5`, `1½`, `¾`, `1/2`, `1 1/2`, `två`; and the index after it."""
    digits = line.number(index)
    if digits is not None and not line.begins[index + 1] & _GOES_ON:
        return float(digits), index + 1
    fraction = _fraction_at(line, index)
    if fraction:
        return fraction
    if (
        digits is None
        and line.words[index] in (".", ",")
        and line.glued(index + 1)
        and not line.tokens[index].glued
    ):
        tenths = line.number(index + 1, 2)  # `.5h`
        return None if tenths is None else (tenths / 10 ** len(line.tokens[index + 1].raw), index + 2)
    if digits is None:
        return whole_at(line, index, words)
    decimals = line.tokens[index + 2].raw if _decimal_follows(line, index) else ""
    if decimals:
        return digits + int(decimals) / 10 ** len(decimals), index + 3
    part = _fraction_at(line, index + 1)
    return (digits + part[0], part[1]) if part else (float(digits), index + 1)


def _decimal_follows(line: Line, index: int) -> bool:
    point = line.words[index + 1] in (",", ".") and line.glued(index + 1)
    return point and line.glued(index + 2) and line.number(index + 2, 3) is not None


def _fraction_at(line: Line, index: int) -> tuple[float, int] | None:
    if line.begins[index] & FRACTION:
        return FRACTIONS[line.words[index]], index + 1
    if line.words[index + 1] == "/" and (line.number(index), line.number(index + 2)) in (
        (1, 2),
        (1, 4),
        (3, 4),
    ):
        return int(line.words[index]) / int(line.words[index + 2]), index + 3
    return None
