"""A stretch that is said by its weekdays and by its days: `fredag-måndag 27-30 nov`."""

from __future__ import annotations

from datetime import date

from handlers.language.days.dates import Span
from handlers.language.days.spans import first_day, last_day


def said_once(ranges: list[Span], today: date, rule: str) -> list[Span]:
    """The stretch by its days alone, where the weekdays are theirs; else all that were said."""
    named = [span for span in ranges if span.first and span.first.weekday and span.last and span.last.weekday]
    dated = [span for span in ranges if span not in named]
    weekdays = {(span.first.weekday, span.last.weekday) for span in named if span.first and span.last}
    agrees = len(dated) == 1 and weekdays == {_weekdays_of(dated[0], today, rule)}
    return dated if agrees else ranges


def _weekdays_of(span: Span, today: date, rule: str) -> tuple[int, int] | None:
    first = first_day(span.first, today, rule) if span.first else None
    last = last_day(span.last, first) if span.last and first else None
    return (first.isoweekday(), last.isoweekday()) if first and last else None
