"""What is no part of what a line says: a mention of the bot, a slash, a signature, thanks, `kan du logga`."""

from __future__ import annotations

import re

from handlers.language.lexicon.vocabulary import Vocabulary
from handlers.language.sentences.fitting import SOFT

_MENTION = re.compile(r"<@([A-Za-z0-9]{1,40})(?:\|[^<>]{0,80})?>")
_TEAMS_MENTION = re.compile(r"</?at[^<>]{0,80}>")
_BOT = re.compile(r"@handledd\w{0,30}(?::[\w.-]{1,80})?", re.IGNORECASE)
_CALLED = re.compile(r"\s*(?:[/!]handledd(?!\w)(?:@\w{1,40})?|handledd\s?[:,]\s)", re.IGNORECASE)
SLASHES = ("/", "!")
SLASH = re.compile(r"\s*[/!](?=\w)(\w{1,40})(?:@\w{1,40})?", re.UNICODE)
_BY_NAME = re.compile(r"\s*([^\W\d_]{2,9}(?: [^\W\d_]{2,9})?),? handledd(?!\w)", re.IGNORECASE)
_SIGNED = re.compile(r"\s//?\s?([A-ZÅÄÖ]\w{1,20})(?: [A-ZÅÄÖ]\w{0,20})?$")
_PAIRS = {"*": "*", '"': '"', "”": "“", "_": "_", "»": "»"}
_STOPS = " .!,…"
_ENDS = (" tack", " tack så mycket", " tack på förhand", ":)", ":-)", ";)", ":d", " thanks", " thank you")
_GO_ON = (" och", " så", " and")  # `hej och tack`
DECORATIONS = frozenset('!.…,*_"”»)')
"""What the last letter of a text may be that something can be taken from."""
POLITE_ENDS = frozenset(("tac", "Tac", "TAC", "cke", "han", "ank", " yo"))
"""The three letters before the last of `tack`, `tack så mycket`, `tack på förhand`, `thanks`, `thank you`."""
_ASKED = re.compile(
    r"(?:[-•*]\s+)?(?:(?:(?:kan du|kan ni|kan jag få|snälla|please|can you|could you)\s+){0,2}"
    r"(?:logga|spara|registrera|notera|lägg in|skriv in|log|save|glömde (?:att )?(?:logga|registrera))"
    r"(?:\s*[:,])?\s+(?!in\b|ut\b|inte\b|ej\b|det\b|den\b|book\b|att\b|bok\b|it\b|that\b|this\b))?",
    re.IGNORECASE,
)
_OPENS = (
    "logg",
    "spar",
    "regi",
    "note",
    "lägg",
    "skri",
    "log ",
    "save",
    "kan ",
    "snäl",
    "plea",
    "can ",
    "coul",
    "glöm",
)
REQUESTS = frozenset(form for word in _OPENS for form in (word, word.capitalize(), word.upper()))
"""The first four letters of what only asks for what follows it to be saved."""
BULLETS = frozenset(("- ", "• "))
_MAIL = re.compile(r"(?:(?:sv|vs|vb|re|fw|fwd)\s?:\s{0,4}){1,6}", re.IGNORECASE)
_ZONE = re.compile(r"\(?\b(?:UTC|GMT) ?[+-]\d{1,2}(?::?\d\d)?\)?|\((?:CET|CEST|EET|EEST|GMT|UTC)\)")
_LEADING_ID = re.compile(r"\s*@[UW][A-Z0-9]{4,20}(?=\s|$)")


def unaddressed(text: str, words: Vocabulary) -> str:
    """The text without a mention of the bot and a leading slash; `/andra` is `ändra`, not the second."""
    text = " ".join(text.split())  # first, so that no pattern meets a long run of spaces
    if "<" in text or "@" in text:
        text = _TEAMS_MENTION.sub(" ", _BOT.sub(" ", _MENTION.sub(r"@\1", text)))
    if _CALLED.match(text):
        text = _CALLED.sub("", text, count=1)
    if ":" in text:
        text = _ZONE.sub(" ", _MAIL.sub("", text, count=1) if _MAIL.match(text) else text)
    if " /" in text:
        text = _unsigned(text, words)
    greeted = _BY_NAME.match(text) if "andledd" in text else None
    if greeted and words.table("commands").entries.get(greeted[1].lower()) in SOFT:
        text = greeted[1] + text[greeted.end() :]  # `hej handledd`
    if "@" in text:
        text = _LEADING_ID.sub("", text, count=1)
    slash = SLASH.match(text) if text.lstrip()[:1] in SLASHES else None
    if slash is None:
        return text
    name = slash[1].casefold()
    return words.slash.get(name, name.replace("_", " ")) + " " + text[slash.end() :]


def undecorated(text: str) -> str:
    """The text without what only stands about it or ends it: quotes, `!`, `...`, `:)` and `tack`.

    What a number at the end says must not hang on them (`en timme femton tack`). One word keeps them, and
    `nej tack` is another thing than `nej`; the one star of `igår*` puts right.
    """
    bare = text
    if " " not in text:
        return text
    if text[0] == _PAIRS.get(text[-1]) and text.count(text[-1]) == (2 if text[0] == text[-1] else 1):
        bare = text[1:-1]
    length = 0
    while length != len(bare):
        length = len(bare)
        bare = bare.rstrip(_STOPS)
        if bare.lower().endswith(_ENDS):
            ended = next(end for end in _ENDS if bare.lower().endswith(end))
            bare = bare[: len(bare) - len(ended)]
    return bare if " " in bare.strip() and not bare.endswith(_GO_ON) else text


def unasked(text: str) -> str:
    """The text without `kan du logga` or the dash of a list before it: `logga Eva sjuk idag`."""
    asked = _ASKED.match(text)
    rest = text[asked.end() :] if asked and "?" not in text else text
    return rest if " " in rest else text


def _unsigned(text: str, words: Vocabulary) -> str:
    """`handledning idag 1h, etik. Tack! /Anna`: who writes is known, so the name at the end says nothing."""
    signed = _SIGNED.search(text)
    return text[: signed.start()] if signed and signed[1].lower() in words.people["first_names"] else text
