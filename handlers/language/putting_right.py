"""What puts right the last that was said, and names no activity: `nej, igår`, `inte idag utan igår`."""

from __future__ import annotations

from functools import lru_cache

from handlers.language.changing import changes
from handlers.language.command import Command
from handlers.language.findings import find_all
from handlers.language.fitting import is_concrete
from handlers.language.found import Findings
from handlers.language.phrases import bits
from handlers.language.tokens import cut
from handlers.language.vocabulary import KEPT, Vocabulary
from handlers.language.what_holds import what_holds


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
