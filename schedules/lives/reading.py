"""Trainees' lives, read from what is remembered: one statement for each table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from itertools import chain
from typing import TypeVar

from sqlmodel import Session, SQLModel, select

from schedules.choices import of_unit, own
from schedules.lives.asked import watched
from schedules.lives.circumstances import Circumstances
from schedules.lives.completing import completed
from schedules.lives.happened import (
    RECURRING,
    SESSIONS,
    Happened,
    Together,
    counted,
    latest_decide,
    needs_more,
    read_all,
    read_to_judge,
)
from schedules.lives.life import Life, Paired, Stay
from schedules.rules.overrides import Ruled, own_rules
from schedules.rules.requirement import Kind, Requirement
from schedules.rules.rulebook import Rulebook, concerning, shipped
from schedules.timeline import Leave, Timeline
from schedules.zone import to_local
from storage.columns import columns
from storage.known import held
from storage.tables import Trainee, Unit

T = TypeVar("T", bound=SQLModel)
K = TypeVar("K")

BATCH = 200
"""Trainees in one go: each table is read once for all of them, and a log never waits long for it."""

REMEMBERED = timedelta(weeks=79)
"""How long a booking that has been still tells when a reminder was put off: a series may last 18 months."""


Chosen = Callable[[Requirement], bool]
"""Which requirements are to be judged."""
Keys = Mapping[int, Collection[str]]
"""Of each trainee which ones."""


def load(session: Session, trainee_id: int, now: datetime, chosen: Chosen | None = None) -> Life:
    """Read a trainee's life as of an aware moment. Raises LookupError when there is no such trainee.

    With `chosen`, of what took place only what these requirements count: most of five years is left unread,
    and the life says so if it is asked for more.
    """
    return _only(load_many(session, [trainee_id], now, chosen), trainee_id)


def load_since(session: Session, trainee_id: int, now: datetime, chosen: Chosen, since: date) -> Life:
    """As `load`, but of sessions the latest and all since a local day: a log costs the same after ten years.

    The life says so if it is asked for more.
    """
    return _only(load_to_judge(session, [trainee_id], now, chosen, since, SESSIONS), trainee_id)


def _only(found: Sequence[Life], trainee_id: int) -> Life:
    if not found:
        msg = f"no trainee {trainee_id}"
        raise LookupError(msg)
    return found[0]


def load_many(
    session: Session, ids: Sequence[int], now: datetime, chosen: Chosen | None = None
) -> list[Life]:
    """Read many lives, one statement for each table. Unknown ids are left out; the order is that of `ids`."""
    who = _Who(session, ids)
    known = None if chosen is None else counted(_all_of(who.asked(chosen).values()))
    session.flush()
    return who.lives(session, now, read_all(session, list(who.trainees), known))


def load_to_judge(
    session: Session,
    ids: Sequence[int],
    now: datetime,
    chosen: Chosen | None = None,
    since: date = date.max,
    often: Collection[Kind] = RECURRING,
    keys: Keys | None = None,
) -> list[Life]:
    """As `load_many`, to judge and for nothing else: of what recurs only the latest are read (all `since`).

    Ten years then cost about as much as one. With `keys`, of each trainee what these requirements count. The
    life says so if it is asked for more.
    """
    who = _Who(session, ids)
    asked = who.asked(chosen, keys)
    session.flush()
    known = {id(those): counted(those) for those in _distinct(asked.values())}
    together, mine = who.together(asked, often), {key: known[id(those)] for key, those in asked.items()}
    happened = read_to_judge(session, together, mine, now.date(), since)
    return completed(session, who.lives(session, now, happened), asked, now.date())


Asked = Mapping[int, Sequence[Requirement]]
"""What is asked of each trainee: of all of whom the same is, one and the same list."""


def _distinct(lists: Iterable[Sequence[Requirement]]) -> Collection[Sequence[Requirement]]:
    return {id(each): each for each in lists}.values()


def _all_of(lists: Iterable[Sequence[Requirement]]) -> list[Requirement]:
    return list(chain.from_iterable(_distinct(lists)))


def _by_id(session: Session, model: type[T], ids: Sequence[int]) -> dict[int, T]:
    """Those there are; a single one from the session, where the message has mostly read it already."""
    if len(ids) == 1:
        found = held(session, model, ids[0]) or session.get(model, ids[0])
        return {ids[0]: found} if found else {}
    key = columns(model).id
    return {row.id: row for row in session.exec(select(model).where(key.in_(ids))).all()}  # type: ignore[attr-defined]


def batches(keys: Sequence[K]) -> Iterator[Sequence[K]]:
    """Ids, or other keys, in runs of BATCH, for one transaction or statement each."""
    return (keys[at : at + BATCH] for at in range(0, len(keys), BATCH))


class _Who:
    """Some trainees, as many as there are, with their units."""

    def __init__(self, session: Session, ids: Sequence[int]) -> None:
        self.trainees = _by_id(session, Trainee, ids)
        self.units = _by_id(session, Unit, list({each.unit_id for each in self.trainees.values()}))
        self._ids = ids

    def asked(self, chosen: Chosen | None, keys: Keys | None = None) -> Asked:
        """What is asked of them that is chosen, and of each one's keys."""

        @cache
        def of(unit: int, mine: frozenset[str] | None) -> Sequence[Requirement]:
            found = watched(rulebook_of(self.units[unit]).requirements.values())
            some = [each for each in found if chosen is None or chosen(each)]
            return some if mine is None else [each for each in some if each.key in mine]

        wanted = {key: None if keys is None else frozenset(keys[key]) for key in self.trainees}
        return {key: of(each.unit_id, wanted[key]) for key, each in self.trainees.items()}

    def together(self, asked: Asked, often: Collection[Kind]) -> list[Together]:
        """Those who follow one rulebook are read together; but who needs only the latest, with their like."""
        lists, groups = _distinct(asked.values()), defaultdict[tuple[str, bool], list[int]](list)
        needy = {id(those) for those in lists if len(lists) > 1 and needs_more(those, often)}
        for key, trainee in self.trainees.items():
            groups[self.units[trainee.unit_id].rulebook, id(asked[key]) in needy].append(key)
        theirs = [(ids, _all_of(asked[key] for key in ids)) for ids in groups.values()]
        return [Together(ids, counted(those), latest_decide(those, often)) for ids, those in theirs]

    def lives(self, session: Session, now: datetime, happened: Happened) -> list[Life]:
        """Theirs, in the order of the ids."""
        since = now.date() - REMEMBERED
        around = Circumstances(session, list(self.trainees), list(self.units), since)
        found = (self.trainees[key] for key in self._ids if key in self.trainees)
        return [_life(each, self.units[each.unit_id], now, around, happened) for each in found]


def _life(trainee: Trainee, unit: Unit, now: datetime, around: Circumstances, happened: Happened) -> Life:
    key, local, habits = trainee.id or 0, to_local(now, unit.timezone), of_unit(unit)
    pairs, stays, leaves = around.pairs(key), around.stays(key, unit.timezone), around.leaves(key)
    timeline, leaders = _timeline(trainee, leaves, trainee.watched_from), around.leaders(trainee.unit_id)
    mine = {trainee.person_id, *(pair.supervisor for pair in pairs), *(person for _, person in leaders)}
    return Life(
        local=local,
        trainee=trainee,
        unit=unit,
        rulebook=concerning(rulebook_of(unit), trainee.kind),
        timeline=timeline,
        renewed={day: _timeline(trainee, leaves, _later(trainee, day)) for day in _changes(trainee)},
        done={activity: tuple(done) for activity, done in happened.done.get(key, {}).items()},
        bookings=tuple(
            each for each in around.planned(key, unit.timezone) if not timeline.is_absent(each.on)
        ),
        people=_people(trainee, pairs, stays, leaders, local.date()),
        pairs=pairs,
        stays=stays,
        habits=habits,
        own_habits={each: own(habits, around.own[each]) for each in mine if each in around.own},
        muted=around.muted(key, local.date()),
        quiet=around.quiet(key, unit.timezone),
        known=None if happened.known is None else happened.known[key],
        latest=happened.latest.get(key, frozenset()),
        whole_from=happened.whole_from,
    )


def rulebook_of(unit: Unit | Ruled) -> Rulebook:
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
