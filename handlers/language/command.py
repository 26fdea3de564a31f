"""What a line of text was understood to mean: the reader's answer and the contract of `handledd parse`."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass, field
from typing import Any

OPEN = "open"
"""The `reason` of a change that gives an absence a first day and no last."""
FIRST = "first"
"""The `reason` of a change that gives an absence another first day and keeps its last: `nej, från 21/12`."""
BOOKED = "booked"
"""The `reason` of a status that asks what is booked, and nothing else."""
ENDS = "ends"
"""The `reason` of a status that asks when the training ends."""
MORE = "more"
"""The `reason` of a change that keeps the topics, goals and people there are beside those it names."""

SAME_HOUR = "same_hour"
"""The `reason` of a once_more that is to be at the hour of the latest: `samma tid på torsdag`."""
SAME_AGAIN = "same_again"
"""The `reason` of a once_more that is the last that was told, on another day: `samma 12/11`."""
INSTEAD = "instead"
"""The `reason` of an absence that may put right the one that was told last: `nej, vab`."""
THEIRS = "theirs"
"""The `reason` of a log or a booking that somebody else is said to have had: the first of `people`, where
there is a name; and of a change that says whose it is: `ändra Annas handledning`.
"""
PART_TIME = "part_time"
"""The `reason` of an absence that is said to be for a part of each day: it is of whole days all the same."""


@dataclass(slots=True, unsafe_hash=True)
class Command:
    """One understood line. Absent values are None or (). Never changed once it is made.

    It is not frozen, for making it would take eight times as long: see docs/decisions/0020.

    `intent` is log, book, absence, placement,
    agreed (days in `note`), back, unit_duty, status, history, undo, change, rules, export, help, thanks,
    ask, refused, unknown and the other plain words of the command table. `minutes` is 5-720, `time` is
    local clock time, `date` and `end_date` (inclusive) are local dates.
    `question` says what is asked when the intent is ask: activity, date, minutes, person.
    paper (which in `reason`, see handlers.language.sentences.papers),
    setting (see handlers.language.sentences.wishes),
    mute (`date` until when, `note` why, `reason` off to end it).
    undo, confirm and move (see handlers.language.sentences.taking_back, confirming and moves).
    `reason` is new or off for a calendar's address. It
    says why when the intent is refused: personal_identity_number, too_long. In an ask it holds what
    may have been meant, parted by spaces: ISO dates, minutes, or activities (see choices.choices).
    """

    intent: str
    activity: str | None = None
    date: dt.date | None = None
    end_date: dt.date | None = None
    time: dt.time | None = None
    minutes: int | None = None
    repeat: str | None = None
    absence: str | None = None
    topics: tuple[str, ...] = ()
    instrument: str | None = None
    goals: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    note: str | None = None
    question: str | None = None
    reason: str | None = None
    by_night: bool = field(default=False, compare=False)
    """The date was not said: it is the day before, for the line was written between 00:00 and 04:00."""
    parity: int | None = field(default=None, compare=False)
    """Of a `repeat`: 0 in the even weeks, 1 in the odd ones, by number; None for every so many weeks."""

    books: bool = field(default=False, compare=False)
    """Of a question about the activity: the line says `boka`, so that what is answered is to come."""

    def as_json(self) -> dict[str, Any]:
        """The object of contracts.md: dates as ISO, time as HH:MM, tuples as lists."""
        found = asdict(self)
        del found["by_night"], found["parity"], found["books"]
        for key in ("date", "end_date"):
            found[key] = found[key].isoformat() if found[key] else None
        found["time"] = self.time.strftime("%H:%M") if self.time else None
        return {key: list(value) if isinstance(value, tuple) else value for key, value in found.items()}


def last_day_from(told: Command, first: dt.date | None) -> dt.date | None:
    """The last day of what is moved to another first one: something of several days keeps its length."""
    if told.end_date is None or told.date is None or first is None:
        return None
    return first + (told.end_date - told.date)
