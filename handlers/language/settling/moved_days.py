"""From which day to which a booked session is moved: `torsdag v 50 till fredag`, `till nästa vecka`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from handlers.language.days.dates import Span
from handlers.language.days.spans import Point, monday_of, week_day
from handlers.language.finders.found import Findings
from handlers.language.settling.settle import settle

IN_WEEK = "in_week"
"""The day booked is some day of the week of `date`."""
ON_WEEKDAY = "on_weekday"
"""`end_date` is only a weekday: that of the week in which it is booked, see there_from."""
TO_WEEK = "to_week"
"""`end_date` is only a week: the weekday on which it is booked, of that week."""


class MovedDays(NamedTuple):
    """The day booked and the new one; `told` are the words above that hold of them, parted by spaces."""

    old: date | None = None
    new: date | None = None
    told: str | None = None


class _Named(NamedTuple):
    """A day of a line, `week` being that of a weekday, and whether it follows a word for until."""

    point: Point
    is_new: bool
    week: Point | None = None


def days_of_a_move(found: Findings, *, alone_is_new: bool = False) -> MovedDays:
    """Two that are named are the old and the new; one after `till` is the new one. Nothing where one of them
    cannot be told.
    """
    named = _with_their_weeks(list(_named(found.spans)))
    if not named:
        return MovedDays()
    old, new = _old_and_new(named, found, alone_is_new)
    was, there = (_day(each, found.today) if each else None for each in (old, new))
    if (old and not was) or (new and not there):
        return MovedDays()
    told = [IN_WEEK] if old and old.point.is_week else []
    how = _relative(new) if new else None
    if how and was and there and not told:
        return MovedDays(was, there_from(how, was, there, found.today))
    return MovedDays(was, there, " ".join([*told, *([how] if how else [])]) or None)


def there_from(how: str, booked: date, there: date, today: date) -> date:
    """`till fredag` is the Friday of the week in which it is booked, unless that is over; `till nästa vecka`
    the same weekday, a week later where it is booked in that very week.
    """
    if how == TO_WEEK:
        day = monday_of(there) + timedelta(days=booked.weekday())
        return day + timedelta(weeks=1) if day == booked else day
    day = monday_of(booked) + timedelta(days=there.weekday())
    coming = there if there > today else there + timedelta(weeks=1)  # nobody says today's own name of it
    return coming if day <= today or day == booked else day


def says_instead_of(found: Findings) -> bool:
    """`fredag i stället för torsdag` names the new day first; its last word may be part of the other's."""
    said = " ".join(token.word for token in found.line.tokens)
    return any(phrase in said for phrase in found.words.marks["instead_of"].entries)


def _named(spans: list[Span]) -> Iterator[_Named]:
    for span in spans:
        if span.first:
            yield _Named(span.first, is_new=False)
        if span.last:
            yield _Named(span.last, is_new=True)


def _with_their_weeks(named: list[_Named]) -> list[_Named]:
    """`torsdag v 50` and `v 50 torsdag` are one day."""
    days: list[_Named] = []
    for each in named:
        before = days[-1] if days else None
        if before is None or each.is_new or before.week or not (before.point.weekday or before.point.is_week):
            days.append(each)
        elif before.point.weekday and each.point.is_week:
            days[-1] = before._replace(week=each.point)
        elif before.point.is_week and each.point.weekday:
            days[-1] = _Named(each.point, before.is_new, before.point)
        else:
            days.append(each)
    return days


def _old_and_new(
    named: list[_Named], found: Findings, alone_is_new: bool
) -> tuple[_Named | None, _Named | None]:
    if len(named) == 1:
        return (None, named[0]) if alone_is_new or named[0].is_new else (named[0], None)
    first, last = (named[-1], named[0]) if says_instead_of(found) else (named[0], named[-1])
    return first, last


def _relative(new: _Named) -> str | None:
    if new.point.is_week:
        return TO_WEEK
    return ON_WEEKDAY if new.point.weekday and not new.point.tense and not new.week else None


def _day(named: _Named, today: date) -> date | None:
    if named.point.is_month:
        return None
    if named.week:
        return week_day(named.week, named.point.weekday or 1, today, "booking")
    return settle([Span("on", named.point)], today, "booking").date
