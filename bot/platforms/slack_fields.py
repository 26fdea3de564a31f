"""What only Slack's bodies have: stamps that name messages, and channels' and workspaces' ids."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from bot.platforms.fields import Body, MalformedError, optional_id

LONGEST = 64
"""Characters of a workspace's id; Slack's own have some eleven."""

_STAMP = re.compile(r"[0-9]{1,10}\.[0-9]{1,9}", re.ASCII)


def workspace_in(body: Body, key: str = "team_id") -> str:
    """A workspace's id, "" where there is none. Raises MalformedError for one that no row can keep."""
    found = optional_id(body, key)
    if len(found) > LONGEST:
        raise MalformedError(f"no {key}")
    return found


def is_direct(channel: str) -> bool:
    """Whether a channel is a chat between two."""
    return channel.startswith("D")


def stamp_in(body: Body, key: str) -> str:
    """Slack's "seconds.micros"; with the channel it names a message. Raises MalformedError."""
    value = body.get(key)
    if isinstance(value, str) and _STAMP.fullmatch(value):
        return value
    raise MalformedError(f"no {key}")


def moment(stamp: str) -> datetime:
    """That as an aware UTC moment."""
    return datetime.fromtimestamp(float(stamp), UTC)
