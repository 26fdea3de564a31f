"""Words with a capital behind `med` and `av` that name nobody: `patient med Parkinson`."""

from __future__ import annotations

from handlers.language.lexicon.notes import is_of_a_note
from handlers.language.lexicon.phrases import OWN_BITS, STEM
from handlers.language.lexicon.tokens import Line
from handlers.language.lexicon.vocabulary import LONG_UNITS, Vocabulary

_WHERE = frozenset((
    "teams", "zoom", "skype", "video", "telefon", "telefonen", "live", "digitalt", "fysiskt", "plats",
    "lunch", "lunchen", "fika", "fikat", "mottagningen", "kontoret", "rummet", "rum",
))  # fmt: skip
"""Before `med` they tell how one met."""


def is_no_person(words: Vocabulary, low: str) -> bool:
    """Patients, staff and things: by the word itself, by how it begins or by how it ends."""
    people = words.people
    if low in people["not_people"] or low.startswith(tuple(people["not_people_begin"])):
        return True
    return low.endswith(tuple(people["not_people_end"])) and low not in people["surnames"]


def follows_a_note(line: Line, words: Vocabulary, mark: int) -> bool:
    """Whether a word of a note leads up to the `med` or `av` at `mark`, so that a thing may follow."""
    at = mark - 1
    if not is_of_a_note(line, words, at) or line.words[at] in _WHERE:
        return False
    raw = line.tokens[at].raw
    return not raw[0].isupper() or raw.isupper() or at == 0


def is_known_name(line: Line, words: Vocabulary, index: int) -> bool:
    """Whether a word with a capital is a name by itself: a known one, one that ends so, or two in a row."""
    people, low = words.people, line.tokens[index].raw.lower()
    if low in people["first_names"] or low in people["surnames"]:
        return True
    ends = (*people["surname_ends"], *people["capital_surname_ends"])
    if low.endswith(ends):
        return True
    after = line.free(index + 1) and not line.tokens[index + 1].glued and line.tokens[index + 1].raw
    return bool(after) and str(after).istitle() and not line.begins[index + 1] >> OWN_BITS


def is_grade(line: Line, words: Vocabulary, index: int) -> bool:
    """The `ST` of `med ST Anna Berg`."""
    after = line.words[index + 1]
    named = line.free(index + 1) and line.tokens[index + 1].raw.istitle()
    return line.words[index] in _GRADES and (named or after in words.people["first_names"])


_GRADES = ("st", "at", "bt")


def ends_an_age(line: Line, words: Vocabulary, index: int) -> bool:
    """`kvinna 78 år med hosta`, `barn 2 v med gulsot`; but `om 2 veckor med lind`."""
    word = line.tokens[index].word
    unit = words.table("units").entries.get(word)
    long = unit in LONG_UNITS or word in words.marks["week"]
    led = line.words[index - 2] if index > 1 and line.is_number(index - 1) else ""
    reckoned = any(led in words.marks[role] for role in ("within", "ago_before"))
    return unit == "year" or (long and led != "" and not reckoned)


def is_of_another(line: Line, words: Vocabulary, last: str, end: int) -> bool:
    """`Lindqvists vikarie` is somebody else: a known name says whose, and a word of a note follows."""
    people, bare = words.people, last.removesuffix("s")
    known = people["first_names"] | people["surnames"]
    whose = last not in known and (bare in known or bare.endswith(tuple(people["surname_ends"])))
    if not (whose and line.free(end)) or means_something(line, words, end):
        return False
    return line.tokens[end].raw.islower() and line.words[end] not in words.filler


def means_something(line: Line, words: Vocabulary, index: int) -> bool:
    """Whether a word is no name by itself: a unit behind a number, a topic, or what has a meaning."""
    token = line.tokens[index]
    unit = token.word in words.table("units") and index > 0 and line.tokens[index - 1].is_number
    return unit or token.begins & STEM != 0 or token.word in words.meanings
