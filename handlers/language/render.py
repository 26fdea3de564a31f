"""A command as one canonical Swedish line: what the reader reads back as the same command."""

from __future__ import annotations

from datetime import date

from handlers.language.command import BOOKED, ENDS, MORE, SAME_AGAIN, SAME_HOUR, Command
from handlers.language.lexicon import vocabulary
from handlers.language.lexicon.vocabulary import Vocabulary

_WEEKLY = {"weekly": "varje", "biweekly": "varannan"}
_RAW = ("link", "language", "setting", "unlink", "invite")  # their note is the rest of the line


def render(command: Command, words: Vocabulary | None = None) -> str:
    """The line for an understood command; for ask, refused and unknown the parts that were understood."""
    known = words or vocabulary.default()
    if command.intent == "concern":
        return _concern(command, known)
    parts = [*_opening(command, known), *_when(command, known), *_about(command, known)]
    if command.note and command.intent in _RAW:
        return " ".join([*parts, command.note])
    if command.note and command.intent == "mute":
        return f"{' '.join(parts)}: {command.note}"
    if command.note and command.intent != "agreed":
        parts.append(f"anteckning: {command.note}")
    return " ".join(parts)


def _concern(command: Command, words: Vocabulary) -> str:
    """`oro Anna Berg: …`, `oro Anna Berg följ upp 2026-12-10`, `oro Anna Berg klar: …`."""
    mark = {"closed": "ended", "follow_up": "follow_up"}.get(command.reason or "")
    said = [words.own_word("commands", "concern"), *(name.title() for name in command.people)]
    said += [words.own_word("marks", mark)] if mark else []
    said += [command.date.isoformat()] if command.date else []
    return " ".join(said) + (f": {command.note}" if command.note else "")


_BEGIN_WITH = {
    **{intent: intent for intent in ("carry", "plan_kollegier", "back")},
    "once_more": "same_time",
    BOOKED: "asks_booked",
    ENDS: "asks_end",
    MORE: "adds",
    SAME_HOUR: SAME_HOUR,
    SAME_AGAIN: SAME_AGAIN,
}
"""The marks that some lines begin with, by what they want or by their reason."""


def _opening(command: Command, words: Vocabulary) -> list[str]:
    if command.intent == "absence" and command.absence:
        return [words.own_word("absences", command.absence)]
    if command.intent == "placement":
        return [words.own_word("placements", "placement")]
    if command.intent == "agreed":
        return [words.own_word("marks", "meet"), _how_often(int(command.note or 7))]
    if mark := _BEGIN_WITH.get(command.reason or "") or _BEGIN_WITH.get(command.intent):
        return [words.own_word("marks", mark), *_activity(command, words)]
    if command.intent == "unit_duty" and not command.activity:
        return [words.own_word("marks", "findings")]
    if command.intent == "unit_duty" and command.activity:
        mark = {"closed": "mended", "follow_up": "follow_up"}.get(command.reason or "")
        return [words.own_word("marks", command.activity), *([words.own_word("marks", mark)] if mark else [])]
    if (wished := _wish(command, words)) is not None:
        return wished
    if command.intent in words.tables["commands"]:
        return [words.own_word("commands", command.intent), *_activity(command, words)]
    return [*(["boka"] if command.intent == "book" else []), *_activity(command, words)]


def _wish(command: Command, words: Vocabulary) -> list[str] | None:
    """What somebody wants of the bot or of a colleague; None for all else."""
    if command.intent == "request":
        names = [_handle(name, name.split(" ")) for name in command.people]
        word = words.own_word("activities", "assessment")
        tool = [words.own_word("instruments", command.instrument)] if command.instrument else []
        ask, about = words.own_word("marks", "ask_for"), words.own_word("marks", "asked_about")
        return [ask, *names, about, word, *tool]
    if command.intent == "setting":
        return _setting(command, words)
    if command.intent == "mute":
        off = [words.own_word("marks", "off")] if command.reason == "off" else []
        return [words.own_word("marks", "mute"), *_activity(command, words), *off]
    if command.intent == "paper":
        first, *more = f"paper {command.reason or ''}".split()
        marks = [f"paper_{more[0]}", *more[1:]] if more else []
        return [words.own_word("marks", mark) for mark in (first, *marks)]
    if command.intent == "confirm" and command.reason:
        return [words.own_word("commands", "confirm"), words.own_word("marks", "series")]
    if command.intent == "undo":
        return _taken_back(command, words)
    if command.intent == "calendar" and command.reason:
        wish = "renewed" if command.reason == "new" else command.reason
        return [words.own_word("commands", "calendar"), words.own_word("marks", wish)]
    return None


def _taken_back(command: Command, words: Vocabulary) -> list[str]:
    """`ångra semester`, `ångra bokningen`; `ångra allt` cannot be told."""
    of = {"booking": ("marks", "latest_booking"), "absence": ("marks", "latest_absence"),
          "placement": ("placements", "placement"), "unclear": ("marks", "series")}  # fmt: skip
    said = [words.own_word("absences", command.absence)] if command.absence else _activity(command, words)
    kind = of.get(command.reason or "")
    return [words.own_word("commands", "undo"), *said, *([words.own_word(*kind)] if kind else [])]


def _setting(command: Command, words: Vocabulary) -> list[str]:
    """The sentence of handlers.language.sentences.wishes that says the same."""
    scope, key, *values = [*(command.reason or "").split(), "", ""]
    values = [value for value in values if value]
    if scope == "own" and key == "empty":
        wanted = "when_needed" if values == ["off"] else "always"
        return [words.own_word("marks", "my_digest"), words.own_word("marks", wanted)]
    if scope == "own" and key == "digest" and values == ["off"]:
        return [words.own_word("marks", "no_digest")]
    if scope == "own" and key == "digest":
        usual = [words.own_word("marks", "usual")] if values == ["usual"] else _weekdays(values, words)
        return [words.own_word("marks", "my_digest"), *usual]
    if scope == "own":
        mark = f"on_{values[0]}" if key == "platform" else key
        said = [words.own_word("marks", mark)] if key in ("platform", "usual") else _weekdays(values, words)
        return [words.own_word("marks", "remind_me"), *said]
    opening = words.own_word("marks", "setting")
    if key == "empty":
        off = [words.own_word("marks", "off")] if values == ["off"] else []
        return [opening, words.own_word("marks", "set_digest"), *off, words.own_word("marks", "when_empty")]
    if key in ("names", "picture", "workbook"):
        how = [words.own_word("marks", value) for value in values if value != "on"]
        return [opening, words.own_word("marks", f"set_{key}"), *how]
    said = [words.own_word("marks", "usual")] if values == ["usual"] else values
    if key in ("weekly", "digest") and values != ["usual"]:
        said = _weekdays(values, words)
    return [opening, *([words.own_word("marks", f"set_{key}"), *said] if key else [])]


def _weekdays(values: list[str], words: Vocabulary) -> list[str]:
    return [words.own_word("weekdays", value) for value in values]


def _how_often(days: int) -> str:
    """Whole weeks, else the months whose days they are."""
    count, unit = (days // 7, "vecka") if days % 7 == 0 else (round(days * 12 / 365), "månad")
    return {1: f"varje {unit}", 2: f"varannan {unit}"}.get(count, f"var {count}:e {unit}")


def _activity(command: Command, words: Vocabulary) -> list[str]:
    if command.instrument:
        return [words.own_word("instruments", command.instrument)]
    return [words.own_word("activities", command.activity)] if command.activity else []


def _when(command: Command, words: Vocabulary) -> list[str]:
    parts = _days(command, words)
    if command.time:
        parts.append(f"kl {command.time:%H:%M}")
    if command.minutes is not None:
        parts.append(f"{command.minutes} min")
    return parts


def _days(command: Command, words: Vocabulary) -> list[str]:
    if command.date is None:
        return []
    if command.repeat in _WEEKLY:
        weekday = words.own_word("weekdays", str(command.date.isoweekday()))
        return [_WEEKLY[command.repeat], weekday, *_since(command.date, command.end_date)]
    open_end = command.end_date is None and command.intent in ("absence", "placement")
    if open_end or command.end_date:
        return _since(command.date, command.end_date)
    until = ["till"] if command.intent == "mute" else []
    return [*until, command.date.isoformat()]


def _since(start: date, end: date | None) -> list[str]:
    return ["från", start.isoformat(), *(["till", end.isoformat()] if end else [])]


def _about(command: Command, words: Vocabulary) -> list[str]:
    topics = [words.own_word("topics", topic) for topic in command.topics]
    return [
        *([", ".join(topics)] if topics else []),
        *command.goals,
        *(_person(name, words) for name in command.people if command.intent != "request"),
    ]


def _person(name: str, words: Vocabulary) -> str:
    """`med Anna Berg`; a name that might be read as something else stands in quotes after @."""
    pieces = name.split(" ")
    first = pieces[0] in words.people["first_names"] and pieces[0] not in words.meanings
    plain = all(piece.isalpha() and piece not in words.words and len(piece) > 1 for piece in pieces)
    return f"med {name.title()}" if first and plain and len(pieces) < 4 else _handle(name, pieces)


def _handle(name: str, pieces: list[str]) -> str:
    return f"@{name}" if len(pieces) == 1 and name.isalpha() else f'@"{name}"'
