"""A line as words, numbers and marks, and who has taken which of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

T = TypeVar("T")

_TOKEN = re.compile(r"[^\W\d_½¼¾]+|\d+|\S")
MOST = 150  # tokens that are read for meaning: what follows can only be a note, and reading stays quick
_PADDING = 12  # empty words after the last, so that looking ahead (and behind the first) needs no check
_INSIDE_A_PHRASE = frozenset("-.'’:°/")
_PIECE = re.compile(r"[^\W_]+")


class Phrases(Generic[T]):
    """A lookup of whole phrases, each a row of canonical words, to what they mean."""

    def __init__(self, entries: Mapping[str, T]) -> None:
        """`entries` maps phrases with one space between the words."""
        self.entries = dict(entries)
        self.longest: dict[str, int] = {}
        for phrase in self.entries:
            words = phrase.split(" ")
            self.longest[words[0]] = max(len(words), self.longest.get(words[0], 0))

    def __contains__(self, phrase: str) -> bool:
        return phrase in self.entries


def first_words(*tables: Phrases[Any]) -> frozenset[str]:
    """The words that phrases of any of the tables begin with."""
    return frozenset().union(*(table.longest for table in tables))


def pieces(phrase: str) -> str:
    """A phrase as the words a line would be cut into: `st-möte` → `st möte`, `1½` → `1 ½`."""
    return " ".join(match[0].lower() for match in _TOKEN.finditer(phrase) if _PIECE.match(match[0]))


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the line: its own letters, the canonical word it is read as, and where it stands."""

    raw: str
    word: str
    start: int
    glued: bool  # nothing between it and the token before

    @property
    def end(self) -> int:
        """The index in the text after its last character."""
        return self.start + len(self.raw)

    @property
    def is_number(self) -> bool:
        """Whether it is written with digits."""
        return self.raw[0].isdecimal()

    @property
    def is_word(self) -> bool:
        """Whether it is written with letters."""
        return self.raw[0].isalpha()


@dataclass(slots=True)
class Line:
    """The tokens of one line. `taken` holds, for each, the name of the finder that understood it."""

    text: str
    tokens: list[Token]
    rest: str = ""  # what is too far on to be read
    taken: list[str] = field(init=False)
    _words: list[str] = field(init=False)

    def __post_init__(self) -> None:
        self.taken = [""] * len(self.tokens)
        self._words = [token.word for token in self.tokens] + [""] * _PADDING

    def free(self, index: int) -> bool:
        """Whether there is a token at `index` that nobody has taken."""
        return self._words[index] != ""

    def word(self, index: int) -> str:
        """The canonical word at `index` (from -8 to 8 past the end), or "" when there is none free."""
        return self._words[index]

    def is_number(self, index: int) -> bool:
        """Whether there is a number in digits at `index` that nobody has taken."""
        return self._words[index][:1].isdecimal()

    def number(self, index: int, longest: int = 4) -> int | None:
        """The digits at `index` as a number, when there are at most `longest`."""
        word = self._words[index]  # digits are their own canonical word
        return int(word) if word[:1].isdecimal() and len(word) <= longest else None

    def glued(self, index: int) -> bool:
        """Whether the token at `index` is free and stands against the one before."""
        return self.free(index) and self.tokens[index].glued

    def take(self, start: int, end: int, name: str) -> None:
        """Mark the tokens from `start` up to `end` as understood."""
        for index in range(start, end):
            self.taken[index] = name
            self._words[index] = "" if name else self.tokens[index].word

    def release(self, start: int, end: int) -> None:
        """Give the tokens back, for the note."""
        self.take(start, end, "")

    def phrase(self, index: int, table: Phrases[T]) -> tuple[T, int] | None:
        """The meaning of the longest phrase of `table` that begins at `index`, and the index after it."""
        longest = table.longest.get(self._words[index], 0)
        if not longest:
            return None
        found: tuple[T, int] | None = None
        phrase, end = self.tokens[index].word, index + 1
        for _ in range(longest):
            if phrase in table.entries:
                found = (table.entries[phrase], end)
            following = self._following(end)
            if not self.word(following):
                break
            phrase, end = f"{phrase} {self.tokens[following].word}", following + 1
        return found

    def _following(self, index: int) -> int:
        if self.word(index) in _INSIDE_A_PHRASE and self.free(index + 1):
            return index + 1
        return index


class Reader(Protocol):
    """What cutting needs to know of words: see vocabulary.Vocabulary."""

    def read_as(self, raw: str) -> str:
        """A word's canonical spelling."""

    def seam(self, raw: str, after_number: bool) -> int | None:
        """Where two words written as one are to be parted."""


def cut(text: str, words: Reader) -> Line:
    """Cut a clean line into tokens; words run together (`1htimme`, `handledningidag`) are parted."""
    tokens: list[Token] = []
    end = -1
    for match in _TOKEN.finditer(text):
        glued = match.start() == end
        after_number = glued and tokens[-1].is_number
        for start, raw in _parted(match[0], match.start(), after_number, words):
            word = words.read_as(raw) if raw[0].isalpha() else raw
            tokens.append(Token(raw, word, start, glued))
            glued = True
        end = match.end()
        if len(tokens) >= MOST:
            break
    return Line(text, tokens, text[max(end, 0) :].strip())


def _parted(raw: str, start: int, after_number: bool, words: Reader) -> list[tuple[int, str]]:
    seam = words.seam(raw, after_number) if raw[0].isalpha() and len(raw) > 1 else None
    return [(start, raw)] if seam is None else [(start, raw[:seam]), (start + seam, raw[seam:])]
