"""People, the roles they have, and where each is reached."""

from __future__ import annotations

from datetime import date, datetime, time
from enum import StrEnum
from typing import Final

from sqlalchemy import Column, Index, UniqueConstraint
from sqlmodel import Field

from storage.columns import Row, Stamp


class RoleName(StrEnum):
    """The roles of the glossary, as the roster's `role` column spells them."""

    TRAINEE = "trainee"
    SUPERVISOR = "supervisor"
    STUDIEREKTOR = "studierektor"
    HEAD = "head"
    CHIEF_DIRECTOR = "chief_director"
    SECRETARY = "secretary"


NAMELESS: Final = "erased.invalid"
"""The domain of those who were erased: RFC 2606 keeps .invalid from ever being anybody's."""


class Person(Row, table=True):
    """Somebody the bot knows. `email` is lower case and names the person across files and years."""

    id: int | None = Field(default=None, primary_key=True)
    email: str = Field(unique=True, max_length=320)
    name: str = Field(max_length=200)
    locale: str = Field(default="sv", max_length=8)
    prefers: str | None = Field(default=None, max_length=16)
    """The platform to be reached on; None means the one linked last."""
    created_at: datetime = Field(sa_column=Column(Stamp, nullable=False))
    morning: time | None = None
    """When this person wants a day's reminders; None as the unit has it. The next two likewise."""
    weekly_day: int | None = None
    weekly_at: time | None = None
    digest_day: int | None = None
    digest_at: time | None = None
    digest_when_empty: bool | None = None
    """When this person wants the digest, and whether also with nothing in it; None as the unit has it."""


WISHES: Final = (
    *("prefers", "morning", "weekly_day", "weekly_at"),
    *("digest_day", "digest_at", "digest_when_empty"),
)
"""What a person has chosen for themselves: shown to them with the rest, and forgotten with them."""


def forget_wishes(person: Person) -> None:
    """Let all be as the unit has it."""
    for wish in WISHES:
        setattr(person, wish, None)


class Role(Row, table=True):
    """One role of one person. A studierektor has a row for each unit; `unit_id` None means all units."""

    __table_args__ = (
        UniqueConstraint("person_id", "role", "unit_id"),
        Index("ix_role_unit", "unit_id", "role", "person_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    role: str = Field(max_length=16)
    unit_id: int | None = Field(default=None, foreign_key="unit.id")
    last_day: date | None = None
    """A supervisor's last day of service (pension), as the `end` of their row in the roster says."""


class Identity(Row, table=True):
    """A person on a platform. The same account can belong to one person only: the schema says so."""

    __table_args__ = (
        UniqueConstraint("platform", "workspace", "external_id"),
        Index("ix_identity_person", "person_id", "platform"),
    )

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id")
    platform: str = Field(max_length=16)
    workspace: str = Field(default="", max_length=64)
    external_id: str = Field(max_length=255)
    chat: str = Field(default="", max_length=255)
    """Where a private message reaches the person, once known."""
    linked_at: datetime = Field(sa_column=Column(Stamp, nullable=False))
    disabled_at: datetime | None = Field(default=None, sa_column=Column(Stamp))
    disabled_reason: str | None = Field(default=None, max_length=200)


class LinkCode(Row, table=True):
    """A single-use code that links an account: only its hash is kept. Ten minutes, five tries."""

    __tablename__ = "link_code"

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    code_hash: str = Field(unique=True, max_length=64)
    expires_at: datetime = Field(sa_column=Column(Stamp, nullable=False))
    used_at: datetime | None = Field(default=None, sa_column=Column(Stamp))


class LinkTry(Row, table=True):
    """A wrong code from an account: five within ten minutes and the account must wait."""

    __tablename__ = "link_try"
    __table_args__ = (Index("ix_link_try_account", "account", "at"),)

    id: int | None = Field(default=None, primary_key=True)
    account: str = Field(max_length=340)
    at: datetime = Field(sa_column=Column(Stamp, nullable=False))
