"""To whom a line is written: a mention of the bot, its name and a slash are no part of what it says."""

from __future__ import annotations

import re

from handlers.language.fitting import SOFT
from handlers.language.vocabulary import Vocabulary

_MENTION = re.compile(r"<@([A-Za-z0-9]{1,40})(?:\|[^<>]{0,80})?>")
_TEAMS_MENTION = re.compile(r"</?at[^<>]{0,80}>")
_BOT = re.compile(r"@handledd\w{0,30}(?::[\w.-]{1,80})?", re.IGNORECASE)
_CALLED = re.compile(r"\s*(?:[/!]handledd(?!\w)(?:@\w{1,40})?|handledd\s?[:,]\s)", re.IGNORECASE)
SLASH = re.compile(r"\s*[/!](?=\w)(\w{1,40})(?:@\w{1,40})?", re.UNICODE)
_BY_NAME = re.compile(r"\s*([^\W\d_]{2,9}(?: [^\W\d_]{2,9})?),? handledd(?!\w)", re.IGNORECASE)
_SIGNED = re.compile(r"\s//?\s?([A-ZÅÄÖ]\w{1,20})(?: [A-ZÅÄÖ]\w{0,20})?$")
_LEADING_ID = re.compile(r"\s*@[UW][A-Z0-9]{4,20}(?=\s|$)")


def unaddressed(text: str, words: Vocabulary) -> str:
    """The text without a mention of the bot and a leading slash; `/andra` is `ändra`, not the second."""
    text = " ".join(text.split())  # first, so that no pattern meets a long run of spaces
    if "<" in text or "@" in text:
        text = _TEAMS_MENTION.sub(" ", _BOT.sub(" ", _MENTION.sub(r"@\1", text)))
    if _CALLED.match(text):
        text = _CALLED.sub("", text, count=1)
    if " /" in text:
        text = _unsigned(text, words)
    greeted = _BY_NAME.match(text) if "andledd" in text else None
    if greeted and words.table("commands").entries.get(greeted[1].lower()) in SOFT:
        text = greeted[1] + text[greeted.end() :]  # `hej handledd`
    if "@" in text:
        text = _LEADING_ID.sub("", text, count=1)
    slash = SLASH.match(text)
    if slash is None:
        return text
    name = slash[1].casefold()
    return words.slash.get(name, name.replace("_", " ")) + " " + text[slash.end() :]


def _unsigned(text: str, words: Vocabulary) -> str:
    """`handledning idag 1h, etik. Tack! /Anna`: who writes is known, so the name at the end says nothing."""
    signed = _SIGNED.search(text)
    return text[: signed.start()] if signed and signed[1].lower() in words.people["first_names"] else text
