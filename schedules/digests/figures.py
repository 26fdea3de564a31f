"""The figures of a digest: who needs somebody, how many are in step, what is ahead. Facts, no words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlmodel import Session

from schedules.concerns import OpenConcern
from schedules.digests.gaps import no_interval, undelivered, unlinked, without_supervisor
from schedules.digests.seen import Seen, look_at, states_at, states_before, then
from schedules.duties import OpenFinding, UnitDue, open_findings, unit_dues
from schedules.lives.circumstances import leaves, mutes
from schedules.lives.life import Muted
from schedules.lives.reading import rulebook_of
from schedules.naming import alphabetical, called, namesakes
from schedules.refreshers import Refresher, refreshers
from schedules.rules.requirement import Kind, Requirement, Span
from schedules.timeline import Leave, Timeline
from schedules.whys import Asked, Why, whys
from storage.tables import (
    Person,
    Standing,
    Unit,
)

NO_REASON = Why()
AHEAD = timedelta(days=30)
WEEK = timedelta(days=7)
NAMED = ("kollegium", "at_kollegium", "annual_followup", "planning_meeting")
"""What a studierektor takes part in or arranges is told by name (behaviour.md, Digest)."""


@dataclass(frozen=True, slots=True)
class Escalated:
    """One pair that has waited long enough to be named."""

    seen: Seen
    row: Standing
    requirement: Requirement
    muted: Muted | None = None
    """Why nobody is reminded of it for now."""
    why: Why = NO_REASON
    """Why it waits, as far as anybody has said."""


@dataclass(frozen=True, slots=True)
class Share:
    """How many are in step with one requirement, and the change since a week ago."""

    requirement: Requirement
    in_step: int
    of: int
    change: int


@dataclass(frozen=True, slots=True)
class Ahead:
    """What falls due within thirty days for one requirement, and for whom."""

    requirement: Requirement
    people: tuple[Person, ...]
    named: bool


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything a text digest says. Lists are empty where there is nothing to say."""

    seen: tuple[Seen, ...]
    escalated: tuple[Escalated, ...]
    in_step: int
    shares: tuple[Share, ...]
    ahead: tuple[Ahead, ...]
    undelivered: tuple[Person, ...]
    """Whom a message of the last week did not reach, once for each message."""
    unlinked: tuple[Person, ...]
    without_supervisor: tuple[Person, ...]
    change: int = 0
    """In step with everything: how many more than a week ago."""
    no_interval: tuple[Person, ...] = ()
    """Pairs that are to agree on an interval and have not: the trainees."""
    unit_dues: tuple[UnitDue, ...] = ()
    findings: tuple[OpenFinding, ...] = ()
    refreshers: tuple[Refresher, ...] = ()
    """Supervisors whose training is to be refreshed within thirty days, or should have been."""
    concerns: tuple[OpenConcern, ...] = ()
    """The open concerns that are addressed to the reader."""
    hidden_concerns: int = 0
    """Concerns that are not to be read where this is shown: only how many."""
    nameable: frozenset[int] | None = None
    """The ids of those whom the reader may see by name; None: everybody. The others are counted."""

    shared_names: frozenset[str] = frozenset()
    """Those that several of its people bear."""

    def called(self, person: Person) -> str:
        """What to call one of its people, so that no two are called the same."""
        return called(person, self.shared_names)

    def may_name(self, person: Person) -> bool:
        """Whether the reader may see this person's name."""
        return self.nameable is None or person.id in self.nameable

    def people(self) -> list[Person]:
        """All who appear in it, some of them more than once."""
        listed = (self.undelivered, self.unlinked, self.without_supervisor, self.no_interval)
        seen = [each.person for each in self.seen] + [each.person for each in self.refreshers]
        return [*seen, *(person for some in listed for person in some)]


def figures(
    session: Session, units: Sequence[Unit], now: datetime, today: date, *, judged: bool = False
) -> Figures:
    """Gather the digest of some units as of an aware moment and the local date it falls on.

    The standing rows are of the present; of another moment everything is `judged` from the journal.
    """
    seen = look_at(session, units, today, now if judged else None)
    before = (states_at if judged else states_before)(session, seen, now - WEEK)
    in_step = sum(all(row.state != "overdue" for row in each.rows) for each in seen)
    found = Figures(
        seen=seen,
        escalated=tuple(_with_reasons(session, _escalated(session, seen, today), today)),
        in_step=in_step,
        shares=tuple(_shares(seen, before)),
        change=in_step - sum(all(then(row, before) != "overdue" for row in each.rows) for each in seen),
        ahead=tuple(_ahead(seen, today)),
        undelivered=undelivered(session, seen, today, now - WEEK),
        unlinked=unlinked(session, seen, today),
        without_supervisor=without_supervisor(session, seen, today),
        no_interval=no_interval(seen),
        unit_dues=tuple(unit_dues(session, units, today)),
        findings=tuple(open_findings(session, units)),
        refreshers=tuple(r for r in refreshers(session, units, today) if r.due_on <= today + AHEAD),
    )
    return replace(found, shared_names=namesakes(found.people()))


def is_escalated(requirement: Requirement, row: Standing, today: date, away: tuple[Leave, ...] = ()) -> bool:
    """28 days overdue, or three missed weeks in a row (both settable per requirement).

    Absence pauses this clock as well: who comes back from a leave is not named on the first Monday.
    """
    if row.state != "overdue" or row.overdue_from is None or not requirement.escalates:
        return False
    since = Timeline(row.overdue_from, leaves=away)
    named_on = since.add_active(row.overdue_from, Span(days=requirement.escalate_days))
    long = named_on is not None and today >= named_on
    return long or (row.missed >= requirement.escalate_missed > 0)


def _escalated(session: Session, seen: Sequence[Seen], today: date) -> list[Escalated]:
    late = {each.trainee.id or 0 for each in seen if any(row.state == "overdue" for row in each.rows)}
    away = leaves(session, late)
    found = [
        Escalated(each, row, each.requirement(row))
        for each in seen
        for row in each.rows
        if is_escalated(each.requirement(row), row, today, away.get(row.trainee_id, ()))
    ]
    return sorted(found, key=lambda e: (e.row.overdue_from or today, alphabetical(e.seen.person.name)))


def _with_reasons(session: Session, found: Sequence[Escalated], today: date) -> list[Escalated]:
    """Each with why it waits, and why nobody is reminded of it for now, where that is so."""
    muted = mutes(session, [each.row.trainee_id for each in found], today)
    reasons = whys(session, (_asked(each, today) for each in found), today)
    return [
        replace(each, muted=muted.get((each.row.trainee_id, each.row.requirement)), why=why)
        for each, why in zip(found, reasons, strict=True)
    ]


def _asked(each: Escalated, today: date) -> Asked:
    """What would meet it, and since when it has waited: the last time, else the weeks that were missed."""
    row = each.row
    waited = (row.overdue_from or today) - WEEK * max(row.missed, 1)
    return Asked(row.trainee_id, each.requirement.activities, row.last_on or waited)


def _shares(seen: Sequence[Seen], before: dict[tuple[int, str, str], str]) -> list[Share]:
    by_key: dict[object, list[tuple[Requirement, Standing]]] = {}
    for each in seen:
        for row in each.rows:
            asked = each.requirement(row)
            by_key.setdefault(asked.alike, []).append((asked, row))
    in_order = sorted(by_key.values(), key=lambda rows: _place(seen, rows[0][0]))
    return [_share(rows, before) for rows in in_order]


def _place(seen: Sequence[Seen], requirement: Requirement) -> int:
    """Where a requirement stands in its rulebook: the file's order is the order of importance."""
    books = (list(rulebook_of(each.unit).requirements) for each in seen)
    return min(book.index(requirement.key) for book in books if requirement.key in book)


def _share(rows: list[tuple[Requirement, Standing]], before: dict[tuple[int, str, str], str]) -> Share:
    now_well = [row for _, row in rows if row.state != "overdue"]
    then_well = [row for _, row in rows if then(row, before) != "overdue"]
    return Share(rows[0][0], len(now_well), len(rows), len(now_well) - len(then_well))


def _ahead(seen: Sequence[Seen], today: date) -> list[Ahead]:
    by_key: dict[object, tuple[Requirement, list[Person]]] = {}
    for each in seen:
        for row in each.rows:
            if row.due_on and today <= row.due_on <= today + AHEAD and _is_news(each, row):
                asked = each.requirement(row)
                by_key.setdefault(asked.alike, (asked, []))[1].append(each.person)
    in_order = sorted(by_key.values(), key=lambda found: _place(seen, found[0]))
    return [Ahead(asked, tuple(people), asked.key in NAMED) for asked, people in in_order]


def _is_news(each: Seen, row: Standing) -> bool:
    """What is overdue is told above; what recurs every week or month is always ahead, and so no news."""
    asked = each.requirement(row)
    return row.state != "overdue" and asked.kind is not Kind.WEEKLY and asked.per != "month"
