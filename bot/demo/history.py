"""Two made-up but plausible years: sessions most weeks, assessments, revisions, a summer, one leave."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, select

from bot.demo.people import EKBACKEN, TRAINEES, Made, email, start_of
from schedules.calendar import SWEDEN
from schedules.standings import refresh
from storage.tables import Absence, Entry, Person, Trainee

SEED = 4711
TOPICS = ("ethics", "communication", "cooperation", "course_planning", "feedback", "training_plan")
NOTES = ("remisser", "svåra samtal", "bukstatus", "läkemedelsgenomgång", None, None, None)
INSTRUMENTS = ("mini-cex", "sit-in", "cbd", "record-review", "dops")
SUMMER = (28, 29, 30, 31)
"""ISO weeks of everybody's holiday, once they are over: a demo in July is not all on leave."""
ASSESSORS = ("lars lind", "maria sund", "nils vik", "olga tall")
GOALS = ("STa1", "STa2", "STa4", "STb1", "STb3", *(f"STc{number}" for number in range(1, 10)))
"""Those of HSLF-FS 2021:8 that somebody has come to yet."""
SAVED, CONFIRMED = dt.time(15, 30), dt.time(9, 30)
"""When, in UTC: a line on the day itself, its confirmation on the working day after."""
TWO_YEARS = dt.timedelta(days=730)
DAY, WEEK = dt.timedelta(days=1), dt.timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class _Past:
    """One made-up past being written."""

    dice: random.Random
    made: Made
    trainee: Trainee
    person: Person
    supervisor: Person
    today: dt.date
    now: dt.datetime

    @property
    def since(self) -> dt.date:
        return max(start_of(self.made, self.today), self.today - TWO_YEARS)

    def entry(self, activity: str, on: dt.date, **more: Any) -> Entry:
        confirmed = self.dice.random() < 0.8
        return Entry(
            trainee_id=self.trainee.id or 0,
            activity=activity,
            on_date=on,
            written_by=self.person.id,
            written_at=self.at(on, SAVED),
            confirmed_by=self.supervisor.id if confirmed else None,
            confirmed_at=self.at(SWEDEN.next_working_day(on + DAY), CONFIRMED) if confirmed else None,
            **more,
        )

    def at(self, day: dt.date, clock: dt.time) -> dt.datetime:
        """A moment of the past."""
        return min(dt.datetime.combine(day, clock, dt.UTC), self.now)


def write_history(session: Session, today: dt.date, now: dt.datetime) -> None:
    """Give every made-up trainee a past, as imported history: the clocks run from the training's start."""
    dice = random.Random(SEED)  # noqa: S311 made-up lives, no secrets
    for made in TRAINEES:
        past = _past(session, dice, made, today, now)
        past.trainee.watched_from = None
        session.add(past.trainee)
        entries = [*_sessions(past), *_regular(past), *_kollegier(past), *_once(past), *_recurring(past)]
        session.add_all(entries)
        session.add_all(_absences(past))
        session.flush()
        for entry in entries:
            entry.chain_id = entry.id
        session.flush()
        refresh(session, past.trainee.id or 0, now, "history")


def _past(session: Session, dice: random.Random, made: Made, today: dt.date, now: dt.datetime) -> _Past:
    person = session.exec(select(Person).where(Person.email == email(made.name))).one()
    supervisor = session.exec(select(Person).where(Person.email == email(made.supervisor))).one()
    trainee = session.exec(select(Trainee).where(Trainee.person_id == person.id)).one()
    return _Past(dice, made, trainee, person, supervisor, today, now)


def _sessions(past: _Past) -> Iterator[Entry]:
    """Supervision on a weekday of the pair's own, in most weeks; none in the silent or the leave's weeks.

    The last week before the silence (of a pair in step: the week before this one) always has its session.
    """
    weekday = past.dice.choice((1, 2, 3))
    monday = past.since - dt.timedelta(days=past.since.weekday())
    this_week = past.today - dt.timedelta(days=past.today.weekday())
    last = this_week - WEEK * (max(past.made.silent, past.made.away) + 1)
    while (monday := monday + WEEK) <= this_week:
        happens = past.dice.random() < past.made.habit or monday == last
        day = SWEDEN.next_working_day(monday + dt.timedelta(days=weekday))
        quiet = monday > last and (past.made.silent or past.made.away)
        if happens and not quiet and day < past.today and not _is_holiday(past, day):
            yield _session(past, day)


def _is_holiday(past: _Past, day: dt.date) -> bool:
    first, last = _summer(day.isocalendar().year)
    return first <= day <= last < past.today


def _summer(year: int) -> tuple[dt.date, dt.date]:
    return dt.date.fromisocalendar(year, SUMMER[0], 1), dt.date.fromisocalendar(year, SUMMER[-1], 7)


def _session(past: _Past, day: dt.date) -> Entry:
    return past.entry(
        "supervision",
        day,
        minutes=past.dice.choice((45, 60, 60, 60, 75, 90)),
        topics=sorted(past.dice.sample(TOPICS, past.dice.choice((0, 1, 1, 2)))),
        note=past.dice.choice(NOTES),
        goals=_goals(past, (0, 0, 1, 2)),
    )


def _goals(past: _Past, how_many: tuple[int, ...]) -> list[str]:
    return sorted(past.dice.sample(GOALS, past.dice.choice(how_many)), key=GOALS.index)


def _regular(past: _Past) -> Iterator[Entry]:
    """Assessments every couple of months and IUP revisions twice a year, the last not long ago."""
    every = 78 if past.made.unit == EKBACKEN else 37  # four a year, and nine
    for back in range(past.dice.randint(10, every - 10), 720, every):
        if (day := _working(past, back)) is not None:
            yield _assessment(past, day)
    for back in range(past.dice.randint(20, 150), 720, 165):
        if (day := _working(past, back)) is not None:
            yield past.entry("iup_revision", day)
    if (start := start_of(past.made, past.today)) + dt.timedelta(days=150) < past.today:
        yield past.entry("iup_approval", SWEDEN.next_working_day(start + dt.timedelta(days=140)))


def _assessment(past: _Past, day: dt.date) -> Entry:
    return past.entry(
        "assessment",
        day,
        instrument=past.dice.choice(INSTRUMENTS),
        people=[past.dice.choice(ASSESSORS)],
        goals=_goals(past, (1, 1, 2)),
    )


def _kollegier(past: _Past) -> Iterator[Entry]:
    for activity in (
        "kollegium",
        "development_talk",
        "annual_followup",
        "annual_report",
        "supervisor_report",
    ):
        for back in range(past.dice.randint(60, 320), 720, 350):
            if (day := _working(past, back)) is not None:
                yield past.entry(activity, day)


ONCE = (
    ("introduction", 5),
    ("planning_meeting", 80),
    ("st_introduction", 120),
    ("scientific_work", 1200),
    ("quality_work", 1300),
)
"""What is done a single time, and how many days into the training."""
EVERY = (("supervisor_statement", 350), ("supervisor_meeting", 300), ("self_study", 80))
"""What recurs, and after how many days."""


def _once(past: _Past) -> Iterator[Entry]:
    """What was done before the past that is shown is put at its beginning."""
    start = start_of(past.made, past.today)
    for activity, days in ONCE:
        day = SWEDEN.next_working_day(max(start + dt.timedelta(days=days), past.since))
        if day < past.today:
            yield past.entry(activity, day)


def _recurring(past: _Past) -> Iterator[Entry]:
    """Yearly papers, quarterly talks about self-study, the month's ST meeting and the term's course."""
    for activity, every in EVERY:
        for back in range(40, 720, every):
            if (day := _working(past, back)) is not None:
                yield past.entry(activity, day)
    for year in range(past.since.year, past.today.year + 1):
        for month in (1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12):
            day = SWEDEN.next_working_day(dt.date(year, month, 20 if month == 8 else 9))
            if past.since <= day < past.today:
                yield past.entry("st_meeting", day)
                if month in (2, 9):
                    yield past.entry("course", SWEDEN.next_working_day(day + dt.timedelta(days=1)))


def _working(past: _Past, back: int) -> dt.date | None:
    """The working day so many days ago, if the training had begun."""
    day = SWEDEN.next_working_day(past.today - dt.timedelta(days=back))
    return day if past.since <= day < past.today else None


def _absences(past: _Past) -> Iterator[Absence]:
    """Every summer's holiday, and the leave that one of them is on."""
    for year in range(past.since.year, past.today.year + 1):
        first, last = _summer(year)
        if past.since <= first and last < past.today:
            yield _away(past, "vacation", first, last)
    if past.made.away:
        begin = past.today - dt.timedelta(days=past.today.weekday()) - WEEK * past.made.away
        yield _away(past, "parental", begin, past.today + dt.timedelta(days=120))


def _away(past: _Past, kind: str, first: dt.date, last: dt.date) -> Absence:
    return Absence(
        trainee_id=past.trainee.id or 0,
        kind=kind,
        from_on=first,
        to_on=last,
        written_by=past.person.id or 0,
        written_at=past.now,
    )
