"""Whether what a line names took place at all: it may be denied, booked or doubted."""

from __future__ import annotations

from handlers.language.finders.found import Findings
from handlers.language.finders.matches import SUPERVISION
from handlers.language.lexicon.notes import is_of_a_note, marked


def find_negation(found: Findings) -> None:
    """`ej handledning idag`, `handledning ej idag`, `handledning igår blev inte av`"""
    said = bool(found.of("activities"))
    beside = _leads_up(found, "not") or _leads_on(found, "not")
    found.negated = said and (marked(found.line, found.words, "negation") or beside)
    if not said and found.of("instruments"):
        found.negated = _fell_through(found) or _has_none(found)


def _has_none(found: Findings) -> bool:
    """`ingen mini-cex`, `missade min dops`: a denial right before an assessment, but for small words."""
    at = found.of("instruments")[0].start - 1
    while at >= 0 and found.line.words[at] in found.words.filler:
        at -= 1
    said = found.line.words[at] if at >= 0 else ""
    return any(said in found.words.marks[role] for role in ("negation", "not"))


def _fell_through(found: Findings) -> bool:
    """`mini-cex blev inte av igår`, `dops inställd på torsdag`; its tokens are taken as any denial's."""
    line, table = found.line, found.words.marks["fell_through"]
    for index in line.where(table.bit):
        if hit := line.phrase(index, table):
            line.take(index, hit[1], "negation")
            return True
    return False


BOOKINGS = ("book", "booked", "next_one", "to_be", "meet")
"""What stands in a line of what is to come."""


def find_booking(found: Findings) -> None:
    """`boka handledning`, `handledning bokad`, `nästa handledning torsdag`, `tar kurs fredag`, and
    `vi ses torsdag, handledning`
    """
    found.book = _orders_one(found)
    found.booked = marked(found.line, found.words, "booked")
    found.booked = found.booked or any(_leads_up(found, role) for role in ("next_one", "to_be"))
    if not found.booked and found.of("activities"):
        found.booked = marked(found.line, found.words, "meet")


def _orders_one(found: Findings) -> bool:
    """Whether a session is to be booked; `handledning idag 1h boka kurs` tells what was spoken of. Taken."""
    line, table = found.line, found.words.marks["book"]
    acts = [match.start for match in found.matches if match.section in ("activities", "instruments")]
    for index in line.where(table.bit):
        hit = line.phrase(index, table)
        if hit and not (acts and index > acts[0] and _is_a_thing(found, hit[1])):
            line.take(index, hit[1], "book")
            return True
    return False


def _is_a_thing(found: Findings, at: int) -> bool:
    """Whether what stands there is neither a day nor a time nor somebody."""
    line = found.line
    if not line.free(at):
        return line.taken[at : at + 1] == ["content"]
    return is_of_a_note(line, found.words, at)


def _leads_up(found: Findings, role: str) -> bool:
    """Whether a word of a role stands right before an activity."""
    table = found.words.marks[role]
    return any(found.line.words[act.start - 1] in table for act in found.of("activities") if act.start)


def _leads_on(found: Findings, role: str) -> bool:
    """Whether a word of a role stands right after an activity: `handledning ej idag`."""
    table = found.words.marks[role]
    return any(found.line.words[act.end] in table for act in found.of("activities"))


DOUBTS = ("wished", "unsure", "intended", "students", "summoned")
"""What stands in a line of which it is doubtful that it took place."""


def find_doubt(found: Findings) -> None:
    """`vi borde ha handledning` is to be booked, `kanske handledning torsdag` may not be at all."""
    found.wished = _stands_before(found, "wished")
    found.booked = found.booked or found.wished or _stands_before(found, "summoned")
    found.unsure = _stands_before(found, "unsure")
    found.intended = _stands_before(found, "intended") or _of_students(found)


_OF_THEM = ("av", "åt", "för", "of", "for")


def _of_students(found: Findings) -> bool:
    """`handledde en kandidat igår 1h`: who teaches a student has had no supervision."""
    line, words = found.line, found.words
    for act in found.of("activities"):
        at = act.end
        while line.words[at] in words.table("numbers") or line.words[at] in _OF_THEM:
            at += 1
        if act.key == SUPERVISION and line.free(at) and line.begins[at] & words.marks["students"].bit:
            return True
    return False


def _stands_before(found: Findings, role: str) -> bool:
    """Whether a phrase of a role stands before the first activity; its tokens are taken."""
    line, table = found.line, found.words.marks[role]
    acts = [match.start for match in found.matches if match.section in ("activities", "instruments")]
    for index in line.where(table.bit) if acts else ():
        said = line.phrase(index, table)
        if said and index < acts[0]:
            line.take(index, said[1], role)
            return True
    return False


_OF_A_DEED = ("om", "göra", "gör", "kring", "about", "do")


def only_speaks_of(found: Findings) -> bool:
    """`jag gillar handledning`, `kursen kostar 5000 kr`: what says neither when nor how long, in a sentence.

    Something that nobody understood leads up to the activity, or a word that states what it is like follows.
    """
    line, words = found.line, found.words
    if found.people or found.goals or found.of("topics") or line.said & words.marks["saves"].bit:
        return False
    acts = [match for match in found.matches if match.section in ("activities", "instruments")]
    led = (line.words[at] for at in range(acts[0].start) if line.tokens[at].is_word)
    told = any(word and word not in words.filler and word not in words.marks["how_it_was"] for word in led)
    if acts[0].section == "instruments":  # `akut buk mini-cex`, but `läste om mini-cex`, `be Lind göra dops`
        told = told and line.tokens[acts[0].start - 1].word in _OF_A_DEED
    return told or line.words[acts[-1].end] in words.marks["states"]
