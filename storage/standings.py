"""Where everybody stands: kept true in the same transaction as any change, never scanned."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Column, Index, UniqueConstraint
from sqlmodel import Field

from storage.columns import Row, Stamp, partial_index


class Standing(Row, table=True):
    """How one requirement stands for one trainee.

    Three clocks that are never mixed: `last_on` (what last happened), `said_at` (when it was last said),
    `snoozed_until` (until when somebody has put it off; whose snooze ends when stands with the reminder that
    they pressed). `look_at` is the next moment anything about this row can change or must be said; None means
    never by itself. Reminders that would have come before `says_from` are never given afterwards: a new row,
    or an undone log, does not scold about the past.
    """

    __table_args__ = (
        UniqueConstraint("trainee_id", "requirement", "occasion"),
        partial_index("ix_standing_look_at", "look_at", where="look_at IS NOT NULL"),
        Index("ix_standing_trainee_look_at", "trainee_id", "look_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    trainee_id: int = Field(foreign_key="trainee.id")
    requirement: str = Field(max_length=48)
    occasion: str = Field(default="", max_length=32)
    """Which one, for what recurs per placement or unit duty; "" for all others."""
    state: str = Field(max_length=16)
    period: str = Field(default="", max_length=32)
    due_on: date | None = None
    overdue_from: date | None = None
    last_on: date | None = None
    done: int = 0
    required: int = 0
    missed: int = 0
    said_at: datetime | None = Field(default=None, sa_column=Column(Stamp))
    snoozed_until: datetime | None = Field(default=None, sa_column=Column(Stamp))
    says_from: datetime = Field(sa_column=Column(Stamp, nullable=False))
    look_at: datetime | None = Field(default=None, sa_column=Column(Stamp))


class StandingChange(Row, table=True):
    """A state changed: old, new, why, when. Reminders and the digest's comparisons derive from these."""

    __tablename__ = "standing_change"
    __table_args__ = (Index("ix_standing_change_trainee", "trainee_id", "at"),)

    id: int | None = Field(default=None, primary_key=True)
    trainee_id: int = Field(foreign_key="trainee.id")
    requirement: str = Field(max_length=48)
    occasion: str = Field(default="", max_length=32)
    old: str = Field(max_length=16)
    new: str = Field(max_length=16)
    reason: str = Field(max_length=32)
    at: datetime = Field(sa_column=Column(Stamp, nullable=False))


class Agenda(Row, table=True):
    """The next moment a recurring message (a digest) is to be made for a person."""

    __table_args__ = (Index("ix_agenda_next_at", "next_at"),)

    person_id: int = Field(foreign_key="person.id", primary_key=True)
    kind: str = Field(primary_key=True, max_length=12)
    next_at: datetime = Field(sa_column=Column(Stamp, nullable=False))
