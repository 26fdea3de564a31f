"""What surrounds what took place in some trainees' lives: when they are away, whom they meet, who leads.

One statement for seven small tables: each is cheap to answer and dear to ask, in a log as on the way to
PostgreSQL. Every arm has the same columns, empty where its table has nothing to say.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, time
from operator import attrgetter
from typing import Any

from sqlalchemy import (
    BindParameter,
    CompoundSelect,
    Date,
    Integer,
    Row,
    Select,
    String,
    Time,
    bindparam,
    cast,
    literal_column,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.types import TypeEngine
from sqlmodel import Session

from schedules.habits import OWN
from schedules.lives.life import Muted, Paired, Planned, Stay
from schedules.manners import Quiet
from schedules.timeline import Leave
from schedules.zone import to_local
from storage.columns import Facts, Stamp, columns
from storage.lists import Among, Listed, written
from storage.tables import Absence, Booking, Mute, Pairing, Person, Placement, Role, RoleName, Trainee

_A, _B, _M, _P = columns(Absence), columns(Booking), columns(Mute), columns(Pairing)
_R, _S, _T, _W = columns(Role), columns(Placement), columns(Trainee), columns(Person)
_SINCE: BindParameter[Any] = bindparam("since", type_=Date)

_SHAPE: Mapping[str, TypeEngine[Any]] = {
    "key": Integer(),
    "word": String(),
    "text": String(),
    "from_on": Date(),
    "to_on": Date(),
    "person": Integer(),
    "days": Integer(),
    "at": Stamp(),
    "over_at": Stamp(),
    "morning": Time(),
    "weekly_at": Time(),
}


def _arm(what: str, whose: ColumnElement[Any], **told: ColumnElement[Any]) -> Select[Any]:
    """One table's rows in the shape of all."""
    shaped = [told.get(name, cast(null(), kind)).label(name) for name, kind in _SHAPE.items()]
    return select(literal_column(f"'{what}'", String).label("what"), whose.label("whose"), *shaped)


def _leaves(among: Among) -> Select[Any]:
    told = _arm("leave", _A.trainee_id, word=_A.kind, from_on=_A.from_on, to_on=_A.to_on)
    return told.where(among(_A.trainee_id, "ids"), _A.voided_at.is_(None))


def _mutes(among: Among) -> Select[Any]:
    told = _arm(
        *("mute", _M.trainee_id),
        word=_M.requirement,
        to_on=_M.until,
        text=_M.reason,
        at=_M.written_at,
        over_at=_M.lifted_at,
    )
    return told.where(among(_M.trainee_id, "ids"), _M.until > _SINCE)


def _bookings(among: Among) -> Select[Any]:
    told = _arm(
        *("booking", _B.trainee_id),
        key=_B.id,
        word=_B.activity,
        from_on=_B.on_date,
        to_on=_B.end_date,
        at=_B.written_at,
        text=_B.reason,
    )
    stands = _B.state.in_(written("planned", "not_held", "moved")), _B.on_date >= _SINCE
    return told.where(among(_B.trainee_id, "ids"), *stands)


def _pairs(among: Among) -> Select[Any]:
    told = _arm(
        *("pair", _P.trainee_id),
        key=_P.id,
        person=_P.supervisor_id,
        word=_P.kind,
        from_on=_P.from_on,
        to_on=_P.to_on,
        days=_P.agreed_days,
    )
    return told.where(among(_P.trainee_id, "ids"))


def _stays(among: Among) -> Select[Any]:
    told = _arm(
        *("stay", _S.trainee_id),
        key=_S.id,
        word=_S.place,
        from_on=_S.from_on,
        to_on=_S.to_on,
        person=_P.supervisor_id,
        text=_S.supervisor_name,
        at=_S.written_at,
    ).outerjoin(_P.id.table, _P.id == _S.pairing_id)
    return told.where(among(_S.trainee_id, "ids"), _S.voided_at.is_(None))


def _leaders(among: Among) -> Select[Any]:
    return _arm("leader", _R.unit_id, word=_R.role, person=_R.person_id).where(*_leads(among))


def _leads(among: Among) -> Sequence[ColumnElement[bool]]:
    return among(_R.unit_id, "units"), _R.role.in_(written(RoleName.STUDIEREKTOR, RoleName.HEAD))


def _habits(among: Among) -> Select[Any]:
    told = _arm("habits", _W.id, days=_W.weekly_day, morning=_W.morning, weekly_at=_W.weekly_at)
    return told.where(_W.id.in_(_reminded(among)), or_(*(_W[key].is_not(None) for key in OWN)))


def _reminded(among: Among) -> CompoundSelect[Any]:
    """All who may be: the trainees, their supervisors, and who leads their units."""
    return union_all(
        select(_T.person_id).where(among(_T.id, "ids")),
        select(_P.supervisor_id).where(among(_P.trainee_id, "ids")),
        select(_R.person_id).where(*_leads(among)),
    )


def _around(among: Among) -> CompoundSelect[Any]:
    arms = (_leaves, _bookings, _pairs, _stays, _leaders, _mutes, _habits)
    return union_all(*(arm(among) for arm in arms))


_AROUND = Listed(_around, "ids", "units")
_LEAVES = Listed(_leaves, "ids")
_MUTES = Listed(_mutes, "ids")


def leaves(session: Session, ids: Collection[int]) -> dict[int, tuple[Leave, ...]]:
    """When some trainees are away, by trainee; without those who never are. No statement for nobody."""
    found: defaultdict[int, tuple[Leave, ...]] = defaultdict(tuple)
    for row in _LEAVES.ask(session, ids=ids) if ids else ():
        found[row.whose] += (_leave(row),)
    return found


def mutes(session: Session, ids: Collection[int], today: date) -> dict[tuple[int, str], Muted]:
    """What is silenced on a day, by trainee and requirement; of two that overlap the longer."""
    found = _MUTES.ask(session, ids=ids, since=today)
    stands = (row for row in sorted(found, key=_ends) if row.over_at is None)
    return {(row.whose, row.word): _muted(row) for row in stands}


class Circumstances:
    """What the tables say of some trainees, by trainee (leaders by unit, habits by person)."""

    def __init__(self, session: Session, ids: Collection[int], units: Collection[int], since: date) -> None:
        self._rows: defaultdict[tuple[str, int], list[Row[Any]]] = defaultdict(list)
        self.own: dict[int, Facts] = {}
        """What people have set of their own habits; who has set nothing is left out."""
        for row in _AROUND.ask(session, ids=ids, units=units, since=since):
            self._rows[row.what, row.whose].append(row)
            if row.what == "habits":
                self.own[row.whose] = {
                    "morning": row.morning,
                    "weekly_day": row.days,
                    "weekly_at": row.weekly_at,
                }

    def leaves(self, trainee: int) -> tuple[Leave, ...]:
        return tuple(_leave(row) for row in self._of("leave", trainee))

    def planned(self, trainee: int, zone: str) -> tuple[Planned, ...]:
        """What was moved is one with what it was moved to, made when the first was."""
        rows = sorted(self._of("booking", trainee), key=_key)
        made = {row.key: row.at for row in rows}
        moved = {row.key: int(row.text[3:]) for row in rows if (row.text or "").startswith("to ")}
        for old, new in moved.items():
            made[new] = made[old]
        latest = (row for row in rows if row.key not in moved)
        return tuple(
            # What did not come off has its reason; what is planned has none.
            Planned(row.word, row.from_on, row.to_on, to_local(made[row.key], zone), row.text is None)
            for row in latest
        )

    def pairs(self, trainee: int) -> tuple[Paired, ...]:
        return tuple(
            Paired(row.key, row.person, row.word, row.from_on, row.to_on, row.days)
            for row in self._of("pair", trainee)
        )

    def stays(self, trainee: int, zone: str) -> tuple[Stay, ...]:
        """In the order of time."""
        found = sorted(self._of("stay", trainee), key=lambda row: (row.from_on, row.key))
        return tuple(_stay(row, zone) for row in found)

    def leaders(self, unit: int) -> list[tuple[str, int]]:
        """Roles and who has them."""
        return [(row.word, row.person) for row in self._of("leader", unit)]

    def muted(self, trainee: int, today: date) -> dict[str, Muted]:
        """By requirement, while it lasts; of two that overlap the longer."""
        found = sorted(self._of("mute", trainee), key=_ends)
        return {row.word: _muted(row) for row in found if row.to_on > today and row.over_at is None}

    def quiet(self, trainee: int, zone: str) -> dict[str, tuple[Quiet, ...]]:
        """By requirement: from when it was silenced until when it may be spoken of again, or was lifted."""
        found: defaultdict[str, tuple[Quiet, ...]] = defaultdict(tuple)
        for row in self._of("mute", trainee):
            found[row.word] += (_quiet(row, zone),)
        return found

    def _of(self, what: str, whose: int) -> Sequence[Row[Any]]:
        return self._rows.get((what, whose), ())


_ends = attrgetter("to_on")
_key = attrgetter("key")


def _leave(row: Row[Any]) -> Leave:
    return Leave(row.word, row.from_on, row.to_on)


def _muted(row: Row[Any]) -> Muted:
    return Muted(row.to_on, row.text)


def _quiet(row: Row[Any], zone: str) -> Quiet:
    ends = datetime.combine(row.to_on, time.min)
    lifted = to_local(row.over_at, zone) if row.over_at else ends
    return Quiet(to_local(row.at, zone), min(ends, lifted))


def _stay(row: Row[Any], zone: str) -> Stay:
    named = to_local(row.at, zone).date() if row.person or row.text else None
    return Stay(row.key, row.word, row.from_on, row.to_on, row.person, named)
