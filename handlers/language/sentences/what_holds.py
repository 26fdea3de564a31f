"""What holds of a line that puts something right: `nej, igår`, `det var fredag, inte torsdag`."""

from __future__ import annotations

from handlers.language.lexicon.tokens import Line
from handlers.language.lexicon.vocabulary import Vocabulary

STAR = "*"  # chats put a slip right so: `*igår`


def what_holds(line: Line, words: Vocabulary) -> str | None:
    """What holds, without the words that say it is a correction, and without what is denied.

    Empty where it only is said what does not hold: `nej, inte igår`, `inte torsdag`. None where nothing says
    it is one.
    """
    end = len(line.tokens)
    start = _past_slips(line, words)
    last = _before_what_is_meant(line, words, end)
    said_so = start > 0 or last < end
    start, last, contrasted = _against(line, words, start, last)
    held = line.written(start, last).strip(" ,.:;-") if start < last else ""
    return held if contrasted or (held and said_so) else None


def _past_slips(line: Line, words: Vocabulary) -> int:
    """Past `nej`, `oj, fel:`, `det blev fel, ska vara` and `*`."""
    untaken = Line(line.tokens)
    if line.tokens[0].raw == STAR:
        return 1 if all(token.raw != STAR for token in line.tokens[1:]) else 0
    at, past = 0, 0
    while hit := untaken.phrase(at, words.marks["slips"]) or _said_on(untaken, words, past):
        at = past = hit[1]
        while untaken.words[at] in (",", ".", ":", "-", "!"):
            at += 1
    return past


def _said_on(line: Line, words: Vocabulary, past: int) -> tuple[str, int] | None:
    """A word that says nothing behind one that does: `nej förresten, igår`."""
    at = past
    while line.words[at] in (",", "-"):
        at += 1
    return line.phrase(at, words.marks["slips_on"]) if past else None


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
    """What holds of `inte idag utan igår` and of `igår, inte idag`: where it begins and ends.

    Nothing holds of a denial alone: of `det var inte igår` it begins and ends at the end.
    """
    said = [token.word for token in line.tokens]
    denied = next((at for at in range(start, end) if said[at] in words.marks["not"]), None)
    if denied is None:
        return start, end, False
    if all(word in words.filler or not word.isalnum() for word in said[start:denied]):
        holds = _after_a_denial(line, words, denied + 1, end)
        return (start, end, False) if holds is None else (holds, end, True)
    but = any(word in words.marks["but"] for word in said[denied:end])
    plain = not but and _is_plain(line, words, denied + 1, end)
    held = denied - (said[denied - 1] in _JOINED)
    return (start, held, True) if plain else (start, end, False)


_JOINED = ("men", "fast", "och", "but", "and")  # `igår men inte idag`


def _after_a_denial(line: Line, words: Vocabulary, start: int, end: int) -> int | None:
    """Where what holds begins, past what is denied: after `utan` or a comma; None where it cannot be told."""
    for at in range(start, end):
        if line.tokens[at].word in words.marks["but"]:
            return at + 1
        if line.tokens[at].raw == "," and _is_plain(line, words, start, at):
            return at + 1
    return end if _is_plain(line, words, start, end) else None


def _is_plain(line: Line, words: Vocabulary, start: int, end: int) -> bool:
    """Whether what is denied is a number, a name or was understood: `inte 60`, `inte idag`, `inte Eva`, but
    not `inte av`.
    """
    said = [at for at in range(start, end) if _counts(line, at)]
    names = words.people["first_names"] - words.people["names_that_are_words"]
    return bool(said) and all(
        line.taken[at] or line.tokens[at].is_number or line.tokens[at].raw.lower() in names for at in said
    )


def _counts(line: Line, at: int) -> bool:
    return line.tokens[at].is_word or line.tokens[at].is_number
