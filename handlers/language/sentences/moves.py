"""Booked sessions, moved and called off: `flytta torsdag till fredag 9:00`, `avboka serien`."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from handlers.language.command import Command
from handlers.language.days.dates import Span
from handlers.language.days.spans import after
from handlers.language.finders.clock import Clock
from handlers.language.finders.found import Findings
from handlers.language.finders.free_names import name_alone
from handlers.language.finders.matches import ASSESSMENT, Match
from handlers.language.lexicon.notes import is_of_a_note, marked
from handlers.language.sentences.fitting import free_words
from handlers.language.sentences.inquiries import possessive
from handlers.language.sentences.series import UNCLEAR, called_off_series, moved_series, next_weekday, part_of
from handlers.language.settling.moved_days import days_of_a_move
from handlers.language.settling.settle import settle

LATER, EARLIER = "later", "earlier"
WORKING = range(7, 19)


def of_a_booking(found: Findings, chosen: Match, *, alone_is_new: bool = False) -> Command:
    """`move` or `cancel`: `date` is the day booked, `end_date` and `time` when it is to be instead.

    A `date` of None means the next one. For `cancel`, `end_date` is the last day that is called off. `reason`
    is "series" for all that follow, of the weekday of `date` if there is one (of a move see series.Part);
    "unclear" where a day was named and it cannot be told which: nothing is to be moved or called off then.
    Of a move it may be how far, as in "later 1 week" and "earlier 30 minute", or how its days were told, as
    in moved_days. `alone_is_new` says that a day which is named alone is the new one.
    """
    found.people = found.people or possessive(found)
    if found.line.tokens[chosen.end : chosen.end + 1] and _is_denied(found, chosen.end):
        return Command("unknown")
    said = Command(chosen.key, activity=_kind(found))
    calls_off = chosen.key == "cancel"
    told = _called_off(said, found) if calls_off else _moved(said, found, alone_is_new=alone_is_new)
    found.line.take(chosen.start, chosen.end, "commands")
    found.people = found.people or name_alone(found.line, found.words)  # `avboka torsdag Anna`
    told = replace(told, people=found.people)
    many = chosen.end > chosen.start and part_of(told.reason)
    next_one = told.date is None and told.end_date is None and told.reason is None
    unclear = (next_one and (found.vague or _names_another(found))) or (many and _names_another(found))
    return replace(told, reason=UNCLEAR) if unclear or _names_a_thing(found, chosen) else told


def _kind(found: Findings) -> str | None:
    """The one activity that is named: `flytta kollegiet` moves no supervision."""
    kinds = {match.key for match in found.of("activities")}
    kinds = kinds or {ASSESSMENT for _ in found.of("instruments")}
    return kinds.pop() if len(kinds) == 1 else None


def _names_another(found: Findings) -> bool:
    """`avboka tosdag`, `avboka tåget`: which day, or what, is not understood; it is not the next session."""
    sessions = found.words.marks["of_a_session"]
    others = [word for word in free_words(found) if word not in sessions]
    return bool(others and not found.of("activities") and not found.people)


def _names_a_thing(found: Findings, chosen: Match) -> bool:
    """`avboka lunchen på torsdag`: what the command names first is no session, whatever day is said."""
    line, at = found.line, chosen.end
    if chosen.end == chosen.start or found.of("activities") or found.people:
        return False
    while line.free(at) and line.words[at] in found.words.filler:
        at += 1
    return line.tokens[at - 1].word not in _WHY and is_of_a_note(line, found.words, at)


_WHY = ("pga", "för", "då", "eftersom", "på", "because", "due")


def _is_denied(found: Findings, index: int) -> bool:
    """`avboka inte`"""
    return found.line.tokens[index].word in found.words.marks["not"]


def _moved(said: Command, found: Findings, *, alone_is_new: bool) -> Command:
    clock = found.clocks[-1] if found.clocks else None
    far = _how_far(found)
    if _is_of_a_series(found):
        told = said if far else _timed(said, clock, found)
        return moved_series(told, found, far, alone_is_new=alone_is_new)
    old, new, told_of = days_of_a_move(found, alone_is_new=alone_is_new)
    if found.repeat and found.repeat.weekday:  # `move thursdays supervision to friday`
        old, new = next_weekday(found.repeat.weekday, found.today), new or old
    if far and new is None:
        there = days_on(far, old) if old and not told_of else None
        reason = None if there else " ".join(filter(None, (far, told_of)))
        return replace(said, date=old, end_date=there, reason=reason)
    reason = UNCLEAR if found.spans and old is None and new is None else told_of
    return replace(_timed(said, clock, found), date=old, end_date=new, reason=reason)


def _timed(said: Command, clock: Clock | None, found: Findings) -> Command:
    start = clock.start if clock else _bare_hour(found)
    minutes = clock.minutes if clock and clock.minutes else _length(found)
    return replace(said, time=start, minutes=minutes)


def _is_of_a_series(found: Findings) -> bool:
    if marked(found.line, found.words, "series"):
        return True
    named = found.repeat and found.repeat.weekday
    return found.repeat is not None and not (named and _is_one(found) and found.spans)


def _called_off(said: Command, found: Findings) -> Command:
    marks = found.words.marks["series"]
    weekday = found.repeat.weekday if found.repeat else None
    if any(found.line.phrase(at, marks) for at in range(len(found.line.tokens))):
        return called_off_series(said, found, weekday)
    if found.repeat and not _is_one(found):
        return called_off_series(said, found, weekday)
    if found.repeat:
        return replace(said, date=next_weekday(weekday, found.today) if weekday else None)
    days = settle(found.spans, found.today, "period" if _is_stretch(found.spans) else "booking")
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
    way, count, unit = far.split()[:3]
    return None if unit == "minute" else after(day, int(count) * (1 if way == LATER else -1), unit)


def minutes_on(far: str) -> int:
    """How many minutes later (earlier: below zero) it is on the same day."""
    way, count, unit = far.split()[:3]
    return int(count) * (1 if way == LATER else -1) if unit == "minute" else 0


def _says(found: Findings, role: str) -> bool:
    table = found.words.marks[role]
    return any(found.line.phrase(at, table) for at in found.line.where(table.bit))


def _is_stretch(spans: list[Span]) -> bool:
    point = spans[0].first if len(spans) == 1 else None
    return point is not None and (point.is_week or point.is_month)


def _length(found: Findings) -> int | None:
    return round(found.durations[-1]) if found.durations else None


def _bare_hour(found: Findings) -> dt.time | None:
    """`till fredag 9`: where a session is moved to, a number alone is an hour of the working day."""
    line = found.line
    hours = [at for at in range(len(line.tokens)) if line.free(at) and line.number(at, 2) in WORKING]
    if not hours:
        return None
    hour = line.number(hours[-1], 2) or 0
    line.take(hours[-1], hours[-1] + 1, "clock")
    return dt.time(hour)
