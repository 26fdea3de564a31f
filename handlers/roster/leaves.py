"""Leaves in a roster: rows with the role `leave` say when a trainee of the same file is away.

An office knows of leaves before the chat does; the yearly file holds them beside new starts and new pairs.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from handlers.roster.reading import Fault, Line, as_day

ROLE: Final = "leave"
KINDS: Final = ("leave", "parental", "sick", "vacation", "child_care")
"""The first one is meant where `kind` is empty: a file that an office passes round need not say why."""


@dataclass(frozen=True, slots=True)
class Leave:
    """One row: whose, of what kind, both days inclusive; `end` None while it is unknown."""

    email: str
    kind: str
    start: dt.date
    end: dt.date | None


def is_leave(line: Line) -> bool:
    """Whether a row tells of a leave and not of a person's role."""
    return line["role"].casefold() == ROLE


def leave_faults(lines: Sequence[Line]) -> Iterator[Fault]:
    """What is wrong with the rows of leaves; the dates' form is looked at with everybody's."""
    trainees = {line["email"].casefold() for line in lines if line["role"].casefold() == "trainee"}
    first: dict[tuple[str, str], int] = {}
    for line in filter(is_leave, lines):
        email, start = line["email"].casefold(), line["start"]
        if email not in trainees:
            yield Fault(line.number, f"{email} har ingen rad med role trainee i filen: lägg till den")
        if not start:
            yield Fault(line.number, "start saknas för leave: skriv frånvarons första dag, ÅÅÅÅ-MM-DD")
        if line["kind"] and line["kind"] not in KINDS:
            yield Fault(line.number, f"kind för leave ska vara {', '.join(KINDS)}, inte {line['kind']}")
        if (email, start) in first:
            yield Fault(line.number, f"{email} är redan borta från {start} på rad {first[email, start]}")
        first.setdefault((email, start), line.number)


def leaves_of(lines: Sequence[Line]) -> list[Leave]:
    """The leaves of a faultless roster."""
    return [
        Leave(line["email"].casefold(), line["kind"] or KINDS[0], start, as_day(line["end"]))
        for line in filter(is_leave, lines)
        if (start := as_day(line["start"]))
    ]
