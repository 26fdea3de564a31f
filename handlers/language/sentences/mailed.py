"""An e-mail that is pasted whole: what it is about has been written by somebody, and told by nobody."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from handlers.language.command import Command

_HEAD = re.compile(
    r"\W{0,3}(?:från|fran|avsändare|from|skickat|sent|till|to|datum|date)\s?:(?!\s*(?:kl|klockan)\b)\s*[^\d\s]"
    r".{1,400}?\b(?:ämne|amne|subject)\s?:",
    re.IGNORECASE,
)
_FROM = re.compile(r"(?:från|fran|avsändare|from)\s?:", re.IGNORECASE)


def as_mailed(text: str, meaning: Callable[[str], Command]) -> Command:
    """The meaning of a line; of an e-mail's head and text that of its subject, asked about."""
    head = _HEAD.match(text) if ":" in text else None
    if head is None or not _FROM.search(head[0]):
        return meaning(text)
    subject = text[head.end() :].strip()
    told = meaning(subject)
    if told.absence or told.intent == "placement":
        return replace(told, intent="ask", question="activity", reason=told.absence or told.intent)
    if told.intent in ("log", "book"):
        asked = meaning(f"{subject} ?")  # which Thursday, where no more is said
        return asked if asked.intent == "ask" else replace(told, intent="ask", question="activity")
    return told if told.intent in ("ask", "concern") else Command("unknown")
