"""Who is away and comes back: an absence of a training and one's own days away end, and last again, alike."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlmodel import col, select

from handlers.context import Context
from schedules.calendar import DAY
from storage.tables import Absence, Audit, Away


def end(spell: Absence | Away, subject: str, first: date, context: Context, **more: list[Any]) -> None:
    """End it on the day before the first day back; one that would begin on that day never was."""
    before = spell.to_on.isoformat() if spell.to_on else None
    context.note("back", subject, before=before, on=first.isoformat(), **more)
    if spell.from_on >= first:
        spell.voided_at = context.now
    else:
        spell.to_on = first - DAY


def ended_with(subject: str, context: Context) -> list[int]:
    """The other absences that ended by the same line."""
    latest = _latest(subject, context)
    return list(latest.facts.get("others", ())) if latest else []


def last_again(spell: Absence | Away, subject: str, context: Context) -> bool:
    """Let it last as it did before its end; False when that was undone already, or is somebody else's."""
    latest = _latest(subject, context)
    if latest is None or (latest.act, latest.actor_id) != ("back", context.person_id):
        return False
    before = latest.facts["before"]
    spell.to_on, spell.voided_at = date.fromisoformat(before) if before else None, None
    context.note("undone", subject)
    return True


def _latest(subject: str, context: Context) -> Audit | None:
    said = select(Audit).where(Audit.subject == subject).order_by(col(Audit.id).desc()).limit(1)
    return context.session.exec(said).first()
