"""The words the reader knows, from words/*.toml, turned into lookups once."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from copy import copy
from functools import cache
from itertools import chain
from pathlib import Path
from string import punctuation
from typing import Any

from handlers.language.lexicon.mending import Mending
from handlers.language.lexicon.normalise import fold
from handlers.language.lexicon.phrases import (
    CODE,
    ENDING,
    KIND,
    OWN_BITS,
    SIGNS,
    STEM,
    Phrases,
    bits,
    own_bits,
)
from handlers.language.lexicon.spelling import DOUBTFUL_DAY
from handlers.language.lexicon.tokens import Token, pieces, token
from handlers.language.lexicon.word_ends import WordEnds
from handlers.language.lexicon.word_files import (
    ONE_MEANING,
    SHORTEST_STEM,
    parsed,
    spread,
    usable,
)

WORDS = Path(__file__).parents[1] / "words"
CONTENT = ("activities", "iup", "instruments", "topics", "absences", "placements", "commands")
SHORTEST_PIECE = 3  # letters of a compound in which a slip is mended
LONG_UNITS = ("day", "week", "month", "year")
GOAL_LETTERS = ("a", "b", "c", "st", "sta", "stb", "stc")  # see handlers.language.finders.goals
ORDINAL_ENDS = ("e", "de", "dje", "a", "te", "sta", "ra", "st", "nd", "rd", "th")
KEPT = 4  # vocabularies of which what was worked out is remembered: a process has one
KINDS = 512  # the same for kinds of tokens, told by what they can begin: no word as it was written is kept


class Vocabulary:
    """All words, as lookups from canonical phrases. Build it with `load` or `default`."""

    def __init__(self, files: Mapping[str, Mapping[str, Any]]) -> None:
        """`files` maps file names to their parsed TOML. Raises VocabularyError."""
        self.tables, self.meanings = usable(files)
        keys: dict[str, dict[str, str]] = {section: {} for section in ONE_MEANING}
        for phrase, found in self.meanings.items():
            keys[found.section][phrase] = found.key
        keys |= {section: _keys(self.tables.get(section, {})) for section in ("units", "weekdays_short")}
        self._phrases = {section: Phrases(of_phrase) for section, of_phrase in keys.items()}
        self.table: Callable[[str], Phrases[str]] = self._phrases.__getitem__
        """The phrases of one section, each to its key."""
        units = self.table("units").entries.items()
        self.long_units = Phrases({phrase: key for phrase, key in units if key in LONG_UNITS})
        self.content = Phrases(
            {phrase: found for phrase, found in self.meanings.items() if found.section in CONTENT}
        )
        self.ends = WordEnds(self.tables)
        self.talked_of = {key: words[0] for key, words in self.tables.get("talked_of", {}).items()}
        self.marks = {
            key: Phrases(dict.fromkeys(spread(words), key)) for key, words in self.tables["marks"].items()
        }
        self.note_marks = _before_a_colon(self.marks["private"], self.marks["note"])
        self.marks["vague_day"] = Phrases({**self.marks["vague_day"].entries, DOUBTFUL_DAY: "vague_day"})
        self.slash = {name: word for word, names in self.tables["slash"].items() for name in names}
        self.filler = frozenset(pieces(word) for word in self.tables["filler"]["words"])
        self.weak_filler = frozenset(self.tables["filler"]["weak"])
        self.last_filler = frozenset(self.tables["filler"]["last"])
        self.people = {key: frozenset(words) for key, words in self.tables["people"].items()}
        self.ordinary = frozenset(self.tables["ordinary"]["words"])
        self.words = self._all_words()
        self._tell_apart()
        self.courtesy = bits(self.marks["opening"], self.marks["wonders"])
        self.brief = bits(self.marks["fine"], self.marks["languages"])
        self._mending = Mending(self)
        self.known = self._known_at_sight()

    def _known_at_sight(self) -> dict[str, Token]:
        """Words, signs and numbers of two figures, as a line has them: with a space before, and without."""
        figures = [*map(str, range(100)), *(f"0{figure}" for figure in range(10))]
        known = {*self.words, *self.filler, *SIGNS, *punctuation, *figures}
        glued = {word: self._token(word, word) for word in known}
        spaced = {f" {word}": token(f" {word}", word, one.begins, one.longer) for word, one in glued.items()}
        return glued | spaced

    def _tell_apart(self) -> None:
        """Each table its bit, and each word the bits of what it can begin: by itself, or with a next word."""
        begins = Counter(dict.fromkeys(GOAL_LETTERS, CODE))
        for end in ORDINAL_ENDS:
            begins[end] |= ENDING
        longer: defaultdict[str, Counter[str]] = defaultdict(Counter)
        tables: list[Phrases[Any]] = [self.content, self.long_units]  # asked often: small numbers
        tables += [*self._phrases.values(), *self.marks.values()]
        for place, table in enumerate(tables, OWN_BITS):
            table.bit = 1 << place
            for word, branch in table.first.items():
                if branch.meaning is not None:
                    begins[word] |= table.bit
                    continue
                for after in branch.more:
                    longer[word][after] |= table.bit
        self._begins, self._longer = dict(begins), {word: dict(after) for word, after in longer.items()}

    def _token(self, piece: str, word: str, also: int = 0) -> Token:
        """A piece of a line that is read as a word; `also` are bits that its word does not tell."""
        raw = piece.lstrip(" ")
        stem = len(raw) >= SHORTEST_STEM and self.ends.topic_of(fold(raw)) is not None
        begins = own_bits(raw) | self._begins.get(word, 0) | (STEM if stem else 0) | also
        return token(piece, word, begins, self._longer.get(word, {}))

    def spelled(self, piece: str, *, after_number: bool = False) -> Token:
        """A piece of a line that is a word, as it is meant: see read_as; short months too `after_number`.

        A compound that is not known is read as what it is a kind of.
        """
        raw = piece.lstrip(" ")
        word = self.read_as(raw)
        if word == raw.lower() and word not in self.words:
            month = self._mending.month(word) if after_number else None
            kind = None if month or self._mending.is_right(word) else self.ends.kind_of(fold(word))
            return self._token(piece, kind, KIND) if kind else self._token(piece, month or word)
        return self._token(piece, word)

    def compound(self, first: str, second: str) -> Token | None:
        """The known word that two pieces with a hyphen between them are a slip away from: `mini-cx`."""
        low = (first + second).strip().lower()
        near = self.read_as(low)
        start = first.strip().lower()
        exact = len(start) >= SHORTEST_PIECE or near.startswith(start)  # `at-möte` is not `st-möte`
        return self._token(f"{first}-{second}", near) if exact and near in self.content else None

    def _all_words(self) -> frozenset[str]:
        tables = (*self._phrases.values(), *self.marks.values())
        words = chain.from_iterable(phrase.split(" ") for each in tables for phrase in each.entries)
        return frozenset((*words, *GOAL_LETTERS))  # the `sta` of `STa1` is no slip for `stå`

    def read_as(self, raw: str) -> str:
        """The canonical spelling of a word: accents restored, one slip mended, else in small letters."""
        low = raw.lower()
        return low if low in self.words or low in self.filler else self._mending.meant(low)

    def seam(self, raw: str, after_number: bool) -> int | None:
        """Where words written as one part: a unit after a number, or beside `idag` and its like."""
        return self._mending.seam(fold(raw), after_number)

    def with_first_names(self, names: Iterable[str]) -> Vocabulary:
        """The same that knows more names, in small letters: those of a roster. What is a word stays one, but
        where it has a capital.
        """
        both = frozenset(name for name in names if name in self.words or name in self.filler)
        other = copy(self)
        other.people = {
            **self.people,
            "first_names": self.people["first_names"].union(names),
            "names_that_are_words": self.people["names_that_are_words"] | both,
        }
        return other

    def own_word(self, section: str, key: str) -> str:
        """The word the bot itself writes for a meaning: the first of its list."""
        return self.tables[section][key][0]

    def keys(self, section: str) -> tuple[str, ...]:
        """The keys of a section, in the order of the file."""
        return tuple(self.tables[section])


def _before_a_colon(*marks: Phrases[str]) -> re.Pattern[str]:
    """Any of the words, and the colon that makes a mark of it."""
    words = "|".join(re.escape(word) for each in marks for word in each.entries)
    return re.compile(rf"\b({words})\s?:", re.IGNORECASE)


def _keys(table: Mapping[str, list[str]]) -> dict[str, str]:
    """Each phrase to its key."""
    return {phrase: key for key, words in table.items() for phrase in spread(words)}


def load(folder: Path = WORDS, own: Path | None = None) -> Vocabulary:
    """The vocabulary of a folder's *.toml files, and of one's own file. Raises VocabularyError, OSError."""
    paths = sorted(folder.glob("*.toml"), reverse=True)  # Swedish first
    return Vocabulary({path.name: parsed(path) for path in [*paths, *([own] if own else [])]})


_OWN: list[Path] = []


def use(own: Path) -> None:
    """Understand the words of one's own file too, from now on. Raises VocabularyError, OSError."""
    load(own=own)
    _OWN[:] = [own]
    default.cache_clear()


@cache
def default() -> Vocabulary:
    """The vocabulary that comes with the bot, and one's own words where `use` named a file; loaded once."""
    return load(own=next(iter(_OWN), None))
