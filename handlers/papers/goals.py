"""The coverage of goals: taken up in supervision or assessed, how often, when last. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files

import tomli

from handlers.papers.record import Record, Written

GROUPS = ("a", "b", "c")
WAYS = ("supervision", "assessment")
_CODE = re.compile(r"(ST)?([abc])(\d{1,2})")


@dataclass(frozen=True, slots=True)
class Frame:
    """A regulation's goals: the prefix of its codes, and how many a and b goals it has for everybody."""

    name: str
    prefix: str
    fixed: tuple[tuple[str, int], ...]
    since: date | None


@dataclass(frozen=True, slots=True)
class Times:
    """How often, and the last day."""

    count: int
    last: date | None


@dataclass(frozen=True, slots=True)
class Goal:
    """One goal and how it was met with."""

    code: str
    supervision: Times
    assessment: Times

    @property
    def state(self) -> str:
        """both, supervision, assessment or neither."""
        if self.supervision.count and self.assessment.count:
            return "both"
        if self.supervision.count:
            return "supervision"
        return "assessment" if self.assessment.count else "neither"


@dataclass(frozen=True, slots=True)
class Group:
    """The a, b or c goals of a frame."""

    frame: Frame
    letter: str
    goals: tuple[Goal, ...]


@lru_cache(maxsize=1)
def frames() -> tuple[Frame, ...]:
    """The regulations, the oldest first."""
    raw = files("handlers.papers").joinpath("goals.toml").read_text(encoding="utf-8")
    return tuple(
        Frame(each["name"], each["prefix"], (("a", each["a"]), ("b", each["b"])), each.get("from"))
        for each in tomli.loads(raw)["frame"]
    )


def coverage(of: Record, highest: Iterable[str] = ()) -> tuple[Group, ...]:
    """The goals of the regulations whose codes the trainee uses; else of the one in force at the start.

    The same number means different things in two regulations, so `a4` and `STa4` are never added together.
    `highest` are codes known at the unit: the c goals are shown up to the highest of them.
    """
    said: dict[str, dict[str, list[date]]] = {way: defaultdict(list) for way in WAYS}
    for each in of.entries:
        if each.entry.activity in said:
            _count(said[each.entry.activity], each)
    codes = {code for way in said.values() for code in way}
    known = codes | set(highest)
    return tuple(
        Group(frame, letter, tuple(_goal(code, said) for code in _codes(frame, letter, known, codes)))
        for frame in _asked(codes, of.trainee.starts_on)
        for letter in GROUPS
    )


def neither(groups: Iterable[Group]) -> list[str]:
    """The codes of the goals that have neither been taken up nor assessed."""
    return [goal.code for group in groups for goal in group.goals if goal.state == "neither"]


def _count(found: dict[str, list[date]], of: Written) -> None:
    for code in dict.fromkeys(of.entry.goals):
        if _CODE.fullmatch(code):
            found[code].append(of.entry.on_date)


def _asked(codes: Iterable[str], starts_on: date) -> Sequence[Frame]:
    prefixes = {(_CODE.fullmatch(code) or [""])[1] or "" for code in codes}
    used = [frame for frame in frames() if frame.prefix in prefixes]
    in_force = [frame for frame in frames() if frame.since is None or frame.since <= starts_on]
    return used or in_force[-1:]


def _codes(frame: Frame, letter: str, known: Iterable[str], own: Iterable[str]) -> list[str]:
    """All a and b goals, c goals up to the highest known; and any further one that the trainee named."""
    last = dict(frame.fixed).get(letter) or max(_numbers(frame, letter, known), default=0)
    numbers = sorted({*range(1, last + 1), *_numbers(frame, letter, own)})
    return [f"{frame.prefix}{letter}{number}" for number in numbers]


def _numbers(frame: Frame, letter: str, codes: Iterable[str]) -> list[int]:
    found = (_CODE.fullmatch(code) for code in codes)
    return [int(m[3]) for m in found if m and (m[1] or "") == frame.prefix and m[2] == letter]


def _goal(code: str, said: dict[str, dict[str, list[date]]]) -> Goal:
    times = (said[way].get(code, []) for way in WAYS)
    return Goal(code, *(Times(len(days), max(days, default=None)) for days in times))
