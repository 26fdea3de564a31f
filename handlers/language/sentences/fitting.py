"""Whether a word that may be an order is one in its line."""

from __future__ import annotations

from handlers.language.finders.found import Findings
from handlers.language.finders.matches import Match
from handlers.language.lexicon.tokens import Line
from handlers.language.sentences.what_holds import what_holds

SOFT = ("help", "thanks")  # give way to anything else the line says
_CLAUSE = ("att", "that")  # `lägg till att vi pratade om jour`
_DENIED = ("t", "not", "cannot", "won't", "can't")
MOST_AROUND = 2  # free words around a command in the middle of a sentence
_WITH_A_LENGTH = ("move", "cancel", "dispute", *SOFT)
_WHAT = ("activities", "instruments", "absences", "placements")


def fits(found: Findings, match: Match) -> bool:
    """`ett par timmar` is no command, nor `jag ska vara ledig`, nor a line that gives a length after one."""
    if match.key == "pairs":
        return _asks_for_pairs(found, match)
    if match.key == "confirm":
        return _confirms(found, match)
    if match.key == "change":
        return _changes(found, match)
    if match.key == "status" and (found.spans or found.clocks) and _is_the_next(found, match):
        return False
    if match.key == "rules" and found.line.tokens[match.start].word in found.words.marks["asking"]:
        return True  # `måste handledningen vara en timme`
    if match.key == "move" and _is_within(found, match.end):
        return False
    if match.key == "undo" and _is_told_wrong(found, match) and _names_what_is_right(found):
        return False
    return match.key in _WITH_A_LENGTH or not (tells(found) and found.has_length)


def _is_the_next(found: Findings, match: Match) -> bool:
    """`nästa möte` asks when it is, `nästa möte 3/12 kl 9` tells."""
    return found.line.tokens[match.start].word in found.words.marks["next_one"]


def _asks_for_pairs(found: Findings, match: Match) -> bool:
    around = len(free_words(found)) - (match.end - match.start)
    return not found.has_length and not tells(found) and around <= MOST_AROUND


def _changes(found: Findings, match: Match) -> bool:
    """`det var 45 min` and `nej 45 min` do, `can't make it on thursday` does not."""
    marks, names_it = found.words.marks, any(found.of(section) for section in _WHAT)
    if found.line.phrase(match.start, marks["corrects"]):
        return (not names_it and is_concrete(found)) or _contrasts(found)
    if _is_sigh(found, match):
        return not names_it and not found.book and bool(found.has_length or found.clocks)
    before = found.line.tokens[match.start - 1].word if match.start else ""
    if before in _DENIED or before in marks["asking_always"]:
        return False  # `vad ska vara med på kollegium`
    if adds := found.line.phrase(match.start, marks["adds"]):
        more = found.of("topics") or found.goals or found.line.words[adds[1]] in _CLAUSE
        return bool(more) and not found.has_length and not names_it
    if found.line.phrase(match.start, marks["becomes"]):
        there = found.line.said & marks["clinic"].bit and found.spans  # `ska vara på psyk v 5-12`
        return not (there or found.of("absences") or found.of("placements"))
    return True


def _confirms(found: Findings, match: Match) -> bool:
    """`stämmer`, and nothing else: `stämmer av med Eva` tells; after `bekräfta` any entry may be named."""
    if found.line.phrase(match.start, found.words.marks["confirms"]):
        return True
    if found.line.words[match.end] in found.words.marks["by"]:
        return False
    said = {token.word for token in found.line.tokens[match.start : match.end]}
    return not tells(found) and said.issuperset(free_words(found))


def _is_within(found: Findings, index: int) -> bool:
    """`boka om 3 dagar` moves nothing: how long until then stands at the index."""
    counted, tokens = found.words.table("numbers").entries, found.line.tokens[index : index + 2]
    if len(tokens) < 2 or found.line.tokens[index - 1].word not in found.words.marks["within"]:
        return False
    number = tokens[0].is_number or tokens[0].word in counted
    return number and tokens[1].word in found.words.long_units


def said_right(found: Findings, undo: Match) -> Match | None:
    """`fel, det var igår` puts right, it does not take back."""
    later = [match for match in found.of("commands") if match.key == "change" and fits(found, match)]
    between = found.line.tokens[undo.end : later[0].start] if later else []
    if not later or any(token.is_word for token in between):
        return None
    found.line.take(undo.start, undo.end, "commands")
    return later[0]


def _contrasts(found: Findings) -> bool:
    """`det var en mini-cex, inte dops` logs nothing new; nor does `det blev inte av` say what holds."""
    if not found.line.said & found.words.marks["not"].bit:
        return False
    held = what_holds(found.line, found.words)
    denied = found.words.marks["not"]
    return held is not None and bool(held) and all(word not in denied for word in held.split())


def _is_sigh(found: Findings, match: Match) -> bool:
    """`nej 45 min`; the word may be understood already, as that of `no supervision today`."""
    said = (token.word for token in found.line.tokens[match.start : match.end])
    return " ".join(said) in found.words.marks["sighs"]


def _is_told_wrong(found: Findings, match: Match) -> bool:
    """`fel, igår` says what is right; `det blev fel igår` what was wrong."""
    slip = Line(found.line.tokens).phrase(match.start, found.words.marks["slips"])
    end = max(match.end, slip[1]) if slip else match.end  # `fel av mig, igår`
    said = [token.word for token in found.line.tokens[match.start : match.end]]
    return said[-1] == "fel" and found.line.words[end] in (",", ":", "-")


def _names_what_is_right(found: Findings) -> bool:
    return is_concrete(found) or any(found.of(each) for each in ("activities", "instruments", "absences"))


def is_concrete(found: Findings) -> bool:
    """Whether a line names what may be put right: `det var igår`, but not `det var bra`."""
    timed = found.has_length or found.spans or found.clocks
    return bool(timed or found.people or found.goals or found.of("topics"))


def tells(found: Findings) -> bool:
    """Whether a line says what took place, or how long, or about what: no order does."""
    acts = any(match.section in (*_WHAT, "topics") for match in found.matches)
    return acts or found.has_length or bool(found.goals)


def free_words(found: Findings) -> list[str]:
    """What nothing in the line has understood, small words left out."""
    line = found.line
    free = [
        token for at, token in enumerate(line.tokens) if line.free(at) and (token.is_word or token.is_number)
    ]
    return [token.word for token in free if token.word not in found.words.filler]
