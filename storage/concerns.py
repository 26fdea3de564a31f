"""A supervisor's concern about a trainee, and what came of it: for the unit's studierektor and head alone."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Column
from sqlmodel import Field

from storage.columns import Row, Stamp, partial_index


class Concern(Row, table=True):
    """One concern, addressed to those who answer for the unit it was raised at, also if the trainee moves.

    `follow_up_on` and `closed_at` follow from the steps; `look_at` is when a follow-up is to be reminded of.
    Undone rows are voided.
    """

    __table_args__ = (partial_index("ix_concern_look_at", "look_at", where="look_at IS NOT NULL"),)

    id: int | None = Field(default=None, primary_key=True)
    trainee_id: int = Field(foreign_key="trainee.id", index=True)
    unit_id: int = Field(foreign_key="unit.id", index=True)
    text: str = Field(max_length=2000, repr=False)
    raised_by: int = Field(foreign_key="person.id")
    raised_at: datetime = Field(sa_column=Column(Stamp, nullable=False))
    raised_on: date
    """The local day."""
    follow_up_on: date | None = None
    closed_at: datetime | None = Field(default=None, sa_column=Column(Stamp))
    look_at: datetime | None = Field(default=None, sa_column=Column(Stamp))
    inbox_id: int | None = Field(default=None, foreign_key="inbox.id", unique=True)
    voided_at: datetime | None = Field(default=None, sa_column=Column(Stamp))


class ConcernStep(Row, table=True):
    """One thing decided about a concern: a day on which to follow it up, or its outcome. Undone: voided."""

    __tablename__ = "concern_step"

    id: int | None = Field(default=None, primary_key=True)
    concern_id: int = Field(foreign_key="concern.id", index=True)
    kind: str = Field(max_length=12)
    """follow_up or outcome."""
    on_date: date
    """The day to follow it up, or the local day on which it ended."""
    text: str | None = Field(default=None, max_length=2000, repr=False)
    written_by: int = Field(foreign_key="person.id")
    written_at: datetime = Field(sa_column=Column(Stamp, nullable=False))
    inbox_id: int | None = Field(default=None, foreign_key="inbox.id", unique=True)
    voided_at: datetime | None = Field(default=None, sa_column=Column(Stamp))
