"""Questions that no phrase of the word lists is: `hade vi handledning i torsdags?`, `vad har anna kvar`."""

from __future__ import annotations

from handlers.language.command import Command
from handlers.language.finders.found import Findings
from handlers.language.lexicon.phrases import NUMBER
from handlers.language.sentences.fitting import tells

_SHALL = ("ska", "skall", "shall")
_WITHIN = 2  # words of a question before the name that it is about: `när hade anna`


def inquiry(found: Findings) -> Command | None:
    """`status` where the line asks how it stands, with the name of whom it asks about; else None."""
    tokens, marks = found.line.tokens, found.words.marks
    if not tokens or tokens[0].word not in marks["asking"]:
        return None
    if tokens[0].word in marks["asking_worth"] and "?" in found.line.words:
        return Command("rules")  # `räknas 30 min handledning?`
    if tokens[0].word in marks["asking_is"] and found.line.said & marks["a_duty"].bit:
        return Command("rules")  # `är handledning obligatorisk`
    if found.has_length:
        return None
    if found.booked and _proposes(found):
        return None
    if tokens[0].word in marks["asking_leave"] and _asks_who_reads(found):
        return Command("privacy")
    if tokens[0].word in marks["asking_leave"]:
        if found.line.said & marks["saves"].bit:
            return Command("help") if _asks_whether_to_save(found) else None
        return _told(found, "?" in found.line.words)
    people = asked_about(found)
    if found.line.said & marks["asks_saved"].bit:
        return Command("history", people=people)  # `har eva bekräftat`
    return Command("status", people=people) if people else _told(found, _asks(found))


def _asks_whether_to_save(found: Findings) -> bool:
    """`kan jag logga handledning i efterhand?`, but `kan du logga handledning igår?`"""
    words, line = found.words.marks["asking_whom"], found.line
    timed = found.spans or found.clocks or found.repeat
    second = line.tokens[1].word if len(line.tokens) > 1 else ""
    return "?" in line.words and not timed and second in words and second not in ("du", "you")


def _asks_who_reads(found: Findings) -> bool:
    """`får eva se detta`: a known name, and a word for reading right after it."""
    tokens = found.line.tokens
    name = _name_at(found, 1) if len(tokens) > _WITHIN else ""
    after = 1 + len(name.split())
    return bool(name) and tokens[after : after + 1] != [] and tokens[after].word in found.words.marks["reads"]


def _proposes(found: Findings) -> bool:
    """`kan vi ha handledning torsdag kl 13?` wants it booked; `ska vi ha handledning på torsdag?` asks."""
    first, timed = found.line.tokens[0].word, found.clocks or found.line.where(NUMBER)
    return first in found.words.marks["asking_leave"] or (first in _SHALL and bool(found.spans and timed))


def asked_about(found: Findings) -> tuple[str, ...]:
    """Whom a question is about: the known name in it, `annas` too; far into it only where it names a deed."""
    tokens = found.line.tokens
    if not tokens or tokens[0].word not in found.words.marks["asking"]:
        return ()
    marks = found.words.marks
    sure = any(tokens[0].word in marks[role] for role in ("asking_always", "asking_when"))
    told = not sure and "?" not in found.line.words  # `gjorde mini-cex med Anna igår`
    reach = 2 if told else len(tokens) if tells(found) else 2 + _WITHIN
    named = (_name_at(found, at) for at in range(1, min(reach, len(tokens))))
    return next(((name,) for name in named if name), ())


def whose(found: Findings, end: int) -> tuple[str, ...]:
    """`Anna Bergs status`, `annas historik`: the name that the line begins with, up to a token."""
    name = _name_at(found, 0) if 0 < end <= _WITHIN and found.line.tokens[end - 1].raw[-1:] == "s" else ""
    return (name,) if name else ()


def possessive(found: Findings) -> tuple[str, ...]:
    """`flytta annas handledning`, `visa Anna Bergs logg`: whose something is, of a known name."""
    ends = (
        at for at, token in enumerate(found.line.tokens) if token.raw.endswith("s") and found.line.free(at)
    )
    starts = ((at - 1, at) if at else (at,) for at in ends if not _known_whole(found, at))
    named = (_name_at(found, at) for pair in starts for at in pair)
    return next(((name,) for name in named if name), ())


def take_possessive(found: Findings) -> tuple[str, ...]:
    """The same, with its words taken: whose something is, and no part of what it is to be."""
    of_one = possessive(found)
    for name in of_one:
        last = next(at for at, token in enumerate(found.line.tokens) if _ends(token.raw.lower(), name))
        found.line.take(last + 1 - len(name.split()), last + 1, "people")
    return of_one


def _ends(word: str, name: str) -> bool:
    """Whether a word is the last of a name, in the form that says whose."""
    return word in (f"{name.split()[-1]}s", name.split()[-1])


def _known_whole(found: Findings, index: int) -> bool:
    """`lars`, `mats`: the s is the name's own."""
    return found.line.tokens[index].raw.lower() in found.words.people["first_names"]


def _name_at(found: Findings, index: int) -> str:
    """`Anna Berg`, `annas`; a first name that is another word too wants its capital."""
    people, tokens = found.words.people, found.line.tokens
    raw = tokens[index].raw
    after = tokens[index + 1].raw if index + 1 < len(tokens) else "-"
    first = _known(raw, people["first_names"])
    if not first or (first in people["names_that_are_words"] and raw.islower()):
        return ""
    capitals = raw[0].isupper() and after[0].isupper()
    surname = _known(after, people["surnames"]) or (after.lower() if capitals else "")
    return f"{first} {surname}".strip()


def _known(raw: str, names: frozenset[str]) -> str:
    """The name, of somebody whose it may be: `annas`; "" where it is none."""
    low = raw.lower()
    short = low.removesuffix("s")
    return short if short in names else low if low in names else ""


def _asks(found: Findings) -> bool:
    """Whether it can only be a question: by its mark, its first word or the order of its words."""
    tokens, marks = found.line.tokens, found.words.marks
    if "?" in found.line.words:
        return True
    after = tokens[1].word if len(tokens) > 1 else ""
    if tokens[0].word in marks["asking_is"] and after in marks["asking_whose"]:
        return not found.clocks  # `är mina kurser klara`
    if after in marks["asking_what_time"]:
        return tokens[0].word in marks["asking_always"]  # `vilken tid är handledningen på torsdag`
    if tokens[0].word in marks["asking_when"]:
        return after in marks["asking"]  # `när ska iup revideras`, but not `när vi sågs`
    if tokens[0].word in marks["asking_was"]:
        return after in marks["asking_whom"] and not found.clocks
    return tokens[0].word in marks["asking_always"] and not (found.clocks or found.repeat)


def _told(found: Findings, asks: bool) -> Command | None:
    return Command("status") if asks and tells(found) else None
