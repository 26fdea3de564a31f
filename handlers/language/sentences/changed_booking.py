"""What a line says as a change of what is booked: `ändra till fredag`, `nej, kl 14`."""

from __future__ import annotations

from datetime import datetime

from handlers.language.command import Command
from handlers.language.finders.findings import find_all
from handlers.language.finders.matches import Match
from handlers.language.lexicon import vocabulary
from handlers.language.lexicon.normalise import clean
from handlers.language.lexicon.tokens import cut
from handlers.language.lexicon.vocabulary import Vocabulary
from handlers.language.sentences.moves import of_a_booking
from handlers.language.sentences.what_holds import what_holds


def as_move(text: str, now: datetime, *, words: Vocabulary | None = None) -> Command:
    """A `move` (see moves.of_a_booking) with what a line names: a day that is named alone is the new one."""
    known = words or vocabulary.default()
    found = find_all(cut(clean(text), known), known, now)
    held = what_holds(found.line, known) if found.line.tokens else None
    if held == "":
        return Command("move")  # `inte på tisdag` does not say when instead
    if held:
        found = find_all(cut(held, known), known, now)  # `inte på tisdag utan på fredag`
    return of_a_booking(found, Match(0, 0, "commands", "move"), alone_is_new=True)
