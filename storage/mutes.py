"""Silence: a requirement of which nobody is reminded for a while, and why."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Column
from sqlmodel import Field

from storage.columns import Row, Stamp


class Mute(Row, table=True):
    """No reminders about one requirement of one trainee before `until`. No due date moves by it."""

    id: int | None = Field(default=None, primary_key=True)
    trainee_id: int = Field(foreign_key="trainee.id", index=True)
    requirement: str = Field(max_length=48)
    until: date
    """The first day on which it may be spoken of again."""
    reason: str = Field(max_length=500)
    written_by: int = Field(foreign_key="person.id")
    written_at: datetime = Field(sa_column=Column(Stamp, nullable=False))
    lifted_at: datetime | None = Field(default=None, sa_column=Column(Stamp))
