"""A line as words, numbers and marks, and who has taken which of them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import Protocol

from handlers.language.phrases import NUMBER, WORD, Branch, Phrases, T, own_bits

_TOKEN = re.compile(r"[^\W\d_½¼¾]+|\d+|\S")
_SPACED = re.compile(rf"(\s*)({_TOKEN.pattern})")
MOST = 150  # tokens that are read for meaning: what follows can only be a note, and reading stays quick
_PADDING = 12  # empty words after the last, so that looking ahead (and behind the first) needs no check
_INSIDE_A_PHRASE = frozenset("-.'’:°/")
_PIECE = re.compile(r"[^\W_]+")


def pieces(phrase: str) -> str:
    """A phrase as the words a line would be cut into: `st-möte` → `st möte`, `1½` → `1 ½`."""
    return " ".join(match[0].lower() for match in _TOKEN.finditer(phrase) if _PIECE.match(match[0]))


@dataclass(slots=True)
class Token:
    """A piece of the line: its own letters, the canonical word it is read as, and where it stands.

    Never changed once it is made; not frozen, for making it would take thrice as long.
    """

    raw: str
    word: str
    start: int
    glued: bool  # nothing between it and the token before
    begins: int  # bits: what it can begin

    @property
    def is_number(self) -> bool:
        """Whether it is written with digits."""
        return self.begins & NUMBER != 0

    @property
    def is_word(self) -> bool:
        """Whether it is written with letters."""
        return self.begins & WORD != 0

    @property
    def end(self) -> int:
        """The index in the text after its last character."""
        return self.start + len(self.raw)


@dataclass(slots=True)
class Line:
    """The tokens of one line. `taken` holds, for each, the name of the finder that understood it.

    `words` and `begins` hold the canonical word and what it can begin, for each token that is free, "" and 0
    for the others and for some places before the first and after the last. `said` is all that tokens of the
    line could begin before any was taken: what is not in it need not be looked for.
    """

    text: str
    tokens: list[Token]
    rest: str = ""  # what is too far on to be read
    taken: list[str] = field(init=False)
    words: list[str] = field(init=False)
    begins: list[int] = field(init=False)
    said: int = field(init=False)

    def __post_init__(self) -> None:
        self.taken = [""] * len(self.tokens)
        self.words = [token.word for token in self.tokens] + _NO_WORDS
        begins = [token.begins for token in self.tokens]
        self.said = reduce(or_, begins, 0)
        self.begins = begins + _NOTHING

    def where(self, wanted: int) -> list[int]:
        """The free tokens that can begin anything of the wanted bits."""
        if not self.said & wanted:
            return []
        begins = self.begins
        return [index for index in range(len(self.tokens)) if begins[index] & wanted]

    def free(self, index: int) -> bool:
        """Whether there is a token at `index` that nobody has taken."""
        return self.words[index] != ""

    def word(self, index: int) -> str:
        """The canonical word at `index` (from -8 to 8 past the end), or "" when there is none free."""
        return self.words[index]

    def is_number(self, index: int) -> bool:
        """Whether there is a number in digits at `index` that nobody has taken."""
        return self.begins[index] & NUMBER != 0

    def number(self, index: int, longest: int = 4) -> int | None:
        """The digits at `index` as a number, when there are at most `longest`."""
        if not self.begins[index] & NUMBER:
            return None
        word = self.words[index]  # digits are their own canonical word
        return int(word) if len(word) <= longest else None

    def glued(self, index: int) -> bool:
        """Whether the token at `index` is free and stands against the one before."""
        return self.words[index] != "" and self.tokens[index].glued

    def take(self, start: int, end: int, name: str) -> None:
        """Mark the tokens from `start` up to `end` as understood."""
        for index in range(start, end):
            self.taken[index], self.words[index], self.begins[index] = name, "", 0

    def release(self, start: int, end: int) -> None:
        """Give the tokens back, for the note."""
        for index in range(start, end):
            token = self.tokens[index]
            self.taken[index], self.words[index], self.begins[index] = "", token.word, token.begins

    def phrase(self, index: int, table: Phrases[T]) -> tuple[T, int] | None:
        """The meaning of the longest phrase of `table` that begins at `index`, and the index after it."""
        if not self.begins[index] & table.bit:
            return None
        found: tuple[T, int] | None = None
        branch: Branch[T] | None = table.first[self.words[index]]
        while branch is not None:
            index += 1
            if branch.meaning is not None:
                found = branch.meaning, index
            word = self.words[index]
            if word in _INSIDE_A_PHRASE and self.words[index + 1]:
                index += 1
                word = self.words[index]
            branch = branch.more.get(word)
        return found


_NO_WORDS = [""] * _PADDING
_NOTHING = [0] * _PADDING


class Reader(Protocol):
    """What cutting needs to know of words: see vocabulary.Vocabulary."""

    known: dict[str, tuple[str, int]]
    begins: dict[str, int]

    def spelled(self, raw: str) -> tuple[str, int]:
        """A word's canonical spelling, and what it can begin."""

    def seam(self, raw: str, after_number: bool) -> int | None:
        """Where two words written as one are to be parted."""


def cut(text: str, words: Reader) -> Line:
    """Cut a clean line into tokens; words run together (`1htimme`, `handledningidag`) are parted."""
    tokens: list[Token] = []
    end = 0
    for space, raw in _SPACED.findall(text):
        start = end + len(space)
        glued = start == end > 0
        end = start + len(raw)
        known = words.known.get(raw.lower())
        if known is not None:
            tokens.append(Token(raw, known[0], start, glued, known[1]))
        elif raw[0].isalpha():
            tokens += _parted(raw, start, glued, glued and tokens[-1].is_number, words)
        else:
            tokens.append(Token(raw, raw, start, glued, own_bits(raw) | words.begins.get(raw, 0)))
        if len(tokens) >= MOST:
            break
    return Line(text, tokens, text[end:].strip())


def _parted(raw: str, start: int, glued: bool, after_number: bool, words: Reader) -> list[Token]:
    """A word that is not known as it stands: one token, or two where it parts."""
    seam = words.seam(raw, after_number) if len(raw) > 1 else None
    word, begins = words.spelled(raw[:seam])
    first = Token(raw[:seam], word, start, glued, begins)
    if seam is None:
        return [first]
    word, begins = words.spelled(raw[seam:])
    return [first, Token(raw[seam:], word, start + seam, glued=True, begins=begins)]
