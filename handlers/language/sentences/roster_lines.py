"""What stands in the roster and is not changed here: `Anna slutar 1 mars`, `ändra slutdatum för Anna`."""

from __future__ import annotations

from datetime import datetime

from handlers.language.command import Command
from handlers.language.days.dates import find_dates
from handlers.language.lexicon.tokens import Line
from handlers.language.lexicon.vocabulary import Vocabulary

_LONGEST_NAME = 3  # words


def leaves(line: Line, words: Vocabulary, now: datetime) -> Command | None:
    """Who ends the training on a day: intent roster."""
    ends = words.marks["leaves"]
    at = next((at for at in range(1, _LONGEST_NAME + 1) if line.phrase(at, ends)), None)
    hit = line.phrase(at, ends) if at and _is_a_name(line, at, words) else None
    if hit is None:
        return None
    rest = Line(line.tokens, line.rest)  # where it is another sentence, nothing of it is taken
    rest.take(0, hit[1], "sentence")
    dated = find_dates(rest, words, now.date())
    free = [token for at, token in enumerate(rest.tokens) if rest.free(at) and token.is_word]
    return Command("roster") if dated and all(token.word in words.filler for token in free) else None


def _is_a_name(line: Line, end: int, words: Vocabulary) -> bool:
    """`Anna`, `anna`, `Kim Ek`; but not `Kursen`."""
    said = line.tokens[:end]
    if any(line.begins[at] & words.content.bit for at in range(end)):
        return False
    known = said[0].raw.lower() in words.people["first_names"]
    return known or (end > 1 and all(token.raw[:1].isupper() for token in said))


def changes_the_days(line: Line, words: Vocabulary) -> Command | None:
    """The first or the last day of a training, put otherwise."""
    ordered = line.phrase(0, words.table("commands"))
    named = any(line.phrase(at, words.marks["training_days"]) for at in range(len(line.tokens)))
    return Command("roster") if ordered and ordered[0] == "change" and named else None
