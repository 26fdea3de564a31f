"""What took place, read from the journal: all of it, or as little as a verdict needs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import chain
from typing import Any

from sqlalchemy import BindParameter, CompoundSelect, Date, bindparam, func, select, union_all
from sqlmodel import Session

from schedules.occasions import ANCHORED_TO_MANY, counted
from schedules.requirement import Kind, Requirement
from schedules.verdict import Happening
from storage.columns import columns, table
from storage.lists import Among, Listed, written
from storage.states import IS_LIVE, is_live
from storage.tables import Entry, Trainee

Done = Mapping[int, Mapping[str, Sequence[Happening]]]
"""What took place, by trainee and activity: a requirement then looks at its own only."""


@dataclass(frozen=True, slots=True)
class Happened:
    """What was read: of the activities `known` (None for all), of some the `latest` only, by trainee."""

    done: Done
    known: frozenset[str] | None
    latest: Mapping[int, frozenset[str]] = field(default_factory=dict)
    whole_from: date | None = None
    """From this day on all is there of those too."""


SESSIONS = (Kind.WEEKLY, Kind.AGREED)
"""Of these there are hundreds in a training, and only the latest decides how it stands."""
_LATEST_DECIDES = (*SESSIONS, Kind.INTERVAL, Kind.ONCE)
SETTLED = timedelta(days=8)
"""So long ago, in whatever zone, is before this week: all of a week's sessions are counted."""

_E, _T = columns(Entry), columns(Trainee)
_ACTIVITY: BindParameter[Any] = bindparam("activity")

# In the order of Happening's fields, after whose it is.
_TOLD = _E.origin.in_(written("history", "import")).label("told")
_SHAPE = select(_E.trainee_id, _E.on_date, _E.activity, _E.minutes, _E.instrument, _E.end_date, _TOLD)
_SHAPE = _SHAPE.where(IS_LIVE)
_ALL = Listed(lambda among: _SHAPE.where(among(_E.trainee_id, "ids")), "ids")
_SOME = Listed(
    lambda among: _SHAPE.where(among(_E.trainee_id, "ids"), among(_E.activity, "activities")),
    *("ids", "activities"),
)

_N = table(Entry).alias("earlier").c
_SINCE = (
    select(_N.on_date)
    .where(
        _N.trainee_id == _T.id,
        _N.activity == _ACTIVITY,
        is_live(_N),
        _N.end_date.is_(None),
        _N.on_date <= bindparam("settled"),
    )
    .order_by(_N.on_date.desc())
    .limit(1)
    .scalar_subquery()
)


def _latest(among: Among) -> CompoundSelect[Any]:
    """The latest of one activity that is settled, with all that is later, and whatever took several days.

    What else there is took place before that one, and so cannot be the last.
    """
    since = func.coalesce(_SINCE, bindparam("ever", date.min, Date)).label("since")
    first = select(_T.id, since).where(among(_T.id, "ids")).subquery("latest")
    return union_all(
        _SHAPE.join(first, (_E.trainee_id == first.c.id) & (_E.on_date >= first.c.since)).where(
            _E.activity == _ACTIVITY, _E.end_date.is_(None)
        ),
        _SHAPE.where(among(_E.trainee_id, "ids"), _E.activity == _ACTIVITY, _E.end_date.is_not(None)),
    )


_LATEST = Listed(_latest, "ids")


def latest_decide(requirements: Iterable[Requirement]) -> frozenset[str]:
    """The activities held in sessions of which these requirements need the latest only."""
    requirements = list(requirements)
    sessions = {key for each in requirements if each.kind in SESSIONS for key in counted(each)}
    return frozenset(sessions.difference(*(counted(r) for r in requirements if not _latest_decides(r))))


def _latest_decides(requirement: Requirement) -> bool:
    """Not where each instrument, or each placement, has a latest of its own."""
    anchors = {part.anchor for part in requirement.parts}
    return (
        requirement.kind in _LATEST_DECIDES
        and not requirement.instruments
        and anchors.isdisjoint(ANCHORED_TO_MANY)
    )


def read_all(session: Session, ids: Collection[int], activities: frozenset[str] | None) -> Happened:
    """All that took place, of some activities or (None) of every one."""
    return Happened(_read(session, ids, activities), activities)


def read_to_judge(
    session: Session,
    latest: Mapping[int, frozenset[str]],
    activities: frozenset[str],
    today: date,
    since: date,
) -> Happened:
    """Of some activities as much as decides; `latest` names by trainee those of which only the latest do.

    `today` may be that of any zone. All that began on the day `since` or later is read as well.
    """
    settled = min(today - SETTLED, since)
    groups: defaultdict[frozenset[str], list[int]] = defaultdict(list)
    for trainee, few in latest.items():
        groups[few].append(trainee)
    done: dict[int, dict[str, Sequence[Happening]]] = {trainee: {} for trainee in latest}
    for few, ids in groups.items():
        found = [_read(session, ids, activities - few)]
        found += [_read_latest(session, ids, activity, settled) for activity in sorted(few)]
        for trainee, by_activity in chain.from_iterable(each.items() for each in found):
            done[trainee].update(by_activity)
    return Happened(done, activities, latest, settled)


def _read(session: Session, ids: Collection[int], activities: frozenset[str] | None) -> Done:
    if activities is None:
        return _by_activity(_ALL.ask(session, ids=ids).all())
    if not activities:
        return {}
    return _by_activity(_SOME.ask(session, ids=ids, activities=activities).all())


def _read_latest(session: Session, ids: Collection[int], activity: str, settled: date) -> Done:
    return _by_activity(_LATEST.ask(session, ids=ids, activity=activity, settled=settled).all())


_happening = tuple.__new__
"""What `Happening._make` does, at half its price: a recomputation does it for every entry there is."""


def _by_activity(found: Iterable[Any]) -> defaultdict[int, defaultdict[str, list[Happening]]]:
    groups: defaultdict[int, defaultdict[str, list[Happening]]] = defaultdict(lambda: defaultdict(list))
    for row in found:
        groups[row[0]][row[2]].append(_happening(Happening, row[1:]))
    return groups
