"""One trainee's life as the rules see it, read from what is remembered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Integer, bindparam, select
from sqlmodel import Session

from schedules.evaluate import Happening
from schedules.rulebook import Rulebook, shipped
from schedules.timeline import Leave, Timeline
from schedules.zone import to_local
from storage.columns import columns
from storage.tables import Absence, Booking, Entry, EntryState, Pairing, Role, RoleName, Trainee, Unit


@dataclass(frozen=True, slots=True)
class Planned:
    """A booking that still stands: an activity on a local date."""

    activity: str
    on: date


@dataclass(frozen=True, slots=True)
class Life:
    """All that decides how a trainee stands. `people` holds person ids by role, `local` the unit's clock."""

    local: datetime
    trainee: Trainee
    unit: Unit
    rulebook: Rulebook
    timeline: Timeline
    happenings: tuple[Happening, ...]
    bookings: tuple[Planned, ...]
    people: Mapping[str, tuple[int, ...]]


_E, _A, _B = columns(Entry), columns(Absence), columns(Booking)
_P, _R = columns(Pairing), columns(Role)
_TRAINEE = bindparam("trainee", type_=Integer)

_ENTRIES = select(_E.on_date, _E.activity, _E.minutes, _E.instrument, _E.end_date).where(
    _E.trainee_id == _TRAINEE, _E.state == EntryState.LIVE
)
_LEAVES = select(_A.kind, _A.from_on, _A.to_on).where(_A.trainee_id == _TRAINEE, _A.voided_at.is_(None))
_BOOKINGS = select(_B.activity, _B.on_date).where(
    _B.trainee_id == _TRAINEE, _B.state == "planned", _B.on_date >= bindparam("since")
)
_SUPERVISORS = select(_P.supervisor_id, _P.kind, _P.from_on, _P.to_on).where(_P.trainee_id == _TRAINEE)
_LEADERS = select(_R.role, _R.person_id).where(
    _R.unit_id == bindparam("unit"), _R.role.in_([RoleName.STUDIEREKTOR, RoleName.HEAD])
)


def load(session: Session, trainee_id: int, now: datetime) -> Life:
    """Read a trainee's life as of an aware moment. Raises LookupError when there is no such trainee."""
    trainee = session.get(Trainee, trainee_id)
    if trainee is None:
        msg = f"no trainee {trainee_id}"
        raise LookupError(msg)
    unit = session.get_one(Unit, trainee.unit_id)
    local = to_local(now, unit.timezone)
    about = {"trainee": trainee_id}
    return Life(
        local=local,
        trainee=trainee,
        unit=unit,
        rulebook=rulebook_of(unit),
        timeline=_timeline(trainee, session.execute(_LEAVES, about)),
        happenings=tuple(Happening(*row) for row in session.execute(_ENTRIES, about)),
        bookings=tuple(
            Planned(*row) for row in session.execute(_BOOKINGS, about | {"since": _monday(local.date())})
        ),
        people=_people(session, trainee, local.date()),
    )


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def rulebook_of(unit: Unit) -> Rulebook:
    """The rulebook a unit follows. Raises LookupError naming the unit when it is not installed."""
    try:
        return shipped()[unit.rulebook]
    except KeyError:
        msg = f"unit {unit.name!r} follows rulebook {unit.rulebook!r}, which is not installed"
        raise LookupError(msg) from None


def _timeline(trainee: Trainee, leaves: Iterable[Any]) -> Timeline:
    return Timeline(
        starts_on=trainee.starts_on,
        ends_on=trainee.ends_on,
        employed_on=trainee.employed_on,
        watched_from=trainee.watched_from,
        leaves=tuple(Leave(kind, from_on, to_on) for kind, from_on, to_on in leaves),
    )


def _people(session: Session, trainee: Trainee, today: date) -> dict[str, tuple[int, ...]]:
    found: dict[str, list[int]] = {"trainee": [trainee.person_id]}
    for person, kind, from_on, to_on in session.execute(_SUPERVISORS, {"trainee": trainee.id}):
        if kind == "main" and from_on <= today and (to_on is None or today <= to_on):
            found.setdefault("supervisor", []).append(person)
    for role, person in session.execute(_LEADERS, {"unit": trainee.unit_id}):
        found.setdefault(role, []).append(person)
    return {role: tuple(sorted(people)) for role, people in found.items()}
