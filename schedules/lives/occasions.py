"""Which one of what recurs: a row for each placement and each change of supervisor. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from schedules.calendar import DAY, add_span
from schedules.evaluate import Happening
from schedules.kinds.reading import meets
from schedules.lives.life import Life, Paired, Stay
from schedules.rules.requirement import Kind, Requirement, Span

TAKEN_OVER = (Kind.WEEKLY, Kind.INTERVAL, Kind.AGREED, Kind.RATE)
"""The pair's running duties: during a placement its supervisor is reminded of them in place of the main one.

What is the supervisor's alone (a statement, a supervisors' meeting) stays with the main one."""

ANCHORED_TO_MANY = ("placement_start", "placement_end", "handover")
"""What is asked for anew at each: a row for every one of them."""
APPOINTED = "supervisor_appointed"
EARLY, LATE = timedelta(days=31), timedelta(days=92)
"""What is done so long before a placement begins, or after it ends, may still be the placement's."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """`key` is "" for what there is one of, "p12" for placement 12, "h7" for the end of pairing 7."""

    key: str
    anchor_on: date | None
    happenings: tuple[Happening, ...]
    people: Mapping[str, tuple[int, ...]]
    lapses_on: date | None = None
    """The last day on which it can be done: what belongs to a placement's start is moot when it is over."""


def occasions(life: Life, requirement: Requirement) -> list[Occasion]:
    """One, or for what is anchored on placements and hand-overs one for each; none without any."""
    if requirement.anchor in ("placement_start", "placement_end"):
        return [_of_stay(life, requirement, stay) for stay in life.stays]
    if requirement.anchor == "handover":
        return [_of_change(life, requirement, pair) for pair in _outgoing(life)]
    done = (*life.to_judge(requirement.activities), *_appointed(life, requirement))
    return [Occasion("", None, done, _responsible(life, requirement))]


def _responsible(life: Life, requirement: Requirement) -> Mapping[str, tuple[int, ...]]:
    there = life.people.get("placement_supervisor")
    if there is None or requirement.kind not in TAKEN_OVER or "trainee" not in requirement.reminds:
        return life.people
    return {**life.people, "supervisor": there}


def _appointed(life: Life, requirement: Requirement) -> Iterable[Happening]:
    """That a trainee has a main supervisor is known from the roster, not from the chat."""
    if APPOINTED not in requirement.activities:
        return ()
    mains = (pair for pair in life.pairs if pair.kind == "main")
    return [Happening(_known_on(life, pair), APPOINTED) for pair in mains]


def _known_on(life: Life, pair: Paired) -> date:
    """A pair that begins with the training was named by the roster that told of both, before it began."""
    starts, told = life.trainee.starts_on, life.trainee.watched_from
    return min(starts, told or starts) if pair.from_on == starts else pair.from_on


def _of_stay(life: Life, requirement: Requirement, stay: Stay) -> Occasion:
    anchor = stay.from_on if requirement.anchor == "placement_start" else stay.to_on
    mine = [h for h in life.of(requirement.counted) if _owner(life, requirement, h) == stay]
    lapses = stay.to_on if requirement.anchor == "placement_start" else None
    people = _responsible_there(life, requirement, stay)
    return Occasion(f"p{stay.id}", anchor, (*mine, *_known_of(stay, mine)), people, lapses)


def _responsible_there(life: Life, requirement: Requirement, stay: Stay) -> Mapping[str, tuple[int, ...]]:
    """What belongs to its beginning is done there: its supervisor sees to it, where one is named."""
    there = (stay.supervisor,) if stay.supervisor else ()
    people = {**life.people, "placement_supervisor": there}
    begins = requirement.anchor == "placement_start"
    return {**people, "supervisor": there} if there and begins else people


def _known_of(stay: Stay, mine: Iterable[Happening]) -> list[Happening]:
    """What the placement itself tells: its supervisor is named, an assessment there is the placement's."""
    named = stay.named_on
    told = [Happening(named, key) for key in ("placement_supervisor", APPOINTED) if named]
    there = (h for h in mine if h.activity == "assessment" and stay.lasts(h.done_on))
    return told + [h._replace(activity="placement_assessment") for h in there]


def _owner(life: Life, requirement: Requirement, happening: Happening) -> Stay | None:
    """The placement that something belongs to: where it took place, else the one it is nearest due for."""
    day = happening.done_on
    if not meets(happening, requirement) and happening.activity != "assessment":
        return None
    there = [stay for stay in life.stays if stay.lasts(day)]
    if there and requirement.within in (None, Span()):
        return there[-1]
    starts = requirement.anchor == "placement_start"
    near = [s for s in life.stays if s.from_on - (EARLY if starts else EARLY * 0) <= day <= s.to_on + LATE]
    return min(near, key=lambda stay: abs(day - _due(requirement, stay)), default=None)


def _due(requirement: Requirement, stay: Stay) -> date:
    anchor = stay.from_on if requirement.anchor == "placement_start" else stay.to_on
    return add_span(anchor, requirement.within or Span())


def _outgoing(life: Life) -> list[Paired]:
    """Main supervisors whom another one has followed since the bot watches."""
    mains = [pair for pair in life.pairs if pair.kind == "main"]
    ended = [p for p in mains if p.to_on and p.to_on >= life.timeline.clock_start]
    return [p for p in ended if any(q.from_on > p.from_on and q.supervisor != p.supervisor for q in mains)]


def _of_change(life: Life, requirement: Requirement, pair: Paired) -> Occasion:
    """The outgoing supervisor hands over by the day of the change: what was done around it counts."""
    changed = (pair.to_on or date.max - DAY) + DAY
    near = tuple(h for h in life.of(requirement.activities) if changed - EARLY <= h.done_on)
    outgoing = {"supervisor": (pair.supervisor,), "outgoing_supervisor": (pair.supervisor,)}
    return Occasion(f"h{pair.id}", changed, near, {**life.people, **outgoing})
