"""What is odd about the people and pairs as they stand, and what to write instead: for the yearly round."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Final

from sqlmodel import Session, col, select

from schedules.lives.life import Life, Paired
from schedules.lives.reading import batches, load_many
from schedules.refreshers import refreshers
from schedules.zone import to_local
from storage.tables import Person, Role, RoleName, Trainee, Unit

NEAR: Final = timedelta(days=365)
"""How long before a supervisor's last day somebody else is to be found: the yearly round comes once more."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What is odd, whose (an e-mail), and what mends it. `kind` names it for programs."""

    kind: str
    who: str
    text: str


def findings(session: Session, now: datetime, zone: str) -> list[Finding]:
    """Everything there is to mend at an aware moment: trainees by name, then their supervisors."""
    people = {person.id or 0: person for person in session.exec(select(Person)).all()}
    trainees = select(Trainee.id).join(Person, col(Person.id) == col(Trainee.person_id))
    ids = [key or 0 for key in session.exec(trainees.order_by(col(Person.name), col(Person.id))).all()]
    lives = [life for batch in batches(ids) for life in load_many(session, batch, now)]
    today = to_local(now, zone).date()
    return [
        *(each for life in lives for each in _of_trainee(life, people)),
        *_untrained(session, today),
        *_leaving(session, lives, people, today),
    ]


def _of_trainee(life: Life, people: dict[int, Person]) -> Iterator[Finding]:
    who, today = people[life.trainee.person_id].email, life.local.date()
    end, main = life.timeline.planned_end, _main(life)
    if end is not None and end < today:
        if main:
            yield Finding(
                "ended", who, f"utbildningen är slut sedan {end}: skriv ett senare end om den pågår"
            )
        return
    if main is None:
        yield Finding("no_supervisor", who, "har ingen huvudhandledare: fyll i supervisor")
    for first, second in pairwise(life.stays):
        if second.from_on <= first.to_on:
            text = f"{first.place} till {first.to_on} och {second.place} från {second.from_on} överlappar"
            yield Finding("overlap", who, f"{text}: ångra den ena i chatten")


def _main(life: Life) -> Paired | None:
    return next((p for p in life.pairs if p.kind == "main" and p.lasts(life.local.date())), None)


def _untrained(session: Session, today: date) -> Iterator[Finding]:
    """Of the units whose rulebook asks for it; once for each person, by whom it is due first."""
    units = session.exec(select(Unit).order_by(col(Unit.name))).all()
    told: set[str] = set()
    for each in sorted(refreshers(session, units, today), key=lambda found: found.due_on):
        who = each.person.email
        if who in told or (each.last_on is not None and each.due_on >= today):
            continue
        told.add(who)
        known = f"senast {each.last_on}" if each.last_on else "ingen känd"
        yield Finding(
            "untrained", who, f"handledarutbildning: {known}; skriv `handledarkurs DATUM` i chatten"
        )


def _leaving(
    session: Session, lives: list[Life], people: dict[int, Person], today: date
) -> Iterator[Finding]:
    """Supervisors whose last day (their row's `end`) comes within a year and before their trainee's."""
    soon = select(Role).where(Role.role == RoleName.SUPERVISOR, col(Role.last_day) <= today + NEAR)
    last = {role.person_id: role.last_day for role in session.exec(soon).all()}
    for life in lives:
        main, end = _main(life), life.timeline.planned_end
        day = last.get(main.supervisor) if main else None
        if main and day and (end is None or (day < end and end >= today)):
            trainee = people[life.trainee.person_id].email
            text = f"slutar {day}, före {trainee}: utse en ny supervisor"
            yield Finding("leaving", people[main.supervisor].email, text)
