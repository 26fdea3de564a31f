"""When the bot speaks: what a unit has set, and a person for themselves. Always 08-17 on working days.

Pure: what may be set, and how a value is read. Times are naive and local.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import time
from typing import Any, Final

EARLIEST, LATEST = time(8), time(17)
LATEST_MORNING = time(16)
"""An hour is left for what the morning brings."""
EARLIEST_DIGEST = time(7)
FRIDAY = 5


@dataclass(frozen=True, slots=True)
class Habits:
    """What differs from unit to unit and from person to person."""

    morning: time = EARLIEST
    """When a day's reminders go out."""
    weekly_day: int = 4
    """The ISO weekday on which an unserved week is asked about."""
    weekly_at: time = time(12, 15)
    repeat_days: int | None = None
    """Days between repeats; None as each requirement says. A requirement's own wins."""
    repeat_at_most: int | None = None
    digest_day: int = 1
    digest_at: time = time(7, 30)
    digest_when_empty: bool = True
    digest_picture: bool = True
    digest_workbook: bool = True
    """Whether they go along with the digest."""
    picture_names: bool = True
    """Whether pictures that show this unit name its trainees, where the reader may see names at all."""


USUAL: Final = Habits()
"""The defaults of behaviour.md, Nudges and Digest."""


class HabitError(ValueError):
    """A value that may not be; the text says what may."""


def _hour(first: time, last: time) -> Callable[[Any], time]:
    def read(value: Any) -> time:
        try:
            at = value if isinstance(value, time) else time.fromisoformat(str(value).rjust(5, "0"))
        except ValueError:
            at = time.min
        if not first <= at <= last:
            raise HabitError(
                f"a time from {first:%H:%M} to {last:%H:%M}, such as {max(first, EARLIEST):%H:%M}"
            )
        return at

    return read


def _whole(first: int, last: int, what: str = "") -> Callable[[Any], int]:
    def read(value: Any) -> int:
        text = str(value)
        if not text.isdigit() or not first <= int(text) <= last:
            raise HabitError(f"a number from {first} to {last}{what}")
        return int(text)

    return read


def _yes_no(value: Any) -> bool:
    answers = {"true": True, "on": True, "yes": True, "false": False, "off": False, "no": False}
    if str(value).lower() not in answers:
        raise HabitError("on or off")
    return answers[str(value).lower()]


DAYS: Final = ", Monday to Friday"
READERS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "morning": _hour(EARLIEST, LATEST_MORNING),
    "weekly_day": _whole(1, FRIDAY, DAYS),
    "weekly_at": _hour(EARLIEST, LATEST),
    "repeat_days": _whole(3, 60),
    "repeat_at_most": _whole(0, 10),
    "digest_day": _whole(1, FRIDAY, DAYS),
    "digest_at": _hour(EARLIEST_DIGEST, LATEST),
    "digest_when_empty": _yes_no,
    "digest_picture": _yes_no,
    "digest_workbook": _yes_no,
    "picture_names": _yes_no,
}
"""What can be set, and how each value is read. They raise HabitError."""

OWN: Final = ("morning", "weekly_day", "weekly_at")
"""What a person may set for themselves."""
OWN_DIGEST: Final = ("digest_day", "digest_at", "digest_when_empty")
"""And those who read digests."""
