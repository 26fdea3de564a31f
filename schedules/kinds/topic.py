"""topic: something to bring up every so often. Offered when they meet, never nagged about (004)."""

from __future__ import annotations

from schedules.kinds.interval import due_after
from schedules.kinds.reading import Case, Reading, falls_in_training
from schedules.rules.requirement import Span


def topic(case: Case) -> Reading:
    """`every` nought is for every session: always time to raise it."""
    every = case.requirement.every or Span()
    due = due_after(case, every, case.requirement.first_within or every)
    done = len(case.dates)
    if due is None or not falls_in_training(case.timeline, due):
        return Reading(done=done, required=0)
    return Reading(due_on=due, soon_from=due, done=done, required=0, period=due.isoformat())
