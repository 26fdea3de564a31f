"""The figures of a unit for an external (SPUR) or internal (STINS) review: counts, shares, reviews. No words.

Anonymous: nobody is named, and what is about fewer than FEWEST trainees is left out, for those who know
the unit could tell whom it is about.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session, col, select

from handlers.papers.period import Period, served_in
from handlers.papers.record import Record, Written, record_of
from schedules.digests.missed import FEWEST
from schedules.duties import recorded
from schedules.lives.life import Life
from schedules.lives.reading import load_many
from schedules.lives.weeks import Served
from schedules.naming import alphabetical
from schedules.zone import to_local
from storage.tables import Pairing, Person, SupervisorTraining, Trainee, Unit, UnitDuty
from storage.trainees import lasts_on

INTRODUCTIONS = ("introduction", "st_introduction")
REVIEWS = ("external_review", "internal_review", "quality_review")
TRAINED = timedelta(days=3 * 365)
"""002, 3. Handledning: supervisors are trained and refreshed regularly; our rulebooks say 36 months."""
YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Row:
    """One trainee's figures in the period; the introduction and IUP approval whenever they were."""

    name: str
    main: str
    weeks: Served | None
    minutes: int
    sessions: int
    assessments: int
    iup_revisions: int
    kollegier: int
    introduced_on: date | None


@dataclass(frozen=True, slots=True)
class Kind:
    """Assessments of one kind, and of how many trainees; `name` is an instrument's key or an assessor."""

    name: str
    count: int
    trainees: int


@dataclass(frozen=True, slots=True)
class Supervisor:
    """A main supervisor of today, how many trainees, and the latest course or refresher."""

    name: str
    trainees: int
    trained_on: date | None


@dataclass(frozen=True, slots=True)
class Pack:
    """A unit's figures. `rows` are the trainees by name; `few` says that there are fewer than FEWEST."""

    unit: Unit
    period: Period
    rows: tuple[Row, ...]
    instruments: tuple[Kind, ...]
    assessors: tuple[Kind, ...]
    by_main: int
    supervisors: tuple[Supervisor, ...]
    reviews: tuple[UnitDuty, ...]

    @property
    def few(self) -> bool:
        """Whether one could tell who a figure is about."""
        return len(self.rows) < FEWEST

    @property
    def weeks(self) -> Served | None:
        """All trainees' weeks together; None where no rulebook asks for every week."""
        each = [row.weeks for row in self.rows if row.weeks]
        return Served(sum(one.weeks for one in each), sum(one.of for one in each)) if each else None

    def total(self, of: Callable[[Row], int]) -> int:
        """A figure summed up over the trainees."""
        return sum(of(row) for row in self.rows)


def pack_of(session: Session, unit: Unit, now: datetime) -> Pack:
    """The last twelve months of a unit, and who is in training there today."""
    today = to_local(now, unit.timezone).date()
    period = Period(today - YEAR + timedelta(days=1), today)
    trainees = _in_training(session, unit, today)
    lives = load_many(session, [trainee.id or 0 for trainee in trainees], now)
    told = [_told(record_of(session, life.trainee, today), life, period) for life in lives]
    told.sort(key=lambda each: alphabetical(each.row.name))
    assessed = [(number, each) for number, one in enumerate(told) for each in one.assessments]
    return Pack(
        unit,
        period,
        tuple(each.row for each in told),
        _kinds((number, each.entry.instrument or "") for number, each in assessed),
        _kinds((number, each.people or "") for number, each in assessed),
        sum(one.by_main for one in told),
        _supervisors(session, [life.trainee.id or 0 for life in lives], today),
        tuple(row for row in recorded(session, [unit]) if row.duty in REVIEWS and row.done_on <= today),
    )


def large(kinds: Iterable[Kind]) -> tuple[Kind, ...]:
    """The kinds with at least FEWEST trainees behind them, the others together under the name ""."""
    every = list(kinds)
    kept = [kind for kind in every if kind.trainees >= FEWEST and kind.name]
    rest = sum(kind.count for kind in every if kind not in kept)
    return (*kept, *([Kind("", rest, 0)] if rest else []))


def _in_training(session: Session, unit: Unit, today: date) -> Sequence[Trainee]:
    return session.exec(
        select(Trainee).where(
            Trainee.unit_id == unit.id,
            col(Trainee.starts_on) <= today,
            col(Trainee.ends_on).is_(None) | (col(Trainee.ends_on) >= today),
        )
    ).all()


@dataclass(frozen=True, slots=True)
class _Told:
    row: Row
    assessments: tuple[Written, ...]
    by_main: int


def _told(of: Record, life: Life, period: Period) -> _Told:
    seen = [each for each in of.entries if period.holds(each.entry.on_date)]
    count = Counter(each.entry.activity for each in seen)
    assessments = tuple(each for each in seen if each.entry.activity == "assessment")
    main = of.supervisors[0] if of.supervisors else ""
    introduced = [each.entry.on_date for name in INTRODUCTIONS for each in of.of(name)]
    row = Row(
        of.person.name,
        main,
        served_in(life, period),
        sum(each.entry.minutes or 0 for each in seen if each.entry.activity == "supervision"),
        count["supervision"],
        count["assessment"],
        count["iup_revision"],
        count["kollegium"],
        max(introduced, default=None),
    )
    return _Told(row, assessments, sum(_is_by(main, each) for each in assessments))


def _is_by(main: str, of: Written) -> bool:
    """Whether the main supervisor of today assessed: named, by a part of the name at least."""
    own = set(main.casefold().split())
    return any(own & set(name.casefold().split()) for name in of.entry.people)


def _kinds(found: Iterable[tuple[int, str]]) -> tuple[Kind, ...]:
    """Counts by name, the most first; `found` is whose and which."""
    counts: Counter[str] = Counter()
    whose: dict[str, set[int]] = {}
    for number, name in found:
        counts[name] += 1
        whose.setdefault(name, set()).add(number)
    return tuple(Kind(name, count, len(whose[name])) for name, count in counts.most_common())


def _supervisors(session: Session, trainees: Sequence[int], today: date) -> tuple[Supervisor, ...]:
    pairs = session.exec(
        select(Person, Pairing.trainee_id)
        .join(Pairing, col(Pairing.supervisor_id) == col(Person.id))
        .where(
            col(Pairing.trainee_id).in_(trainees),
            Pairing.kind == "main",
            lasts_on(today),
        )
        .order_by(col(Person.name))
    ).all()
    people = {person.id or 0: person for person, _ in pairs}
    trained = _trained(session, list(people), today)
    count = Counter(person.id or 0 for person, _ in pairs)
    return tuple(Supervisor(person.name, count[key], trained.get(key)) for key, person in people.items())


def _trained(session: Session, people: Sequence[int], today: date) -> dict[int, date]:
    rows = session.exec(
        select(SupervisorTraining)
        .where(
            col(SupervisorTraining.person_id).in_(people),
            col(SupervisorTraining.voided_at).is_(None),
            col(SupervisorTraining.done_on) <= today,
        )
        .order_by(col(SupervisorTraining.done_on))
    ).all()
    return {row.person_id: row.done_on for row in rows}
