"""Where the bot is installed besides the workspace of its settings, and who has left an account."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column
from sqlmodel import Field

from storage.columns import Row, Stamp


class Installation(Row, table=True):
    """One workspace that installed the app. The token is a secret: no log, no command, no export shows it."""

    platform: str = Field(primary_key=True, max_length=16)
    workspace: str = Field(primary_key=True, max_length=64)
    name: str = Field(default="", max_length=200)
    token: str = Field(max_length=500, repr=False)
    """"" once the app is removed."""
    installed_at: datetime = Field(sa_column=Column(Stamp, nullable=False))
    removed_at: datetime | None = Field(default=None, sa_column=Column(Stamp))


class InstallState(Row, table=True):
    """One permission to install the app in one more workspace: used once. Only its hash is kept."""

    __tablename__ = "install_state"

    state_hash: str = Field(primary_key=True, max_length=64)
    expires_at: datetime = Field(sa_column=Column(Stamp, nullable=False))
    used_at: datetime | None = Field(default=None, sa_column=Column(Stamp))


class LeftAccount(Row, table=True):
    """An account that was unlinked by hand: only a code links it again, never its e-mail."""

    __tablename__ = "left_account"

    account: str = Field(primary_key=True, max_length=340)
    left_at: datetime = Field(sa_column=Column(Stamp, nullable=False))
