"""Several days in one line, each with a length of its own: `mån 1h, tors 30 min`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time
from itertools import groupby
from typing import NamedTuple

from handlers.language.finders.durations import LONGEST, SHORTEST
from handlers.language.finders.found import Findings
from handlers.language.settling.settle import settle
from handlers.language.settling.several_days import MOST, small_joints

_OF = "="  # `2026-11-16=60`, `2026-11-16=60@13:00`
_AT = "@"


class OwnLength(NamedTuple):
    """How long it was on a day, and from when where that was said."""

    day: date
    minutes: int
    time: time | None = None


def lengths_of_days(found: Findings, rule: str) -> list[OwnLength]:
    """The days with their lengths, in order of the days; none where they do not stand side by side.

    `rule` is as in days.first_day.
    """
    lengths = _lengths(found)
    each, odd = divmod(len(found.spans), len(lengths)) if len(lengths) > 1 else (0, 1)
    if odd or each not in (1, 2) or len(lengths) > MOST or not _in_turns(found, len(lengths)):
        return []
    if any(not SHORTEST <= minutes <= LONGEST for minutes, _ in lengths):
        return []
    parts = [found.spans[at : at + each] for at in range(0, len(found.spans), each)]
    days = [settle(part, found.today, rule) for part in parts]
    dated = [OwnLength(day.date, *length) for day, length in zip(days, lengths, strict=True) if day.date]
    whole = len({one.day for one in dated}) == len(lengths) and not any(day.end or day.asked for day in days)
    return sorted(dated) if whole else []


def _lengths(found: Findings) -> list[tuple[int, time | None]]:
    """All of one kind: only so is their order known."""
    if found.durations and found.clocks:
        return []
    if found.clocks:
        return [(clock.minutes or 0, clock.start) for clock in found.clocks]
    return [(round(minutes), None) for minutes in found.durations]


def _in_turns(found: Findings, count: int) -> bool:
    """Whether days and lengths follow each other, with nothing else between them."""
    line, taken = found.line, found.line.taken
    said = [at for at, name in enumerate(taken) if name in _PARTS]
    small = small_joints(found.words)
    if any(taken[at] not in _PARTS and line.words[at] not in small for at in range(said[0], said[-1])):
        return False
    turns = [name for name, _ in groupby(taken[at] == "date" for at in said)]
    return len(turns) == 2 * count


_PARTS = frozenset(("date", "duration", "clock"))


def as_pieces(lengths: Sequence[OwnLength]) -> list[str]:
    """As they travel in the reason of a question."""
    return [
        f"{day.isoformat()}{_OF}{minutes}" + (f"{_AT}{start:%H:%M}" if start else "")
        for day, minutes, start in lengths
    ]


def own_lengths(reason: str | None) -> dict[date, OwnLength]:
    """Those that a question carries, by their days; none for most."""
    pieces = [piece for piece in (reason or "").split() if _OF in piece]
    return {one.day: one for one in map(_of_piece, pieces)}


def _of_piece(piece: str) -> OwnLength:
    day, _, length = piece.partition(_OF)
    minutes, _, start = length.partition(_AT)
    return OwnLength(date.fromisoformat(day), int(minutes), time.fromisoformat(start) if start else None)
