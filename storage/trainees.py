"""Trainings, the pairs, and what interrupts them: a trainee is one person's training at one unit."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, Column, ColumnElement, Index, and_, or_
from sqlmodel import Field, select
from sqlmodel.sql.expression import SelectOfScalar

from storage.columns import Columns, Row, Stamp, columns, partial_index


class Trainee(Row, table=True):
    """One training. Dates are local and inclusive; `ends_on` is the planned end before any absence.

    `watched_from` is the day the bot began to watch: no clock starts earlier (nobody is greeted by two
    years of "overdue"), unless history was imported, when it is None.
    """

    __table_args__ = (CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="ends_after_start"),)

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", unique=True)
    unit_id: int = Field(foreign_key="unit.id", index=True)
    kind: str = Field(default="ST", max_length=8)
    starts_on: date
    ends_on: date | None = None
    employed_on: date | None = None
    watched_from: date | None = None
    rulebooks_before: list[list[str]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    """The rulebooks that held until now, oldest first: [key, ISO date of the day another took over].

    Both a unit that changes its rulebook and a trainee who moves to a unit with another one add to it.
    """


class Pairing(Row, table=True):
    """A supervisor's responsibility for a trainee, `to_on` inclusive, None while it lasts."""

    __table_args__ = (
        Index("ix_pairing_trainee", "trainee_id", "kind"),
        Index("ix_pairing_supervisor", "supervisor_id"),
        partial_index(
            "uq_pairing_main_now", "trainee_id", unique=True, where="kind = 'main' AND to_on IS NULL"
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    trainee_id: int = Field(foreign_key="trainee.id")
    supervisor_id: int = Field(foreign_key="person.id")
    kind: str = Field(default="main", max_length=16)
    """main, placement or scientific."""
    from_on: date
    to_on: date | None = None
    agreed_days: int | None = None
    """The pair's own interval between sessions, in days; None while they have not said."""


def lasts_on(day: date | ColumnElement[date], pairs: Columns | None = None) -> ColumnElement[bool]:
    """The pairings that last on a local day, of the table or of `pairs`, its alias."""
    of = columns(Pairing) if pairs is None else pairs
    return and_(of.from_on <= day, or_(of.to_on.is_(None), of.to_on >= day))


class Placement(Row, table=True):
    """Service at another unit, both days inclusive. Undone rows are voided.

    The supervisor there is a pairing of kind placement when the roster knows them, else a name as written.
    """

    __table_args__ = (CheckConstraint("to_on >= from_on", name="placement_ends_after_start"),)

    id: int | None = Field(default=None, primary_key=True)
    trainee_id: int = Field(foreign_key="trainee.id", index=True)
    place: str = Field(max_length=200)
    from_on: date
    to_on: date
    pairing_id: int | None = Field(default=None, foreign_key="pairing.id")
    supervisor_name: str | None = Field(default=None, max_length=200)
    written_by: int = Field(foreign_key="person.id")
    written_at: datetime = Field(sa_column=Column(Stamp, nullable=False))
    inbox_id: int | None = Field(default=None, foreign_key="inbox.id", unique=True)
    voided_at: datetime | None = Field(default=None, sa_column=Column(Stamp))
    imported_as: str | None = Field(default=None, unique=True, max_length=48)
    """As an entry's: brought in a signed file, and unchangeable here."""


class Absence(Row, table=True):
    """Time away, both days inclusive; `to_on` None while the end is unknown. Undone rows are voided."""

    id: int | None = Field(default=None, primary_key=True)
    trainee_id: int = Field(foreign_key="trainee.id", index=True)
    kind: str = Field(max_length=16)
    from_on: date
    to_on: date | None = None
    written_by: int = Field(foreign_key="person.id")
    written_at: datetime = Field(sa_column=Column(Stamp, nullable=False))
    inbox_id: int | None = Field(default=None, foreign_key="inbox.id", unique=True)
    voided_at: datetime | None = Field(default=None, sa_column=Column(Stamp))
    imported_as: str | None = Field(default=None, unique=True, max_length=48)
    """As an entry's: brought in a signed file, and unchangeable here."""


class SupervisorTraining(Row, table=True):
    """A supervisor's own course or refresher: supervisors are to be trained. Undone rows are voided."""

    __tablename__ = "supervisor_training"

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    done_on: date
    written_at: datetime = Field(sa_column=Column(Stamp, nullable=False))
    inbox_id: int | None = Field(default=None, foreign_key="inbox.id", unique=True)
    voided_at: datetime | None = Field(default=None, sa_column=Column(Stamp))


class Away(Row, table=True):
    """Days away, both inclusive, of somebody who is in no training; `to_on` None while the end is unknown.

    Nobody speaks to them then. Why they are away is not kept: nothing asks for it. Undone rows are voided.
    """

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    from_on: date
    to_on: date | None = None
    written_at: datetime = Field(sa_column=Column(Stamp, nullable=False))
    inbox_id: int | None = Field(default=None, foreign_key="inbox.id", unique=True)
    voided_at: datetime | None = Field(default=None, sa_column=Column(Stamp))


def is_away(day: date | ColumnElement[date], spells: Columns | None = None) -> ColumnElement[bool]:
    """The spells that stand and last on a local day, of the table or of `spells`, those of Absence."""
    a = columns(Away) if spells is None else spells
    return and_(a.voided_at.is_(None), a.from_on <= day, or_(a.to_on.is_(None), a.to_on >= day))


def spells_of(person_id: int) -> SelectOfScalar[Away]:
    """A person's own days away that stand."""
    return select(Away).where(Away.person_id == person_id, columns(Away).voided_at.is_(None))


def absences_of(person_id: int) -> SelectOfScalar[Absence]:
    """The time away, as it stands, from somebody's own training, if they are in one."""
    a, t = columns(Absence), columns(Trainee)
    mine = select(t.id).where(t.person_id == person_id)
    return select(Absence).where(a.trainee_id.in_(mine), a.voided_at.is_(None))
