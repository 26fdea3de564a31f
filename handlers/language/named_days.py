"""A line that names several days and says nothing else: `mån och tis`, the answer to which of them."""

from __future__ import annotations

from datetime import date, datetime

from handlers.language.command import Command
from handlers.language.filling import asks_when_to_meet, is_session
from handlers.language.finders.findings import find_all
from handlers.language.lexicon import vocabulary
from handlers.language.lexicon.normalise import clean
from handlers.language.lexicon.notes import leftover
from handlers.language.lexicon.tokens import cut
from handlers.language.lexicon.vocabulary import Vocabulary
from handlers.language.settling.settle import settle
from handlers.language.settling.several_days import each_its_own, listed


def named_days(asked: Command, text: str, now: datetime, *, words: Vocabulary | None = None) -> list[date]:
    """The days that answer for which day a session or an absence is; none where one alone may be meant, or
    more is said.
    """
    if asked.question != "date" or not (is_session(asked) or asked.absence):
        return []
    known, rule = words or vocabulary.default(), "booking" if asks_when_to_meet(asked, now) else "session"
    rule = "period" if asked.absence else rule
    found = find_all(cut(clean(text), known), known, now)
    when = settle(each_its_own(found.spans), found.today, rule)
    days = listed(found, when.candidates, rule) if when.asked else []
    return [] if found.matches or leftover(found.line, known) else days
