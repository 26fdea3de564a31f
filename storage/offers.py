"""Files that wait for somebody to accept them (Teams)."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Column, LargeBinary
from sqlmodel import Field

from storage.columns import Row, Stamp

LASTS = timedelta(hours=24)
"""How long an offer can be accepted; then the file is to be asked for again."""


class OfferedFile(Row, table=True):
    """A sealed file. Its key stands in the offer alone, here its hash: no copy of the database opens it."""

    __tablename__ = "offered_file"

    key_hash: str = Field(primary_key=True, max_length=64)
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False), repr=False)
    offered_at: datetime = Field(sa_column=Column(Stamp, nullable=False, index=True))
