"""Taking back: `ångra`, `ta bort semestern`, `radera handledningen igår`; never more than was named."""

from __future__ import annotations

from dataclasses import replace

from handlers.language.command import Command
from handlers.language.finders.found import Findings
from handlers.language.finders.matches import Match, subject_of
from handlers.language.lexicon.notes import marked
from handlers.language.sentences.fitting import free_words
from handlers.language.sentences.moves import of_a_booking
from handlers.language.settling.settle import settle

UNCLEAR = "unclear"
KINDS = ("absence", "booking")
_SAYS_NOTHING_MORE = ("undo", "change", "history", "help", "thanks")


def taken_back(found: Findings, chosen: Match) -> Command:
    """`undo`, with the activity, absence or day that is named; without any it is the latest that was written.

    `reason` is absence, booking or placement for the latest of that kind, and "unclear" where it cannot be
    told what is meant: then nothing is taken back unasked. What is only booked yet is called off, and who
    wants all that is kept of them away wants to be forgotten.
    """
    if len(found.line.tokens) == 1:  # as most such lines
        return Command("undo")
    if _is_not_wanted(found, chosen):
        return Command("unknown")
    if found.line.phrase(chosen.start, found.words.marks["deletes"]) and (more := _of_more(found, chosen)):
        return more
    return _named(found)


def _is_not_wanted(found: Findings, chosen: Match) -> bool:
    """`ångra inte`"""
    line, denied = found.line, found.words.marks["not"]
    beside = line.tokens[chosen.end : chosen.end + 1] + line.tokens[chosen.start - 1 : chosen.start]
    return any(token.word in denied for token in beside) and not found.negated and not _others(found)


def _others(found: Findings) -> list[str]:
    """The words that nothing has understood, orders and denials left out."""
    said = {at for match in found.of("commands") for at in range(match.start, match.end)}
    words = {found.line.tokens[at].word for at in said}
    return [word for word in free_words(found) if word not in words | found.words.marks["not"].entries.keys()]


def _of_more(found: Findings, chosen: Match) -> Command | None:
    """`ta bort alla mina uppgifter`, `ta bort kalenderlänken`, `ta bort handledningen på torsdag`."""
    keys = [match.key for match in found.of("commands") if match.start >= chosen.end]
    if "my_data" in keys:
        return Command("forget_me")
    if "calendar" in keys:
        return Command("calendar", reason="off")
    away = found.of("absences") or found.of("placements")
    if all(match.section == "commands" for match in found.matches) and _names_somebody(found):
        return Command("roster")
    rule = "booking" if _says_booking(found) else "session"
    day = None if away else settle(found.spans, found.today, rule).date
    return of_a_booking(found, Match(0, 0, "commands", "cancel")) if day and day > found.today else None


def _says_booking(found: Findings) -> bool:
    """`ta bort torsdagens bokning` is of the Thursday to come."""
    bookings = found.words.marks["latest_booking"]
    return any(token.word in bookings for token in found.line.tokens)


def _names_somebody(found: Findings) -> bool:
    """`ta bort Anna Berg`: who is in training stands in the roster."""
    tokens, names = found.line.tokens, found.words.people["first_names"]
    return any(token.raw.lower() in names and found.line.free(at) for at, token in enumerate(tokens))


def _named(found: Findings) -> Command:
    line, words = found.line, found.words
    absences = found.of("absences")
    every = marked(line, words, "series") or marked(line, words, "asking_may")
    kind = next((kind for kind in KINDS if marked(line, words, f"latest_{kind}")), None)
    subject = subject_of(line, found.matches, words)
    days = settle(found.spans, found.today, "period" if absences else "session")
    for match in found.of("commands"):
        if match.key in _SAYS_NOTHING_MORE:
            line.take(match.start, match.end, "commands")
    while marked(line, words, "latest"):
        pass
    what = bool(subject.activity or absences)
    named = Command(
        "undo", activity=subject.activity, instrument=subject.instrument,
        date=days.date if what or days.date != found.today else None,
        absence=absences[0].key if absences else None, reason="placement" if found.of("placements") else kind,
    )  # fmt: skip
    unclear = every or days.asked or found.vague or found.people or free_words(found)
    return replace(named, reason=UNCLEAR) if unclear else named
