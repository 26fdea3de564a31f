"""How many of an activity a line names: `tre mini-cex idag`, `2 st dops`, `dops x2`."""

from __future__ import annotations

from handlers.language.finders.found import Findings
from handlers.language.finders.matches import ASSESSMENT, SUPERVISION, Match
from handlers.language.lexicon.numbers import whole_at
from handlers.language.lexicon.phrases import NUMBER

_PIECES = ("st", "stycken", "stycke", "styck", "ggr", "gånger", "times")
_TIMES = ("x", "×", "*")
_MOST = 20  # a greater number is no number of activities
_MOST_BOOKED = 6  # and beside a day it may be an hour: `boka varje torsdag 13 mini-cex`


def how_many(found: Findings, activity: str) -> int:
    """The number that stands against the activity, else 1; its tokens are taken."""
    if "" not in found.line.taken:  # all is understood already
        return 1
    begins, numbers = found.line.begins, NUMBER | found.words.table("numbers").bit
    for act in found.matches:
        near = begins[act.start - 2] | begins[act.start - 1] | begins[act.end] | begins[act.end + 1]
        if not near & numbers or not _is_of(act, activity):
            continue
        counted = _before(found, act) or _after(found, act)
        if counted and counted[0] <= (_MOST_BOOKED if found.book or found.repeat or found.spans else _MOST):
            found.line.take(counted[1], counted[2], "count")
            return counted[0]
    return 1


def _is_of(act: Match, activity: str) -> bool:
    instrument = act.section == "instruments" and activity == ASSESSMENT
    return instrument or (act.section == "activities" and act.key == activity)


def _before(found: Findings, act: Match) -> tuple[int, int, int] | None:
    """`tre mini-cex`, `2 st dops`: the number, and where its tokens begin and end."""
    line = found.line
    end = act.start - (line.words[act.start - 1] in _PIECES)
    counted = whole_at(line, end - 1, found.words)
    if counted is None or counted[1] != end or line.words[end - 2] in found.words.marks["of_a_kind"]:
        return None
    one = act.key == SUPERVISION and not line.tokens[act.start].raw.endswith("r")
    hours = one and line.is_number(end - 1)  # `2 handledning` may be two hours
    return None if hours else (counted[0], end - 1, act.start)


def _after(found: Findings, act: Match) -> tuple[int, int, int] | None:
    """`dops x2`, `dops 2 st`"""
    line = found.line
    led = line.words[act.end] in _TIMES
    counted = whole_at(line, act.end + led, found.words)
    if counted is None:
        return None
    piece = line.words[counted[1]] in _PIECES
    return (counted[0], act.end, counted[1] + piece) if led or piece else None
