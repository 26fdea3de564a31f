"""A trainee's life as the rules see it: what took place, who meets, when they are away."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import chain

from schedules.calendar import DAY
from schedules.evaluate import Elsewhere, Happening
from schedules.habits import USUAL, Habits
from schedules.manners import Quiet
from schedules.rules.requirement import Requirement, Span
from schedules.rules.rulebook import Rulebook, shipped
from schedules.timeline import Timeline
from storage.tables import Trainee, Unit

PRIMARY_CARE = re.compile(
    r"vårdcentral|hälsocentral|primärvård|(?<!\w)vc(?!\w)|health cent|primary care", re.IGNORECASE
)
"""How a placement at another health centre is written (003, Sidotjänstgöring: "extern vårdcentral")."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A booking that still stands, or that did not come off: an activity on a local date, made at a moment.

    Either way it was an answer until it had passed: who says No hears the reminder the next morning.
    """

    activity: str
    on: date
    end: date | None
    """The last day of several."""
    made_at: datetime
    """Local; of one that was moved, when the first was made."""
    stands: bool = True
    """Not said to have come to nothing."""


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

    @property
    def elsewhere(self) -> Elsewhere:
        """For counting service: at another health centre one is in primary care all the same."""
        return Elsewhere(self.from_on, self.to_on, counts=bool(PRIMARY_CARE.search(self.place)))


@dataclass(frozen=True, slots=True)
class Muted:
    """Nobody is reminded before `until`, and why."""

    until: date
    reason: str


@dataclass(frozen=True, slots=True)
class Life:
    """All that decides how a trainee stands. `people` holds person ids by role, `local` the unit's clock."""

    local: datetime
    trainee: Trainee
    unit: Unit
    rulebook: Rulebook
    timeline: Timeline
    renewed: Mapping[date, Timeline]
    """By the day of a change of rulebook: the timeline of what it brought, whose clock starts no earlier."""
    done: Mapping[str, tuple[Happening, ...]]
    """What took place, by activity."""
    bookings: tuple[Planned, ...]
    """Not those of days that are spent away: they answer no reminder, and are cancelled in their time."""
    people: Mapping[str, tuple[int, ...]]
    pairs: tuple[Paired, ...] = ()
    stays: tuple[Stay, ...] = ()
    habits: Habits = USUAL
    """The unit's."""
    own_habits: Mapping[int, Habits] = field(default_factory=dict)
    """Those of people who have set their own, by person id."""
    muted: Mapping[str, Muted] = field(default_factory=dict)
    """By requirement, while it lasts."""
    quiet: Mapping[str, tuple[Quiet, ...]] = field(default_factory=dict)
    """By requirement: when it was, or is to be, silenced."""
    known: frozenset[str] | None = None
    """The activities that were read: a log needs few of them. None for all."""
    latest: frozenset[str] = frozenset()
    """Of these only the latest were read, which is enough for a verdict …"""
    whole_from: date | None = None
    """… and all from this day on, if it is set."""

    def habits_of(self, person: int) -> Habits:
        """When a person is to be spoken to about this trainee."""
        return self.own_habits.get(person, self.habits)

    @property
    def happenings(self) -> tuple[Happening, ...]:
        """All that took place. Raises LookupError in a life of which only some was read."""
        if self.known is not None:
            msg = f"only {sorted(self.known)} were read"
            raise LookupError(msg)
        return self.of(self.done)

    def of(self, activities: Iterable[str]) -> tuple[Happening, ...]:
        """What took place of some activities, each named once. LookupError for one not (wholly) read."""
        activities = tuple(activities)
        if not self.latest.isdisjoint(activities):
            msg = f"of {sorted(self.latest)} only the latest were read"
            raise LookupError(msg)
        return self.to_judge(activities)

    def since(self, activities: Sequence[str], day: date) -> tuple[Happening, ...]:
        """What began on a local day or later of some activities. LookupError as in `of`."""
        read = self.whole_from is not None and self.whole_from <= day
        found = self.to_judge(activities) if read else self.of(activities)
        return tuple(each for each in found if each.on >= day)

    def to_judge(self, activities: Sequence[str]) -> tuple[Happening, ...]:
        """As `of`, or as much of it as decides how what counts them stands."""
        if self.known is not None and not self.known.issuperset(activities):
            msg = f"{sorted(set(activities) - self.known)} were not read"
            raise LookupError(msg)
        return tuple(chain.from_iterable(self.done.get(activity, ()) for activity in activities))

    @property
    def elsewhere(self) -> tuple[Elsewhere, ...]:
        """The placements, as what asks for months of service counts them."""
        return tuple(stay.elsewhere for stay in self.stays)

    @property
    def agreed(self) -> Span | None:
        """The interval that the trainee and the main supervisor of today have agreed on."""
        main = next((p for p in self.pairs if p.kind == "main" and p.lasts(self.local.date())), None)
        return Span(days=main.agreed_days) if main and main.agreed_days else None

    @property
    def people_change_on(self) -> date | None:
        """The next day on which a placement with a supervisor begins or is over: others answer then."""
        if not self.stays:
            return None
        named = [stay for stay in self.stays if stay.supervisor]
        days = chain.from_iterable((stay.from_on, stay.to_on + DAY) for stay in named)
        return min((day for day in days if day > self.local.date()), default=None)

    def timeline_of(self, requirement: Requirement) -> Timeline:
        """When the clock of a requirement runs: anew if the present rulebook brought or changed it."""
        if not self.renewed:
            return self.timeline
        since = asked_since(requirement, self.trainee.rulebooks_before)
        return self.timeline if since is None else self.renewed[since]


def asked_since(requirement: Requirement, before: Sequence[Sequence[str]]) -> date | None:
    """The day a change of rulebook brought the requirement as it is; None when it has held from the first.

    `before` is Trainee.rulebooks_before. What the book before asked for alike keeps its clock.
    """
    changes = ((key, date.fromisoformat(until)) for key, until in reversed(before))
    return next((day for key, day in changes if not _is_kept(requirement, key)), None)


def _is_kept(requirement: Requirement, key: str) -> bool:
    before = shipped().get(key)
    old = before.requirements.get(requirement.key) if before else None
    return old is not None and _asks(old) == _asks(requirement)


def _asks(of: Requirement) -> tuple[object, ...]:
    return (
        *(of.kind, of.activities, of.instruments, of.minutes, of.excused_below, of.every, of.first_within),
        *(of.count, of.longest_gap, of.fractions, of.anchor, of.within, of.placements_too, of.per, of.terms),
    )
