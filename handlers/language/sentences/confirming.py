"""The other half's word on what was saved, written instead of pressed: `stämmer`, `bekräfta alla`."""

from __future__ import annotations

from handlers.language.command import Command
from handlers.language.finders.found import Findings
from handlers.language.finders.free_names import name_alone
from handlers.language.finders.matches import Match, subject_of
from handlers.language.lexicon.notes import marked
from handlers.language.settling.settle import settle

ALL = "all"


def confirms(found: Findings, chosen: Match) -> Command:
    """`confirm`: `reason` is "all" for all that waits; the activity, the day or whose it is where named."""
    every = marked(found.line, found.words, "series")
    found.line.take(chosen.start, chosen.end, "commands")
    subject = subject_of(found.line, found.matches, found.words)
    day = settle(found.spans, found.today, "session").date
    people = found.people or name_alone(found.line, found.words)
    return Command(
        "confirm", activity=subject.activity, date=day, people=people, reason=ALL if every else None
    )
