"""Units: where training happens, and which rulebook holds there."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, Column
from sqlmodel import Field

from storage.columns import Facts, Row, Stamp


class Unit(Row, table=True):
    """A unit. `settings` is kept for what a unit sets of its own."""

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True, max_length=200)
    rulebook: str = Field(max_length=64)
    rulebook_from: date | None = None
    """The day the present rulebook took over; no clock of it starts earlier. None: from the beginning."""
    rulebook_before: str | None = Field(default=None, max_length=64)
    """The one that held until then."""
    timezone: str = Field(default="Europe/Stockholm", max_length=64)
    settings: Facts = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))


class UnitDuty(Row, table=True):
    """Something a unit did that its rulebook asks of it: a SPUR review, an internal review, a follow-up.

    `finding` is what the review asked to be mended, due for follow-up on `follow_up_on` and open until
    `closed_at`. Undone rows are voided.
    """

    __tablename__ = "unit_duty"

    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="unit.id", index=True)
    duty: str = Field(max_length=48)
    """The activity as rulebooks name it: external_review, internal_review, quality_review, …"""
    done_on: date
    finding: str | None = Field(default=None, max_length=2000)
    follow_up_on: date | None = None
    closed_at: datetime | None = Field(default=None, sa_column=Column(Stamp))
    written_by: int = Field(foreign_key="person.id")
    written_at: datetime = Field(sa_column=Column(Stamp, nullable=False))
    inbox_id: int | None = Field(default=None, foreign_key="inbox.id", unique=True)
    voided_at: datetime | None = Field(default=None, sa_column=Column(Stamp))
