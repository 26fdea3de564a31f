"""Lines that go on from another: a change of what was saved, an answer to what was asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from handlers.language.addressed import unaddressed, undecorated
from handlers.language.command import Command
from handlers.language.filling import (
    amended,
    answered,
    as_day,
    asks_when_to_meet,
    is_bare_booking,
    is_session,
    says_to_meet,
    with_its_length,
)
from handlers.language.finders.findings import find_all
from handlers.language.identity import holds_identity_number
from handlers.language.lexicon import vocabulary
from handlers.language.lexicon.normalise import clean
from handlers.language.lexicon.notes import split_note
from handlers.language.lexicon.tokens import cut
from handlers.language.lexicon.vocabulary import Vocabulary
from handlers.language.reader import LONGEST, read, with_note
from handlers.language.sentences.changing import corrected, of_an_absence


def amend(original: Command, text: str, now: datetime, *, words: Vocabulary | None = None) -> Command:
    """The original with what `text` says changed, and nothing else: `ändra till 45 min`, `igår`, `etik`.

    A change that cannot be is asked about (`intent` ask); an identity number or too long a text is refused.
    """
    known = words or vocabulary.default()
    plain = clean(text)
    if len(text) > LONGEST or holds_identity_number(plain):
        return read(text, now, words=known)
    rule = of_an_absence(original) or _rule(original)
    return amended(original, _changed(text, now, known, rule, original), now)


def complete(asked: Command, text: str, now: datetime, *, words: Vocabulary | None = None) -> Command:
    """The answer to a question filled in: `45`, `igår`, `bedömning`. Another command stands for itself."""
    known = words or vocabulary.default()
    text = with_its_length(asked, as_day(asked, text))
    if _begins_a_series(asked) and read(text, now, words=known).intent in ("ask", "unknown"):
        text = _as_last_day(asked, text, known)
    if asked.books and (told := _as_booking(asked, text, now, known)):
        return told
    answer = read(text, now, words=known)
    if answer.intent not in ("log", "book", "ask", "unknown", "change") and not answer.absence:
        return answer
    if (answer.intent, answer.question) == ("ask", "activity") and answer.activity:
        return answer  # `vill ha handledning idag` is in doubt whatever was asked
    books = asks_when_to_meet(asked, now) or says_to_meet(asked, cut(clean(text), known), known)
    rule = "booking" if books else _rule(asked)
    whole = answered(asked, _changed(text, now, known, rule), now)
    planned = books and whole.intent == "log" and whole.date == now.date()
    return replace(whole, intent="book") if planned else whole


def _begins_a_series(asked: Command) -> bool:
    """Whether it is asked until when a series lasts: all that is offered begins on one day."""
    return asked.question == "date" and asked.repeat is not None and "/" in (asked.reason or "")


def _as_booking(asked: Command, text: str, now: datetime, words: Vocabulary) -> Command | None:
    """`handledning torsdag 13` after a bare `boka`: the two as one line."""
    whole = read(f"boka {text}", now, words=words) if is_bare_booking(asked) else None
    return whole if whole and whole.intent in ("book", "ask") and (whole.activity or whole.date) else None


def _as_last_day(asked: Command, text: str, words: Vocabulary) -> str:
    """`18/12`, `till 18/12`: with the day that the series begins."""
    first = (asked.reason or "").partition("/")[0]
    bound = cut(clean(text), words).phrase(0, words.marks["until"])
    return f"{first} {text}" if bound else f"{first} till {text}"


def _rule(original: Command) -> str:
    """How its days are read: see days.first_day."""
    return "session" if is_session(original) else "period"


def _changed(
    text: str, now: datetime, words: Vocabulary, rule: str, standing: Command | None = None
) -> Command:
    said, kept, private = split_note(unaddressed(clean(text), words), words)
    said = undecorated(said)
    changed = corrected(find_all(cut(said, words), words, now), rule, standing)
    return with_note(changed, kept, private)
