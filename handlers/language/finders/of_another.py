"""Whose session a line tells of, where somebody else is said to have had it: `Erik hade sin handledning`."""

from __future__ import annotations

from collections.abc import Iterator

from handlers.language.finders.found import Findings
from handlers.language.finders.free_names import whose_name
from handlers.language.lexicon.tokens import Line

_ONESELF = frozenset({
    "jag", "mig", "vi", "oss", "mitt", "mina", "me", "we", "us", "my", "i'm", "tillsammans",
})  # fmt: skip
_SOMEBODY = frozenset({"han", "hon", "hen", "de", "dom", "he", "she", "they"})
_THEIR = frozenset({"sin", "sitt", "sina", "his", "her", "their"})
_THEIRS = frozenset({"hennes", "deras", "her", "their"})


def had_by_another(found: Findings) -> bool:
    """Whether somebody who is named, or a `hon`, had what the line tells of; the name is then the first of
    `found.people`, and its words are taken. Not of a line that speaks of oneself as well.
    """
    start = next((match.start for match in found.matches if match.section in _TOLD_OF), None)
    if start is None:
        return False
    who = _subject(found, start) or _whose(found, start)
    if who is None or not _ONESELF.isdisjoint(token.word for token in found.line.tokens):
        return False
    _take(found, *who)
    return True


_TOLD_OF = ("activities", "instruments")


def _subject(found: Findings, start: int) -> tuple[int, int] | None:
    """Who stands beside the verb that leads up to the activity at `start`."""
    for verb, end in _verbs(found, start):
        who = _before(found, verb) or _behind(found, end)
        if who and _is_led_up(found, max(end, who[1]), start):
            return who
    return None


def _verbs(found: Findings, before: int) -> Iterator[tuple[int, int]]:
    """`hade`, `har gjort`; `ska ha`, which may be taken as that of a booking"""
    line, table = Line(found.line.tokens), found.words.marks["held"]
    for index in line.where(table.bit):
        held = line.phrase(index, table)
        if held and held[1] <= before:
            yield index, held[1]


def _before(found: Findings, end: int) -> tuple[int, int] | None:
    """Where the name ends at the verb: `Anna Berg gick`, `dr Lind hade`, `hon hade`, `AT-läkaren hade`."""
    line, table = found.line, found.words.marks["colleague"]
    for at in line.where(table.bit):
        who = line.phrase(at, table)
        if who and who[1] == end:
            return at, end
    start = end
    while start > 0 and _is_a_name(found, start - 1):
        start -= 1
    return (start, end) if start < end else None


def _behind(found: Findings, start: int) -> tuple[int, int] | None:
    """`igår hade Erik handledning`"""
    end = start
    while end < len(found.line.tokens) and _is_a_name(found, end):
        end += 1
    return (start, end) if start < end else None


def _whose(found: Findings, start: int) -> tuple[int, int] | None:
    """`Eriks handledning`, `hennes mini-cex`"""
    token = found.line.tokens[start - 1] if start else None
    if token is None or not found.line.free(start - 1):
        return None
    bare = whose_name(token.raw, found.words).lower()
    named = bare != token.raw.lower() and bare in found.words.people["first_names"]
    return (start - 1, start) if named or token.word in _THEIRS else None


def _is_a_name(found: Findings, at: int) -> bool:
    line, token = found.line, found.line.tokens[at]
    if line.taken[at] == "people":
        return True
    low = token.raw.lower()
    if not line.free(at) or not token.is_word:
        return False
    capital = token.raw.istitle() and low not in found.words.filler and low not in found.words.meanings
    return capital or token.word in _SOMEBODY or low in found.words.people["first_names"]


def _is_led_up(found: Findings, start: int, end: int) -> bool:
    """Whether nothing but small words stands between it and the activity."""
    line, small = found.line, found.words.filler | _THEIR
    return all(not line.free(at) or line.words[at] in small for at in range(start, end))


def _take(found: Findings, start: int, end: int) -> None:
    line, marks = found.line, found.words.marks
    titled = line.phrase(start, marks["colleague"])
    nameless = titled is not None and titled[1] == end  # `AT-läkaren`
    spoken = [] if nameless else line.tokens[start:end]
    said = [token for token in spoken if token.word not in _SOMEBODY | _THEIRS]
    names = [
        token.raw
        for token in said
        if not any(token.word in marks[role].entries for role in ("title", "colleague", "others"))
    ]
    if names:
        names[-1] = whose_name(names[-1], found.words)
    name = " ".join(names).lower()
    for at in range(start, len(line.tokens)):
        if at < end or line.words[at] in _THEIR:
            line.take(at, at + 1, "people")
    others = (one for one in found.people if one not in name)
    found.people = (*([name] if name else []), *others)
