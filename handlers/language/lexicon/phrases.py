"""Tables of phrases, and what a word can begin, told by bits: by them most of a line is passed over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import Any, Generic, TypeVar

T = TypeVar("T")

# What a token can begin: these, and one bit for each table of phrases (see Vocabulary).
NUMBER, LONG, WORD, STEM, CODE, ENDING, START = (1 << place for place in range(7))
"""In digits; four digits or more; in letters; a topic by its stem or end; a goal code; the end of an ordinal
(`12:e`); the first of the line.
"""
AT, FRACTION, POINT, COLON, PRIME, JOINT, STAR, QUESTION = (1 << place for place in range(7, 15))
"""Signs: `@`; `½`; `.` and `,`; `:`; `'`; what joins two days or clock times; `*`; `?`."""
KIND = 1 << 15
"""A compound that is read as what it is a kind of: only its own letters tell which (`akutkurs`)."""
OWN_BITS = 16
ANY = -1
PRIMES = ("'", "´", "′")
ARROWS = ("→", "⟶", "➔", "»")
SIGNS = {
    **dict.fromkeys((*ARROWS, ",", "-", "/", "&"), JOINT),
    **dict.fromkeys("½¼¾", FRACTION),
    **dict.fromkeys(PRIMES, PRIME),
    "@": AT,
    "*": STAR,
    "?": QUESTION,
    ":": COLON,
    ".": POINT,
    ",": POINT | JOINT,
}


@dataclass(slots=True)
class Branch(Generic[T]):
    """Where a row of words has led: what it means, if it is a phrase, and the words that may come next."""

    meaning: T | None = None
    more: dict[str, Branch[T]] = field(default_factory=dict)


class Phrases(Generic[T]):
    """A lookup of whole phrases, each a row of canonical words, to what they mean.

    `bit` is set by the vocabulary: tokens that can begin one of the phrases have it in their `begins`.
    """

    def __init__(self, entries: Mapping[str, T]) -> None:
        """`entries` maps phrases with one space between the words."""
        self.entries = dict(entries)
        self.bit = 0
        self.first: dict[str, Branch[T]] = {}
        for phrase, meaning in self.entries.items():
            branch = Branch(more=self.first)
            for word in phrase.split(" "):
                more = branch.more
                branch = more.get(word) or more.setdefault(word, Branch())
            branch.meaning = meaning

    def __contains__(self, phrase: str) -> bool:
        return phrase in self.entries


def bits(*tables: Phrases[Any]) -> int:
    """What tokens that begin a phrase of any of the tables can begin."""
    return reduce(or_, (table.bit for table in tables), 0)


def own_bits(raw: str) -> int:
    """What a piece of a line is by its signs alone."""
    if raw[0].isdecimal():
        return NUMBER | LONG if len(raw) > 3 else NUMBER
    return WORD if raw[0].isalpha() else SIGNS.get(raw, 0)
