"""What the picture shows, before any pixel: rows of marks under numbered columns. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from handlers import describe
from handlers.words import Words
from schedules.choices import of_unit
from schedules.digests.figures import Figures
from schedules.digests.seen import Seen
from schedules.rules.requirement import Requirement

LEGEND = ("ok", "soon", "overdue", "paused", "met")
"""The states a mark can have, in the order they are explained."""


@dataclass(frozen=True, slots=True)
class Mark:
    """How one thing stands. `count` is how many are late, where people are only counted."""

    state: str
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One line: a unit's name alone (no marks), or a label with a mark or nothing for each column."""

    label: str
    marks: tuple[Mark | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Chart:
    """Columns are the requirements' titles; every row with marks has as many."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def chart(words: Words, of: Figures) -> Chart:
    """Units in alphabetical order, in each its trainees by name; where the reader may not see names the
    unit is one row of counts, and where the unit says "no names" its trainees are numbered.
    """
    asked = [share.requirement for share in of.shares]
    by_unit: dict[str, list[Seen]] = {}
    for each in of.seen:
        by_unit.setdefault(each.unit.name, []).append(each)
    rows = [row for name in sorted(by_unit) for row in _unit(words, of, name, by_unit[name], asked)]
    return Chart(tuple(describe.title(words, each) for each in asked), tuple(rows))


def _unit(
    words: Words, of: Figures, name: str, seen: Sequence[Seen], asked: Sequence[Requirement]
) -> Iterator[Row]:
    marks = {each.trainee.id: _marks(each, asked) for each in seen}
    if not all(of.may_name(each.person) for each in seen):
        yield Row(name, tuple(_counted(column) for column in zip(*marks.values(), strict=True)))
        return
    yield Row(name)
    if of_unit(seen[0].unit).picture_names:
        yield from (Row(of.called(each.person), marks[each.trainee.id]) for each in seen)
        return
    # By how much is late, not by name: the alphabet would tell who is who.
    hidden = sorted(marks.values(), key=_lateness)
    yield from (Row(words.say("picture.nameless", number=n), row) for n, row in enumerate(hidden, 1))


def _lateness(marks: Sequence[Mark | None]) -> tuple[int, str]:
    late = sum(mark is not None and mark.state == "overdue" for mark in marks)
    return -late, " ".join(mark.state if mark else "" for mark in marks)


def _marks(seen: Seen, asked: Sequence[Requirement]) -> tuple[Mark | None, ...]:
    """The most pressing of each requirement's rows: there are several where it recurs by placement."""
    states: dict[object, list[str]] = {}
    for row in seen.rows:
        states.setdefault(seen.requirement(row).alike, []).append(row.state)
    found = (states.get(column.alike) for column in asked)
    return tuple(Mark(min(some, key=describe.SIGNS.index)) if some else None for some in found)


def _counted(marks: Sequence[Mark | None]) -> Mark | None:
    states = [mark.state for mark in marks if mark]
    if not states:
        return None
    late = states.count("overdue")
    return Mark("overdue" if late else min(states, key=describe.SIGNS.index), late)
