"""Builders for made-up requirements and lives."""

from __future__ import annotations

from datetime import date
from typing import Any

from schedules.calendar import WorkCalendar
from schedules.evaluate import Happening, State, Verdict, evaluate
from schedules.rules.requirement import Kind, Requirement, Source, Span
from schedules.timeline import Leave, Timeline

SWEDEN = WorkCalendar()
LIFE = Timeline(date(2026, 1, 7), date(2031, 1, 6))
RANK = {State.MET: 0, State.OK: 0, State.PAUSED: 1, State.SOON: 1, State.OVERDUE: 2}


def requirement(kind: Kind, **parameters: Any) -> Requirement:
    title = {"sv": "Påhittat", "en": "Made up"}
    return Requirement("made_up", title, kind, ("thing",), Source("Påhittad", "1"), **parameters)


def things(*dates: date) -> list[Happening]:
    return [Happening(d, "thing") for d in dates]


def judge(
    asked: Requirement,
    dates: list[date] | tuple[date, ...],
    today: date,
    life: Timeline = LIFE,
    **more: Span | date | None,
) -> Verdict:
    return evaluate(asked, things(*dates), life, SWEDEN, today, **more)  # type: ignore[arg-type]


def away(from_on: date, to_on: date | None, kind: str = "parental", life: Timeline = LIFE) -> Timeline:
    leaves = (*life.leaves, Leave(kind, from_on, to_on))
    return Timeline(life.starts_on, life.ends_on, life.employed_on, life.watched_from, leaves)
