"""Filling in: a change onto a command, an answer onto a question."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from handlers.language.command import FIRST, MORE, OPEN, Command
from handlers.language.lexicon.normalise import clean
from handlers.language.lexicon.notes import marked
from handlers.language.lexicon.tokens import Line
from handlers.language.lexicon.vocabulary import Vocabulary
from handlers.language.sentences.session import placed_in_time, undated
from handlers.language.settling.own_lengths import OwnLength, own_lengths
from handlers.language.settling.questions import StillOpen, still_open
from handlers.language.settling.session_days import LASTING

_DAY = re.compile(r"\s*(0?[1-9]|[12]\d|3[01])[.!]?\s*")
_LISTS = ("topics", "goals", "people")
_FIELDS = (
    "activity",
    "instrument",
    "date",
    "end_date",
    "time",
    "minutes",
    "topics",
    "goals",
    "people",
    "note",
)

_ASKED = {"minutes": ("minutes",), "date": ("date", "end_date"), "activity": ("activity", "instrument")}


def is_session(command: Command) -> bool:
    """Whether a command is a session (to be), not an absence or a placement.

    A question that lacks the activity is about a session; one that has neither activity nor absence
    and asks for the date is about a placement.
    """
    if command.intent == "placement" or command.absence:
        return False
    return command.activity is not None or command.question != "date"


def asks_when_to_meet(asked: Command, now: datetime) -> bool:
    """Whether a question is for the day of a session to come: all the days that it offers are."""
    if asked.question != "date" or not is_session(asked):
        return False
    days = (asked.reason or "").split()
    return bool(days) and all(day > now.date().isoformat() for day in days)


def as_day(asked: Command, text: str) -> str:
    """`28` answers which day: the one offered that is a 28th, else `den 28`."""
    bare = _DAY.fullmatch(clean(text)) if asked.question == "date" else None
    if bare is None:
        return text
    days = {day for piece in (asked.reason or "").split() for day in piece.split("/")}
    fitting = [day for day in days if day.endswith(f"-{int(bare[1]):02}")]
    return fitting[0] if len(fitting) == 1 else f"den {bare[1]}"


def with_its_length(asked: Command, text: str) -> str:
    """`semester 3 veckor` asks which day: `1/12` answers with the three weeks that stand in the note."""
    return f"{text} {asked.note}" if asked.absence and asked.question == "date" and asked.note else text


def is_bare_booking(asked: Command) -> bool:
    """`/boka`: the line after it says what, and when."""
    return asked.books and not (asked.date or asked.time or asked.minutes or asked.repeat)


def says_to_meet(asked: Command, line: Line, words: Vocabulary) -> bool:
    """`vi ses fredag` in answer to which day: the coming one."""
    return asked.question == "date" and is_session(asked) and marked(line, words, "meet")


def amended(original: Command, changed: Command, now: datetime) -> Command:
    """The original with the fields of a change that are set; a new date also sets the end."""
    said = {name: getattr(changed, name) for name in _FIELDS if getattr(changed, name)}
    if changed.reason == MORE:
        said |= {name: (*getattr(original, name), *said[name]) for name in _LISTS if name in said}
        if original.note and changed.note:
            said["note"] = f"{original.note}, {changed.note}"
    if original.absence and changed.absence:
        said["absence"] = changed.absence
    if "date" in said:
        kept = original.end_date if changed.reason == FIRST else changed.end_date
        said |= {"end_date": kept, "by_night": False}
    if "activity" in said:
        said["instrument"] = changed.instrument
    filled = replace(original, **said)
    if changed.intent == "ask":
        empty: dict[str, Any] = dict.fromkeys(_ASKED.get(changed.question or "", ()))
        return replace(filled, intent="ask", question=changed.question, reason=_offers(changed), **empty)
    moved = is_session(original) and not filled.repeat and filled.activity not in LASTING
    if moved and filled.end_date:
        filled = replace(filled, date=filled.end_date, end_date=None)  # `från 19/11 till 20/11` moves it
    plain = replace(filled, question=None, reason=None)
    is_open = changed.reason == OPEN or (changed.reason == FIRST and original.end_date is None)
    if is_open and plain.absence:
        return replace(plain, intent="absence", end_date=None)
    return settled(plain, now, placement=original.intent == "placement")


def _offers(asked: Command) -> str | None:
    """What a question about a change offers, without the mark that it is one."""
    return (asked.reason or "").removeprefix("change").strip() or None


def settled(command: Command, now: datetime, *, placement: bool = False) -> Command:
    """A filled-in command with its intent set anew by what it holds; may ask again."""
    if command.absence:
        if command.date is None:
            return replace(command, intent="ask", question="date")
        return replace(command, intent="absence", end_date=command.end_date or command.date)
    if placement:
        return replace(
            command, intent="placement" if command.date else "ask", question=None if command.date else "date"
        )
    if command.activity is None:
        return replace(command, intent="ask", question="activity")
    dated = command if command.date else undated(command, now)
    return placed_in_time(dated, now.date(), books=command.repeat is not None or command.books)


def with_own_length(command: Command, own: Mapping[date, OwnLength]) -> Command:
    """With the length that its day has of its own, unless one is said."""
    length = own.get(command.date) if command.date and command.minutes is None else None
    return replace(command, minutes=length.minutes, time=length.time) if length else command


def asked_next(command: Command, left: StillOpen) -> Command:
    """A command with its activity, and the question that is still open."""
    return replace(command, intent="ask", question=left.question, reason=left.reason)


def answered(asked: Command, changed: Command, now: datetime) -> Command:
    """The question with an answer filled in; when the answer leaves it open, what else was said is kept."""
    placement = not is_session(asked) and not asked.absence
    whole = replace(asked, intent="placement" if placement else "ask", question=None, reason=None)
    filled = amended(whole, changed, now)
    if own := own_lengths(asked.reason):
        filled = with_own_length(filled, own)
    left = still_open(asked.reason)
    if left and changed.intent != "ask" and filled.activity and not getattr(changed, left.question):
        unsettled: dict[str, Any] = {name: getattr(asked, name) for name in _ASKED[left.question]}
        return asked_next(replace(filled, **unsettled), left)
    if changed.intent == "ask" or any(
        getattr(changed, name) for name in _ASKED.get(asked.question or "", ())
    ):
        return filled
    kept: dict[str, Any] = {name: getattr(asked, name) for name in ("date", "end_date")}
    return replace(filled, intent="ask", question=asked.question, reason=asked.reason, **kept)
