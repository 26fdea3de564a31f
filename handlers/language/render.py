"""A command as one canonical Swedish line: what the reader reads back as the same command."""

from __future__ import annotations

from datetime import date

from handlers.language import vocabulary
from handlers.language.command import Command
from handlers.language.vocabulary import Vocabulary

_WEEKLY = {"weekly": "varje", "biweekly": "varannan"}
_RAW = ("link", "language")  # their note is the rest of the line


def render(command: Command, words: Vocabulary | None = None) -> str:
    """The line for an understood command; for ask, refused and unknown the parts that were understood."""
    known = words or vocabulary.default()
    parts = [*_opening(command, known), *_when(command, known), *_about(command, known)]
    if command.note and command.intent in _RAW:
        return " ".join([*parts, command.note])
    if command.note and command.intent != "agreed":
        parts.append(f"anteckning: {command.note}")
    return " ".join(parts)


def _opening(command: Command, words: Vocabulary) -> list[str]:
    if command.intent == "absence" and command.absence:
        return [words.own_word("absences", command.absence)]
    if command.intent == "placement":
        return [words.own_word("placements", "placement")]
    if command.intent == "agreed":
        return [words.own_word("marks", "meet"), _how_often(int(command.note or 7))]
    if command.intent == "back":
        return [words.own_word("marks", "back")]
    if command.intent == "unit_duty" and command.activity:
        mended = [words.own_word("marks", "mended")] if command.reason == "closed" else []
        return [words.own_word("marks", command.activity), *mended]
    if command.intent in words.tables["commands"]:
        return [words.own_word("commands", command.intent), *_activity(command, words)]
    return [*(["boka"] if command.intent == "book" else []), *_activity(command, words)]


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
    return [command.date.isoformat()]


def _since(start: date, end: date | None) -> list[str]:
    return ["från", start.isoformat(), *(["till", end.isoformat()] if end else [])]


def _about(command: Command, words: Vocabulary) -> list[str]:
    topics = [words.own_word("topics", topic) for topic in command.topics]
    return [
        *([", ".join(topics)] if topics else []),
        *command.goals,
        *(_person(name, words) for name in command.people),
    ]


def _person(name: str, words: Vocabulary) -> str:
    """`med Anna Berg`; a name that might be read as something else stands in quotes after @."""
    pieces = name.split(" ")
    first = pieces[0] in words.people["first_names"] and pieces[0] not in words.meanings
    plain = all(piece.isalpha() and piece not in words.words and len(piece) > 1 for piece in pieces)
    return f"med {name.title()}" if first and plain and len(pieces) < 4 else _handle(name, pieces)


def _handle(name: str, pieces: list[str]) -> str:
    return f"@{name}" if len(pieces) == 1 and name.isalpha() else f'@"{name}"'
