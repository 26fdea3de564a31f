"""Booked sessions, moved and called off: `flytta torsdag till fredag 9:00`, `avboka serien`."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from handlers.language.command import Command
from handlers.language.dates import Span
from handlers.language.days import Point, after
from handlers.language.fitting import free_words
from handlers.language.found import Findings
from handlers.language.free_names import name_alone
from handlers.language.inquiries import possessive
from handlers.language.matches import Match
from handlers.language.notes import marked
from handlers.language.settle import settle

SERIES, UNCLEAR = "series", "unclear"
LATER, EARLIER = "later", "earlier"
WORKING = range(7, 19)


def of_a_booking(found: Findings, chosen: Match) -> Command:
    """`move` or `cancel`: `date` is the day booked, `end_date` and `time` when it is to be instead.

    A `date` of None means the next one. For `cancel`, `end_date` is the last day that is called off. `reason`
    is "series" for all that follow, of the weekday of `date` if there is one; "unclear" where a day was named
    and it cannot be told which: nothing is to be moved or called off then. Of a move it may be how far, as in
    "later 1 week" and "earlier 30 minute".
    """
    found.people = found.people or possessive(found)
    if found.line.tokens[chosen.end : chosen.end + 1] and _is_denied(found, chosen.end):
        return Command("unknown")
    said = Command(chosen.key)
    told = _called_off(said, found) if chosen.key == "cancel" else _moved(said, found)
    found.line.take(chosen.start, chosen.end, "commands")
    found.people = found.people or name_alone(found.line, found.words)  # `avboka torsdag Anna`
    told = replace(told, people=found.people)
    next_one = told.date is None and told.end_date is None and told.reason is None
    return replace(told, reason=UNCLEAR) if next_one and _names_another(found) else told


def _names_another(found: Findings) -> bool:
    """`avboka tosdag`, `avboka tåget`: which day, or what, is not understood; it is not the next session."""
    sessions = found.words.marks["of_a_session"]
    others = [word for word in free_words(found) if word not in sessions]
    return found.vague or bool(others and not found.of("activities") and not found.people)


def _is_denied(found: Findings, index: int) -> bool:
    """`avboka inte`"""
    return found.line.tokens[index].word in found.words.marks["not"]


def _moved(said: Command, found: Findings) -> Command:
    old, new = _days(found)
    if marked(found.line, found.words, "series"):
        return replace(said, reason=SERIES)
    if found.repeat:
        day = _next(found.repeat.weekday, found.today)
        if not _is_one(found) or (new is None and old is None):
            return replace(said, reason=SERIES, date=day)
        old, new = day, new or old  # `move thursdays supervision to friday`
    far = None if new else _how_far(found)
    if far and old:
        there = replace(said, date=old, end_date=days_on(far, old))
        return there if there.end_date else replace(said, date=old, reason=far)
    if far:
        return replace(said, reason=far)
    clock = found.clocks[-1] if found.clocks else None
    start = clock.start if clock else _bare_hour(found)
    minutes = clock.minutes if clock and clock.minutes else _length(found)
    reason = UNCLEAR if found.spans and old is None and new is None else None
    return replace(said, date=old, end_date=new, time=start, minutes=minutes, reason=reason)


def _called_off(said: Command, found: Findings) -> Command:
    marks = found.words.marks["series"]
    if any(found.line.phrase(at, marks) for at in range(len(found.line.tokens))):
        return replace(said, reason=SERIES)
    if found.repeat:
        reason = None if _is_one(found) else SERIES
        return replace(said, reason=reason, date=_next(found.repeat.weekday, found.today))
    days = settle(found.spans, found.today, "period" if _is_week(found.spans) else "booking")
    return replace(said, date=days.date, end_date=days.end, reason=UNCLEAR if days.asked else None)


def _is_one(found: Findings) -> bool:
    """`thursdays supervision`, written without its apostrophe, is one of them; `torsdagar` are all."""
    every, words = found.words.table("weekdays_every"), found.line.tokens
    named = [
        at for at, token in enumerate(words) if token.word in every and token.raw.lower().endswith("days")
    ]
    sessions = found.words.marks["a_session"]
    goes_on = [
        at
        for at in named
        if found.line.taken[at + 1 : at + 2] == ["content"] or found.line.words[at + 1] in sessions
    ]
    return len(named) == len(goes_on) == 1 and not marked(found.line, found.words, "all_of_them")


def _how_far(found: Findings) -> str | None:
    """`en vecka framåt`, `30 min senare`, `skjut upp två dagar`: which way, how many, of what."""
    way = next((way for way in (LATER, EARLIER) if _says(found, way)), None)
    if way is None or found.clocks:
        return None
    if found.durations:
        return f"{way} {round(found.durations[-1])} minute"
    return f"{way} {found.lasts[0]} {found.lasts[1]}" if found.lasts else None


def days_on(far: str, day: dt.date) -> dt.date | None:
    """The day so far from another; None where it is hours or minutes off: see minutes_on."""
    way, count, unit = far.split()
    return None if unit == "minute" else after(day, int(count) * (1 if way == LATER else -1), unit)


def minutes_on(far: str) -> int:
    """How many minutes later (earlier: below zero) it is on the same day."""
    way, count, unit = far.split()
    return int(count) * (1 if way == LATER else -1) if unit == "minute" else 0


def _says(found: Findings, role: str) -> bool:
    table = found.words.marks[role]
    return any(found.line.phrase(at, table) for at in found.line.where(table.bit))


def says_instead_of(found: Findings) -> bool:
    """`fredag i stället för torsdag` names the new day first; its last word may be part of the other's."""
    said = " ".join(token.word for token in found.line.tokens)
    return any(phrase in said for phrase in found.words.marks["instead_of"].entries)


def _next(weekday: int | None, today: dt.date) -> dt.date | None:
    return today + dt.timedelta(days=(weekday - today.isoweekday()) % 7) if weekday else None


def _is_week(spans: list[Span]) -> bool:
    return len(spans) == 1 and bool(spans[0].first and spans[0].first.is_week)


def _days(found: Findings) -> tuple[dt.date | None, dt.date | None]:
    """The day booked and the new one: two that are named are that; one after `till` is the new one."""
    points = [point for span in found.spans for point in (span.first, span.last) if point]
    if not points:
        return None, None
    if len(points) > 1:
        points = points[::-1] if says_instead_of(found) else points
        old, new = _day(points[0], found), _day(points[-1], found)
        return (old, new) if old and new else (None, None)
    day = _day(points[0], found)
    return (None, day) if found.spans[0].kind == "until" else (day, None)


def _day(point: Point, found: Findings) -> dt.date | None:
    return settle([Span("on", point)], found.today, "booking").date


def _length(found: Findings) -> int | None:
    return round(found.durations[-1]) if found.durations else None


def _bare_hour(found: Findings) -> dt.time | None:
    """`till fredag 9`: where a session is moved to, a number alone is an hour of the working day."""
    line = found.line
    hours = [line.number(at, 2) for at in range(len(line.tokens)) if line.free(at)]
    said = [hour for hour in hours if hour is not None and hour in WORKING]
    return dt.time(said[-1]) if said else None
