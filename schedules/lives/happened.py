"""What took place, read from the journal: all of it, or as little as a verdict needs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from itertools import chain
from typing import Any, NamedTuple

from sqlalchemy import CompoundSelect, Date, String, Subquery, bindparam, func, select, true, union_all
from sqlmodel import Session

from schedules.calendar import DAY
from schedules.lives.occasions import ANCHORED_TO_MANY
from schedules.rules.requirement import Kind, Requirement
from schedules.verdict import Happening
from storage.columns import columns, table
from storage.lists import Among, Listed, written
from storage.states import IS_LIVE, is_live
from storage.tables import Entry, Trainee

Done = Mapping[int, Mapping[str, Sequence[Happening]]]
"""What took place, by trainee and activity: a requirement then looks at its own only."""


@dataclass(frozen=True, slots=True)
class Happened:
    """What was read, by trainee: of the activities `known` (None for all), of some the `latest` only."""

    done: Done
    known: Mapping[int, frozenset[str]] | None
    latest: Mapping[int, frozenset[str]] = field(default_factory=dict)
    whole_from: date | None = None
    """From this day on all is there of those too."""


SESSIONS = (Kind.WEEKLY, Kind.AGREED)
"""Of these there are hundreds in a training, and only the latest decides how it stands."""
RECURRING = (*SESSIONS, Kind.INTERVAL, Kind.TERM, Kind.RATE)
"""Of these there are more for every year."""
SETTLED = timedelta(days=8)
"""So long ago, in whatever zone, is before this week: all of a week's sessions are counted."""
_BACK = {Kind.TERM: SETTLED + timedelta(days=366), Kind.RATE: SETTLED + timedelta(days=2 * 365)}
"""What counts more than the latest counts no further back: in this term; in the year before one of the year
past with which there were enough (without any such, `rate.is_known_from` says so)."""
Few = Mapping[str, timedelta]
"""Activities of which the latest decide, each with how long ago the latest settled one may be looked for."""


class Together(NamedTuple):
    """Trainees of whom the same is read: of the activities those of `few` in part, the others whole."""

    ids: Collection[int]
    activities: frozenset[str]
    few: Few


_E, _T = columns(Entry), columns(Trainee)

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


@cache
def _latest(count: int) -> Listed:
    """Of so many activities the latest that is settled, all that is later, and whatever took several days.

    What else there is took place before that one, and so cannot be the last.
    """
    wanted = _wanted(count)
    since = select(_N.on_date).where(_N.trainee_id == _T.id, _N.activity == wanted.c.activity, is_live(_N))
    since = since.where(_N.end_date.is_(None), _N.on_date <= wanted.c.settled)
    latest = since.order_by(_N.on_date.desc()).limit(1).scalar_subquery()
    begins = func.coalesce(latest, bindparam("ever", date.min, Date)).label("since")
    pairs = select(_T.id, wanted.c.activity, begins).join(wanted, true())

    def made(among: Among) -> CompoundSelect[Any]:
        of = pairs.where(among(_T.id, "ids")).subquery("latest").c
        later = (_E.trainee_id == of.id) & (_E.activity == of.activity) & (_E.on_date >= of.since)
        days = _SHAPE.where(among(_E.trainee_id, "ids"), _E.activity.in_(select(wanted.c.activity)))
        return union_all(
            _SHAPE.join(of.id.table, later).where(_E.end_date.is_(None)),
            days.where(_E.end_date.is_not(None)),
        )

    return Listed(made, "ids")


def _wanted(count: int) -> Subquery:
    """So many activities, with the day on which each is settled: a table made of what is asked for."""
    names = ((bindparam(f"a{n}", type_=String), bindparam(f"s{n}", type_=Date)) for n in range(count))
    arms = (select(key.label("activity"), day.label("settled")) for key, day in names)
    return union_all(*arms).subquery("wanted")


def latest_decide(requirements: Iterable[Requirement], often: Collection[Kind] = RECURRING) -> Few:
    """The activities, of those that kinds `often` count, of which these requirements need the latest only."""
    requirements, few = list(requirements), dict[str, timedelta]()
    for each in requirements:
        few |= {key: max(_back(each), few.get(key, SETTLED)) for key in each.counted}
    wanted = {key for each in requirements if each.kind in often for key in each.counted}
    whole = {key for each in requirements if not _latest_decides(each, often) for key in each.counted}
    return {key: few[key] for key in sorted(wanted - whole)}


def needs_more(requirements: Iterable[Requirement], often: Collection[Kind] = RECURRING) -> bool:
    """Whether any of these is judged by more than the latest."""
    return any(_back(each) > SETTLED or not _latest_decides(each, often) for each in requirements)


def counted(requirements: Iterable[Requirement]) -> frozenset[str]:
    """What must be read of what took place to judge some requirements."""
    return frozenset(chain.from_iterable(each.counted for each in requirements))


def read_from(requirement: Requirement, today: date) -> date:
    """From this day on all is read of what it counts, where the latest decide."""
    return today - _back(requirement) + DAY


def _back(requirement: Requirement) -> timedelta:
    return _BACK.get(requirement.kind, SETTLED)


def _latest_decides(requirement: Requirement, often: Collection[Kind]) -> bool:
    """Not where each instrument, or each placement, has a latest of its own, or a term asks for many."""
    anchors = {part.anchor for part in requirement.parts}
    return (
        requirement.kind in (*often, Kind.INTERVAL, Kind.ONCE)
        and not requirement.instruments
        and anchors.isdisjoint(ANCHORED_TO_MANY)
        and (requirement.kind is not Kind.TERM or requirement.count == 1)
    )


def read_all(session: Session, ids: Collection[int], activities: frozenset[str] | None) -> Happened:
    """All that took place, of some activities or (None) of every one."""
    known = None if activities is None else dict.fromkeys(ids, activities)
    return Happened(_read(session, ids, activities), known)


def read_to_judge(
    session: Session,
    groups: Iterable[Together],
    known: Mapping[int, frozenset[str]],
    today: date,
    since: date,
) -> Happened:
    """As much as decides, group by group; `known` is what each trainee may be judged by.

    `today` may be that of any zone. All that began on the day `since` or later is read as well.
    """
    latest, done = dict[int, frozenset[str]](), dict[int, dict[str, Sequence[Happening]]]()
    for ids, activities, few in groups:
        latest |= dict.fromkeys(ids, frozenset(few))
        done |= {trainee: {} for trainee in ids}
        settled = {activity: min(today - back, since) for activity, back in few.items()}
        found = (_read(session, ids, activities.difference(few)), _read_latest(session, ids, settled))
        for trainee, by_activity in chain.from_iterable(each.items() for each in found):
            done[trainee].update(by_activity)
    return Happened(done, known, latest, min(today - SETTLED, since))


def _read(session: Session, ids: Collection[int], activities: frozenset[str] | None) -> Done:
    if activities is None:
        return _by_activity(_ALL.ask(session, ids=ids))
    if not activities:
        return {}
    return _by_activity(_SOME.ask(session, ids=ids, activities=activities))


def _read_latest(session: Session, ids: Collection[int], settled: Mapping[str, date]) -> Done:
    if not settled:
        return {}
    about: dict[str, Any] = {}
    for number, (activity, day) in enumerate(settled.items()):
        about |= {f"a{number}": activity, f"s{number}": day}
    return _by_activity(_latest(len(settled)).ask(session, ids=ids, **about))


_happening = tuple.__new__
"""What `Happening._make` does, at half its price: a recomputation does it for every entry there is."""


def _by_activity(found: Iterable[Any]) -> defaultdict[int, defaultdict[str, list[Happening]]]:
    groups: defaultdict[int, defaultdict[str, list[Happening]]] = defaultdict(lambda: defaultdict(list))
    for row in found:
        groups[row[0]][row[2]].append(_happening(Happening, row[1:]))
    return groups
