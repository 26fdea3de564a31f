"""What came in: one row for each delivery, its outcome, and never the text."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, Column, UniqueConstraint
from sqlmodel import Field

from storage.columns import Facts, Row, Stamp, partial_index


class Inbox(Row, table=True):
    """One delivery of one platform. Its UNIQUE key is what makes a second effect impossible.

    `reply` is kept for two days so that a repeated delivery gets the same answer, then emptied.
    `subject` names what was made or touched ("entry:12").
    """

    __table_args__ = (
        UniqueConstraint("platform", "workspace", "delivery_key"),
        partial_index("ix_inbox_message", "platform", "workspace", "message_ref", where="message_ref != ''"),
        # A row is nobody's until it is answered: indexes that took it in before would be written twice.
        partial_index("ix_inbox_person", "person_id", "id", where="person_id IS NOT NULL"),
        partial_index("ix_inbox_pace", "person_id", "said_at", where="person_id IS NOT NULL"),
    )

    id: int | None = Field(default=None, primary_key=True)
    platform: str = Field(max_length=16)
    workspace: str = Field(default="", max_length=64)
    delivery_key: str = Field(max_length=255)
    message_ref: str = Field(default="", max_length=255)
    person_id: int | None = Field(default=None, foreign_key="person.id")
    kind: str = Field(max_length=8)
    received_at: datetime = Field(sa_column=Column(Stamp, nullable=False))
    said_at: datetime | None = Field(default=None, sa_column=Column(Stamp))
    """When it was written, as the platform tells: not the order of `id` when one message overtook another."""
    outcome: str = Field(default="", max_length=24)
    subject: str = Field(default="", max_length=48)
    reply: Facts | None = Field(default=None, sa_column=Column(JSON))


class Draft(Row, table=True):
    """A message that was understood but for one thing: each choice completes it, nothing is retyped."""

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    inbox_id: int = Field(foreign_key="inbox.id")
    choices: list[Facts] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    """The completed commands, in the order of their buttons."""
    asked: Facts | None = Field(default=None, sa_column=Column(JSON))
    """The line as far as it was understood, so that the answer can also be written."""
    written_at: datetime = Field(sa_column=Column(Stamp, nullable=False))
    used_at: datetime | None = Field(default=None, sa_column=Column(Stamp))
