"""The fields of a JSON body from a platform: each is what it is said to be, or the body is malformed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

Body = Mapping[str, Any]

ID = re.compile(r"[\x21-\x7e]{1,200}")


class MalformedError(ValueError):
    """A body that claims to be something we handle but lacks what every such body has."""


def identifier(body: Body, key: str) -> str:
    """An id of the platform's. Raises MalformedError."""
    value = body.get(key)
    if isinstance(value, str) and ID.fullmatch(value):
        return value
    raise MalformedError(f"no {key}")


def optional_id(body: Body, key: str) -> str:
    """An id of the platform's, "" where there is none or something else stands."""
    value = body.get(key)
    return value if isinstance(value, str) and ID.fullmatch(value) else ""


def text_in(body: Body, key: str) -> str:
    """A text, "" where there is none."""
    value = body.get(key)
    return value if isinstance(value, str) else ""


def object_in(body: Body, key: str) -> Body:
    """An object. Raises MalformedError."""
    value = body.get(key)
    if isinstance(value, dict):
        return value
    raise MalformedError(f"no {key}")


def optional_in(body: Body, key: str) -> Body:
    """An object, empty where there is none."""
    value = body.get(key)
    return value if isinstance(value, dict) else {}
