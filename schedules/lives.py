"""Trainees' lives, read from what is remembered: one statement for each table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import BindParameter, bindparam, select
from sqlmodel import Session, SQLModel
from sqlmodel import select as rows

from schedules.asked import watched
from schedules.choices import of_unit, own
from schedules.circumstances import Circumstances
from schedules.evaluate import Happening
from schedules.life import Life, Muted, Paired, Stay
from schedules.occasions import counted
from schedules.overrides import own_rules
from schedules.requirement import Requirement
from schedules.rulebook import Rulebook, concerning, shipped
from schedules.timeline import Leave, Timeline
from schedules.zone import to_local
from storage.columns import columns
from storage.states import IS_LIVE
from storage.tables import (
    Absence,
    Entry,
    Mute,
    Trainee,
    Unit,
)

T = TypeVar("T", bound=SQLModel)

BATCH = 200
"""Trainees in one go: each table is read once for all of them, and a log never waits long for it."""

_E, _A, _M = columns(Entry), columns(Absence), columns(Mute)
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)

# In the order of Happening's fields, after whose it is.
_TOLD = _E.origin.in_(["history", "import"]).label("told")
_ENTRIES = select(_E.trainee_id, _E.on_date, _E.activity, _E.minutes, _E.instrument, _E.end_date, _TOLD)
_ENTRIES = _ENTRIES.where(_E.trainee_id.in_(_IDS), IS_LIVE)
_SOME_ENTRIES = _ENTRIES.where(_E.activity.in_(bindparam("activities", expanding=True)))
_LEAVES = select(_A.trainee_id, _A.kind, _A.from_on, _A.to_on)
_LEAVES = _LEAVES.where(_A.trainee_id.in_(_IDS), _A.voided_at.is_(None))
_MUTES = select(_M.trainee_id, _M.requirement, _M.until, _M.reason).order_by(_M.until)
_MUTES = _MUTES.where(_M.trainee_id.in_(_IDS), _M.lifted_at.is_(None), _M.until > bindparam("since"))

REMEMBERED = timedelta(weeks=79)
"""How long a booking that has been still tells when a reminder was put off: a series may last 18 months."""


Chosen = Callable[[Requirement], bool]
"""Which requirements are to be judged."""


def load(session: Session, trainee_id: int, now: datetime, chosen: Chosen | None = None) -> Life:
    """Read a trainee's life as of an aware moment. Raises LookupError when there is no such trainee.

    With `chosen`, of what took place only what these requirements count: most of five years is left unread,
    and the life says so if it is asked for more.
    """
    found = load_many(session, [trainee_id], now, chosen)
    if not found:
        msg = f"no trainee {trainee_id}"
        raise LookupError(msg)
    return found[0]


def load_many(
    session: Session, ids: Sequence[int], now: datetime, chosen: Chosen | None = None
) -> list[Life]:
    """Read many lives, one statement for each table. Unknown ids are left out; the order is that of `ids`."""
    trainees = _by_id(session, Trainee, ids)
    wanted = {trainee.unit_id for trainee in trainees.values()}
    units = _by_id(session, Unit, list(wanted))
    known = None if chosen is None else _known(units.values(), chosen)
    found = _Found(session, list(trainees), list(wanted), now.date() - REMEMBERED, known)
    return [found.life(trainees[key], units[trainees[key].unit_id], now) for key in ids if key in trainees]


def _known(units: Iterable[Unit], chosen: Chosen) -> frozenset[str]:
    """What must be read of what took place to judge some requirements."""
    books = (watched(rulebook_of(unit).requirements.values()) for unit in units)
    return frozenset(key for book in books for each in filter(chosen, book) for key in counted(each))


def _by_id(session: Session, model: type[T], ids: Sequence[int]) -> dict[int, T]:
    """Those there are; a single one from the session, where the message has mostly read it already."""
    if len(ids) == 1:
        found = session.get(model, ids[0])
        return {ids[0]: found} if found else {}
    key = columns(model).id
    return {row.id: row for row in session.exec(rows(model).where(key.in_(ids))).all()}  # type: ignore[attr-defined]


def mutes(session: Session, ids: Sequence[int], today: date) -> dict[tuple[int, str], Muted]:
    """What is silenced on a day, by trainee and requirement."""
    found = session.execute(_MUTES, {"ids": list(ids), "since": today})
    return {(trainee, key): Muted(until, why) for trainee, key, until, why in found}


def leaves(session: Session, ids: Collection[int]) -> dict[int, tuple[Leave, ...]]:
    """When some trainees are away, by trainee; without those who never are. No statement for nobody."""
    found = _grouped(session.execute(_LEAVES, {"ids": list(ids)}).all()) if ids else {}
    return {trainee: tuple(Leave(*row) for row in rows_) for trainee, rows_ in found.items()}


def batches(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """The ids in runs of BATCH, for one transaction each."""
    return (ids[at : at + BATCH] for at in range(0, len(ids), BATCH))


class _Found:
    """What the tables say of some trainees, by trainee (leaders by unit)."""

    def __init__(
        self,
        session: Session,
        ids: list[Any],
        units: list[int],
        since: date,
        known: frozenset[str] | None,
    ) -> None:
        session.flush()
        self.known = known
        say, about = session.connection().execute, {"ids": ids}
        told = (
            say(_ENTRIES, about) if known is None else say(_SOME_ENTRIES, about | {"activities": list(known)})
        )
        self.entries = _by_activity(told.all())
        self.around = Circumstances(session, ids, units, since)

    def life(self, trainee: Trainee, unit: Unit, now: datetime) -> Life:
        key, local = trainee.id or 0, to_local(now, unit.timezone)
        around, today, habits = self.around, local.date(), of_unit(unit)
        pairs, stays, leaves = around.pairs(key), around.stays(key, unit.timezone), around.leaves(key)
        timeline = _timeline(trainee, leaves, trainee.watched_from)
        return Life(
            local=local,
            trainee=trainee,
            unit=unit,
            rulebook=concerning(rulebook_of(unit), trainee.kind),
            timeline=timeline,
            renewed={day: _timeline(trainee, leaves, _later(trainee, day)) for day in _changes(trainee)},
            done={activity: tuple(done) for activity, done in self.entries[key].items()},
            bookings=tuple(each for each in around.planned(key) if not timeline.is_absent(each.on)),
            people=_people(trainee, pairs, stays, around.leaders(trainee.unit_id), today),
            pairs=pairs,
            stays=stays,
            habits=habits,
            own_habits={person: own(habits, each) for person, each in around.own.items()},
            muted=around.muted(key, today),
            known=self.known,
        )


_happening = tuple.__new__
"""What `Happening._make` does, at half its price: a recomputation does it for every entry there is."""


def _grouped(found: Iterable[Any]) -> defaultdict[int, list[tuple[Any, ...]]]:
    groups: defaultdict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for row in found:
        groups[row[0]].append(row[1:])
    return groups


def _by_activity(found: Iterable[Any]) -> defaultdict[int, defaultdict[str, list[Happening]]]:
    """What took place by trainee and activity: a requirement then looks at its own only."""
    groups: defaultdict[int, defaultdict[str, list[Happening]]] = defaultdict(lambda: defaultdict(list))
    for row in found:
        groups[row[0]][row[2]].append(_happening(Happening, row[1:]))
    return groups


def rulebook_of(unit: Unit) -> Rulebook:
    """The rulebook a unit follows, with the unit's own rules. LookupError when it is not installed."""
    try:
        return own_rules(shipped()[unit.rulebook], unit)
    except KeyError:
        msg = f"unit {unit.name!r} follows rulebook {unit.rulebook!r}, which is not installed"
        raise LookupError(msg) from None


def _changes(trainee: Trainee) -> Iterator[date]:
    return (date.fromisoformat(until) for _, until in trainee.rulebooks_before)


def _later(trainee: Trainee, day: date) -> date:
    return max(day, trainee.watched_from or day)


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
    leaders: Iterable[tuple[str, int]],
    today: date,
) -> dict[str, tuple[int, ...]]:
    found: dict[str, set[int]] = defaultdict(set)
    found["trainee"].add(trainee.person_id)
    found["supervisor"] |= {p.supervisor for p in pairs if p.kind == "main" and p.lasts(today)}
    found["placement_supervisor"] |= {s.supervisor for s in stays if s.supervisor and s.lasts(today)}
    for role, person in leaders:
        found[role].add(person)
    return {role: tuple(sorted(people)) for role, people in found.items() if people}
