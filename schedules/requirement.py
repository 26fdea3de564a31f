"""One duty of a rulebook, as data: what meets it, how often, who is told, and who says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """The nine ways a duty can recur (docs: domain.md, "Kinds of requirement")."""

    WEEKLY = "weekly"
    INTERVAL = "interval"
    RATE = "rate"
    TOTAL = "total"
    ONCE = "once"
    TERM = "term"
    AGREED = "agreed"
    UNIT = "unit"
    TOPIC = "topic"


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time in calendar months plus days: `Span(3, 14)` is three months and fourteen days."""

    months: int = 0
    days: int = 0


@dataclass(frozen=True, slots=True)
class Source:
    """Who says so: the guideline document's title and its section, in Swedish as printed."""

    document: str
    section: str


@dataclass(frozen=True, slots=True)
class Term:
    """A school term, every year the same: (month, day) of its first and last day, both included."""

    key: str
    first: tuple[int, int]
    last: tuple[int, int]


DEFAULT_TERMS = (Term("VT", (1, 7), (6, 15)), Term("HT", (8, 15), (12, 20)))


@dataclass(frozen=True, slots=True)
class Requirement:
    """A duty. Which parameters are set depends on `kind`; the rulebook loader refuses a wrong mix.

    Days and minutes are whole numbers. `reminds` holds roles: trainee, supervisor, head, studierektor.
    """

    key: str
    title: Mapping[str, str]
    """By language code, "sv" and "en"."""
    kind: Kind
    activities: tuple[str, ...]
    """Any of these activities meets it."""
    source: Source
    instruments: tuple[str, ...] = ()
    concerns: str = "trainee"
    reminds: tuple[str, ...] = ("trainee", "supervisor")
    minutes: int | None = None
    """weekly: the minutes asked for in a week, shown as an average, never judged per session."""
    excused_below: int = 3
    """weekly: a week with fewer active working days than this is excused."""
    every: Span | None = None
    """interval, unit, topic: how often."""
    first_within: Span | None = None
    """interval: the first one within this of the start; `every` when unset."""
    count: int = 0
    """rate: per 12 months; total: over the whole training; term: per term or month."""
    longest_gap: Span | None = None
    """rate: at most this between two."""
    fractions: tuple[float, ...] = ()
    """total: by which fraction of the training the k-th is due."""
    anchor: str | None = None
    """once: employment, training_start, training_end, placement_start, placement_end, handover;
    unit: finding, external_review (then `within` applies instead of `every`)."""
    within: Span | None = None
    """once, unit: after the anchor; before it for training_end."""
    per: str | None = None
    """term: term or month."""
    terms: tuple[Term, ...] = DEFAULT_TERMS
    """term: the rulebook's terms."""
    lead_days: int = 14
    grace_days: int = 0
    repeat_days: int = 7
    repeat_at_most: int = 3
    escalate_days: int = 28
    escalate_missed: int = 3
    """weekly: so many missed weeks in a row escalate at once."""
    reason: str | None = None
    """Why a unit departs from the source; None when it does as the source says."""
