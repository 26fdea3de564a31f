"""Asking for papers: `underlag årsrapport Anna`, `underlag spur Ekbacken anonymt`, `spur-underlag`."""

from __future__ import annotations

from handlers.language.command import Command
from handlers.language.free_names import names_in
from handlers.language.notes import leftover, marked
from handlers.language.people import find_people
from handlers.language.tokens import Line
from handlers.language.vocabulary import Vocabulary

KINDS = ("documentation", "coverage", "annual_report", "supervisor_statement", "kollegium", "pack")
"""As marks: `paper_documentation` and so on."""


def paper(line: Line, words: Vocabulary) -> Command | None:
    """Intent paper, `reason` the kind, or the kind and "anonymous"; None when it is another sentence.

    `people` is whom it is about; `note` the unit of a pack. `underlag` alone has no kind.
    """
    whole = line.phrase(0, words.marks["paper_pack_alone"])
    if whole:
        return _pack(line, words, whole[1])
    begun = line.phrase(0, words.marks["paper"])
    if begun is None:
        return None
    if begun[1] == len(line.tokens):
        return Command("paper")
    kind, end = _kind(line, words, begun[1])
    if kind == "pack":
        return _pack(line, words, end)
    return _of_somebody(line, words, kind, end) if kind else None


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
