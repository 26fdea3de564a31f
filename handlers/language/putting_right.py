"""What puts right the last that was said, and names no activity: `nej, igår`, `inte idag utan igår`."""

from __future__ import annotations

from functools import lru_cache

from handlers.language.command import Command
from handlers.language.findings import Findings, find_all
from handlers.language.fitting import is_concrete
from handlers.language.orders import changes
from handlers.language.phrases import bits
from handlers.language.tokens import Line, cut
from handlers.language.vocabulary import KEPT, Vocabulary

STAR = "*"  # chats put a slip right so: `*igår`


def put_right(found: Findings) -> Command | None:
    """`change` with all that the line says; None where it says more than what holds, or of a day to come."""
    held = what_holds(found.line, found.words)
    if held is None:
        return None
    right = find_all(cut(held, found.words), found.words, found.now)
    changed = changes(right, "session") if is_concrete(right) else None
    if changed is None or changed.note or (changed.date and changed.date > found.today):
        return None
    return changed


@lru_cache(KEPT)
def openers(words: Vocabulary) -> int:
    """What says that a line is such a one, but for the star."""
    return bits(*(words.marks[role] for role in ("slips", "meant_behind", "not")))


def what_holds(line: Line, words: Vocabulary) -> str | None:
    """What holds, without the words that say it is a correction; None where nothing says so."""
    end = len(line.tokens)
    start = _past_slips(line, words)
    last = _before_what_is_meant(line, words, end)
    said_so = start > 0 or last < end
    start, last, contrasted = _against(line, words, start, last)
    held = line.written(start, last).strip(" ,.:;-")
    return held if (said_so or contrasted) and held else None


def _past_slips(line: Line, words: Vocabulary) -> int:
    """Past `nej`, `oj, fel:`, `det blev fel, ska vara` and `*`."""
    untaken = Line(line.tokens)
    if line.tokens[0].raw == STAR:
        return 1 if all(token.raw != STAR for token in line.tokens[1:]) else 0
    at, past = 0, 0
    while hit := untaken.phrase(at, words.marks["slips"]):
        at = past = hit[1]
        while untaken.words[at] in (",", ".", ":", "-", "!"):
            at += 1
    return past


def _before_what_is_meant(line: Line, words: Vocabulary, end: int) -> int:
    """Before `menar jag`, `ska det vara` and `*` at the end of the line."""
    if line.tokens[-1].raw == STAR and all(token.raw != STAR for token in line.tokens[:-1]):
        return end - 1
    untaken = Line(line.tokens)
    for at in untaken.where(words.marks["meant_behind"].bit):
        hit = untaken.phrase(at, words.marks["meant_behind"])
        if hit and not any(token.is_word or token.is_number for token in line.tokens[hit[1] :]):
            return at
    return end


def _against(line: Line, words: Vocabulary, start: int, end: int) -> tuple[int, int, bool]:
    """What holds of `inte idag utan igår` and of `igår, inte idag`: where it begins and ends."""
    said = [token.word for token in line.tokens]
    denied = next((at for at in range(start, end) if said[at] in words.marks["not"]), None)
    if denied is None:
        return start, end, False
    holds = next((at for at in range(denied, end) if said[at] in words.marks["but"]), None)
    if holds is not None and denied == start:
        return holds + 1, end, True
    plain = holds is None and denied > start and _is_plain(line, denied + 1, end)
    return (start, denied, True) if plain else (start, end, False)


def _is_plain(line: Line, start: int, end: int) -> bool:
    """Whether what is denied is a number or was understood: `inte 60`, `inte idag`, but not `inte av`."""
    taken = all(line.taken[at] or line.tokens[at].is_number for at in range(start, end) if _counts(line, at))
    return start < end and taken


def _counts(line: Line, at: int) -> bool:
    return line.tokens[at].is_word or line.tokens[at].is_number
