"""Installing the app in one more workspace: permitted once by the operator, kept until it is removed."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, CursorResult, select, update
from sqlmodel import Session

from handlers import reach
from storage.columns import columns, table
from storage.tables import Audit, Installation, InstallState

VALID = timedelta(hours=1)
_S = columns(InstallState)


def permit(session: Session, now: datetime) -> str:
    """A state that lets one installation through within the hour. Only its hash is stored."""
    state = secrets.token_urlsafe(32)
    session.add(InstallState(state_hash=_hash(state), expires_at=now + VALID))
    return state


def is_permitted(session: Session, state: str, now: datetime) -> bool:
    """Whether the state is one of ours, not too old and not used. It only reads: anybody may ask."""
    return session.execute(select(_S.state_hash).where(*_unspent(state, now))).first() is not None


def use(session: Session, state: str, now: datetime) -> bool:
    """Whether the state is one of ours, not too old and not used: from now on it is."""
    result = session.execute(update(table(InstallState)).where(*_unspent(state, now)).values(used_at=now))
    return isinstance(result, CursorResult) and result.rowcount == 1


def install(session: Session, platform: str, workspace: str, name: str, token: str, now: datetime) -> None:
    """Remember a workspace's token; whom its removal lost is reached again."""
    found = session.get(Installation, (platform, workspace))
    kept = found or Installation(platform=platform, workspace=workspace, token=token, installed_at=now)
    kept.name, kept.token, kept.installed_at, kept.removed_at = name[:200], token, now, None
    session.add(kept)
    reach.found(session, platform, workspace, reach.REMOVED)
    session.add(Audit(at=now, act="app_installed", subject=f"{platform}:{workspace}"[:48]))


def token_of(session: Session, platform: str, workspace: str) -> str:
    """A workspace's token; "" where the app is not installed."""
    found = session.get(Installation, (platform, workspace))
    return found.token if found is not None and found.removed_at is None else ""


def _unspent(state: str, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return _S.state_hash == _hash(state), _S.used_at.is_(None), _S.expires_at > now


def _hash(state: str) -> str:
    return hashlib.sha256(state.encode()).hexdigest()
