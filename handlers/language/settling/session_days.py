"""On which days a session was, or is to be: one day, a series, or so long as what lasts for days."""

from __future__ import annotations

from datetime import date, timedelta

from handlers.language.days.dates import Span
from handlers.language.days.spans import FRIDAY, monday_of, week_day
from handlers.language.finders.findings import last_day_of, last_of
from handlers.language.finders.found import Findings
from handlers.language.lexicon.notes import is_of_a_note
from handlers.language.settling.settle import When, run, settle, settle_repeat
from handlers.language.settling.several_days import days_of_a_stretch, each_its_own

# What may last for days; the others happen on one.
LASTING = frozenset({
    "course", "introduction", "st_introduction", "self_study", "scientific_work", "quality_work", "handover",
    "st_meeting",
})  # fmt: skip
_WHOLE = ("hela", "whole", "all")
_TERM_ENDS = ((6, 15), (12, 20))  # month and day (domain.md, "term")


def session_days(found: Findings, activity: str) -> When:
    """The days that the line names for a session of an activity ("": of one that is not said)."""
    if found.repeat and _is_of_the_note(found):
        _give_back(found)
    if found.repeat:
        series = settle_repeat(found.repeat, found.spans, found.today)
        return _until_when(series) if found.unbounded else series
    when = settle(
        _spans(found, activity), found.today, "booking" if found.book or found.booked else "session"
    )
    if activity in LASTING:
        return _lasting(found, when)
    if when.end:
        days = days_of_a_stretch(found.spans, when.date, when.end) if when.date else ()
        return When(asked=True, candidates=tuple(days), named=True)
    return _of_this_week(found, when)


def _lasting(found: Findings, when: When) -> When:
    """What may last for days: for as many as are said, a whole week, or those in a row."""
    week = _monday_of(found) if when.end is None else None
    if found.lasts and when.date and when.end is None:
        first = week or when.date
        return When(first, last_of(found, first), named=True)
    if week and any(token.word in _WHOLE for token in found.line.tokens):
        return When(week, week + timedelta(days=4), named=True)
    if found.lasts and not when.named:
        begun = found.today - (last_day_of(found, found.today) - found.today)
        return When(asked=True, candidates=(found.today,), named=True, begun=begun)
    if when.asked:
        return run(when)
    if when.end and _whole_weeks(found):
        return When(when.date, when.end - timedelta(days=2), named=True)
    return _of_this_week(found, when)


def _spans(found: Findings, activity: str) -> list[Span]:
    """Each day of a list by itself; what lasts for days keeps those in a row."""
    if activity in LASTING and any(span.listed and span.last for span in found.spans):
        return found.spans
    return each_its_own(found.spans)


def _is_of_the_note(found: Findings) -> bool:
    """`handledning idag 1h metotrexat en gång i veckan`, `ont varje dag`: what is repeated is no session."""
    at, line = found.line.taken.index("repeat"), found.line
    other = found.repeat is not None and found.repeat.every == "other"
    if not is_of_a_note(line, found.words, at - 1) and not (other and found.has_length):
        return False
    if not found.spans:
        return other
    point = found.spans[0].first
    bare = point is None or point.is_week or (point.weekday is not None and point.tense != "past")
    day = None if bare else settle(found.spans, found.today, "session").date
    return day is not None and day <= found.today


def _give_back(found: Findings) -> None:
    for at, taken_by in enumerate(found.line.taken):
        if taken_by == "repeat":
            found.line.release(at, at + 1)
    found.repeat = None


def _of_this_week(found: Findings, when: When) -> When:
    """`i veckan` names no day: those just past are offered, or those to come when it is to be booked."""
    point = found.spans[0].first if len(found.spans) == 1 else None
    monday = point.monday if point else None
    if monday is None or monday != monday_of(found.today):
        return when
    week = [monday + timedelta(days=away) for away in range(FRIDAY)]
    if found.book or found.booked:
        return When(asked=True, candidates=tuple(day for day in week if day > found.today), named=True)
    past = [day for day in reversed(week) if day <= found.today]
    return When(asked=True, candidates=tuple(past), named=True)


def _until_when(series: When) -> When:
    """A series with no last day that is known: the ends of this term and the next are offered."""
    if series.asked or series.date is None:
        return series
    first = series.date
    ends = [date(year, *end) for year in (first.year, first.year + 1) for end in _TERM_ENDS]
    last = [end - timedelta(days=(end - first).days % 7) for end in ends if end > first + timedelta(days=7)]
    return When(asked=True, candidates=tuple(last[:2]), named=True, begun=first)


def _monday_of(found: Findings) -> date | None:
    """The Monday of the one week that is named, and no day of it."""
    points = [point for span in found.spans for point in (span.first, span.last) if point]
    return week_day(points[0], 1, found.today, "session") if len(points) == 1 and points[0].is_week else None


def _whole_weeks(found: Findings) -> bool:
    return any(span.kind == "range" and span.last and span.last.is_week for span in found.spans)
