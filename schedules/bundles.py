"""Whether somebody gets a bundle later the same day: then what can wait travels with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, null, select, union_all
from sqlmodel import Session

from schedules.lives.asked import asked_of, judge
from schedules.lives.reading import load
from schedules.manners import EVENING
from schedules.newest import next_after
from schedules.planning import Window, planned_for
from schedules.zone import to_local, to_utc
from storage.columns import Stamp, columns
from storage.prepared import Prepared
from storage.states import IS_PENDING
from storage.tables import Outbox, Pairing, Standing, Trainee

ALONE_AFTER = timedelta(minutes=5)
"""Should the bundle not come after all, what waited for it goes by itself so long after its moment."""

_O, _S, _T, _P = columns(Outbox), columns(Standing), columns(Trainee), columns(Pairing)
_THEIRS = union_all(
    select(_T.id).where(_T.person_id == bindparam("person")),
    select(_P.trainee_id).where(_P.supervisor_id == bindparam("person")),
)
"""Whose reminders reach somebody: one's own training's, and those of whom one supervises."""
# Found by whose it is, never by when: on a Monday morning a whole country's rows are looked at.
_LOOK_AT = func.coalesce(_S.look_at, null())
_NOW, _UNTIL = (bindparam(name, type_=Stamp()) for name in ("now", "until"))
_COMING = Prepared(
    union_all(
        select(_O.next_at.label("at"), null().label("trainee")).where(
            _O.person_id == bindparam("person"),
            _O.kind == "nudge",
            IS_PENDING,
            _O.next_at > _NOW,
            _O.next_at <= _UNTIL,
        ),
        select(_LOOK_AT, _S.trainee_id).where(
            _S.trainee_id.in_(_THEIRS), _LOOK_AT > _NOW, _LOOK_AT <= _UNTIL
        ),
    )
)
"""What is queued, and whose standing rows are looked at in a time. Built once: every log asks it."""


def coming_bundle(session: Session, person_id: int, now: datetime, zone: str) -> datetime | None:
    """The moment, later today until 17:00, at which somebody is reminded of something; None when none is."""
    until = to_utc(datetime.combine(to_local(now, zone).date(), EVENING), zone)
    session.flush()
    about = {"person": person_id, "now": now, "until": until}
    found = _COMING.rows(session, about)
    waiting = [row.at for row in found if row.trainee is None]
    looked_at = {row.trainee for row in found if row.trainee is not None}
    return min([*waiting, *_planned(session, sorted(looked_at), person_id, now, until)], default=None)


def _planned(
    session: Session, trainees: Sequence[int], person_id: int, now: datetime, until: datetime
) -> Iterator[datetime]:
    """What is not queued yet but will be: of the standing rows that are looked at today."""
    for trainee in trainees:
        life = load(session, trainee, now)
        for asked in asked_of(life):
            verdict = judge(life, asked, life.local.date())
            habits = life.habits_of(person_id)
            planned = planned_for(life, asked.requirement, verdict, habits, Window(life.local))
            mine = [m for m in planned if person_id in asked.whom(m)]
            moment = next_after(mine, life.local)
            if moment and to_utc(moment.at, life.unit.timezone) <= until:
                yield to_utc(moment.at, life.unit.timezone)
