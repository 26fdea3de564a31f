"""Weekdays of what is planned, which are to come: `tar semester torsdag-fredag`, `från måndag`."""

from __future__ import annotations

from datetime import date

from handlers.language.days.dates import Span
from handlers.language.finders.found import Findings
from handlers.language.lexicon.tokens import Line

_SINCE_THEN = ("sedan", "sen", "since")


def from_then_on(spans: list[Span], line: Line, today: date) -> list[Span]:
    """`från måndag` of what is planned is the coming one; `sedan måndag` the last."""
    if any(token.word in _SINCE_THEN for token in line.tokens):
        return spans
    return [_coming(span, today) if span.kind == "since" else span for span in spans]


def to_come(found: Findings, before: int | None = None) -> list[Span]:
    """The days of a line that says what is to be before a token (None: anywhere): `tar semester fredag` is of
    the coming one, `semester fredag` of the last.
    """
    line, marks = found.line, found.words.marks
    if not line.said & marks["to_be"].bit or line.said & marks["saves"].bit:
        return found.spans
    end, untaken = len(line.tokens) if before is None else before, Line(line.tokens)
    if not any(at < end and untaken.phrase(at, marks["to_be"]) for at in untaken.where(marks["to_be"].bit)):
        return found.spans
    return [_coming(span, found.today) if span.kind in ("on", "range") else span for span in found.spans]


def _coming(span: Span, today: date) -> Span:
    """The same, where it begins on a bare weekday that is not today's."""
    first = span.first
    if first is None or not first.weekday or first.tense or first.weekday == today.isoweekday():
        return span
    return span._replace(first=first._replace(tense="coming"))
