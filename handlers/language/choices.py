"""The two or three answers a question offers, each with the command it completes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from handlers.language.command import Command
from handlers.language.filling import asked_next, is_session, settled, with_own_length
from handlers.language.finders.matches import ASSESSMENT
from handlers.language.lexicon import vocabulary
from handlers.language.sentences.statement import SEVERAL
from handlers.language.settling.minutes import USUAL
from handlers.language.settling.own_lengths import own_lengths
from handlers.language.settling.questions import offered_first, still_open
from handlers.language.settling.several_days import MOST as MOST_DAYS
from handlers.language.settling.several_days import asks_for_each, days_said

MOST = 3
_ACTIVITIES = ("supervision", ASSESSMENT, "course")


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer. `kind` is activity, instrument, absence, date, day_with_length or minutes; `value` is for
    the label.

    `command` is the whole, or the next question (see questions.still_open). The value of a date is a date, or
    (start, end) for a range; of an activity, an instrument or an absence its key; of minutes a number.
    """

    kind: str
    value: str | int | date | tuple[date, date]
    command: Command


def choices(asked: Command, now: datetime) -> tuple[Choice, ...]:
    """The answers to offer for a command whose intent is ask; () when only words can answer (a person)."""
    if asked.intent != "ask" or asked.question not in _OFFERS:
        return ()
    whole = replace(asked, question=None, reason=None)
    reason = asked.reason or ""
    if reason.startswith("change"):
        return _changes(replace(asked, reason=reason.removeprefix("change")), whole, now)
    most = MOST_DAYS if asks_for_each(reason) else MOST
    return _OFFERS[asked.question](asked, whole, now)[:most]


def _changes(asked: Command, whole: Command, now: datetime) -> tuple[Choice, ...]:
    """The answers to a question about a change are changes."""
    if asked.question == "minutes":
        lengths = _lengths(asked)
        return tuple(
            Choice("minutes", each, replace(whole, intent="change", minutes=each)) for each in lengths
        )[:MOST]
    found = []
    for start, end in _ranges(asked, now)[:MOST]:
        shown = start if end is None else (start, end)
        found.append(Choice("date", shown, replace(whole, intent="change", date=start, end_date=end)))
    return tuple(found)


def _activities(asked: Command, whole: Command, now: datetime) -> tuple[Choice, ...]:
    if asks_which_absence(asked):
        return _absences(asked, whole)
    named = [key for key in offered_first(asked.reason) if key != SEVERAL] or (
        [asked.activity] if asked.activity else []
    )
    tools = vocabulary.default().keys("instruments")
    if named and all(key in tools for key in named):
        assessed = [(key, replace(whole, activity=ASSESSMENT, instrument=key)) for key in named]
        return tuple(Choice("instrument", key, settled(command, now)) for key, command in assessed)
    keys = list(dict.fromkeys([*named, *_ACTIVITIES]))[:MOST] if len(named) != 2 else named
    filled = [(key, replace(whole, activity=key, instrument=_instrument(whole, key))) for key in keys]
    left = still_open(asked.reason)
    return tuple(
        Choice("activity", key, asked_next(command, left) if left else settled(command, now))
        for key, command in filled
    )


def asks_which_absence(asked: Command) -> bool:
    """Whether a line named several absences as equals."""
    first = (asked.reason or "").partition(" ")[0].partition("/")[0]
    return asked.question == "activity" and first in vocabulary.default().keys("absences")


def asks_for_one_of_several(asked: Command) -> bool:
    """Whether a line named more than one of the same."""
    return asked.question == "activity" and (asked.reason or "").split(" ")[0] == SEVERAL


def _absences(asked: Command, whole: Command) -> tuple[Choice, ...]:
    """One of several absences, each with its own days or all with the days that are known."""
    found = []
    for piece in (asked.reason or "").split():
        key, *days = piece.split("/")
        start, end = (date.fromisoformat(day) for day in days) if days else (whole.date, whole.end_date)
        if start:
            named = replace(whole, intent="absence", absence=key, date=start, end_date=end)
            found.append(Choice("absence", key, named))
    return tuple(found)


def _instrument(whole: Command, activity: str) -> str | None:
    return whole.instrument if activity == ASSESSMENT else None


def _dates(asked: Command, whole: Command, now: datetime) -> tuple[Choice, ...]:
    found: list[Choice] = []
    own = own_lengths(asked.reason)
    for value in _ranges(asked, now):
        dated = with_own_length(replace(whole, date=value[0], end_date=value[1]), own)
        command = settled(dated, now, placement=not is_session(asked) and asked.absence is None)
        shown = value[0] if value[1] is None else (value[0], value[1])
        if command.intent != "ask":
            found.append(Choice("day_with_length" if value[0] in own else "date", shown, command))
    return tuple(found)


def _ranges(asked: Command, now: datetime) -> list[tuple[date, date | None]]:
    offered = [_range(piece) for piece in days_said(asked.reason)]
    if len(offered) > 1 or (offered and offered[0][1]):
        return offered
    today = now.date()
    usual = [today + timedelta(days=days) for days in ((1, 7) if asked.repeat else (0, -1))]
    return list(dict.fromkeys([*offered, *((day, None) for day in usual)]))


def _range(piece: str) -> tuple[date, date | None]:
    start, _, end = piece.partition("/")
    return date.fromisoformat(start), date.fromisoformat(end) if end else None


def _minutes(asked: Command, whole: Command, now: datetime) -> tuple[Choice, ...]:
    return tuple(
        Choice("minutes", each, settled(replace(whole, minutes=each), now)) for each in _lengths(asked)
    )


def _lengths(asked: Command) -> list[int]:
    offered = [int(piece) for piece in (asked.reason or "").split()]
    return offered if len(offered) > 1 else list(dict.fromkeys([*offered, *USUAL]))


_OFFERS = {"activity": _activities, "date": _dates, "minutes": _minutes}
