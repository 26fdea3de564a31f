"""Papers by name: how an answer names one, who may have it, and its files as drawn for a reader.

A paper travels as a short text ("documentation:12", "pack:3:anonymous") and is drawn at the sending, after
looking once more whether its reader may have it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlmodel import Session

from handlers.access import may_have_pack, may_see_notes
from handlers.desk import Desk
from handlers.message import File
from handlers.papers import coverage as covering
from handlers.papers import documentation as documenting
from handlers.papers import draft as drafting
from handlers.papers.goals import Group, coverage
from handlers.papers.record import Record, record_of
from handlers.papers.table import Sheet
from schedules.lives.reading import load
from schedules.zone import to_local
from storage.tables import Person, Trainee, Unit

PDF, XLSX = "pdf", "xlsx"
OWN: Final = ("documentation", "coverage", *drafting.KINDS)
PACK: Final = "pack"
KINDS: Final = (*OWN, PACK)
FORMS: Final[Mapping[str, tuple[str, ...]]] = {
    **dict.fromkeys(OWN, (PDF,)),
    "documentation": (PDF, XLSX),
    PACK: (PDF, XLSX),
}
"""The workbook of the documentation has the goals too."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A paper: its kind and the trainee (the unit for a pack) that it is about."""

    kind: str
    number: int
    form: str = PDF
    anonymous: bool = False

    def __str__(self) -> str:
        """As messages carry it."""
        return f"{self.kind}:{self.number}:{self.form}" + (":anonymous" if self.anonymous else "")


def take_apart(reference: str) -> Asked | None:
    """The paper that a reference names; None for what is no reference of ours."""
    kind, *rest = reference.split(":")
    if kind not in KINDS or len(rest) < 2 or not rest[0].isdecimal() or rest[1] not in FORMS[kind]:
        return None
    return Asked(kind, int(rest[0]), rest[1], anonymous=rest[2:] == ["anonymous"])


def may_have(session: Session, person: Person, asked: Asked, today: date) -> bool:
    """The pair and the studierektor a trainee's papers; a pack who answers for the unit."""
    if asked.kind == PACK:
        return may_have_pack(session, person, asked.number, anonymous=asked.anonymous)
    return may_see_notes(session, person, asked.number, today)


def made(desk: Desk, asked: Asked) -> File | None:
    """The file of a paper as it is now; None when its reader may not have it."""
    if not may_have(desk.session, desk.person, asked, desk.today):
        return None
    return _pack(desk, asked) if asked.kind == PACK else _own(desk, asked)


def _own(desk: Desk, asked: Asked) -> File:
    session, words = desk.session, desk.words
    trainee = session.get_one(Trainee, asked.number)
    unit = session.get_one(Unit, trainee.unit_id)
    of = record_of(session, trainee, to_local(desk.now, unit.timezone).date())
    groups = coverage(of, covering.unit_codes(session, unit))
    if asked.form == XLSX:
        sheets = (*documenting.documentation_sheets(words, of), covering.coverage_sheet(words, groups))
        return _xlsx(desk, "documentation", sheets)
    return _pdf(desk, *_PAGES[asked.kind](desk, asked.kind, of, groups))


def _documentation(desk: Desk, kind: str, of: Record, _: tuple[Group, ...]) -> _Page:
    return kind, kind, documenting.documentation(desk.words, of, desk.now)


def _coverage(desk: Desk, kind: str, of: Record, groups: tuple[Group, ...]) -> _Page:
    return kind, kind, covering.coverage_page(desk.words, of, groups, desk.now)


def _draft(desk: Desk, kind: str, of: Record, groups: tuple[Group, ...]) -> _Page:
    life = load(desk.session, of.trainee.id or 0, desk.now)
    missing = drafting.missing_of(desk.words, life)
    return kind, "draft", drafting.draft(desk.words, kind, of, life, groups, missing, desk.now)


_Page = tuple[str, str, Mapping[str, object]]
"""A paper's name, its template and the facts."""
_PAGES: Final[Mapping[str, Callable[[Desk, str, Record, tuple[Group, ...]], _Page]]] = {
    "documentation": _documentation,
    "coverage": _coverage,
    **dict.fromkeys(drafting.KINDS, _draft),
}


def _pack(desk: Desk, asked: Asked) -> File:
    from handlers.papers.pack import pack_of
    from handlers.papers.pack_page import pack_page, pack_sheets

    of = pack_of(desk.session, desk.session.get_one(Unit, asked.number), desk.now)
    if asked.form == XLSX:
        return _xlsx(desk, PACK, pack_sheets(desk.words, of, anonymous=asked.anonymous))
    return _pdf(desk, PACK, PACK, pack_page(desk.words, of, desk.now, anonymous=asked.anonymous))


def _pdf(desk: Desk, name: str, template: str, facts: Mapping[str, object]) -> File:
    from handlers.papers.typeset import MEDIA_TYPE, pdf  # a paper is rare, and its library heavy

    return File(_name(desk, name, PDF), pdf(template, desk.words, facts, desk.now), MEDIA_TYPE)


def _xlsx(desk: Desk, name: str, sheets: tuple[Sheet, ...]) -> File:
    from handlers.papers.workbook import MEDIA_TYPE, workbook

    return File(_name(desk, name, XLSX), workbook(sheets, desk.now), MEDIA_TYPE)


def _name(desk: Desk, kind: str, form: str) -> str:
    return f"{desk.words.say(f'paper_file.{kind}')}.{form}"
