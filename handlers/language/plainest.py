"""The plainest lines, read the short way: an activity, a day, a length, topics, and nothing else.

Most lines are `handledning idag 1h etik`. Each of its words means one thing wherever it stands, so that no
finder has to look for another. What holds anything else is left to the long way, and tests hold the two to
the same answers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from handlers.language.command import Command
from handlers.language.days.spans import Point, first_day, monday_of, week_day
from handlers.language.finders.clock import EVENING
from handlers.language.finders.durations import LONGEST, SHORTEST
from handlers.language.finders.matches import ASSESSMENT, COURSE, IUP
from handlers.language.lexicon.plain_words import PlainWord, PlainWords, Slot, plain_words
from handlers.language.lexicon.vocabulary import Vocabulary
from handlers.language.sentences.session import placed_in_time, undated
from handlers.language.settling.minutes import WORKING

_LONGEST = 100  # characters
_DAYS = {Slot.DAY, Slot.WEEK}
_SESSION = {Slot.ACTIVITY, Slot.INSTRUMENT, Slot.IUP, Slot.LENGTH, Slot.CLOCK} | _DAYS
_ABSENCE = {Slot.ABSENCE, Slot.DAY}
_ORDER = {Slot.ORDER}


def plainly(text: str, words: Vocabulary, now: datetime) -> Command | None:
    """What a line means that holds plain words alone, one of each slot but for topics; None of any other."""
    if len(text) > _LONGEST:
        return None
    plain, books, pieces = plain_words(words), False, _pieces(text, words)
    if pieces[0] in words.marks["book"]:
        books, pieces = True, pieces[1:]
    topics: list[str] = []
    said = _said(pieces, plain, topics)
    if not said:
        return None if books else _asked(text, plain)
    if Slot.CLOCK in said and not EVENING.isdisjoint(pieces):
        return None
    if said.keys() <= _SESSION:
        return _session(said, tuple(dict.fromkeys(topics)), now, books)
    if books or topics:
        return None
    if said.keys() == _ABSENCE:
        return _absence(said, now.date())
    return Command(said[Slot.ORDER]) if said.keys() == _ORDER and len(pieces) == 1 else None


def _asked(text: str, plain: PlainWords) -> Command | None:
    """`hur ligger jag till?`"""
    order = plain.whole.get(text.lower().rstrip("?!."))
    return Command(order) if order else None


def _pieces(text: str, words: Vocabulary) -> list[str]:
    """What spaces part, without a slash before what is known."""
    pieces = text.lower().split(" ")
    if pieces[0][:1] == "/":
        name = words.slash.get(pieces[0][1:], pieces[0][1:])
        pieces[0] = name if name in plain_words(words).known else ""
    return pieces


def _said(pieces: list[str], plain: PlainWords, topics: list[str]) -> dict[Slot, Any] | None:
    """By slot what the pieces say, the topics apart; None when there is more to any of them."""
    said: dict[Slot, Any] = {}
    longer: Mapping[str, int] = {}
    for piece in _together(pieces, plain):
        word = None if piece in longer else plain.known.get(piece) or _in_figures(piece, plain.known)
        if word is None or word.slot in said:
            return None
        slot, meaning, longer = word
        if slot is Slot.TOPIC:
            topics.append(meaning)
        else:
            said[slot] = meaning
    return said


def _together(pieces: list[str], plain: PlainWords) -> Iterator[str]:
    """One after the other; as one what goes on with the next: `i går`, `45 min`, `en timme`, `den 4 maj`."""
    before, *others = pieces or [""]
    for piece in others:
        if before in plain.leads and f"{before} {piece}" in plain.known:
            before = f"{before} {piece}"
        elif before in plain.counts or (before[-1:] in _LAST_FIGURES and _COUNT.fullmatch(before)):
            before = f"{plain.counts.get(before, before)} {piece}"
        else:
            yield before
            before = piece
    yield before


def _in_figures(piece: str, known: Mapping[str, PlainWord]) -> PlainWord | None:
    """`45 min`, `1½h`, `4 maj`, `kl 13`, `12/11`; the comma of `etik, jour`."""
    found = _FIGURES.fullmatch(piece)
    if found is None:
        word = known.get(piece[:-1]) if piece[-1:] == "," else None
        return word if word and word.slot is Slot.TOPIC else None
    if found["unit"]:
        return _counted(found, known.get(found["unit"]))
    said = _FORMS[found.lastgroup or ""](found)
    return PlainWord(said[0], said[1], {}) if said else None


def _counted(found: re.Match[str], counted: PlainWord | None) -> PlainWord | None:
    """So many of a unit; or a day of a month."""
    if counted is None:
        return None
    if counted.slot is Slot.MONTH and found["spaced"] and not (found["part"] or found["half"]):
        return PlainWord(Slot.DAY, Point(day=int(found["whole"]), month=counted.meaning), counted.longer)
    if counted.slot is not Slot.UNIT or not counted.meaning or found["on"]:
        return None
    number = float(f"{found['whole']}.{found['part'] or 0}") + (0.5 if found["half"] else 0)
    return PlainWord(Slot.LENGTH, round(number * counted.meaning), counted.longer)


def _clock(found: re.Match[str]) -> tuple[Slot, Any] | None:
    """`13-14`, `8.30-9.15`, `kl 13`: within a working day."""
    start = _minute(found["hour"], found["minute"])
    end = _minute(found["last"], found["last_minute"]) if found["last"] else None
    if start is None or (end is None and (found["last"] or not found["kl"])) or (end and end <= start):
        return None
    return Slot.CLOCK, (time(*divmod(start, 60)), end - start if end else None)


def _minute(hour: str, minute: str | None) -> int | None:
    """Of the day, where it is a working hour."""
    return int(hour) * 60 + int(minute or 0) if int(hour) in WORKING and int(minute or 0) < 60 else None


_LAST_FIGURES = frozenset("0123456789½")
_COUNT = re.compile(r"(?:den )?[0-9]{1,3}(?:,(?:5|25|75))?½?")
_FIGURES = re.compile(
    r"(?P<amount>(?P<on>den )?(?P<whole>[0-9]{1,3})(?:,(?P<part>5|25|75))?(?P<half>½)?"
    r"(?P<spaced> )?(?P<unit>[a-zåäö]+))"
    r"|(?P<date>(?P<day>[0-9]{1,2})/(?P<month>[0-9]{1,2}))"
    r"|(?P<iso>20[0-9]{2}-[0-9]{2}-[0-9]{2})"
    r"|(?P<week>v(?P<number>[0-9]{1,2}))"
    r"|(?P<hours>(?P<full>[0-9])h(?P<over>[0-5][0-9]))"
    r"|(?P<clock>(?P<kl>kl )?(?P<hour>[0-9]{1,2})(?:[.:](?P<minute>[0-9]{2}))?"
    r"(?:-(?P<last>[0-9]{1,2})(?:[.:](?P<last_minute>[0-9]{2}))?)?)"
)
_FORMS: dict[str, Callable[[re.Match[str]], tuple[Slot, Any] | None]] = {
    "date": lambda found: (Slot.DAY, Point(day=int(found["day"]), month=int(found["month"]))),
    "iso": lambda found: (Slot.DAY, Point(None, int(found[0][8:]), int(found[0][5:7]), int(found[0][:4]))),
    "week": lambda found: (Slot.WEEK, Point(week=int(found["number"]))),
    "hours": lambda found: (Slot.LENGTH, int(found["full"]) * 60 + int(found["over"])),
    "clock": _clock,
}


def _session(said: Mapping[Slot, Any], topics: tuple[str, ...], now: datetime, books: bool) -> Command | None:
    activity, (begins, lasts) = _activity(said), said.get(Slot.CLOCK, (None, None))
    minutes = said.get(Slot.LENGTH, lasts)
    twice = lasts and Slot.LENGTH in said
    if twice or (topics and activity == COURSE):  # what a course is called stays whole
        return None
    if minutes is not None and not SHORTEST <= minutes <= LONGEST:
        return None
    day = _day(said, now.date(), "booking" if books else "session")
    instrument = said.get(Slot.INSTRUMENT)
    told = Command("log", activity, day, None, begins, minutes, topics=topics, instrument=instrument)
    if day is None:
        dated = None if books or not said.keys().isdisjoint(_DAYS) else undated(told, now)
    else:
        dated = placed_in_time(told, now.date(), books)
    return dated if dated is None or activity else _of_what(dated, said)


def _of_what(told: Command, said: Mapping[Slot, Any]) -> Command | None:
    """`idag 1h etik`: what it was is asked."""
    clear = told.intent == "log" and said.keys().isdisjoint((Slot.ACTIVITY, Slot.INSTRUMENT, Slot.IUP))
    return replace(told, intent="ask", question="activity") if clear else None


def _activity(said: Mapping[Slot, Any]) -> str | None:
    """What was done: an instrument is of an assessment, and what became of it is of an IUP."""
    instrument = said.get(Slot.INSTRUMENT)
    activity: str | None = said.get(Slot.ACTIVITY, instrument and ASSESSMENT)
    if instrument and activity != ASSESSMENT:
        return None
    if Slot.IUP in said and activity not in IUP:
        return None
    return IUP[1] if said.get(Slot.IUP) == "approved" else activity


def _absence(said: Mapping[Slot, Any], today: date) -> Command | None:
    if isinstance(said[Slot.DAY], Point) and said[Slot.DAY].year:
        return None  # it may be long ago
    day = _day(said, today, "period")
    return Command("absence", date=day, end_date=day, absence=said[Slot.ABSENCE]) if day else None


def _day(said: Mapping[Slot, Any], today: date, rule: str) -> date | None:
    """The day that is named, if any: by itself, by its week, or as a weekday of one."""
    day, week = said.get(Slot.DAY), said.get(Slot.WEEK)
    if isinstance(day, int):
        return None if week else today + timedelta(days=day)
    if isinstance(week, int):
        week = Point(monday=monday_of(today) + timedelta(weeks=week))
    if day is None or isinstance(day, Point):
        one = day or week
        return first_day(one, today, rule) if one and not (day and week) else None
    weekday, tense = day
    if week is None:
        return first_day(Point(weekday=weekday, tense=tense), today, rule)
    return None if tense else week_day(week, weekday, today, rule)
