"""What will not take place: `handledning imorgon inställd`, `kan inte på torsdag`."""

from __future__ import annotations

from functools import lru_cache

from handlers.language.command import Command
from handlers.language.finders.found import Findings
from handlers.language.finders.matches import Match
from handlers.language.lexicon.notes import leftover, marked
from handlers.language.lexicon.phrases import bits
from handlers.language.lexicon.vocabulary import KEPT, Vocabulary
from handlers.language.sentences.moves import EARLIER, LATER, of_a_booking
from handlers.language.sentences.series import part_of
from handlers.language.settling.moved_days import ON_WEEKDAY, TO_WEEK, says_instead_of
from handlers.language.settling.settle import settle


def called_off(found: Findings) -> Command | None:
    """`handledning imorgon inställd` calls off, `handledning flyttad till torsdag` moves; else None."""
    line = found.line
    if _cannot(found):
        day = settle(found.spans, found.today, "booking").date
        return of_a_booking(found, Match(0, 0, "commands", "cancel")) if day and day > found.today else None
    if not found.negated:
        return None
    said = {line.tokens[at].word for at, taken_by in enumerate(line.taken) if taken_by == "negation"}
    for key in ("move", "cancel"):
        if said.isdisjoint(found.words.marks[f"said_to_{key}"].first):
            continue
        until = key == "move" and any(span.kind == "until" for span in found.spans)
        coming = until or _is_now(found)
        day = settle(found.spans, found.today, "booking" if coming else "session").date
        return of_a_booking(found, Match(0, 0, "commands", key)) if day and day > found.today else None
    return None


def _is_now(found: Findings) -> bool:
    """`torsdagens handledning är inställd` is of the coming one, `blev inställd` of the last."""
    line = found.line
    said = (at for at, taken_by in enumerate(line.taken) if taken_by == "negation" and at)
    return any(line.tokens[at - 1].word in ("är", "blir", "is") for at in said)


def cannot_on_a_day(found: Findings) -> Command | None:
    """`kan inte på torsdag`, `inställt på torsdag`, and nothing else: what is booked then is called off."""
    cannot = _cannot(found)
    role, rule = ("cannot", "booking") if cannot else ("nothing_then", "session")
    if not found.line.said & found.words.marks[role].bit or found.has_length:
        return None
    day = settle(found.spans, found.today, rule).date
    if day is None or day <= found.today or not marked(found.line, found.words, role):
        return None
    _take_the_reason(found)
    whole = leftover(found.line, found.words) is None
    return of_a_booking(found, Match(0, 0, "commands", "cancel")) if whole else None


def _take_the_reason(found: Findings) -> None:
    """Why it cannot be, to the end of the line: `pga jour`, `, har jour`."""
    line, table = found.line, found.words.marks["because"]
    for at in line.where(table.bit) if line.said & table.bit else ():
        if line.phrase(at, table):
            line.take(at, len(line.tokens), "because")
            return


def instead(found: Findings) -> Command | None:
    """`vi tar fredag istället`, `fredag i stället för torsdag`, `vi tar det en timme senare`, and nothing
    else: the session moves there.
    """
    line, words = found.line, found.words
    if found.book or not line.said & _elsewhere(words):
        return None
    marks = words.marks
    later = line.said & marks["take_it"].bit and line.said & (marks[LATER].bit | marks[EARLIER].bit)
    not_then = line.said & marks["take_it"].bit and _cannot(found)  # `kan inte torsdag, vi tar fredag`
    if not (later or not_then or line.said & bits(marks["instead"], marks["instead_of"])):
        return None
    alone_is_new = not says_instead_of(found)
    moved = of_a_booking(found, Match(0, 0, "commands", "move"), alone_is_new=alone_is_new)
    if later and moved.reason and not part_of(moved.reason):
        while any(marked(line, words, role) for role in ("take_it", LATER, EARLIER)):
            pass
        return moved if leftover(line, words) is None else None
    elsewhere = moved.reason in (None, ON_WEEKDAY, TO_WEEK) or part_of(moved.reason)
    if not elsewhere or moved.end_date is None or moved.end_date <= found.today:
        return None
    said = [marked(line, words, role) for role in ("instead_of", "instead", "take_it", LATER, "cannot")]
    return moved if any(said) and leftover(line, words) is None else None


@lru_cache(KEPT)
def _elsewhere(words: Vocabulary) -> int:
    """What every line has that moves a session so."""
    return bits(*(words.marks[role] for role in ("take_it", "instead", "instead_of")))


def _cannot(found: Findings) -> bool:
    """`kan inte`, `ställs in`"""
    table = found.words.marks["cannot"]
    return any(found.line.phrase(index, table) for index in found.line.where(table.bit))
