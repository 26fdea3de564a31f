"""Units: where training happens, and which rulebook holds there."""

from __future__ import annotations

from sqlalchemy import JSON, Column
from sqlmodel import Field, SQLModel

from storage.columns import Facts


class Unit(SQLModel, table=True):
    """A unit. `settings` overrides the defaults of manners and digest; keys are in docs/decisions/0005."""

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True, max_length=200)
    rulebook: str = Field(max_length=64)
    timezone: str = Field(default="Europe/Stockholm", max_length=64)
    settings: Facts = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
