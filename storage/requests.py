"""Assessments that a trainee asks somebody for, and what was said about an entry afterwards."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, Column
from sqlmodel import Field

from storage.columns import Row, Stamp, partial_index


class AssessmentRequest(Row, table=True):
    """One trainee's request to one assessor. `look_at` is when it is sent again, or has waited too long."""

    __tablename__ = "assessment_request"
    __table_args__ = (partial_index("ix_request_look_at", "look_at", where="look_at IS NOT NULL"),)

    id: int | None = Field(default=None, primary_key=True)
    trainee_id: int = Field(foreign_key="trainee.id", index=True)
    assessor_id: int = Field(foreign_key="person.id", index=True)
    instrument: str | None = Field(default=None, max_length=32)
    goals: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    topics: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    note: str | None = Field(default=None, max_length=500)
    """What it is about, in the trainee's words; nothing private."""
    state: str = Field(default="sent", max_length=12)
    """sent, reminded, done, declined, expired or withdrawn."""
    asked_on: date
    """The local day of the request: what is assessed took place then."""
    asked_at: datetime = Field(sa_column=Column(Stamp, nullable=False))
    chain_id: int | None = Field(default=None, index=True)
    """The entry that the answer became."""
    ended_at: datetime | None = Field(default=None, sa_column=Column(Stamp))
    inbox_id: int | None = Field(default=None, foreign_key="inbox.id", unique=True)
    look_at: datetime | None = Field(default=None, sa_column=Column(Stamp))


class Remark(Row, table=True):
    """One free line that somebody added to an entry: an assessor, or who confirmed it."""

    id: int | None = Field(default=None, primary_key=True)
    chain_id: int = Field(index=True)
    author_id: int = Field(foreign_key="person.id")
    text: str = Field(max_length=1000)
    at: datetime = Field(sa_column=Column(Stamp, nullable=False))
    inbox_id: int | None = Field(default=None, foreign_key="inbox.id", unique=True)
    voided_at: datetime | None = Field(default=None, sa_column=Column(Stamp))
