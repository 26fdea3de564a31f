"""A line as words, numbers and marks, and who has taken which of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from operator import attrgetter, or_
from typing import Protocol

from handlers.language.lexicon.phrases import NUMBER, WORD, Branch, Phrases, T, own_bits

_TOKEN = re.compile(r"[^\W\d_½¼¾]+|\d+|\S")
_PIECE = re.compile(rf" ?(?:{_TOKEN.pattern})")
MOST = 150  # pieces that are read for meaning: what follows can only be a note, and reading stays quick
_PADDING = 12  # empty words after the last, so that looking ahead (and behind the first) needs no check
_INSIDE_A_PHRASE = frozenset("-.'’:°/")
_NONE: Mapping[str, int] = {}
_LETTERS = re.compile(r"[^\W_]+")


def pieces(phrase: str) -> str:
    """A phrase as the words a line would be cut into: `st-möte` → `st möte`, `1½` → `1 ½`."""
    words = phrase.split()
    if all(map(str.isalpha, words)):  # most have nothing to be cut, and a start meets twelve thousand
        return " ".join(words).lower()
    return " ".join(match[0].lower() for match in _TOKEN.finditer(phrase) if _LETTERS.match(match[0]))


@dataclass(slots=True, eq=False)
class Token:
    """A piece of a line: its own letters, and the canonical word it is read as.

    Those of the words that the vocabulary knows are made once, for all lines. Never changed once it is made;
    not frozen, for making it would take thrice as long.
    """

    raw: str
    word: str
    glued: bool  # nothing between it and the token before
    begins: int  # bits: what it is, and what it can begin by itself
    longer: Mapping[str, int]  # what else it can begin, together with each word that may come next
    is_number: bool  # written with digits
    is_word: bool  # written with letters


def token(piece: str, word: str, begins: int, longer: Mapping[str, int] = _NONE) -> Token:
    """A token of what stands in a line: with a space first, unless it stands against what is before."""
    spaced = piece.startswith(" ")
    raw = piece[1:] if spaced else piece
    return Token(raw, word, not spaced, begins, longer, begins & NUMBER != 0, begins & WORD != 0)


class Line:
    """The tokens of one line. `taken` holds, for each, the name of the finder that understood it.

    `words` and `begins` hold the canonical word and what it can begin, for each token that is free, "" and 0
    for the others and for eight places before the first and after the last. `said` is all that tokens of the
    line could begin before any was taken: what is not in it need not be looked for. `rest` is what is too far
    on to be read.
    """

    __slots__ = ("_begins", "begins", "rest", "said", "taken", "tokens", "words")

    def __init__(self, tokens: list[Token], rest: str = "") -> None:
        """All of the tokens are free."""
        self.tokens, self.rest = tokens, rest
        self.taken = [""] * len(tokens)
        self.words: list[str] = [*map(WORD_OF, tokens), *_NO_WORDS]
        self._begins: list[int] = list(map(_BEGINS_OF, tokens))
        self._begin_with_the_next()
        self.said: int = reduce(or_, self._begins, 0)
        self.begins = self._begins + _NOTHING

    def _begin_with_the_next(self) -> None:
        """Add what the next word makes a token begin: the `1` of `1 gång i veckan`, not that of `1 h`."""
        words = self.words
        for index, token in enumerate(self.tokens):
            if token.longer:
                after = words[index + 1]
                if after in token.longer:
                    self._begins[index] |= token.longer[after]
                elif after in _INSIDE_A_PHRASE:
                    self._begins[index] |= token.longer.get(words[index + 2], 0)

    def written(self, start: int, end: int | None = None) -> str:
        """What stands from one token up to another (None: to the end of the line), in the user's letters."""
        pieces = [token.raw if token.glued else f" {token.raw}" for token in self.tokens[start:end]]
        return "".join([*pieces, self.rest if end is None else ""]).strip()

    def where(self, wanted: int) -> list[int]:
        """The free tokens that can begin anything of the wanted bits."""
        if not self.said & wanted:
            return []
        begins = self.begins
        return [index for index in range(len(self.tokens)) if begins[index] & wanted]

    def free(self, index: int) -> bool:
        """Whether there is a token at `index` that nobody has taken."""
        return self.words[index] != ""

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
        taken, words, begins = self.taken, self.words, self.begins
        for index in range(start, end):
            taken[index] = name
            words[index] = ""
            begins[index] = 0

    def release(self, start: int, end: int) -> None:
        """Give the tokens back, for the note."""
        for index in range(start, end):
            word, begins = self.tokens[index].word, self._begins[index]
            self.taken[index], self.words[index], self.begins[index] = "", word, begins

    def phrase(self, index: int, table: Phrases[T]) -> tuple[T, int] | None:
        """The meaning of the longest phrase of `table` that begins at `index`, and the index after it."""
        if not self.begins[index] & table.bit:
            return None
        found: tuple[T, int] | None = None
        words = self.words
        branch: Branch[T] | None = table.first[words[index]]
        while branch is not None:
            index += 1
            if branch.meaning is not None:
                found = branch.meaning, index
            if not branch.more:
                break
            word = words[index]
            if word in _INSIDE_A_PHRASE and words[index + 1]:
                index += 1
                word = words[index]
            branch = branch.more.get(word)
        return found


WORD_OF, _BEGINS_OF = attrgetter("word"), attrgetter("begins")
_NO_WORDS = [""] * _PADDING
_NOTHING = [0] * _PADDING


class Reader(Protocol):
    """What cutting needs to know of words: see vocabulary.Vocabulary."""

    known: dict[str, Token]

    def spelled(self, piece: str, *, after_number: bool = False) -> Token:
        """A word that is not known as it stands."""

    def compound(self, first: str, second: str) -> Token | None:
        """Two pieces with a hyphen between them as one word, where they are meant for one that is known."""

    def seam(self, raw: str, after_number: bool) -> int | None:
        """Where two words written as one are to be parted."""


def cut(text: str, words: Reader) -> Line:
    """Cut a clean line into tokens; words run together (`1htimme`, `handledningidag`) are parted."""
    found = _PIECE.findall(" " + " ".join(text.split()))
    rest = "".join(found[MOST:]) if len(found) > MOST else ""
    del found[MOST:]
    known = list(filter(None, map(words.known.get, found)))
    return Line(known if len(known) == len(found) else _read(found, words), rest)


def _read(found: list[str], words: Reader) -> list[Token]:
    """The tokens of a line of which not all is known as it stands."""
    tokens: list[Token] = []
    compounds = _compounds(found, words) if "-" in found else {}
    for index, piece in enumerate(found):
        if index in compounds:
            tokens += compounds[index]
            continue
        known = words.known.get(piece)
        tokens += [known] if known else _new(piece, tokens, words)
    return tokens


def _compounds(found: list[str], words: Reader) -> dict[int, list[Token]]:
    """Words written with a hyphen and a slip, where they begin (`mini-cx`), and nothing where they go on."""
    wholes: dict[int, list[Token]] = {}
    for at, piece in enumerate(found):
        whole = _compound_around(found, at, words) if piece == "-" else None
        if whole:
            wholes |= {at - 1: [whole], at: [], at + 1: []}
    return wholes


def _compound_around(found: list[str], dash: int, words: Reader) -> Token | None:
    """The word that a dash joins two pieces to, of which one is not known as it stands."""
    first, second = found[dash - 1] if dash else "", "".join(found[dash + 1 : dash + 2])
    if not (first[-1:].isalpha() and second[:1].isalpha()):
        return None
    if all(piece.lower() in words.known for piece in (first, second)):
        return None
    return words.compound(first, second)


def _new(piece: str, before: list[Token], words: Reader) -> list[Token]:
    """What is not known as it stands: one token, or two where it parts."""
    known = words.known.get(piece.lower())
    if known is not None:
        return [token(piece, known.word, known.begins, known.longer)]
    raw = piece.lstrip(" ")
    if not raw[0].isalpha():
        return [token(piece, raw, own_bits(raw))]
    counted = raw == piece and bool(before) and before[-1].is_number
    seam = words.seam(raw, counted) if len(raw) > 1 else None
    if seam is None:
        return [words.spelled(piece, after_number=bool(before) and before[-1].is_number)]
    seam += len(piece) - len(raw)
    return [words.spelled(piece[:seam]), words.spelled(piece[seam:])]
