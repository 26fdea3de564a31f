"""What is to be said: facts, not words, each exactly once."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, Column, Index, UniqueConstraint
from sqlmodel import Field

from storage.columns import Facts, Row, Stamp, partial_index


class OutboxState(StrEnum):
    """pending is the only state that is not an end."""

    PENDING = "pending"
    SENT = "sent"
    SKIPPED = "skipped"
    EXPIRED = "expired"
    FAILED = "failed"
    UNCERTAIN = "uncertain"


class Outbox(Row, table=True):
    """One thing to tell one person. The UNIQUE key is (whom, what, about whom, which period, which step).

    `bundle` is the local date whose one message it travels in; None travels alone. `due_at` is the
    earliest moment to send, `put_off_to` the same after a day off, an absence or another message of that day,
    `next_at` after a failed try too. A lease (`lease_until`, `lease_token`) is held by the process that is
    sending it; an expired one may be taken over.
    `platform`, `workspace` and `address` are set when the answer belongs where the question came from.
    """

    __table_args__ = (
        UniqueConstraint("recipient", "kind", "subject", "period", "step"),
        partial_index("ix_outbox_pending", "priority", "next_at", where="state = 'pending'"),
        partial_index("ix_outbox_pending_subject", "subject", where="state = 'pending'"),
        partial_index("ix_outbox_pending_person", "person_id", "next_at", where="state = 'pending'"),
        Index("ix_outbox_person", "person_id", "created_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    recipient: str = Field(max_length=340)
    """"person:12", or the account for somebody who is not linked."""
    person_id: int | None = Field(default=None, foreign_key="person.id")
    kind: str = Field(max_length=12)
    """reply, confirm, nudge, booking, digest or notice."""
    subject: str = Field(max_length=96)
    period: str = Field(default="", max_length=32)
    step: str = Field(default="", max_length=16)
    facts: Facts = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    priority: int = 5
    """0 receipts, 3 confirmations, 5 nudges, 9 digests: the smaller first."""
    bundle: date | None = None
    created_at: datetime = Field(sa_column=Column(Stamp, nullable=False))
    due_at: datetime = Field(sa_column=Column(Stamp, nullable=False))
    next_at: datetime = Field(sa_column=Column(Stamp, nullable=False))
    put_off_to: datetime | None = Field(default=None, sa_column=Column(Stamp))
    expires_at: datetime | None = Field(default=None, sa_column=Column(Stamp))
    state: str = Field(default=OutboxState.PENDING, max_length=12)
    reason: str = Field(default="", max_length=200)
    attempts: int = 0
    perhaps_sent: bool = False
    """An earlier try may have reached the person: said so when it is sent once more."""
    tried_on: str | None = Field(default=None, max_length=16)
    """The platform of the last try; of the one that may have reached the person, once one may have."""
    sent_as: str = Field(default="", max_length=64, sa_column_kwargs={"server_default": ""})
    """What that try was called on the platform."""
    lease_until: datetime | None = Field(default=None, sa_column=Column(Stamp))
    lease_token: str | None = Field(default=None, max_length=32)
    platform: str | None = Field(default=None, max_length=16)
    workspace: str = Field(default="", max_length=64)
    address: str = Field(default="", max_length=255)
    ended_at: datetime | None = Field(default=None, sa_column=Column(Stamp))
    reference: str = Field(default="", max_length=255)
    """What the platform calls the message that was sent."""


class DailyBundle(Row, table=True):
    """One person's one bundled message of one day. The primary key is why there is never a second."""

    __tablename__ = "daily_bundle"

    person_id: int = Field(foreign_key="person.id", primary_key=True)
    on_date: date = Field(primary_key=True)
    token: str = Field(max_length=32)
    """The lease that is sending it: a retry keeps the row, anybody else finds it taken."""
