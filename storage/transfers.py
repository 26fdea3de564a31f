"""A history that a trainee brought from another unit, until they have said whether it is theirs."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, Column, UniqueConstraint
from sqlmodel import Field

from storage.columns import Facts, Row, Stamp


class Transfer(Row, table=True):
    """One signed file for one trainee: the same file again is the same row."""

    __table_args__ = (UniqueConstraint("trainee_id", "digest"),)

    id: int | None = Field(default=None, primary_key=True)
    trainee_id: int = Field(foreign_key="trainee.id")
    digest: str = Field(max_length=64)
    """SHA-256 of what was signed, in hex."""
    issuer: str = Field(max_length=64)
    """The public key it was verified with."""
    from_unit: str = Field(max_length=200)
    issued_at: datetime = Field(sa_column=Column(Stamp, nullable=False))
    history: Facts | None = Field(default=None, sa_column=Column(JSON), repr=False)
    """What was signed; emptied once it is answered."""
    offered_at: datetime = Field(sa_column=Column(Stamp, nullable=False))
    answer: str | None = Field(default=None, max_length=12)
    """accepted or declined; None while it waits."""
    answered_at: datetime | None = Field(default=None, sa_column=Column(Stamp))
