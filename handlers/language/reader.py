"""Reads one line of text and says what it means. Pure: no database, no clock; it never raises on any text."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

from handlers.language.addressed import (
    BULLETS,
    DECORATIONS,
    POLITE_ENDS,
    REQUESTS,
    SLASH,
    SLASHES,
    unaddressed,
    unasked,
    undecorated,
)
from handlers.language.command import Command
from handlers.language.finders.findings import find_all
from handlers.language.finders.found import Findings
from handlers.language.identity import holds_identity_number
from handlers.language.lexicon import vocabulary
from handlers.language.lexicon.normalise import clean
from handlers.language.lexicon.notes import split_note
from handlers.language.lexicon.tokens import Line, cut
from handlers.language.lexicon.vocabulary import Vocabulary
from handlers.language.plainest import plainly
from handlers.language.sentences.asking import asks_with_a_handle
from handlers.language.sentences.mailed import as_mailed
from handlers.language.sentences.one_duty import of_one_duty
from handlers.language.sentences.orders import order
from handlers.language.sentences.sentences import sentence
from handlers.language.sentences.statement import state

LONGEST = 2_000  # characters

_CODE = re.compile(
    r"/start(?:@\w{1,40})?\s{1,4}([A-HJ-NP-Z2-9]{8})|[/!]?(?i:koppla|link|connect)\s{1,4}([A-HJ-NP-Za-hj-np-z2-9]{8})"
)
"""A code may look like a length or a date (`3H45MIN2`), so it is taken whole before anything is read."""
_BARE_CODE = re.compile(r"(?=.{0,7}[2-9])(?=.{0,7}[A-Z])[A-HJ-NP-Z2-9]{8}")
_PLEASED = frozenset("👍👌🙏❤♥✅")


def read(text: str, now: datetime, *, words: Vocabulary | None = None) -> Command:
    """What `text` means when written at local time `now`. See Command for the shape of the answer.

    A question (`intent` ask) keeps all that was understood; days or minutes that may have been meant
    travel in its `reason`, parted by spaces (see choices.choices). `privat: …` ends what is read: the rest
    of the line stays, with the word itself, as the note; a line that begins so is read and
    its note keeps the word.
    """
    known = words or vocabulary.default()
    return plainly(text, known, now) or read_at_length(text, now, known)


def read_at_length(text: str, now: datetime, known: Vocabulary) -> Command:
    """The same, by every finder: also what the short way reads."""
    plain = clean(text)
    if holds_identity_number(plain):
        return Command("refused", reason="personal_identity_number")
    if len(text) > LONGEST:
        return Command("refused", reason="too_long")
    bare = plain.strip()
    if code := _CODE.fullmatch(bare):
        return Command("link", note=code[1] or code[2])
    if bare[:1] in SLASHES and (order := _after_slash(bare, known, now)) is not None:
        return order
    if not bare and _is_pleased(text):
        return Command("thanks")
    said, kept, private = split_note(unaddressed(plain, known), known)
    if said[-1:] in DECORATIONS or said[-4:-1] in POLITE_ENDS:
        said = undecorated(said)
    if said[:4] in REQUESTS or said[:2] in BULLETS:
        said = unasked(said)
    command = as_mailed(said, lambda text: _meaning(text, known, now))
    if command.intent == "unknown" and _BARE_CODE.fullmatch(bare):
        return Command("link", note=bare)
    return with_note(command, kept, private) if kept or private else command


def names_only_what(text: str, *, words: Vocabulary | None = None) -> bool:
    """Whether a line is an activity, an instrument or an absence, and nothing else: `handledning`."""
    known = words or vocabulary.default()
    line = cut(unaddressed(clean(text), known), known)
    tables = (known.table(section) for section in ("activities", "instruments", "absences"))
    ends = [hit[1] for hit in (line.phrase(0, table) for table in tables) if hit]
    return bool(ends) and not any(token.is_word or token.is_number for token in line.tokens[max(ends) :])


def says_when(text: str, now: datetime, *, words: Vocabulary | None = None) -> bool:
    """Whether a line says a day, an hour or a length: `dops` alone is of today without a word for it."""
    known = words or vocabulary.default()
    found = find_all(cut(unaddressed(clean(text), known), known), known, now)
    return bool(found.spans or found.clocks or found.has_length or found.repeat)


def begins_as_command(text: str, command: Command, *, words: Vocabulary | None = None) -> bool:
    """Whether a line stands for itself where a free line was asked for: its first word says what it is."""
    known = words or vocabulary.default()
    if command.intent in ("unknown", "ask"):
        return False
    if command.intent == "concern":  # wherever its word stands: nobody else may ever read it as an answer
        return True
    plain = clean(text)
    if SLASH.match(plain):
        return True
    line = cut(unaddressed(plain, known), known)
    return bool(line.tokens) and line.phrase(0, known.content) is not None


def _is_pleased(text: str) -> bool:
    """A line of pictures that says yes or thank you."""
    return not _PLEASED.isdisjoint(text)


def _meaning(said: str, words: Vocabulary, now: datetime) -> Command:
    line = cut(said, words)
    found = sentence(line, words, now)
    if found or not line.said & words.courtesy or len(line.tokens) == 1:
        return found or _understood(cut(said, words) if any(line.taken) else line, words, now)
    return _after_an_opening(said, words, now)


def _after_an_opening(said: str, words: Vocabulary, now: datetime) -> Command:
    """`undrar när nästa handledning är` asks; `can you show me my status` is what comes after `can you`."""
    line = cut(said, words)
    wonders, opening = (line.phrase(0, words.marks[role]) for role in ("wonders", "opening"))
    if wonders and line.words[wonders[1]] not in words.marks["whether"]:
        return _wondered(_understood(cut(line.written(wonders[1]), words), words, now))
    found = _understood(line, words, now)
    if wonders:  # `undrar om vi ska ses på torsdag` may plan, but nobody is away by it
        return Command("unknown") if found.absence else found
    if opening is None or found.intent != "unknown":
        return found
    return _understood(cut(cut(said, words).written(opening[1]), words), words, now)


def _wondered(found: Command) -> Command:
    """What is wondered about has not been told."""
    if found.absence or found.intent not in ("log", "book", "ask"):
        return Command("unknown") if found.absence else found
    return Command("status", found.activity, people=found.people)


def _understood(line: Line, words: Vocabulary, now: datetime) -> Command:
    if not line.tokens:
        return Command("unknown")
    if line.tokens[0].raw == "?" and all(token.raw == "?" for token in line.tokens):
        return Command("help")
    if told := _briefly(line, words):
        return told
    found = find_all(line, words, now)
    linked = _linked(found) if line.tokens[0].word == "start" else None
    return linked or of_one_duty(order(found) or asks_with_a_handle(found) or state(found), found)


def _briefly(line: Line, words: Vocabulary) -> Command | None:
    """All that some lines say: thanks, or a language."""
    if not line.said & words.brief:
        return None
    if _is_fine(line, words):
        return Command("thanks")
    language = _language(line, words)
    return Command("language", note=language) if language else None


def _is_fine(line: Line, words: Vocabulary) -> bool:
    """`ok`, and nothing else: no example is needed."""
    found = line.phrase(0, words.marks["fine"])
    if found is None:
        return False
    return not any(token.is_word or token.is_number for token in line.tokens[found[1] :])


def _language(line: Line, words: Vocabulary) -> str | None:
    """`english, please`, `kan du byta till engelska`: a language, and nothing else."""
    said = [token.word for token in line.tokens if token.is_word]
    named = [word for word in said if word in words.marks["languages"]]
    small = words.filler | words.marks["to_a_language"].entries.keys()
    others = [word for word in said if word not in named and word not in small]
    return named[0] if len(named) == 1 and not others else None


def _linked(found: Findings) -> Command | None:
    """`/start K7F2PQ` links; `start` alone is a greeting."""
    code = found.line.written(1)
    linked = code and " " not in code and not found.matches[1:]
    return Command("link", note=code) if linked and not found.spans and not found.has_length else None


def _after_slash(plain: str, words: Vocabulary, now: datetime) -> Command | None:
    """`/handledning status` is `status`: where only one slash command is set up, all is written after it."""
    slash = SLASH.match(plain)
    rest = plain[slash.end() :].strip() if slash else ""
    line = cut(rest, words)
    if not rest or not _may_order(line, words):
        return None
    order = _meaning(rest, words, now)
    greets = order.intent == "help" and line.said & words.table("relative_days").bit  # `i morrn`
    return order if order.intent in _PLAIN_ORDERS and not greets else None


def _may_order(line: Line, words: Vocabulary) -> bool:
    """Whether any word of it begins an order: most lines after a slash only tell what took place."""
    return line.said & words.table("commands").bit != 0 or any(word in _ORDERS_TOO for word in line.words)


_ORDERS_TOO = ("?", "start")
_PLAIN_ORDERS = frozenset({
    "status", "history", "undo", "change", "rules", "help", "overview", "overdue", "unsupervised",
    "statistics", "digest", "pairs", "language", "link", "calendar", "move", "cancel",
})  # fmt: skip


def with_note(command: Command, kept: str | None, private: bool) -> Command:
    """With what was put aside before the reading, as split_note tells it; a refusal keeps nothing."""
    if private and command.note:
        return replace(command, note=f"privat: {command.note}")
    if kept is None or command.intent in ("refused",):
        return command
    return replace(command, note=f"{command.note} {kept}" if command.note else kept)
