"""term: so many in every term, or in every month of a term."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from operator import attrgetter

from schedules.calendar import DAY, add_months
from schedules.kinds.reading import Case, Reading, dated, falls_in_training
from schedules.rules.requirement import DEFAULT_TERMS, Term


@dataclass(frozen=True, slots=True)
class Spell:
    """A term, or a month's part of one. Both days are included."""

    first: date
    last: date


_first = attrgetter("first")


def term(case: Case) -> Reading:
    """Due at the end of the first term, or month of one, that counts and is short (domain.md)."""
    spells = spells_around(case)
    running = _spell_of(spells, case.today)
    done = _done_in(case, spells, running)
    due = _due(case, spells, running)
    again = _again_on(case, spells[running:], due) if due and due < case.today else None
    reading = dated(case, due, done=done, required=case.requirement.count)
    turns = [spell.first for spell in spells[running + 1 : running + 2]]
    turns += [again + DAY] if again else []
    if due is None or (due < case.today and again is None):  # a new year brings new spells into sight
        turns.append(date(case.today.year + 1, 1, 1))
    return reading._replace(again_on=again, turns=(*reading.turns, *turns))


def _again_on(case: Case, spells: Sequence[Spell], missed: date) -> date | None:
    """The end of the first spell of these that counts, is not over and comes after a missed one."""
    ends = (spell.last for spell in spells if spell.last >= case.today and _counts(case, spell))
    end = next((end for end in ends if end > missed), None)
    return end if end and falls_in_training(case.timeline, end) else None


def spells_around(case: Case) -> tuple[Spell, ...]:
    """All from the year the clock starts to two years past the next day in service, oldest first."""
    latest = max(case.today, case.timeline.next_active(case.today) or case.today)
    first_year = min(case.today, case.timeline.clock_start).year - 1
    return _spells(case.requirement.terms, case.requirement.per == "month", first_year, latest.year + 2)


@lru_cache(maxsize=256)
def _spells(terms: tuple[Term, ...], monthly: bool, first_year: int, last_year: int) -> tuple[Spell, ...]:
    years = range(first_year, last_year + 1)
    spells = sorted((_in_year(t, year) for year in years for t in terms), key=_first)
    return tuple(month for spell in spells for month in _months(spell)) if monthly else tuple(spells)


def _in_year(term: Term, year: int) -> Spell:
    """A term that ends before it begins runs over the new year."""
    last_year = year + (term.last < term.first)
    return Spell(date(year, *term.first), date(last_year, *term.last))


def in_term(terms: tuple[Term, ...]) -> Callable[[date], bool]:
    """Whether a day is in one of these terms."""

    def holds(day: date) -> bool:
        spells = (_in_year(term, year) for term in terms for year in (day.year - 1, day.year))
        return any(spell.first <= day <= spell.last for spell in spells)

    return holds


def _months(spell: Spell) -> list[Spell]:
    months, first = [], spell.first
    while first <= spell.last:
        following = add_months(first.replace(day=1), 1)
        months.append(Spell(first, min(spell.last, following - DAY)))
        first = following
    return months


def _spell_of(spells: Sequence[Spell], d: date) -> int:
    """The index of the spell that `d` counts for: the one begun last, so a June course counts for spring."""
    return bisect_right(spells, d, key=_first) - 1


def _done_in(case: Case, spells: Sequence[Spell], index: int) -> int:
    """How many count for a spell. What is done up to today is none of the spells to come."""
    ends = [bisect_left(case.dates, spell.first) for spell in spells[index : index + 2]]
    return (ends[1] if len(ends) == 2 else len(case.dates)) - ends[0]


def _due(case: Case, spells: Sequence[Spell], running: int) -> date | None:
    """The end of the first spell that counts after the latest served one: a past one cannot be served."""
    begun = range(running, -1, -1)
    served = next((at for at in begun if _done_in(case, spells, at) >= case.requirement.count), -1)
    return next((spell.last for spell in spells[served + 1 :] if _counts(case, spell)), None)


def _counts(case: Case, spell: Spell) -> bool:
    """Less than half of it in service is excused, as is what ended before the bot watched."""
    start = max(spell.first, case.timeline.clock_start)
    length = (spell.last - spell.first + timedelta(days=1)).days
    return 2 * case.timeline.active_days(start, spell.last) >= length


def coming_term(today: date, terms: tuple[Term, ...] = DEFAULT_TERMS) -> Spell:
    """The first term that begins after a day."""
    spells = sorted((_in_year(t, year) for year in (today.year, today.year + 1) for t in terms), key=_first)
    return next(spell for spell in spells if spell.first > today)
