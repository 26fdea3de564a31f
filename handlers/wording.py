"""Short labels for buttons: what a completed line would do, in a few words."""

from __future__ import annotations

from datetime import date

from handlers.language.choices import Choice
from handlers.language.command import Command
from handlers.words import Words


def label(words: Words, choice: Choice) -> str:
    """The label of a choice: the one thing that was asked, as this choice answers it."""
    value = choice.value
    if isinstance(value, tuple):
        return words.span(*value)
    if isinstance(value, date):
        length = choice.command.minutes if choice.kind == "day_with_length" else None
        return f"{words.day(value)}, {words.length(length)}" if length else words.day(value)
    if isinstance(value, int):
        return words.length(value)
    return named(words, value, choice.kind)


def whole(words: Words, of: Command) -> str:
    """Activity or absence, day, time and length, as far as they are known."""
    parts = [
        _kind(words, of),
        _days(words, of.date, of.end_date),
        words.clock(of.time) if of.time else "",
        words.length(of.minutes) if of.minutes else "",
    ]
    return " ".join(part for part in parts if part)


def _kind(words: Words, of: Command) -> str:
    if of.absence:
        return named(words, of.absence, "absence")
    return named(words, of.instrument, "instrument") if of.instrument else named(words, of.activity or "")


def _days(words: Words, first: date | None, last: date | None) -> str:
    if first is None:
        return ""
    return words.span(first, last) if last else words.day(first)


def named(words: Words, key: str, group: str = "activity") -> str:
    """An activity, or a name of another group, as a label begins with it: "Handledning", "ST-möte"."""
    name = words.name(group, key)
    return name[:1].upper() + name[1:]
