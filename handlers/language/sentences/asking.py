"""Asking for an assessment: `be @lind om bedömning mini-cex`, `bedömning mini-cex buksmärta @lind`.

Only these forms and `begär mini-cex av @lind` ask; everything else about an assessment logs it. The second
has the word bedömning, one @name that no `av` or `med` stands before, and neither day nor length: what has
taken place has one of these. The others may say on which day it took place; what is to come is no request.
"""

from __future__ import annotations

from datetime import date, datetime

from handlers.language.command import Command
from handlers.language.days.dates import find_dates
from handlers.language.finders.found import Findings
from handlers.language.finders.free_names import names_in
from handlers.language.finders.goals import find_goals
from handlers.language.finders.matches import ASSESSMENT, Match, find_matches, subject_of
from handlers.language.finders.people import find_people
from handlers.language.lexicon.notes import leftover
from handlers.language.lexicon.tokens import Line
from handlers.language.lexicon.vocabulary import Vocabulary
from handlers.language.settling.settle import When, settle


def asks_somebody(line: Line, words: Vocabulary, now: datetime) -> Command | None:
    """The sentence that begins with asking; a line that only begins like one may be taken from."""
    begun = line.phrase(0, words.marks["ask_for"])
    about = _about(line, words, begun[1]) if begun else None
    if begun is None or about is None:
        return None
    name = _name(line, words, begun[1], about[0])
    line.take(0, about[1], "asking")
    goals, _ = find_goals(line, words)
    matches = find_matches(line, words)
    when = _when(line, words, now.date())
    return _request(line, words, matches, goals, name, when.date) if when else None


def requests(line: Line, words: Vocabulary, now: datetime) -> Command | None:
    """`begär mini-cex av dr Lind`: nothing that is only asked for is logged, though nobody is named."""
    begun = line.phrase(0, words.marks["request"])
    if begun is None:
        return None
    line.take(0, begun[1], "asking")
    people, (goals, _) = find_people(line, words), find_goals(line, words)
    matches = find_matches(line, words)
    asked = any(match.key == ASSESSMENT or match.section == "instruments" for match in matches)
    when = _when(line, words, now.date()) if asked else None
    if when is None:
        return None
    name = " ".join(people or _after_a_small_word(line, words))
    return _request(line, words, matches, goals, name, when.date) or Command("unknown")


def _when(line: Line, words: Vocabulary, today: date) -> When | None:
    """The day on which it took place, if one is said; None for one to come, and for more than a day."""
    spans = find_dates(line, words, today)
    when = settle(spans, today, "session")
    past = when.date is not None and when.date <= today and when.end is None and not when.asked
    return when if past or not spans else None


def _after_a_small_word(line: Line, words: Vocabulary) -> tuple[str, ...]:
    """`till Lars Lind`"""
    at = next((at for at, word in enumerate(line.words) if word in words.marks["request_to"]), None)
    names = () if at is None else names_in(line, words, at + 1)
    line.take(0 if at is None else at, 0 if at is None else len(line.tokens), "asking")
    return names


def asks_with_a_handle(found: Findings) -> Command | None:
    """The line that ends in @name and tells no day."""
    if len(found.people) != 1:
        return None
    line, words = found.line, found.words
    timed = found.spans or found.clocks or found.durations or found.repeat or found.lasts
    other = found.book or found.booked or found.negated
    named = any(match.key == ASSESSMENT and match.section == "activities" for match in found.matches)
    if timed or other or not named or not _by_handle(line, words):
        return None
    return _request(line, words, found.matches, found.goals, found.people[0])


def _request(
    line: Line,
    words: Vocabulary,
    matches: list[Match],
    goals: tuple[str, ...],
    name: str,
    on: date | None = None,
) -> Command | None:
    subject = subject_of(line, matches, words)
    if subject.activity != ASSESSMENT or subject.unclear or not name:
        return None
    return Command(
        "request",
        activity=ASSESSMENT,
        date=on,
        instrument=subject.instrument,
        topics=tuple(dict.fromkeys(topic for _, topic in subject.topics)),
        goals=goals,
        people=(name,),
        note=leftover(line, words),
    )


def _about(line: Line, words: Vocabulary, start: int) -> tuple[int, int] | None:
    """Where `om` stands, with one name at least before it, and where it ends."""
    for index in range(start + 1, len(line.tokens)):
        found = line.phrase(index, words.marks["asked_about"])
        if found:
            return index, found[1]
    return None


def _name(line: Line, words: Vocabulary, start: int, end: int) -> str:
    """All that stands between, as it is written, without titles and signs."""
    said = line.written(start, end).lower()
    kept = said.replace('"', " ").split()
    return " ".join(word.lstrip("@") for word in kept if word.strip(".") not in words.marks["title"].entries)


def _by_handle(line: Line, words: Vocabulary) -> bool:
    """Whether the person is an @name by itself: `av @lind` tells who did it."""
    at = next((index for index, token in enumerate(line.tokens) if token.raw == "@"), None)
    if at is None:
        return False
    before = line.tokens[at - 1].word if at else ""
    return not any(before in words.marks[mark].entries for mark in ("by", "with", "supervisor"))
