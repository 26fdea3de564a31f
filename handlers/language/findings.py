"""Everything a line says, found once: the shape between finding words and deciding what they mean."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from handlers.language.clock import Clock, find_clocks
from handlers.language.dates import Span, find_dates
from handlers.language.days import add_months
from handlers.language.durations import find_durations
from handlers.language.goals import find_goals
from handlers.language.matches import Match, find_matches
from handlers.language.notes import marked
from handlers.language.numbers import whole_at
from handlers.language.people import find_people
from handlers.language.phrases import NUMBER
from handlers.language.repeats import Repeat, find_repeat
from handlers.language.spelling import DOUBTFUL_DAY
from handlers.language.tokens import Line
from handlers.language.vocabulary import Vocabulary


@dataclass(slots=True)
class Findings:
    """What was found in a line. `lasts` is a length in whole days: count and unit (`3 dagar`)."""

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
    book: bool = False
    booked: bool = False
    negated: bool = False
    vague: bool = False  # a day was said that is none: `i helgen`, `häromdagen`

    def of(self, section: str) -> list[Match]:
        """The matches of one section, in order."""
        return [match for match in self.matches if match.section == section]

    @property
    def has_length(self) -> bool:
        """Whether a length of time or a span of clock times was said."""
        return bool(self.durations) or any(clock.minutes for clock in self.clocks)


def find_all(line: Line, words: Vocabulary, now: datetime) -> Findings:
    """Run every finder over the line, the surest first."""
    found = Findings(line, words, now, now.date())
    found.people = find_people(line, words)
    found.goals, found.goal_at = find_goals(line)
    found.matches = find_matches(line, words)
    found.negated = bool(found.of("activities")) and marked(line, words, "negation")
    found.book, found.booked = marked(line, words, "book"), marked(line, words, "booked")
    found.repeat = find_repeat(line, words)
    found.vague = marked(line, words, "vague_week")
    found.spans = find_dates(line, words, found.today)
    found.vague = found.vague or _is_vague(found)
    found.clocks = find_clocks(line, words)
    found.durations = find_durations(line, words)
    found.lasts = _find_lasts(line, words)
    return found


def _is_vague(found: Findings) -> bool:
    """Whether a day is said that is none, and no other; a misspelt one is in doubt whatever else is said."""
    line = found.line
    if not line.said & found.words.marks["vague_day"].bit:
        return False
    doubtful = any(token.word == DOUBTFUL_DAY for token in line.tokens)
    return (doubtful or not found.spans) and marked(line, found.words, "vague_day")


def _find_lasts(line: Line, words: Vocabulary) -> tuple[int, str] | None:
    """`3 dagar`, `två veckor`, `tre månader`. Not taken; whoever uses it takes it."""
    return next((lasts for _, _, lasts in _all_lasts(line, words)), None)


def _all_lasts(line: Line, words: Vocabulary) -> Iterator[tuple[int, int, tuple[int, str]]]:
    units = words.table("units")
    for index in line.where(NUMBER | words.table("numbers").bit) if line.said & units.bit else ():
        count = whole_at(line, index, words)
        unit = line.phrase(count[1], units) if count else None
        if count and unit and unit[0] in ("day", "week", "month") and 0 < count[0] < 400:
            yield index, unit[1], (count[0], unit[0])


def last_of(found: Findings, start: date) -> date:
    """The last day of what begins at `start` and lasts for `found.lasts`; its tokens are taken."""
    for begin, end, _ in list(_all_lasts(found.line, found.words))[:1]:
        found.line.take(begin, end, "date")
    count, unit = found.lasts or (1, "day")
    if unit == "month":
        return add_months(start, count) - timedelta(days=1)
    return start + timedelta(days=count * (7 if unit == "week" else 1) - 1)
