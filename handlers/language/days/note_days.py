"""Days that belong to the note, behind the day that was told: `igår 1h planering inför nästa vecka`."""

from __future__ import annotations

from handlers.language.days.spans import Point
from handlers.language.lexicon.notes import is_of_a_note
from handlers.language.lexicon.phrases import bits
from handlers.language.lexicon.tokens import Line
from handlers.language.lexicon.vocabulary import Vocabulary

_BEFORE = ("inför", "before")
_BESIDE = ("efter", "före", "innan", "after", "before")
_SAID = ("den", "d")
_TALKED_OF = frozenset(("om", "kring", "inför", "planering", "planera", "av", "about", "planning"))
_SHORTEST_MONTH = 4  # letters, of one that is written in full; but `maj`
_FAR = 3  # words: `inför en jour på fredag`
_WHOSE = ("dagens", "gårdagens", "morgondagens", "veckans")


def is_of_the_note(
    line: Line, words: Vocabulary, begin: int, end: int, kind: str, first: Point | None
) -> bool:
    """Whether the span at the tokens from `begin` up to `end` is of the note; a day is named before it."""
    if kind == "range" and _is_of_a_plan(line, words, begin):
        return True
    away = bits(words.table("absences"), words.table("placements"), words.table("repeats"))
    if any(token.begins & away for token in line.tokens):
        return False
    if line.tokens[end - 1].word in _WHOSE:
        return is_of_a_note(line, words, end)  # `dagens patienter`
    if first is not None and first.days:  # `igår 1h jour på julafton`; but `fredagen efter midsommarafton`
        return line.words[begin - 1] not in _BESIDE
    nth = first is not None and first.day and not first.month and line.words[begin] not in _SAID
    if nth and line.taken[begin - 1] != "date" and is_of_a_note(line, words, end):
        return True  # `3:e gradens ruptur`
    if first is not None and first.is_month and begin == end - 1 and len(line.words[begin]) < _SHORTEST_MONTH:
        return True  # `igår 1h nov`
    loose = kind == "since" or (first is not None and first.is_month)
    if loose and is_of_a_note(line, words, begin - 1):
        return True  # `provsvar från igår`, `examen i mars`
    if line.words[begin - 1] in words.marks["happened_then"]:
        return True
    leads = range(begin - 1, max(-1, begin - 2 - _FAR), -1)
    said = [line.tokens[at].word if line.taken[at] == "content" else line.words[at] for at in leads]
    told = said[: said.index("")] if "" in said else said
    return not set(_BEFORE).isdisjoint(told)


def _is_of_a_plan(line: Line, words: Vocabulary, begin: int) -> bool:
    """`igår 1h randning 1/2-31/3`: behind a day of supervision, a stretch is that of what was talked of."""
    acts, away = words.table("activities").bit, words.table("absences").bit
    plans = bits(words.table("activities"), words.table("placements"), words.table("absences"))
    at = begin - 1
    while at > 0 and line.taken[at] != "date" and not line.tokens[at].begins & plans:
        at -= 1
    if at <= 0 or line.taken[at] == "date" or line.said & words.marks["book"].bit:
        return False
    talked = not line.tokens[at].begins & away or not _TALKED_OF.isdisjoint(line.words[max(0, at - 2) : at])
    return talked and any(token.begins & acts for token in line.tokens[:at])
