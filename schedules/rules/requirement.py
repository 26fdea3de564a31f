"""One duty of a rulebook, as data: what meets it, how often, who is told, and who says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple


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


class Term(NamedTuple):
    """A school term, every year the same: (month, day) of its first and last day, both included."""

    key: str
    first: tuple[int, int]
    last: tuple[int, int]


IN_TITLES = ("minutes", "every", "count", "within", "service_months")
"""What titles tell of in words ("at least four a year")."""
DEFAULT_TERMS = (Term("VT", (1, 7), (6, 15)), Term("HT", (8, 15), (12, 20)))


@dataclass(frozen=True)
class Requirement:
    """A duty. Which parameters are set depends on `kind`; the rulebook loader refuses a wrong mix.

    Days, minutes and months are whole numbers. `reminds` holds the roles of vocabulary.ROLES.
    """

    key: str
    title: Mapping[str, str]
    """By language code, "sv" and "en"."""
    kind: Kind
    activities: tuple[str, ...]
    """Any of these activities meets it."""
    source: Source
    instruments: tuple[str, ...] = ()
    recommended: tuple[str, ...] = ()
    """The instruments to suggest first; any other meets it too."""
    concerns: str = "trainee"
    """Whom it is asked of: what concerns a supervisor or the unit has no standing of a trainee's."""
    kinds: tuple[str, ...] = ("ST", "BT")
    """The kinds of trainee it holds for. BT is the first part of ST (003, Målbeskrivning)."""
    arranged_by: str | None = None
    """The role that brings it about, beside those who are reminded."""
    note: Mapping[str, str] | None = None
    """What the guideline adds and no parameter says, by language code."""
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
    shows_shares: bool = False
    """rate: to be done by others than the main supervisor and on placements too; both shares are shown."""
    fractions: tuple[float, ...] = ()
    """total: by which fraction of the training the k-th is due."""
    anchor: str | None = None
    """once: employment, training_start, training_end, placement_start, placement_end, handover;
    unit: finding, external_review (then `within` applies instead of `every`)."""
    within: Span | None = None
    """once, unit: after the anchor; before it for training_end."""
    newcomers_only: bool = False
    """once: what should have been done before the bot watched is not asked for afterwards."""
    placements_too: bool = False
    """once: asked for anew at the start of every placement, each with a standing row of its own."""
    service_months: int | None = None
    """once: the months of service at the own kind of unit that are asked for in all."""
    own_unit_first: tuple[int, ...] = ()
    """once: the least and the most months at the own unit before the first placement."""
    in_term: bool = False
    """unit: only in term; what would fall due between terms waits for the next one."""
    per: str | None = None
    """term: term or month."""
    terms: tuple[Term, ...] = DEFAULT_TERMS
    """term: the rulebook's terms."""
    lead_days: int = 14
    grace_days: int = 0
    repeat_days: int = 7
    repeat_at_most: int = 3
    escalates: bool = True
    """Whether it is ever told to the studierektor by name."""
    escalate_days: int = 28
    escalate_missed: int = 3
    """weekly: so many missed weeks in a row escalate at once."""
    reason: str | None = None
    """Which unit departs from the source, and why; None when it does as the source says."""
    own: tuple[str, ...] = ()
    """The parameters that the unit has set otherwise, of those that a title tells of."""

    @property
    def alike(self) -> tuple[object, ...]:
        """Equal where several units are asked for the same under one name: not nine a year and every week,
        not the rulebook's four a year and a unit's own six."""
        return self.key, self.title["sv"], *((name, getattr(self, name)) for name in self.own)

    @cached_property
    def counted(self) -> tuple[str, ...]:
        """The activities whose entries decide how it stands, each once; asked of every one at every log.

        An assessment at a placement is the placement's too.
        """
        at_placements = self.placements_too or self.anchor in ("placement_start", "placement_end")
        return tuple(dict.fromkeys((*self.activities, *(("assessment",) if at_placements else ()))))

    @property
    def parts(self) -> tuple[Requirement, ...]:
        """It as asked for by its own anchor and, where that is so, as asked for at a placement's start."""
        if not self.placements_too:
            return (self,)
        there = replace(self, anchor="placement_start", newcomers_only=False, placements_too=False)
        return self, there

    @property
    def precedes_start(self) -> bool:
        """Whether it is to be seen to before a placement, or the employment, begins."""
        starts = ("placement_start", "first_placement", "employment")
        return self.anchor in starts and self.within in (None, Span())

    @property
    def said_by(self) -> str:
        """Who says so: the unit's own decision where it has one, else the document and its section."""
        return self.reason or f"{self.source.document}, {self.source.section}"
