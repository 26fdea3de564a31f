"""Names that no word leads up to: `visa anna berg`, `handledning Anna 1h`."""

from __future__ import annotations

from handlers.language.lexicon.tokens import Line
from handlers.language.lexicon.vocabulary import Vocabulary

# Small words between a command and a name: `visa mig status för Anna`.
_NOT_NAMES = frozenset({
    "för", "om", "paret", "till", "mig", "status", "historik", "läget", "hur", "går", "det", "ligger",
    "about", "for", "me",
})  # fmt: skip
_OF_SOMEBODY = frozenset({"status", "historik", "läget"})
_OPENING, _CLOSING = (
    ("(", "[", '"', "|"),
    (",", ";", ")", "]", '"', ".", "!", ":", "|"),
)  # what may stand about a name
_DONE = frozenset({
    "skrivet", "skriven", "skickat", "skickad", "klart", "klar", "inlämnat", "inlämnad", "inskickat",
    "inskickad", "lämnat", "lämnad", "färdigt", "färdig", "genomfört", "genomförd", "written", "done", "sent",
})  # fmt: skip
"""`handledarutlåtande skrivet för Anna`"""
_LONGEST_NAME = 4  # words


def names_in(line: Line, words: Vocabulary, start: int) -> tuple[str, ...]:
    """The people a command is about (`visa anna berg`): the free words from `start`, parted at `och`."""
    names: list[list[str]] = [[]]
    for index in range(start, before_politeness(line, words)):
        token = line.tokens[index]
        if names[-1] and token.word in ("om", "about", "att", "to"):
            break  # what a person is to be reminded of
        if names[-1] and token.word in _OF_SOMEBODY:
            names[-1][-1] = names[-1][-1].removesuffix("s")  # `Anna Bergs status`
        if token.word in ("och", "and", "&", ","):
            names.append([])
        elif token.raw in "'’" and names[-1]:
            break  # `show bo dal's status`
        elif token.raw not in '@.?!":' and not _is_title(words, token.word) and line.free(index):
            names[-1].append(token.raw.lower())
    return tuple(dict.fromkeys(" ".join(name) for name in names if name and not _is_all(words, name)))


def before_politeness(line: Line, words: Vocabulary) -> int:
    """Where the line ends but for `tack` and `please`."""
    end = len(line.tokens)
    while end and (line.tokens[end - 1].word in words.marks["polite"] or line.tokens[end - 1].raw in ".!,?"):
        end -= 1
    return end


def name_alone(line: Line, words: Vocabulary) -> tuple[str, ...]:
    """Whoever stands among what was understood: `handledning Anna Berg idag`, `kollegium för Anna Berg`,
    `handledning Anna, Bo 1h`. Taken.

    Only a known first name where not every word has a capital; what follows it is a surname. In small letters
    both must be known, and no other word.
    """
    if "" not in line.taken:
        return ()
    stretches = [index for index in range(len(line.tokens)) if line.free(index) and not line.free(index - 1)]
    if not stretches or not any(token.is_word and token.raw[0].islower() for token in line.tokens):
        return ()
    for start in stretches:
        start += line.words[start] in (",", ";", ":", "!", ".", "-") or line.words[start] in _DONE
        start += line.words[start] in words.marks["name_after"] or line.words[start] in _OPENING
        start += line.words[start] == ":"
        names, end = _listed(line, words, start)
        if names and not line.free(_past_small(line, words, end)):
            line.take(start, end, "people")
            return tuple(dict.fromkeys(names))
    return ()


def _listed(line: Line, words: Vocabulary, start: int) -> tuple[list[str], int]:
    """The names from `start`, parted by commas and `och`, in small letters, and the index after the last."""
    names, end = list[str](), start
    while name := _name_at(line, words, start, is_listed=bool(names)):
        names.append(name[0])
        end = start = name[1]
        start += line.words[start] == ","
        start += line.words[start] in words.marks["and"] or line.words[start] == "&"
        if start == end or not line.free(start):
            break
    return names, end


def _name_at(line: Line, words: Vocabulary, start: int, *, is_listed: bool) -> tuple[str, int] | None:
    """The name that begins with a known first name at `start`, in small letters, and the index after it.

    What is listed behind another name may be a word too: `anna och bo`.
    """
    end = start + (is_listed and line.words[start] in words.people["names_that_are_words"])
    while line.free(end) and line.tokens[end].is_word and _may_name(line, words, start, end):
        end += 1
    names = [token.raw for token in line.tokens[start:end]]
    if names and line.taken[end : end + 1] == ["content"]:
        names[-1] = whose_name(names[-1], words)  # `Annas handledning`
    if not names or len(names) > _LONGEST_NAME or names[0].lower() not in words.people["first_names"]:
        return None
    return " ".join(names).lower(), end


def only_a_name(text: str, words: Vocabulary) -> tuple[str, ...]:
    """The name that a text is, and nothing else: `Lena`, `lena ek`; a first name must be known."""
    names, people = text.split(), words.people
    if not names or len(names) > _LONGEST_NAME or names[0].lower() not in people["first_names"]:
        return ()
    first = names[0].istitle() or names[0] not in people["names_that_are_words"]
    known = first and all(name.istitle() or name in people["surnames"] for name in names[1:])
    return (text.lower(),) if known else ()


def whose_name(name: str, words: Vocabulary) -> str:
    """The name without the ending that says whose; `Lars` has none."""
    known, bare = words.people["first_names"] | words.people["surnames"], name.removesuffix("s")
    return name if name.lower() in known and bare.lower() not in known else bare


def _may_name(line: Line, words: Vocabulary, start: int, index: int) -> bool:
    """Whether a word of the name stands here: `Anna`, `anna`, but not `per`."""
    raw = line.tokens[index].raw
    if raw.istitle():
        return True
    people = words.people
    known = people["first_names"] - people["names_that_are_words"] if index == start else people["surnames"]
    return raw in known and line.tokens[start].raw.islower() == raw.islower()


def _past_small(line: Line, words: Vocabulary, index: int) -> int:
    """`för Anna Berg skickat idag`: what is no part of a note ends a name too."""
    while line.free(index) and (line.words[index] in words.filler or line.words[index] in _CLOSING):
        index += 1
    return index


def _is_all(words: Vocabulary, name: list[str]) -> bool:
    """`påminn alla` names nobody."""
    return name[0] in words.people["not_people"] and name[0] not in words.people["first_names"]


def _is_title(words: Vocabulary, word: str) -> bool:
    return word in words.marks["title"] or word in _NOT_NAMES
