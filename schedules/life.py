"""Trainees' lives as the rules see them, read from what is remembered: one statement for each table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import BindParameter, bindparam, select
from sqlmodel import Session, col
from sqlmodel import select as rows

from schedules.evaluate import Happening
from schedules.requirement import Requirement, Span
from schedules.rulebook import Rulebook, shipped
from schedules.timeline import Leave, Timeline
from schedules.zone import to_local
from storage.columns import columns
from storage.tables import (
    Absence,
    Booking,
    Entry,
    EntryState,
    Pairing,
    Placement,
    Role,
    RoleName,
    Trainee,
    Unit,
)


@dataclass(frozen=True, slots=True)
class Planned:
    """A booking that still stands: an activity on a local date."""

    activity: str
    on: date


@dataclass(frozen=True, slots=True)
class Paired:
    """A supervisor's time with the trainee, both days inclusive; `to_on` None while it lasts."""

    id: int
    supervisor: int
    kind: str
    from_on: date
    to_on: date | None
    agreed_days: int | None

    def lasts(self, day: date) -> bool:
        """Whether they are a pair on a day."""
        return self.from_on <= day and (self.to_on is None or day <= self.to_on)


@dataclass(frozen=True, slots=True)
class Stay:
    """A placement, both days inclusive. `supervisor` is a person id; `named_on` the day one was named."""

    id: int
    place: str
    from_on: date
    to_on: date
    supervisor: int | None
    named_on: date | None

    def lasts(self, day: date) -> bool:
        """Whether the trainee serves there on a day."""
        return self.from_on <= day <= self.to_on


@dataclass(frozen=True, slots=True)
class Life:
    """All that decides how a trainee stands. `people` holds person ids by role, `local` the unit's clock."""

    local: datetime
    trainee: Trainee
    unit: Unit
    rulebook: Rulebook
    timeline: Timeline
    renewed: Timeline | None
    """The timeline for what a change of rulebook brought: no such clock starts before that day."""
    happenings: tuple[Happening, ...]
    bookings: tuple[Planned, ...]
    people: Mapping[str, tuple[int, ...]]
    pairs: tuple[Paired, ...] = ()
    stays: tuple[Stay, ...] = ()

    @property
    def agreed(self) -> Span | None:
        """The interval that the trainee and the main supervisor of today have agreed on."""
        main = next((p for p in self.pairs if p.kind == "main" and p.lasts(self.local.date())), None)
        return Span(days=main.agreed_days) if main and main.agreed_days else None

    def timeline_of(self, requirement: Requirement) -> Timeline:
        """When the clock of a requirement runs: anew if the present rulebook brought or changed it."""
        if self.renewed is None or _is_kept(requirement, self.unit.rulebook_before):
            return self.timeline
        return self.renewed


BATCH = 200
"""Trainees in one go: each table is read once for all of them, and a log never waits long for it."""

_E, _A, _B = columns(Entry), columns(Absence), columns(Booking)
_P, _R, _S = columns(Pairing), columns(Role), columns(Placement)
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)

_ENTRIES = select(_E.trainee_id, _E.on_date, _E.activity, _E.minutes, _E.instrument, _E.end_date, _E.origin)
_ENTRIES = _ENTRIES.where(_E.trainee_id.in_(_IDS), _E.state == EntryState.LIVE)
_LEAVES = select(_A.trainee_id, _A.kind, _A.from_on, _A.to_on)
_LEAVES = _LEAVES.where(_A.trainee_id.in_(_IDS), _A.voided_at.is_(None))
_BOOKINGS = select(_B.trainee_id, _B.activity, _B.on_date)
_BOOKINGS = _BOOKINGS.where(_B.trainee_id.in_(_IDS), _B.state == "planned", _B.on_date >= bindparam("since"))
_PAIRS = select(_P.trainee_id, _P.id, _P.supervisor_id, _P.kind, _P.from_on, _P.to_on, _P.agreed_days).where(
    _P.trainee_id.in_(_IDS)
)
_STAYS = select(
    _S.trainee_id,
    _S.id,
    _S.place,
    _S.from_on,
    _S.to_on,
    _P.supervisor_id,
    _S.supervisor_name,
    _S.written_at,
)
_STAYS = _STAYS.outerjoin(_P.id.table, _P.id == _S.pairing_id).order_by(_S.from_on, _S.id)
_STAYS = _STAYS.where(_S.trainee_id.in_(_IDS), _S.voided_at.is_(None))
_LEADERS = select(_R.unit_id, _R.role, _R.person_id).where(
    _R.unit_id.in_(_IDS), _R.role.in_([RoleName.STUDIEREKTOR, RoleName.HEAD])
)


def load(session: Session, trainee_id: int, now: datetime) -> Life:
    """Read a trainee's life as of an aware moment. Raises LookupError when there is no such trainee."""
    found = load_many(session, [trainee_id], now)
    if not found:
        msg = f"no trainee {trainee_id}"
        raise LookupError(msg)
    return found[0]


def load_many(session: Session, ids: Sequence[int], now: datetime) -> list[Life]:
    """Read many lives, one statement for each table. Unknown ids are left out; the order is that of `ids`."""
    trainees = {t.id: t for t in session.exec(rows(Trainee).where(col(Trainee.id).in_(ids))).all()}
    wanted = {trainee.unit_id for trainee in trainees.values()}
    units = {unit.id: unit for unit in session.exec(rows(Unit).where(col(Unit.id).in_(wanted))).all()}
    found = _Found(session, list(trainees), list(wanted), _monday(now.date()) - timedelta(days=7))
    return [found.life(trainees[key], units[trainees[key].unit_id], now) for key in ids if key in trainees]


def batches(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """The ids in runs of BATCH, for one transaction each."""
    return (ids[at : at + BATCH] for at in range(0, len(ids), BATCH))


class _Found:
    """What the tables say of some trainees, by trainee (leaders by unit)."""

    def __init__(self, session: Session, ids: list[Any], units: list[int], since: date) -> None:
        about = {"ids": ids}
        self.entries = _grouped(session.execute(_ENTRIES, about))
        self.leaves = _grouped(session.execute(_LEAVES, about))
        self.bookings = _grouped(session.execute(_BOOKINGS, about | {"since": since}))
        self.pairs = _grouped(session.execute(_PAIRS, about))
        self.stays = _grouped(session.execute(_STAYS, about))
        self.leaders = _grouped(session.execute(_LEADERS, {"ids": units}))

    def life(self, trainee: Trainee, unit: Unit, now: datetime) -> Life:
        key, local = trainee.id or 0, to_local(now, unit.timezone)
        monday = _monday(local.date())
        pairs = tuple(Paired(*row) for row in self.pairs[key])
        stays = tuple(_stay(row, unit.timezone) for row in self.stays[key])
        leaves = tuple(Leave(*row) for row in self.leaves[key])
        return Life(
            local=local,
            trainee=trainee,
            unit=unit,
            rulebook=rulebook_of(unit),
            timeline=_timeline(trainee, leaves, trainee.watched_from),
            renewed=_timeline(trainee, leaves, _later(trainee, unit)) if unit.rulebook_from else None,
            happenings=tuple(_happening(*row) for row in self.entries[key]),
            bookings=tuple(Planned(*row) for row in self.bookings[key] if row[1] >= monday),
            people=_people(trainee, pairs, stays, self.leaders[trainee.unit_id], local.date()),
            pairs=pairs,
            stays=stays,
        )


def _grouped(found: Iterable[Any]) -> defaultdict[int, list[tuple[Any, ...]]]:
    groups: defaultdict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for key, *rest in found:
        groups[key].append(tuple(rest))
    return groups


def _happening(
    on: date, activity: str, minutes: int | None, instrument: str | None, end: date | None, origin: str
) -> Happening:
    return Happening(on, activity, minutes, instrument, end, told=origin == "history")


def _stay(row: tuple[Any, ...], zone: str) -> Stay:
    key, place, from_on, to_on, supervisor, name, written_at = row
    named = to_local(written_at, zone).date() if supervisor or name else None
    return Stay(key, place, from_on, to_on, supervisor, named)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def rulebook_of(unit: Unit) -> Rulebook:
    """The rulebook a unit follows. Raises LookupError naming the unit when it is not installed."""
    try:
        return shipped()[unit.rulebook]
    except KeyError:
        msg = f"unit {unit.name!r} follows rulebook {unit.rulebook!r}, which is not installed"
        raise LookupError(msg) from None


def _is_kept(requirement: Requirement, rulebook_before: str | None) -> bool:
    """The rulebook before asked for the very same: its clock goes on over the change."""
    before = shipped().get(rulebook_before or "")
    old = before.requirements.get(requirement.key) if before else None
    return old is not None and _asks(old) == _asks(requirement)


def _asks(of: Requirement) -> tuple[object, ...]:
    return (
        *(of.kind, of.activities, of.instruments, of.minutes, of.excused_below, of.every, of.first_within),
        *(of.count, of.longest_gap, of.fractions, of.anchor, of.within, of.per, of.terms),
    )


def _later(trainee: Trainee, unit: Unit) -> date | None:
    days = [day for day in (trainee.watched_from, unit.rulebook_from) if day]
    return max(days, default=None)


def _timeline(trainee: Trainee, leaves: tuple[Leave, ...], watched_from: date | None) -> Timeline:
    return Timeline(
        starts_on=trainee.starts_on,
        ends_on=trainee.ends_on,
        employed_on=trainee.employed_on,
        watched_from=watched_from,
        leaves=leaves,
    )


def _people(
    trainee: Trainee,
    pairs: Iterable[Paired],
    stays: Iterable[Stay],
    leaders: Iterable[tuple[Any, ...]],
    today: date,
) -> dict[str, tuple[int, ...]]:
    found: dict[str, set[int]] = defaultdict(set)
    found["trainee"].add(trainee.person_id)
    found["supervisor"] |= {p.supervisor for p in pairs if p.kind == "main" and p.lasts(today)}
    found["placement_supervisor"] |= {s.supervisor for s in stays if s.supervisor and s.lasts(today)}
    for role, person in leaders:
        found[role].add(person)
    return {role: tuple(sorted(people)) for role, people in found.items() if people}
