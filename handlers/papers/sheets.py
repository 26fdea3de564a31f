"""The workbook's sheets for a reader: how everybody stands, what took place, and which rules hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlmodel import col, select

from handlers import describe
from handlers.desk import Desk
from handlers.papers.logged import logged
from handlers.papers.table import Column, Sheet, sheet
from handlers.people import units_of
from handlers.words import Words
from schedules.digests.figures import Figures
from schedules.digests.seen import Seen
from schedules.lives.reading import rulebook_of
from schedules.naming import called, namesakes
from schedules.rules.requirement import Kind, Requirement
from storage.tables import Placement, RoleName, Standing, Unit

READS_LOGS = (RoleName.STUDIEREKTOR,)
"""A head sees standings, and a chief director figures (behaviour.md, Who may)."""


def sheets(desk: Desk, of: Figures) -> tuple[Sheet, ...]:
    """A reader's workbook: nothing for who sees no trainee by name, no logs for a head of unit."""
    named = [each for each in of.seen if of.may_name(each.person)]
    if not named:
        return ()
    ids = {unit.id for unit in units_of(desk.session, desk.person, READS_LOGS)}
    read = [each for each in named if each.unit.id in ids]
    logs = logged(desk, read) if read else ()
    return (_standing(desk, named), *logs, _rules(desk.words, named))


@dataclass(frozen=True, slots=True)
class _Stood:
    """One standing row, and the place of the placement that it is about."""

    seen: Seen
    row: Standing
    asked: Requirement
    place: str | None

    @property
    def is_counted(self) -> bool:
        return self.asked.kind in (Kind.RATE, Kind.TOTAL) or self.asked.service_months is not None


def _standing(desk: Desk, named: Sequence[Seen]) -> Sheet:
    words, shared = desk.words, namesakes(each.person for each in named)
    columns: tuple[Column[_Stood], ...] = (
        ("unit", lambda of: of.seen.unit.name),
        ("trainee", lambda of: called(of.seen.person, shared)),
        ("requirement", lambda of: describe.title(words, of.asked)),
        ("place", lambda of: of.place),
        ("state", lambda of: words.say(f"picture.{of.row.state}")),
        ("due_on", lambda of: of.row.due_on),
        ("last_on", lambda of: of.row.last_on),
        ("done", lambda of: of.row.done if of.is_counted else None),
        ("required", lambda of: of.row.required if of.is_counted else None),
        ("source", lambda of: of.asked.said_by),
    )
    return sheet(words, "standing", columns, _stood(desk, named))


def _stood(desk: Desk, named: Sequence[Seen]) -> Iterator[_Stood]:
    ids = [each.trainee.id for each in named]
    placements = desk.session.exec(select(Placement).where(col(Placement.trainee_id).in_(ids))).all()
    places = {f"p{placement.id}": placement.place for placement in placements}
    for each in named:
        for row in each.rows:
            yield _Stood(each, row, each.requirement(row), places.get(row.occasion))


@dataclass(frozen=True, slots=True)
class _Ruled:
    """A requirement of a unit; `off` where the unit has switched it off."""

    unit: Unit
    asked: Requirement
    off: bool = False


def _rules(words: Words, named: Sequence[Seen]) -> Sheet:
    columns: tuple[Column[_Ruled], ...] = (
        ("unit", lambda of: of.unit.name),
        ("requirement", lambda of: describe.title(words, of.asked)),
        ("document", lambda of: of.asked.source.document),
        ("section", lambda of: of.asked.source.section),
        ("own", lambda of: _own(words, of)),
        ("reminds", lambda of: words.names("reminded", of.asked.reminds)),
    )
    units = {each.unit.id: each.unit for each in named}
    in_order = sorted(units.values(), key=lambda unit: unit.name)
    return sheet(words, "rules", columns, (rule for unit in in_order for rule in _of_unit(unit)))


def _of_unit(unit: Unit) -> Iterator[_Ruled]:
    rulebook = rulebook_of(unit)
    yield from (_Ruled(unit, asked) for asked in rulebook.requirements.values())
    yield from (_Ruled(unit, asked, off=True) for asked in rulebook.off.values())


def _own(words: Words, of: _Ruled) -> str | None:
    return words.say("reminded.off", reason=of.asked.reason) if of.off else of.asked.reason
