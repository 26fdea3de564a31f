"""Made-up remits: what a reader sees of some units, without a database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from schedules.choices import set_of_unit
from schedules.digests.figures import Figures, Share
from schedules.digests.seen import Seen
from schedules.rules.requirement import Requirement
from schedules.rules.rulebook import shipped
from storage.tables import Person, Standing, Trainee, Unit

BOOK = shipped()["ostergotland-allmanmedicin"]
THEN = datetime(2026, 1, 7, tzinfo=UTC)
STATES = ("ok", "soon", "overdue", "paused", "met")


def unit(number: int, name: str, **habits: bool) -> Unit:
    made = Unit(id=number, name=name, rulebook=BOOK.key)
    set_of_unit(made, habits)
    return made


def seen(number: int, name: str, at: Unit, states: Mapping[str, str]) -> Seen:
    """A trainee with a row of each state, by requirement."""
    rows = tuple(
        Standing(trainee_id=number, requirement=key, state=state, says_from=THEN)
        for key, state in states.items()
    )
    trainee = Trainee(id=number, person_id=number, unit_id=at.id or 0, starts_on=THEN.date())
    person = Person(id=number, email=f"{number}@exempel.se", name=name, created_at=THEN)
    return Seen(trainee, person, at, rows)


def figures(people: Sequence[Seen], nameable: frozenset[int] | None = None) -> Figures:
    keys = {row.requirement for each in people for row in each.rows}
    shares = tuple(Share(asked, 0, 0, 0) for asked in columns() if asked.key in keys)
    in_step = sum(all(row.state != "overdue" for row in each.rows) for each in people)
    return Figures(tuple(people), (), in_step, shares, (), (), (), (), nameable=nameable)


def columns() -> tuple[Requirement, ...]:
    return tuple(BOOK.requirements.values())


def crowd(count: int, at: Unit, first: int = 1) -> list[Seen]:
    """Trainees whose rows have every state in turn, one for each of the first thirteen requirements."""
    keys = [asked.key for asked in columns()][:13]
    return [
        seen(n, f"Åsa Öhrn-Ängström {n}", at, {key: STATES[(n + i) % 5] for i, key in enumerate(keys)})
        for n in range(first, first + count)
    ]
