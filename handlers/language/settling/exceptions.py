"""The days that a series leaves out: `varje torsdag 13-14 utom 17/12 och v 52`."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import NamedTuple

from handlers.language.command import Command
from handlers.language.days.dates import Span, find_dates
from handlers.language.days.spans import first_day, last_day, week_day
from handlers.language.finders.findings import find_all
from handlers.language.finders.found import Findings
from handlers.language.lexicon.tokens import Line, cut
from handlers.language.settling.settle import settle
from handlers.language.settling.several_days import each_its_own

EXCEPT = "except"
"""Begins the `reason` of a series that leaves days out: `except 2026-12-17 2026-12-21/2026-12-27`."""
_SUNDAY = 7


class Parted(NamedTuple):
    """A line without its exceptions; these as its command carries them, and as they were said."""

    found: Findings
    reason: str
    said: str

    def left_out_of(self, told: Command) -> Command:
        """The series without them; where something is asked of it first they stay in its note."""
        if told.intent == "book":
            return replace(told, reason=self.reason)
        return replace(told, note=f"{told.note or ''} {self.said}".strip()) if told.intent == "ask" else told


def without_exceptions(found: Findings) -> Parted | None:
    """None where a line names no day that is left out, or one that is none (`utom jul`)."""
    line, words = Line(found.line.tokens), found.words
    for at in line.where(words.marks["except"].bit):
        hit = line.phrase(at, words.marks["except"])
        tail = cut(line.written(hit[1]), words) if hit and at else None
        days = _days(find_dates(tail, words, found.today), found.today) if tail else []
        if tail and days:
            rest = find_all(cut(f"{line.written(0, at)} {_beside(tail, found)}", words), words, found.now)
            return Parted(rest, " ".join([EXCEPT, *days]), line.written(at)) if rest.repeat else None
    return None


def _days(spans: list[Span], today: date) -> list[str]:
    """Each day or stretch that is named; one that is named twice over (`torsdag v 51`) is one."""
    one = settle(spans, today, "booking") if len(spans) > 1 else None
    if one and one.date and not one.end:
        return [one.date.isoformat()]
    pieces = [_piece(span, today) for span in each_its_own(spans)]
    return [piece for piece in pieces if piece] if all(pieces) else []


def _beside(tail: Line, found: Findings) -> str:
    """What follows the exceptions and is none: `utom 17/12 kl 13`."""
    joints = {*found.words.marks["and"].entries, ","}
    pairs = zip(tail.tokens, tail.taken, strict=True)
    return " ".join(token.raw for token, taken in pairs if taken != "date" and token.word not in joints)


def _piece(span: Span, today: date) -> str | None:
    """A day, or the first and the last of some."""
    point = span.first
    if point is None or span.kind not in ("on", "range"):
        return None
    whole = point.is_week or point.is_month
    start = week_day(point, 1, today, "booking") if point.is_week else first_day(point, today, "booking")
    end = last_day(span.last or point, start) if start and (span.last or whole) else None
    if start is None or (span.kind == "range" and end is None):
        return None
    return f"{start.isoformat()}/{end.isoformat()}" if end else start.isoformat()


def leaves_out(reason: str | None, day: date) -> bool:
    """Whether a series with such a reason leaves a day out."""
    said, *pieces = (reason or "").split() or [""]
    spans = (piece.partition("/") for piece in pieces)
    return said == EXCEPT and any(first <= day.isoformat() <= (last or first) for first, _, last in spans)
