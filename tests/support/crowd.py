"""Very many made-up trainees: a few who lived, and copies of them written set-based.

The few are real: enrolled, with a history of their own, judged by the real code. Copying is one statement
for each table, so a nation is there in seconds.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import ColumnElement, String, Subquery, cast, delete, func, literal, select, true, update
from sqlmodel import Session, SQLModel

from schedules.recompute import recompute, trainees_of_unit
from storage.columns import Facts, columns, table
from storage.tables import Entry, Outbox, Pairing, Person, Standing, Trainee, Unit

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
"""A Tuesday at 09:00, five years after everybody began."""
RULEBOOK = "ostergotland-allmanmedicin"
STARTS_ON, ENDS_ON = date(2021, 11, 22), date(2027, 6, 30)
_EACH_YEAR = {
    "supervision": 40,
    "assessment": 9,
    "course": 3,
    "st_meeting": 8,
    "iup_revision": 2,
    "kollegium": 1,
    "development_talk": 1,
}
"""Entries a year: about sixty, three hundred in five years."""


def settle(session: Session, lived: int, years: int = 5) -> list[int]:
    """One unit with a supervisor and some trainees with years behind them, judged; returns their ids."""
    unit = Unit(name="Storstaden", rulebook=RULEBOOK)
    eva = Person(email="eva@exempel.se", name="Eva Ek", created_at=NOW)
    session.add_all([unit, eva])
    session.flush()
    for number in range(lived):
        _one(session, unit, eva, years, random.Random(number))
    trainees = trainees_of_unit(session, unit.id)
    recompute(session, trainees, NOW, "crowd")
    # They have been watched all along, and what has come was told: no morning brings it all at once.
    told = {"says_from": NOW - timedelta(days=366 * (years + 1)), "said_at": NOW}
    session.execute(update(table(Standing)).values(told))
    recompute(session, trainees, NOW, "crowd")
    session.execute(delete(table(Outbox)))
    return trainees


def _one(session: Session, unit: Unit, eva: Person, years: int, chance: random.Random) -> None:
    person = Person(email=f"{chance.random()}@exempel.se", name="Anna Berg", created_at=NOW)
    session.add(person)
    session.flush()
    trainee = Trainee(person_id=person.id or 0, unit_id=unit.id or 0, starts_on=STARTS_ON, ends_on=ENDS_ON)
    session.add(trainee)
    session.flush()
    session.add(Pairing(trainee_id=trainee.id or 0, supervisor_id=eva.id or 0, from_on=STARTS_ON))
    session.flush()
    history = list(_history(trainee.id or 0, years, chance))
    session.execute(table(Entry).insert(), history)
    entry = columns(Entry)
    session.execute(update(table(Entry)).where(entry.chain_id.is_(None)).values(chain_id=entry.id))


def _history(trainee: int, years: int, chance: random.Random) -> Iterator[Facts]:
    length = years * 365
    for activity, often in _EACH_YEAR.items():
        for _ in range(often * years):
            day = NOW.date() - timedelta(days=chance.randrange(1, length))  # none today: that is logged
            made = Entry(trainee_id=trainee, activity=activity, on_date=day, minutes=60, written_at=NOW)
            yield made.model_dump(exclude={"id"})


def multiply(session: Session, times: int, *, history: bool = True) -> None:
    """Copy everybody so many times over, with standing rows and entries: one statement for each table."""
    person, trainee, chain = (_highest(session, model) for model in (Person, Trainee, Entry))
    number = _numbers(times)
    mail = columns(Person).email + "+" + cast(number.c.n, String)
    _copy(session, Person, number, {"id": person}, email=mail)
    _copy(session, Trainee, number, {"id": trainee, "person_id": person})
    _copy(session, Pairing, number, {"trainee_id": trainee, "supervisor_id": person})
    _copy(session, Standing, number, {"trainee_id": trainee})
    if history:
        _copy(session, Entry, number, {"trainee_id": trainee, "chain_id": chain})


def _highest(session: Session, model: type[SQLModel]) -> int:
    """What to add to an id, once for each copy, so that none meets another."""
    return int(session.execute(select(func.max(columns(model).id))).scalar_one() or 0)


def _numbers(count: int) -> Subquery:
    """1 … count, made by the database."""
    first = select(literal(1).label("n")).cte("numbers", recursive=True)
    more = first.union_all(select(first.c.n + 1).where(first.c.n < count))
    return select(more.c.n).subquery("number")


def _copy(
    session: Session,
    model: type[SQLModel],
    number: Subquery,
    shifts: Mapping[str, int],
    **made: ColumnElement[str],
) -> None:
    """Each row once for each number, the named ids moved on; an `id` not named is left to the database."""
    moved = {name: columns(model)[name] + number.c.n * shift for name, shift in shifts.items()}
    kept = {column.name: column for column in table(model).columns if column.name != "id"}
    values = {**kept, **moved, **made}
    rows = select(*values.values()).select_from(table(model).join(number, true()))
    session.execute(table(model).insert().from_select(list(values), rows))
