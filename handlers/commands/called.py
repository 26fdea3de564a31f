"""Names that only the roster knows: `hur går det för kweku` names a trainee, `kweku` alone is no word."""

from __future__ import annotations

from typing import Final

from handlers.commands.leaders import within_reach
from handlers.context import Context
from handlers.language.command import Command
from handlers.language.lexicon import vocabulary
from handlers.language.lexicon.vocabulary import Vocabulary
from handlers.language.reader import read
from handlers.people import supervisors_of

_PERHAPS: Final = frozenset(("ask", "change", "history", "pairs", "status", "undo", "unknown"))
"""What a line may be taken for, when the name in it was no name to the reader."""


def read_line(context: Context) -> Command:
    """What was written means, with the first names known of those whom its writer may mean.

    They are looked up only where a name may have been missed, so most lines cost no statement.
    """
    return read_text(context.incoming.text, context)


def read_text(text: str, context: Context) -> Command:
    """As `read_line`, of one line of a message that has several."""
    command = read(text, context.said_at)
    if command.people or command.intent not in _PERHAPS:
        return command
    words = words_with_names(text, context)
    again = read(text, context.said_at, words=words) if words else command
    return again if again.people else command


def words_with_names(text: str, context: Context) -> Vocabulary | None:
    """What is known, with the names of the roster that stand in a line; None where none does."""
    names = [name for name in _first_names(context) if name in text.casefold()]
    return vocabulary.default().with_first_names(names) if names else None


def _first_names(context: Context) -> set[str]:
    """Of a trainee's supervisors, and of those whom one supervises or answers for; in small letters."""
    mine = context.training
    over = supervisors_of(context.session, mine.id or 0, context.today) if mine else []
    theirs = [person for _, person in within_reach(context)]
    return {person.name.split()[0].casefold() for person in (*over, *theirs) if person.name}
