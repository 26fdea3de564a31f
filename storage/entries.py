"""The journal: what took place. Undo voids, change adds a version, nothing is ever deleted."""

from __future__ import annotations

from datetime import date, datetime, time
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, Column, Connection, Index, event, inspect
from sqlalchemy.orm import Mapper
from sqlmodel import Field

from storage.columns import Facts, Row, Stamp, partial_index


class EntryState(StrEnum):
    """live counts; amended was replaced by a later version; void was undone."""

    LIVE = "live"
    AMENDED = "amended"
    VOID = "void"


class Entry(Row, table=True):
    """One version of one thing that took place, or was. A chain of versions shares `chain_id`.

    Only one version of a chain is live, and one message can make only one version: the schema says both.
    """

    __table_args__ = (
        Index("ix_entry_trainee", "trainee_id", "activity", "on_date"),
        partial_index("ix_entry_days", "trainee_id", "activity", "end_date", where="end_date IS NOT NULL"),
        partial_index("uq_entry_live_version", "chain_id", unique=True, where="state = 'live'"),
        # All that the rota asks of a session, the state too: SQLite then reads no row. No value that others
        # bind stands in the condition (see storage.states).
        partial_index(
            *("ix_entry_topics", "trainee_id", "activity", "state", "topics", "on_date", "end_date"),
            where="state = 'live' AND CAST(topics AS VARCHAR) != '[]'",
            only="sqlite",
        ),
        CheckConstraint("minutes IS NULL OR (minutes >= 5 AND minutes <= 720)", name="minutes_allowed"),
    )

    id: int | None = Field(default=None, primary_key=True)
    chain_id: int | None = None
    """The id of the chain's first version; set in the same transaction as the row."""
    state: str = Field(default=EntryState.LIVE, max_length=8)
    trainee_id: int = Field(foreign_key="trainee.id")
    activity: str = Field(max_length=32)
    on_date: date
    end_date: date | None = None
    start_time: time | None = None
    minutes: int | None = None
    instrument: str | None = Field(default=None, max_length=32)
    topics: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    goals: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    people: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    note: str | None = Field(default=None, max_length=2000)
    origin: str = Field(default="chat", max_length=8)
    """chat, or history: told afterwards of the time before the bot watched, so that clocks run from it;
    or import: brought in a signed file from another unit, and unchangeable here."""
    written_by: int | None = Field(default=None, foreign_key="person.id")
    written_at: datetime = Field(sa_column=Column(Stamp, nullable=False))
    inbox_id: int | None = Field(default=None, foreign_key="inbox.id", unique=True)
    confirmed_by: int | None = Field(default=None, foreign_key="person.id")
    confirmed_at: datetime | None = Field(default=None, sa_column=Column(Stamp))
    disputed_at: datetime | None = Field(default=None, sa_column=Column(Stamp))
    level: str | None = Field(default=None, max_length=16)
    """What an assessor answered when asked for it; only that person may change such an entry."""
    imported_as: str | None = Field(default=None, unique=True, max_length=48)
    """The name it bears everywhere, "issuer:e17": one that was brought along twice is here once."""
    imported: Facts | None = Field(default=None, sa_column=Column(JSON))
    """Of an imported one: unit, author and confirmed_by, as names."""


class Booking(Row, table=True):
    """A session that is planned, one row for each date; a series' rows share `series_id`.

    `look_at` is the next moment something is to be said about it: the reminder before, "Blev det av?" after.
    """

    __table_args__ = (
        Index("ix_booking_trainee", "trainee_id", "on_date"),
        partial_index("ix_booking_look_at", "look_at", where="look_at IS NOT NULL"),
    )

    id: int | None = Field(default=None, primary_key=True)
    series_id: int | None = Field(default=None, index=True)
    state: str = Field(default="planned", max_length=12)
    """planned, held, not_held, moved or cancelled."""
    reason: str | None = Field(default=None, max_length=16)
    """Why it did not take place: sick, on_call, vacation, schedule, other; absence when nobody was asked;
    "to 12" when it was moved to booking 12."""
    trainee_id: int = Field(foreign_key="trainee.id")
    activity: str = Field(max_length=32)
    on_date: date
    end_date: date | None = None
    """The last day of what takes several: a course."""
    start_time: time | None = None
    minutes: int | None = None
    topics: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    note: str | None = Field(default=None, max_length=2000)
    written_by: int = Field(foreign_key="person.id")
    written_at: datetime = Field(sa_column=Column(Stamp, nullable=False))
    inbox_id: int | None = Field(default=None, foreign_key="inbox.id", index=True)
    look_at: datetime | None = Field(default=None, sa_column=Column(Stamp))
    sequence: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    """How often what a calendar shows of it has changed: the SEQUENCE of its event (RFC 5545, 3.8.7.4)."""


_SHOWN = ("state", "on_date", "end_date", "start_time", "minutes", "activity")


@event.listens_for(Booking, "before_update")
def _count_change(_mapper: Mapper[Booking], _connection: Connection, booking: Booking) -> None:
    """Whoever changes a booking, in whatever way: a calendar takes the newest version only if it is told."""
    state = inspect(booking)
    if any(state.attrs[name].history.has_changes() for name in _SHOWN):
        booking.sequence += 1
