"""Reminding a pair because somebody who answers for them asked: in the same bundle, hours and words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from schedules.calendar import SWEDEN
from schedules.keeping import nudge_facts
from schedules.lives.asked import Asked, asked_of, nudge_subject
from schedules.lives.life import Life
from schedules.lives.reading import load
from schedules.manners import speaking_time
from schedules.outbox.outgoing import Notice, queued, tell
from schedules.outbox.own_absence import days_away
from schedules.reminding import ASKED_BY
from schedules.rules.requirement import Requirement
from schedules.standings import rows_of
from schedules.zone import to_utc
from storage.tables import DailyBundle, Standing

PAIR = ("trainee", "supervisor", "placement_supervisor", "outgoing_supervisor")
"""Of those a requirement reminds: a studierektor who asks is not reminded themselves."""
WAITS = ("overdue", "soon")

MOST = 32
"""Characters of a period's column."""


@dataclass(frozen=True, slots=True)
class Heard:
    """Who are told of the same at the same local moment."""

    at: datetime
    people: tuple[int, ...]
    requirements: tuple[Requirement, ...]


@dataclass(frozen=True, slots=True)
class Urged:
    """What waits, and who is told of how much of it when: the first moment first."""

    requirements: tuple[Requirement, ...]
    heard: tuple[Heard, ...]
    is_new: bool
    """False when the same was asked for earlier today."""


def urge(session: Session, trainee_id: int, asker: int, now: datetime) -> Urged:
    """Queue a reminder of all that waits for one trainee and is not silenced, at most once a day.

    Nothing is queued while the trainee is away: then nothing waits. A log withdraws it as any other.
    """
    life = load(session, trainee_id, now)
    found = [(asked, row, person) for asked, row in _waiting(session, life) for person in _whom(asked, asker)]
    on_its_way = _on_its_way(session, found)
    moments = {person: _moment(session, life, person) for person in {each for _, _, each in found}}
    told = [
        tell(session, _notice(life, row, person, asker, at), now)
        for _, row, person in found
        if (at := moments[person]) is not None and (person, _subject(row)) not in on_its_way
    ]
    return Urged(
        requirements=_once(asked for asked, _, _ in found),
        heard=_heard(found, moments),
        is_new=any(key is not None for key in told),
    )


def _once(asked: Iterable[Asked]) -> tuple[Requirement, ...]:
    return tuple({each.requirement.key: each.requirement for each in asked}.values())


def _heard(
    found: Sequence[tuple[Asked, Standing, int]], moments: Mapping[int, datetime | None]
) -> tuple[Heard, ...]:
    """A requirement may remind one half alone, and one half may have had the day's message already."""
    together: defaultdict[tuple[datetime, tuple[str, ...]], list[int]] = defaultdict(list)
    asked = {person: _once(each for each, _, whom in found if whom == person) for person in moments}
    for person, at in sorted(moments.items()):
        if at is not None:
            together[at, tuple(each.key for each in asked[person])].append(person)
    heard = (Heard(at, tuple(people), asked[people[0]]) for (at, _), people in together.items())
    return tuple(sorted(heard, key=lambda each: (each.at, each.people)))


def _waiting(session: Session, life: Life) -> Iterator[tuple[Asked, Standing]]:
    rows = {(row.requirement, row.occasion): row for row in rows_of(session, life.trainee.id or 0)}
    for asked in asked_of(life):
        row = rows.get(asked.key)
        if row and row.state in WAITS and asked.requirement.key not in life.muted:
            yield asked, row


def _whom(asked: Asked, asker: int) -> list[int]:
    """The pair's halves that the requirement reminds, without the one who asked."""
    roles = [role for role in PAIR if role in asked.requirement.reminds]
    people = {person for role in roles for person in asked.occasion.people.get(role, ())}
    return sorted(people - {asker})


def _subject(row: Standing) -> str:
    return nudge_subject(row.trainee_id, row.requirement, row.occasion)


def _on_its_way(
    session: Session, found: Sequence[tuple[Asked, Standing, int]]
) -> set[tuple[int | None, str]]:
    """Who is told of what soon as it is."""
    subjects = [_subject(row) for _, row, _ in found]
    return {(each.person_id, each.subject) for each in queued(session, "nudge", subjects)}


def _moment(session: Session, life: Life, person: int) -> datetime | None:
    """The first local moment at which one may be spoken to, a day with its bundle gone out left alone."""
    gone_out = col(DailyBundle.on_date) >= life.local.date()
    sent = set(
        session.exec(select(col(DailyBundle.on_date)).where(DailyBundle.person_id == person, gone_out)).all()
    )
    morning, is_away = life.habits_of(person).morning, days_away(session, person)
    return speaking_time(
        life.local,
        SWEDEN,
        lambda day: day in sent or is_away(day),
        morning,
    )


def _notice(life: Life, row: Standing, person: int, asker: int, at: datetime) -> Notice:
    zone = life.unit.timezone
    return Notice(
        person_id=person,
        kind="nudge",
        subject=_subject(row),
        period=f"{row.period}@{life.local:%m%d}"[-MOST:],
        step="soon" if row.state == "soon" else "repeat",
        due_at=to_utc(at, zone),
        bundle=at.date(),
        facts=nudge_facts(row) | {ASKED_BY: asker},
    )
