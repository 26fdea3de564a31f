"""The file: what stands in it, how it is signed, and how one is read. No database here.

Shape: {"history": {…}, "signature": "…"}; the signature is of the history as JSON with sorted keys and no
spaces, in UTF-8.
"""

from __future__ import annotations

import json
from datetime import date, datetime, time
from typing import Annotated, Any, Final, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from handlers.language.identity import holds_identity_number
from handlers.portable import signing

FORMAT: Final = "handledd-history-1"
LARGEST = 10_000_000
"""Bytes: thirty years of daily entries are less."""
MEDIA_TYPE = "application/json"

Uid = Annotated[str, Field(pattern=r"^[0-9a-f]{16}:[eap][0-9]{1,10}$")]
Name = Annotated[str, Field(max_length=200)]
Word = Annotated[str, Field(max_length=32)]


class HistoryError(ValueError):
    """A file that cannot be taken; the text says why in one line."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Whose(_Part):
    """The trainee. `watched_from` is the day from which the history is whole; None: from the start."""

    email: Annotated[str, Field(max_length=320)]
    name: Name
    starts_on: date
    watched_from: date | None


class Held(_Part):
    """One entry as it stands. `unit` is where it was written, the names are as the roster there had them."""

    uid: Uid
    unit: Name
    activity: Word
    on_date: date
    end_date: date | None
    start_time: time | None
    minutes: Annotated[int, Field(ge=5, le=720)] | None
    instrument: Word | None
    topics: list[Word]
    goals: list[Word]
    people: list[Name]
    note: Annotated[str, Field(max_length=2000)] | None
    level: Annotated[str, Field(max_length=16)] | None
    author: Name | None
    confirmed_by: Name | None
    confirmed_at: AwareDatetime | None


class Away(_Part):
    """An absence; both days inclusive."""

    uid: Uid
    kind: Annotated[str, Field(max_length=16)]
    from_on: date
    to_on: date


class Placed(_Part):
    """A placement; both days inclusive."""

    uid: Uid
    place: Name
    from_on: date
    to_on: date
    supervisor: Name | None


class History(_Part):
    """All of it. `unit` is the one it was issued at."""

    format: Literal["handledd-history-1"]
    issued_at: AwareDatetime
    unit: Name
    trainee: Whose
    entries: list[Held]
    absences: list[Away]
    placements: list[Placed]


def signed(history: History) -> bytes:
    """The file. Raises signing.NoKeyError."""
    raw = history.model_dump(mode="json")
    whole = {"history": raw, "signature": signing.sign(canonical(raw))}
    return json.dumps(whole, ensure_ascii=False, indent=1).encode()


def read(content: bytes, key: str) -> tuple[History, dict[str, Any]]:
    """The history of a file and what was signed, as it stands. Raises HistoryError.

    Nothing of it is looked at before its signature holds.
    """
    if len(content) > LARGEST:
        raise HistoryError("the file is too large to be a history")
    try:
        whole = json.loads(content)
        raw, signature = whole["history"], whole["signature"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise HistoryError("the file is no history that handledd wrote") from error
    _check(raw, signature, key)
    return parsed(raw), raw


def _check(raw: Any, signature: Any, key: str) -> None:
    try:
        good = isinstance(signature, str) and signing.is_signed(canonical(raw), signature, key)
    except signing.KeyFormError as error:
        raise HistoryError("--key is no public key; ask the former unit for `handledd key`") from error
    if not good:
        raise HistoryError(
            "the signature does not hold: the file was changed, or it is not from the owner of that key"
        )


def parsed(raw: Any) -> History:
    """What was signed, taken apart. Raises HistoryError."""
    try:
        history = History.model_validate_json(canonical(raw))
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise HistoryError(f"the file is of another version of handledd (see {where})") from error
    if any(holds_identity_number(text) for text in _free_text(history)):
        raise HistoryError("the file holds a personal identity number; the former unit must remove it first")
    return history


def _free_text(history: History) -> list[str]:
    held = [each.note or "" for each in history.entries]
    return held + [" ".join(each.people) for each in history.entries] + [p.place for p in history.placements]


def canonical(raw: Any) -> bytes:
    """What is signed: the same bytes for the same content."""
    return json.dumps(raw, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def moment(at: datetime) -> datetime:
    """Whole seconds: what is written is what is read."""
    return at.replace(microsecond=0)
