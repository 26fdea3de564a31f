"""What is asked of the engine and what it answers: happenings in, a verdict out. Data only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple


class State(StrEnum):
    """How a requirement stands, in the words of contracts.md. Met is done for good, paused by absence."""

    OK = "ok"
    SOON = "soon"
    OVERDUE = "overdue"
    PAUSED = "paused"
    MET = "met"
    NOT_APPLICABLE = "not_applicable"


NO_AGREED_INTERVAL = "no_agreed_interval"
"""`Verdict.period` of an `agreed` requirement whose pair has set no interval; state not_applicable."""


class Happening(NamedTuple):
    """Something that took place (never a booking). `minutes` and `instrument` where known.

    A tuple, because a recomputation makes millions of them.
    """

    on: date
    activity: str
    minutes: int | None = None
    instrument: str | None = None
    end_on: date | None = None
    told: bool = False
    """Told afterwards of the time before the bot watched: clocks run from it all the same."""

    @property
    def done_on(self) -> date:
        """A course of several days is done on its last."""
        return self.end_on or self.on


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Service at another unit, both days included; `counts` where it is the own kind of unit all the same."""

    from_on: date
    to_on: date
    counts: bool = False


class Verdict(NamedTuple):
    """How one requirement stands on one day. A tuple: several are held against each other."""

    state: State
    due_on: date | None
    """None: nothing is asked for before the training ends, or an open-ended absence stops the clock."""
    overdue_from: date | None
    """The first date on which it is, or would be, overdue."""
    last_on: date | None
    done: int
    required: int
    missed: int
    """weekly: the missed weeks in a row; else 0."""
    period: str
    """Names the spell: `2026-W47` for weekly, else the due date. Stable while nothing is logged."""
    changes_on: date | None
    """The next date on which the mere passing of time makes this verdict another one."""
    escalates_on: date | None = None
    """From this date on it concerns the studierektor, if nothing is logged."""
    again_on: date | None = None
    """weekly, term: while an earlier week, month or term is missed, the last day of the one that is asked for
    next. What was missed cannot be made good; this can be met."""
