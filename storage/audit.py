"""Who did what, when: for the inspector. Names of things, never what was written."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, Column, Index
from sqlmodel import Field

from storage.columns import Facts, Row, Stamp


class Audit(Row, table=True):
    """One act. `subject` is "entry:12", "person:3"; `facts` holds keys and dates only."""

    __table_args__ = (Index("ix_audit_subject", "subject"),)

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(sa_column=Column(Stamp, nullable=False))
    actor_id: int | None = Field(default=None, foreign_key="person.id")
    """None when the bot itself acted."""
    act: str = Field(max_length=32)
    subject: str = Field(max_length=48)
    facts: Facts = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))


def changes(before: Facts, after: Facts) -> Facts:
    """What two versions of some settings differ in, for `facts`: by key the old and the new value."""
    keys = [key for key in {**before, **after} if before.get(key) != after.get(key)]
    return {key: [before.get(key), after.get(key)] for key in keys}
