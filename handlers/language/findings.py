"""Everything a line says, found once: the shape between finding words and deciding what they mean."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from handlers.language.clock import Clock, find_clocks
from handlers.language.dates import Span, find_dates
from handlers.language.days import Point, add_months
from handlers.language.durations import find_durations, find_moment
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
    """What was found in a line. `lasts` is a length in whole days: count and unit (`3 dagar`, `1 år`)."""

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
    found.negated = bool(found.of("activities")) and (marked(line, words, "negation") or _denied(found))
    found.book = marked(line, words, "book")
    found.booked = marked(line, words, "booked") or _is_next(found)
    found.repeat = find_repeat(line, words)
    found.vague = marked(line, words, "vague_week")
    found.spans = find_dates(line, words, found.today)
    found.vague = found.vague or _is_vague(found)
    found.clocks = find_clocks(line, words)
    if not (found.spans or found.clocks or found.repeat):
        _find_moment(found)
    found.durations = find_durations(line, words)
    found.lasts = next((lasts for _, _, lasts in _all_lasts(found)), None)
    return found


def _is_next(found: Findings) -> bool:
    """`nästa handledning torsdag`"""
    return _leads_up(found, "next_one")


def _denied(found: Findings) -> bool:
    """`ej handledning idag`"""
    return _leads_up(found, "not")


def _leads_up(found: Findings, role: str) -> bool:
    """Whether a word of a role stands right before an activity."""
    table = found.words.marks[role]
    if not found.line.said & table.bit:
        return False
    return any(found.line.word(act.start - 1) in table for act in found.of("activities") if act.start)


_STEP = 5  # minutes: what a clock time reckoned from now is rounded to


def _find_moment(found: Findings) -> None:
    """`om en timme` is a session to come, today or past midnight; of one an hour ago the day is known."""
    away = find_moment(found.line, found.words, past=not found.book)
    if away is None:
        return
    at = found.now + timedelta(minutes=away)
    found.spans = [Span("on", Point(exact=at.date()))]
    if away > 0:
        at += timedelta(minutes=-at.minute % _STEP)
        found.spans, found.book = [Span("on", Point(exact=at.date()))], True
        found.clocks = [Clock(time(at.hour, at.minute))]


def _is_vague(found: Findings) -> bool:
    """Whether a day is said that is none, and no other; a misspelt one is in doubt whatever else is said."""
    line = found.line
    if not line.said & found.words.marks["vague_day"].bit:
        return False
    doubtful = any(token.word == DOUBTFUL_DAY for token in line.tokens)
    return (doubtful or not found.spans) and marked(line, found.words, "vague_day")


_MOST_YEARS = 5


def _may_last_years(found: Findings) -> bool:
    """A leave may; the years of `vab dotter 6 år` and of a patient are an age."""
    return any(
        match.section in ("absences", "placements") and match.key != "child_care" for match in found.matches
    )


def _all_lasts(found: Findings) -> Iterator[tuple[int, int, tuple[int, str]]]:
    """`3 dagar`, `två veckor`, `1 år`, and where each stands. Not taken; whoever uses it takes it."""
    line, words, ages = found.line, found.words, not _may_last_years(found)
    units = words.table("units")
    half = words.marks["half_year"]
    counted = NUMBER | words.table("numbers").bit if line.said & units.bit else 0
    for index in line.where(counted | half.bit):
        if (six := line.phrase(index, half)) is not None:
            yield index, six[1], (6, "month")
        count = whole_at(line, index, words)
        unit = line.phrase(count[1], units) if count else None
        if count and unit and unit[0] in ("day", "week", "month", "year") and 0 < count[0] < 400:
            if unit[0] == "year" and (ages or count[0] > _MOST_YEARS):
                continue
            yield index, unit[1], (count[0], unit[0])


def last_of(found: Findings, start: date) -> date:
    """The last day of what begins at `start` and lasts for `found.lasts`; its tokens are taken."""
    for begin, end, _ in list(_all_lasts(found))[:1]:
        found.line.take(begin, end, "date")
    return last_day_of(found, start)


def last_day_of(found: Findings, start: date) -> date:
    """The same, with nothing taken."""
    count, unit = found.lasts or (1, "day")
    if unit in ("month", "year"):
        return add_months(start, count * (12 if unit == "year" else 1)) - timedelta(days=1)
    return start + timedelta(days=count * (7 if unit == "week" else 1) - 1)
