"""Everything a line says, as it is found: the shape between finding words and deciding what they mean."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from handlers.language.days.dates import Span
from handlers.language.days.repeats import Repeat
from handlers.language.finders.clock import Clock
from handlers.language.finders.matches import Match
from handlers.language.lexicon.tokens import Line
from handlers.language.lexicon.vocabulary import Vocabulary


@dataclass(slots=True)
class Findings:
    """What was found in a line.

    `lasts` is a length in whole days: count and unit (`3 dagar`, `1 år`). `least` is the 3 of `3-4 mån`.
    """

    line: Line
    words: Vocabulary
    now: datetime
    today: date  # the local day on which the line was written
    people: tuple[str, ...] = ()
    goals: tuple[str, ...] = ()
    goal_at: int | None = None
    matches: list[Match] = field(default_factory=list)
    repeat: Repeat | None = None
    spans: list[Span] = field(default_factory=list)
    clocks: list[Clock] = field(default_factory=list)
    durations: list[float] = field(default_factory=list)
    lasts: tuple[int, str] | None = None
    least: int | None = None
    book: bool = False
    booked: bool = False
    negated: bool = False
    unsure: bool = False  # `kanske handledning`
    intended: bool = False  # `skulle ha handledning`
    wished: bool = False  # `vill ha handledning`
    slipped: bool = False  # it may put right what was said last: `nej, igår`
    unbounded: bool = False  # a series until a day that is not known: `till jul`
    hidden: tuple[tuple[int, int], ...] = ()  # days of the note, taken till all is found
    vague: bool = False  # a day was said that is none: `i helgen`, `häromdagen`

    def of(self, section: str) -> list[Match]:
        """The matches of one section, in order."""
        return [match for match in self.matches if match.section == section]

    @property
    def has_length(self) -> bool:
        """Whether a length of time or a span of clock times was said."""
        return bool(self.durations) or any(clock.minutes for clock in self.clocks)
