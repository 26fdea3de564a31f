"""Asking for papers: `underlag årsrapport Anna`, `underlag spur Ekbacken anonymt`, `spur-underlag`."""

from __future__ import annotations

from datetime import date, datetime

from handlers.language.command import Command
from handlers.language.days.dates import find_dates
from handlers.language.finders.free_names import names_in
from handlers.language.finders.matches import find_matches
from handlers.language.finders.people import find_people
from handlers.language.lexicon.notes import leftover, marked
from handlers.language.lexicon.tokens import Line
from handlers.language.lexicon.vocabulary import Vocabulary

KINDS = ("documentation", "coverage", "annual_report", "supervisor_statement", "kollegium", "pack")
"""As marks: `paper_documentation` and so on."""
_WRITTEN = ("annual_report", "supervisor_statement")  # `skriv handledarutlåtande för Anna` logs none


def paper(line: Line, words: Vocabulary, now: datetime) -> Command | None:
    """Intent paper, `reason` the kind, or the kind and "anonymous"; None when it is another sentence.

    `people` is whom it is about; `note` the unit of a pack. `underlag` alone has no kind.
    """
    whole = line.phrase(0, words.marks["paper_pack_alone"])
    if whole:
        return _pack(line, words, whole[1])
    if alone := line.phrase(0, words.marks["paper_alone"]):
        return _of_any(line, words, alone[1], now.date())
    if made := line.phrase(0, words.marks["paper_make"]):
        kind, end = _kind(line, words, made[1])
        return _of_somebody(line, words, kind, end) if kind in _WRITTEN else None
    begun = line.phrase(0, words.marks["paper"])
    if begun is None:
        return _named_first(line, words)
    if begun[1] == len(line.tokens):
        return Command("paper")
    kind, end = _kind(line, words, begun[1])
    if kind == "pack":
        return _pack(line, words, end)
    return _of_somebody(line, words, kind, end) if kind else _of_whom_first(line, words, begun[1])


def _of_whom_first(line: Line, words: Vocabulary, start: int) -> Command | None:
    """`underlag för Annas kollegium`, `underlag Anna Bergs handledarutlåtande`: the name, then the kind."""
    for end in range(start + 1, min(start + 3, len(line.tokens))):
        kind, after = _kind(line, words, end)
        whose = line.tokens[end - 1].raw
        if kind and kind != "pack" and whose.endswith("s"):
            line.take(0, after, "paper")
            return Command("paper", people=(line.written(start, end).removesuffix("s").lower(),), reason=kind)
    return None


def _named_first(line: Line, words: Vocabulary) -> Command | None:
    """`årsrapport underlag`: the kind, and then that it is a paper; it logs none."""
    kind, end = _kind(line, words, 0)
    said = line.phrase(end, words.marks["paper"]) if kind else None
    if said is None:
        return None
    return _pack(line, words, said[1]) if kind == "pack" else _of_somebody(line, words, kind, said[1])


def _of_any(line: Line, words: Vocabulary, end: int, today: date) -> Command | None:
    """`intyg`, `rapport för Anna`: which one is asked; what tells of a day or a number is no order."""
    if any(token.is_number for token in line.tokens) or find_dates(line, words, today):
        return None
    line.take(0, end, "paper")
    find_matches(line, words)
    called = words.people["first_names"].union(each.raw.lower() for each in line.tokens if each.raw.istitle())
    names = (name for name in names_in(line, words, end) if name.split()[0] in called)
    return Command("paper", people=find_people(line, words) or tuple(names))


def _kind(line: Line, words: Vocabulary, index: int) -> tuple[str, int]:
    hits = ((kind, line.phrase(index, words.marks[f"paper_{kind}"])) for kind in KINDS)
    return next(((kind, hit[1]) for kind, hit in hits if hit), ("", index))


def _pack(line: Line, words: Vocabulary, end: int) -> Command:
    line.take(0, end, "paper")
    reason = "pack anonymous" if marked(line, words, "anonymous") else "pack"
    return Command("paper", note=leftover(line, words), reason=reason)


def _of_somebody(line: Line, words: Vocabulary, kind: str, end: int) -> Command:
    line.take(0, end, "paper")
    return Command("paper", people=find_people(line, words) or names_in(line, words, end), reason=kind)
