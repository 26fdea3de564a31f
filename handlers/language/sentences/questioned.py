"""A session with a question mark behind it: `handledning torsdag?`, `var handledningen 1h?`."""

from __future__ import annotations

from dataclasses import replace

from handlers.language.command import Command
from handlers.language.finders.found import Findings
from handlers.language.lexicon.phrases import QUESTION
from handlers.language.settling.questions import asked_date
from handlers.language.settling.settle import settle


def questioned(found: Findings, told: Command) -> Command:
    """`handledning torsdag?` may ask or plan: which day is meant is asked, the one to come first."""
    line = found.line
    if not line.said & QUESTION or "?" not in line.words:
        return told
    if _is_next(found) and not (found.spans or found.clocks or found.has_length):
        return Command("status")  # `nästa handledning?`
    if told.intent == "log" and line.tokens[0].word in found.words.marks["asks_first"]:
        return replace(told, intent="ask", question="activity", reason=told.activity)
    if told.intent not in ("log", "book") or _is_plain(found):
        return told
    coming = settle(found.spans, found.today, "booking").date
    return asked_date(told, dict.fromkeys(day for day in (coming, told.date) if day))


def _is_plain(found: Findings) -> bool:
    """What is told so fully that a question mark after it asks nothing."""
    whole = found.has_length or found.clocks or found.repeat or found.book
    return bool(whole or found.line.said & found.words.marks["saves"].bit)


def _is_next(found: Findings) -> bool:
    """`nästa` and its like begin the line."""
    return found.line.tokens[0].word in found.words.marks["next_one"]
