"""A supervisor's concern: `oro Anna: missar jourer`, `följ upp oro Anna 10/12`, `oro Anna klar: samtal`.

The line says about whom first, and all that follows is the note in the writer's own letters: no date, length
or illness in it means anything.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from handlers.language.command import Command
from handlers.language.days.dates import find_dates
from handlers.language.finders.free_names import whose_name
from handlers.language.finders.handles import address_at, handle_at
from handlers.language.lexicon.notes import leftover
from handlers.language.lexicon.tokens import Line
from handlers.language.lexicon.vocabulary import Vocabulary
from handlers.language.settling.settle import settle

CLOSED, FOLLOW_UP, SHOWN = "closed", "follow_up", "shown"
_SMALL = (":", "@", ",", "-", "–")
_BEFORE = ("för", "om", "about", "on", "kring", "på", "över", "min", "my")
_ENDS_IT = frozenset(("avsluta", "stäng", "stänga", "klarmarkera", "close", "end"))  # `avsluta oro Anna Berg`
_LONGEST_NAME = 3


def concern(line: Line, words: Vocabulary, now: datetime) -> Command | None:
    """The concern that the whole line is about, or None. `reason` is closed, or follow_up with its `date`."""
    led = line.phrase(0, words.marks["follow_up"])
    first = led[1] if led else 0
    for start in range(first, first + _LONGEST_NAME + 1):
        end = _word_at(line, words, start)
        if end is None:
            continue
        if start == first:
            found = told(line, words, now, end, follow=bool(led))
            return replace(found, reason=CLOSED) if line.tokens[start].word in _ENDS_IT else found
        if _is_said_after_a_name(line, words, first, end):
            name = line.written(first, start).lower()
            return _rest(line, words, now, (name,), end, follow=bool(led))
    return None


def shown(line: Line, words: Vocabulary, now: datetime) -> Command | None:
    """`visa oro`, `läs oro Anna`: who reads them wants to see what is open; nothing is told."""
    led = line.phrase(0, words.marks["concern_shown"])
    return replace(told(line, words, now, led[1]), note=None, reason=SHOWN) if led else None


def told(line: Line, words: Vocabulary, now: datetime, index: int, *, follow: bool = False) -> Command:
    """What follows the word for a concern: the name, then the note, the date or how it ended."""
    while line.words[index] in (*_SMALL, *_BEFORE) or line.words[index] in words.marks["trainee"]:
        index += 1
    end = _name_end(line, words, index)
    people = (_named(line, words, index, end),) if end > index else ()
    return _rest(line, words, now, people, end, follow=follow)


def _named(line: Line, words: Vocabulary, start: int, end: int) -> str:
    """The name in small letters, without the ending of `Anna Bergs utveckling`."""
    name = line.written(start, end)
    after = line.tokens[end : end + 1]
    if after and after[0].is_word and after[0].raw.islower():
        *first, last = name.split(" ")
        name = " ".join([*first, whose_name(last, words)])
    return name.lower()


def _word_at(line: Line, words: Vocabulary, index: int) -> int | None:
    found = line.phrase(index, words.table("commands"))
    return found[1] if found and found[0] == "concern" else None


def _is_said_after_a_name(line: Line, words: Vocabulary, first: int, end: int) -> bool:
    """`Anna oro: …`, `Anna oro klar`; not `med oro i rösten`."""
    named = line.tokens[first].raw[0].isupper() or line.words[first] in words.people["first_names"]
    marks = (words.marks["ended"], words.marks["follow_up"])
    return named and (line.words[end] in (":", "") or any(line.phrase(end, mark) for mark in marks))


def _name_end(line: Line, words: Vocabulary, start: int) -> int:
    """A handle or an address; capitals and known names; else what stands before a colon, if it is short."""
    if at := address_at(line, start) or (start - 1 if line.words[start - 1] == "@" else 0):
        return max(start, handle_at(line, at)[1])
    end = start
    while line.free(end) and line.tokens[end].is_word and _is_of_a_name(line, words, start, end):
        end += 1
    if end > start:
        return end
    colons = (at for at in range(start, start + _LONGEST_NAME + 1) if line.words[at] == ":")
    colon = next(colons, start)
    marks = (words.marks["ended"], words.marks["follow_up"])
    ends = (at for at in range(start, colon) if any(line.phrase(at, mark) for mark in marks))
    return next(ends, colon)


def _is_of_a_name(line: Line, words: Vocabulary, start: int, index: int) -> bool:
    raw = line.tokens[index].raw
    known = words.people["first_names" if index == start else "surnames"]
    return raw[0].isupper() or raw.lower() in known


def _rest(
    line: Line, words: Vocabulary, now: datetime, people: tuple[str, ...], index: int, *, follow: bool
) -> Command:
    after = index
    while line.words[after] in _SMALL:
        after += 1
    ended = line.phrase(after, words.marks["ended"])
    if ended and not follow and (after == index or line.words[ended[1]] in ("", ":")):
        return Command("concern", people=people, note=_text(line, ended[1]), reason=CLOSED)
    led = line.phrase(index, words.marks["follow_up"])
    if follow or led:
        return _follow_up(line, words, now, people, led[1] if led else index)
    return Command("concern", people=people, note=_text(line, index))


def _follow_up(line: Line, words: Vocabulary, now: datetime, people: tuple[str, ...], index: int) -> Command:
    line.take(0, index, "sentence")
    when = settle(find_dates(line, words, now.date()), now.date(), "booking")
    note = leftover(line, words)
    return Command("concern", date=when.date, people=people, note=note, reason=FOLLOW_UP)


def _text(line: Line, index: int) -> str | None:
    """The rest of the line as it stands."""
    if index >= len(line.tokens):
        return None
    return line.written(index).strip(" :,.-–") or None
