"""Short labels for buttons: what a completed line would do, in a few words."""

from __future__ import annotations

from handlers.language.command import Command
from handlers.words import Words


def summary(words: Words, of: Command, question: str | None) -> str:
    """The label of a choice: the one thing that was asked, as this choice answers it."""
    if question == "date" and of.date:
        return words.day(of.date)
    if question == "minutes" and of.minutes:
        return words.length(of.minutes)
    if question == "activity" and of.activity:
        return words.name("activity", of.activity).capitalize()
    return whole(words, of)


def whole(words: Words, of: Command) -> str:
    """Activity, day, time and length, as far as they are known."""
    parts = [
        words.name("activity", of.activity or "").capitalize(),
        words.day(of.date) if of.date else "",
        words.clock(of.time) if of.time else "",
        words.length(of.minutes) if of.minutes else "",
    ]
    return " ".join(part for part in parts if part)
