"""Questions about units: `jämför enheterna`, `vilka enheter saknar spur`, `när är nästa spur`."""

from __future__ import annotations

from datetime import datetime

from handlers.language.command import Command
from handlers.language.lexicon.phrases import NUMBER
from handlers.language.lexicon.tokens import Line
from handlers.language.lexicon.vocabulary import Vocabulary

DUTIES = (
    "external_review", "internal_review", "quality_review", "internal_teaching", "supervisor_capacity",
)  # fmt: skip
DUE = "due"
"""The `reason` of a unit_duty that asks when the next is due, of each unit."""


def about_units(line: Line, words: Vocabulary, _now: datetime) -> Command | None:
    """How units stand is the overview; when they are to be reviewed is asked of that duty."""
    asks = line.phrase(0, words.marks["asks_of_units"])
    if asks is None or line.said & NUMBER:
        return None
    table = words.marks["units"]
    named = any(line.phrase(at, table) for at in line.where(table.bit))
    hits = ((key, at) for key in DUTIES for at in line.where(words.marks[key].bit))
    duty = next((key for key, at in hits if line.phrase(at, words.marks[key])), None)
    if duty:
        when = named or line.words[0] in words.marks["asking_when"]
        return Command("unit_duty", activity=duty, reason=DUE) if when else None
    told = any(line.where(words.table(section).bit) for section in ("activities", "instruments", "absences"))
    return Command("overview") if named and not told else None
