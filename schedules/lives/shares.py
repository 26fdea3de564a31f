"""What a count alone does not tell: who assessed and where (003), and how long the sessions are (003)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session, col, select

from schedules.calendar import DAY, monday_of
from schedules.lives.life import Life, Paired
from storage.states import IS_LIVE
from storage.tables import Entry, Person

YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Shares:
    """Of the assessments of the last 365 days in service, as `rate` counts them: by others than the main
    supervisor, and on placements.
    """

    count: int
    by_others: int
    on_placements: int


@dataclass(frozen=True, slots=True)
class Average:
    """Minutes of supervision a week, over the weeks of the last 365 days in which there was any."""

    minutes: int
    weeks: int


def assessment_shares(session: Session, life: Life, activities: Iterable[str]) -> Shares | None:
    """The shares of what meets a requirement; None without any."""
    entries = _entries(session, life, activities)
    if not entries:
        return None
    mains = {pair.supervisor for pair in life.pairs if pair.kind == "main"}
    names = {
        person.id: person for person in session.exec(select(Person).where(col(Person.id).in_(mains))).all()
    }
    others = sum(_is_by_other(entry, _main_on(life, entry.on_date), names) for entry in entries)
    there = sum(any(stay.lasts(entry.on_date) for stay in life.stays) for entry in entries)
    return Shares(len(entries), others, there)


def weekly_average(life: Life, activities: Iterable[str]) -> Average | None:
    """How long a week's sessions are, on average; None while no week has any of known length."""
    today, asked = life.local.date(), set(activities)
    weeks: defaultdict[date, int] = defaultdict(int)
    for one in life.happenings:
        if one.activity in asked and one.minutes and today - YEAR < one.on <= today:
            weeks[monday_of(one.on)] += one.minutes
    return Average(round(sum(weeks.values()) / len(weeks)), len(weeks)) if weeks else None


def _entries(session: Session, life: Life, activities: Iterable[str]) -> Sequence[Entry]:
    today = life.local.date()
    return session.exec(
        select(Entry).where(
            Entry.trainee_id == life.trainee.id,
            IS_LIVE,
            col(Entry.activity).in_(list(activities)),
            col(Entry.on_date) >= _a_year_in_service_ago(life, today),
            col(Entry.on_date) <= today,
        )
    ).all()


def _a_year_in_service_ago(life: Life, today: date) -> date:
    """The first of the last 365 active days; while fewer are watched, those before the watch too."""
    start, timeline = life.timeline.clock_start, life.timeline
    earlier = timeline.active_days(start, today) - YEAR.days
    first = timeline.nth_active(start, earlier + 1) if earlier > 0 else None
    return first or min(start, today - YEAR + DAY)


def _main_on(life: Life, day: date) -> Paired | None:
    return next((pair for pair in life.pairs if pair.kind == "main" and pair.lasts(day)), None)


def _is_by_other(entry: Entry, main: Paired | None, names: dict[int | None, Person]) -> bool:
    """Somebody is named who is not the main supervisor of that day; with nobody named it was they."""
    supervisor = names.get(main.supervisor) if main else None
    own = set(supervisor.name.casefold().split()) if supervisor else set()
    return bool(entry.people) and not any(own & set(name.casefold().split()) for name in entry.people)
