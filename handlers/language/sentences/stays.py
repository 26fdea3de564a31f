"""`jag är på psyk 1/2-31/3`: a placement that is told without its word."""

from __future__ import annotations

from handlers.language.command import Command
from handlers.language.finders.found import Findings
from handlers.language.finders.matches import Match
from handlers.language.sentences.periods import told_of_a_period


def stays(found: Findings) -> Command | None:
    """A placement where nothing but being there leads up to a clinic, for a range of days or from a day on.

    None of a single day or week: who is at a clinic for an afternoon is on no placement.
    """
    line, marks = found.line, found.words.marks
    if not line.said & marks["clinic"].bit or not any(
        span.kind in ("range", "since") for span in found.spans
    ):
        return None
    at = next((at for at in line.where(marks["clinic"].bit) if line.phrase(at, marks["clinic"])), 0)
    if not _BACK.isdisjoint(line.words):  # `jobbar på vårdcentralen igen`
        return None
    if line.words[at - 1] not in _AT or found.durations or any(clock.minutes for clock in found.clocks):
        return None
    before = [index for index in range(at) if line.free(index)]
    small = found.words.filler | marks["stays"].first.keys()
    if any(line.words[index] not in small for index in before if line.tokens[index].is_word):
        return None
    for index in before:
        line.take(index, index + 1, "placements")
    return told_of_a_period(found, Match(at, at, "placements", "placement"))


_AT = frozenset({"på", "hos", "vid", "i", "at", "in", "on"})
_BACK = frozenset({"igen", "åter", "tillbaka", "again", "back"})
