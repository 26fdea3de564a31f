"""What is told after its moment: what a change of dates brings anew, and what nobody was told in time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from schedules.calendar import DAY, SWEDEN, WEEK
from schedules.keeping import Kept
from schedules.lives.asked import Asked
from schedules.look import BROUGHT_BACK, Look
from schedules.moment import Moment
from schedules.newest import latest
from schedules.planning import Window
from schedules.rules.requirement import Kind
from schedules.zone import midnight, to_local

_LEAVES_SOON = ("absence", "agreed", "back", "placement", "recompute", "roster", "rules")
"""The changes that may leave something due within its lead time, beside those that bring back. What is saved
is none of them: its receipt has just told how it stands."""


def caught_up(look: Look, row: Kept, planned: Sequence[Moment], window: Window, period: str) -> Window:
    """What time passed over before anybody was told of it, as in a downtime, is told first now and repeated
    from then."""
    late = [m for m in planned if m.step in ("overdue", "repeat")]
    newest = latest(late, window.since, look.local)
    if newest is None or newest.step == "overdue":
        return window
    if row.said_at and to_local(row.said_at, look.zone) >= late[0].at:
        return window
    day = SWEDEN.next_speaking_day(look.local.date())
    changed = window.changed._replace(said={**window.changed.said, period: day}, is_late=True)
    return window._replace(changed=changed)


def brought_back(look: Look, asked: Asked, row: Kept, tale: Sequence[Moment]) -> Moment | None:
    """That it is due soon, where a change has just made it so after the moment to say it."""
    if row.says_from != look.now or not _leaves_soon(look, asked, row):
        return None
    newest = max((m for m in tale if m.at <= look.local), key=lambda m: m.at, default=None)
    return newest if newest and newest.step == "soon" else None


def _leaves_soon(look: Look, asked: Asked, row: Kept) -> bool:
    """Where it comes again so often that its lead time began before the last one, it is always due soon."""
    if look.reason in BROUGHT_BACK:
        return True
    lead = _lead(asked, row)
    return look.reason in _LEAVES_SOON and lead is not None and (row.last_on is None or lead > row.last_on)


def was_said(look: Look, asked: Asked, row: Kept, come: Moment, person: int) -> bool:
    """Whether somebody has heard that it is due soon, or late, by another date, and nothing was done since.

    A date that an absence has moved is told anew, but not within a week. What a change only brings back is
    news to whoever had not heard of it.
    """
    if come.step != "soon" or come.until or row.said_at is None or asked.requirement.kind is Kind.WEEKLY:
        return False
    told = _told(look, asked, row, person)
    if told is None:
        return False
    is_moved = come.at >= to_local(row.says_from, look.zone) or _falls_in_absence(look, asked, row)
    told_anew_on = max(come.at, to_local(row.says_from, look.zone)).date()
    return not is_moved or told_anew_on - to_local(told, look.zone).date() < WEEK


def _told(look: Look, asked: Asked, row: Kept, person: int) -> datetime | None:
    since = midnight(row.last_on + DAY, look.zone) if row.last_on else None
    if since and row.said_at and row.said_at < since:
        return None  # as nearly always: then nobody is asked
    told = look.told.last(look.subject(asked), person)
    return told if told and (since is None or told >= since) else None


def _falls_in_absence(look: Look, asked: Asked, row: Kept) -> bool:
    lead = _lead(asked, row)
    return lead is not None and look.life.timeline_of(asked.requirement).is_absent(lead)


def _lead(asked: Asked, row: Kept) -> date | None:
    """The day from which it is due soon."""
    return row.due_on - timedelta(days=asked.requirement.lead_days) if row.due_on else None
