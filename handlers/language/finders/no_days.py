"""Times that are no day: `kollegium i vår`, `iup nästa termin`; those of the note are none of the session."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.language.finders.matches import Match
from handlers.language.lexicon.notes import is_of_a_note
from handlers.language.lexicon.tokens import Line
from handlers.language.lexicon.vocabulary import Vocabulary


def says_no_day(line: Line, words: Vocabulary, matches: Sequence[Match]) -> bool:
    """Whether such a time is said of what took place; its tokens are taken."""
    table = words.marks["vague_time"]
    told = [match for match in matches if match is not _main(matches)]
    talked_of = {at for match in told for at in range(match.start, match.end)}
    for index in line.where(table.bit):
        found = line.phrase(index, table)
        if (
            found
            and not is_of_a_note(line, words, found[1])
            and not _is_told_of(line, words, index, talked_of)
        ):
            line.take(index, found[1], "vague_day")
            return True
    return False


def _main(matches: Sequence[Match]) -> Match | None:
    """What the line is about: the first that is no topic."""
    return next((match for match in matches if match.section != "topics"), None)


def _is_told_of(line: Line, words: Vocabulary, index: int, talked_of: set[int]) -> bool:
    """`1h kurser nästa år`, `planering nästa termin`: a topic or a word of the note leads up to it."""
    at = index - 1
    while at >= 0 and at not in talked_of and (not line.free(at) or line.words[at] in words.filler):
        at -= 1
    return at >= 0 and (at in talked_of or line.tokens[at].is_word)
