"""The fields of a body from Slack: each is what it is said to be, or the body is malformed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

Body = Mapping[str, Any]

_ID = re.compile(r"[\x21-\x7e]{1,200}")
_STAMP = re.compile(r"[0-9]{1,10}\.[0-9]{1,9}", re.ASCII)


class MalformedError(ValueError):
    """A body that claims to be something we handle but lacks what every such body has."""


def identifier(body: Body, key: str) -> str:
    """An id of Slack's."""
    value = body.get(key)
    if isinstance(value, str) and _ID.fullmatch(value):
        return value
    raise MalformedError(f"no {key}")


def workspace_in(body: Body, key: str = "team_id") -> str:
    """A workspace's id, "" where there is none."""
    return optional_id(body, key)


def optional_id(body: Body, key: str) -> str:
    """An id of Slack's, "" where there is none or something else stands."""
    value = body.get(key)
    return value if isinstance(value, str) and _ID.fullmatch(value) else ""


def text_in(body: Body, key: str) -> str:
    """A text, "" where there is none."""
    value = body.get(key)
    return value if isinstance(value, str) else ""


def object_in(body: Body, key: str) -> Body:
    """An object."""
    value = body.get(key)
    if isinstance(value, dict):
        return value
    raise MalformedError(f"no {key}")


def optional_in(body: Body, key: str) -> Body:
    """An object, empty where there is none."""
    value = body.get(key)
    return value if isinstance(value, dict) else {}


def is_direct(channel: str) -> bool:
    """Whether a channel is a chat between two."""
    return channel.startswith("D")


def stamp_in(body: Body, key: str) -> str:
    """Slack's "seconds.micros"; with the channel it names a message."""
    value = body.get(key)
    if isinstance(value, str) and _STAMP.fullmatch(value):
        return value
    raise MalformedError(f"no {key}")


def moment(stamp: str) -> datetime:
    """That as an aware UTC moment."""
    return datetime.fromtimestamp(float(stamp), UTC)
