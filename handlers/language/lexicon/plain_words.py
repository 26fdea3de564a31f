"""Words that mean one thing wherever they stand: of them the plainest lines are made."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import IntEnum, auto
from functools import lru_cache, reduce
from operator import or_
from typing import Any, NamedTuple

from handlers.language.lexicon.phrases import CODE, ENDING, STEM, WORD, bits
from handlers.language.lexicon.vocabulary import KEPT, Vocabulary


class Slot(IntEnum):
    """What a plain word says of a line, and the shape of its meaning. Numbers, for these are hashed by C."""

    ACTIVITY = auto()
    INSTRUMENT = auto()
    ABSENCE = auto()
    TOPIC = auto()
    IUP = auto()
    """What became of one: `iup godkänd`."""
    DAY = auto()
    """Days from today; or a weekday 1-7 and its tense (see days.spans.Point)."""
    WEEK = auto()
    """Weeks from this one."""
    LENGTH = auto()
    """Minutes."""
    CLOCK = auto()
    """A time, and the minutes to the end or None."""
    UNIT = auto()
    """Minutes of one."""
    MONTH = auto()
    ORDER = auto()


class PlainWord(NamedTuple):
    """A slot, what the word means in it, and the next words that would make a longer phrase of it."""

    slot: Slot
    meaning: Any
    longer: Mapping[str, int]


class PlainWords(NamedTuple):
    """Plain words and pairs of words by how they are written, and what the pairs begin with."""

    known: Mapping[str, PlainWord]
    leads: frozenset[str]
    counts: Mapping[str, str]
    """What goes with whatever comes next: `kl`, `den`, and numbers in words, each with its figures."""
    whole: Mapping[str, str]
    """The command that a whole line is: `hur ligger jag till`."""


LEADS = ("i", "på", "kl")
"""What leads to a day or an hour."""
IN_MINUTES = {"hour": 60, "quarter": 15, "minute": 1}
_READ: dict[str, tuple[Slot, Callable[[str], Any]]] = {
    "activities": (Slot.ACTIVITY, str),
    "instruments": (Slot.INSTRUMENT, str),
    "absences": (Slot.ABSENCE, str),
    "topics": (Slot.TOPIC, str),
    "iup": (Slot.IUP, str),
    "relative_days": (Slot.DAY, int),
    "weekdays": (Slot.DAY, lambda key: (int(key), "")),
    "lengths": (Slot.LENGTH, int),
    "units": (Slot.UNIT, IN_MINUTES.get),
}
_HARMLESS = (
    "supervisor",
    "paper_kollegium",
    "paper_documentation",
    "no_finding",
    "how_it_was",
    "asking_whose",
    "of_a_session",
    "counted",
)
"""Marks that say something of what stands beside them, where no plain word does."""


_SAID_ALONE = ("status", "help", "undo", "history", "rules", "export", "calendar", "digest", "my_data")
"""Commands of which nothing more is asked when one of their words is the whole line."""

_ASKED_WHOLE = ("status", "history", "rules", "export", "calendar", "digest", "my_data")
"""Commands that a phrase asks for whatever its words may else begin."""


@lru_cache(KEPT)
def plain_words(words: Vocabulary) -> PlainWords:
    """Each word that is a phrase of one section and begins none of another table; some pairs of words too."""
    found = dict(_orders(words)) | dict(_alone(words))
    for phrase, key in words.table("months").entries.items():  # behind a number, where no name stands
        found[phrase] = PlainWord(Slot.MONTH, int(key), words.known[phrase].longer)
    found |= dict(_led(words)) | dict(_named_by_two(words))
    leads = frozenset(phrase.partition(" ")[0] for phrase in found if " " in phrase)
    counts = {"kl": "kl", "den": "den", **words.table("numbers").entries}
    return PlainWords(found, leads, counts, dict(_asked_whole(words)))


def _orders(words: Vocabulary) -> Iterator[tuple[str, PlainWord]]:
    more = bits(words.marks["asks_booked"], words.marks["asks_end"])
    for phrase, key in words.table("commands").entries.items():
        if key in _SAID_ALONE and phrase in words.known and not words.known[phrase].begins & more:
            yield phrase, PlainWord(Slot.ORDER, key, {})


def _asked_whole(words: Vocabulary) -> Iterator[tuple[str, str]]:
    """Phrases of several words, of which none says of what it is asked."""
    asked = (words.marks[role] for role in ("asks_booked", "asks_end", "counted"))
    more = bits(*asked, *(words.table(section) for section in _READ))
    for phrase, key in words.table("commands").entries.items():
        if key in _ASKED_WHOLE and " " in phrase and not _may_begin(phrase.split(" "), words) & more:
            yield phrase, key


def _may_begin(pieces: Sequence[str], words: Vocabulary) -> int:
    """All that the words of a phrase begin, by themselves or with the next."""
    known = [words.known[piece] for piece in pieces]
    with_next = (token.longer.get(piece, 0) for token, piece in zip(known, pieces[1:], strict=False))
    return reduce(or_, with_next, reduce(or_, (token.begins for token in known)))


def _alone(words: Vocabulary) -> Iterator[tuple[str, PlainWord]]:
    names = words.people["first_names"]
    for section, (slot, meaning) in _READ.items():
        plain = _allowed(words, section)
        for phrase, key in words.table(section).entries.items():
            token = words.known.get(phrase)
            named = phrase in names and slot is not Slot.UNIT  # behind a number Tim is none
            unclear = named or _may_be_a_session(section, [phrase], words)
            if token and token.is_word and not unclear and not token.begins & ~plain:
                yield phrase, PlainWord(slot, meaning(key), token.longer)


def _may_be_a_session(section: str, pieces: Sequence[str], words: Vocabulary) -> bool:
    """Whether a topic is called as what may have been done: `kandidathandledning igår`."""
    return section == "topics" and any(piece.endswith(words.ends.doubtful) for piece in pieces)


def _allowed(words: Vocabulary, section: str) -> int:
    """What a word of a section may begin and still mean one thing."""
    harmless = sum(words.marks[role].bit for role in _HARMLESS)
    return WORD | STEM | words.content.bit | words.table(section).bit | harmless


def _led(words: Vocabulary) -> Iterator[tuple[str, PlainWord]]:
    """`i torsdags`, `på torsdag`, `i går`."""
    for section, lead, tense in (("weekdays_past", "i ", "past"), ("weekdays", "på ", "coming")):
        plain = _allowed(words, section)
        for phrase, key in words.table(section).entries.items():
            if phrase in words.known and not words.known[phrase].begins & ~plain:
                yield lead + phrase, PlainWord(Slot.DAY, (int(key), tense), {})
    for phrase, key in words.table("relative_days").entries.items():
        if phrase.startswith("i ") and phrase.count(" ") == 1:
            yield phrase, PlainWord(Slot.DAY, int(key), {})
    for phrase, key in words.table("relative_weeks").entries.items():
        if phrase.count(" ") == 1 and int(key):  # of this week it is asked which day
            yield phrase, PlainWord(Slot.WEEK, int(key), {})


_ARTICLE = 2
"""Letters: the `en` of `mini-cex:en` is a word of its own where it stands apart."""


def _named_by_two(words: Vocabulary) -> Iterator[tuple[str, PlainWord]]:
    """`mini-cex`, `st möte`, `course planning`."""
    sections = ("activities", "instruments", "topics")
    plain = reduce(or_, (_allowed(words, section) for section in sections), CODE | ENDING)
    more = _third_words(words)
    for section in sections:
        slot, meaning = _READ[section]
        for phrase, key in words.table(section).entries.items():
            pair = phrase.split(" ")
            if (
                len(pair) == 2
                and len(pair[1]) > _ARTICLE
                and not _may_be_a_session(section, pair, words)
                and not any(words.known[word].begins & ~plain for word in pair)
            ):
                word = PlainWord(slot, meaning(key), more.get(phrase, {}))
                yield from ((phrase, word), ("-".join(pair), word))


def _third_words(words: Vocabulary) -> dict[str, dict[str, int]]:
    """The words that make a longer phrase of two."""
    found: dict[str, dict[str, int]] = {}
    for phrase in words.content.entries:
        if phrase.count(" ") > 1:
            first, second, third, *_ = phrase.split(" ")
            found.setdefault(f"{first} {second}", {})[third] = 0
    return found
