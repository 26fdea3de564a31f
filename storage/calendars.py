"""Private calendars: one row for each address that a person was given."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column
from sqlmodel import Field

from storage.columns import Row, Stamp


class CalendarFeed(Row, table=True):
    """An address one may subscribe to. Whoever has it may read, so only the hash of its token is kept."""

    __tablename__ = "calendar_feed"

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    token_hash: str = Field(unique=True, max_length=64)
    """SHA-256 of the token, in hexadecimal."""
    made_at: datetime = Field(sa_column=Column(Stamp, nullable=False))
    revoked_at: datetime | None = Field(default=None, sa_column=Column(Stamp))
