"""A made-up year of a nation's messages, from a seed: how many an hour, and how many at the busiest second.

What is assumed stands here, and docs/scaling.md repeats it: nobody has run such a bot for a whole country.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from schedules.calendar import WorkCalendar

TRAINEES, SUPERVISORS, REGIONS = 15_000, 12_000, 21
FIRST_DAY = date(2027, 1, 1)
LOGS, CONFIRMED, ASKED = 65, 0.8, 35
"""Of a trainee and year: sessions, assessments and the like; how many a supervisor confirms; questions."""
BY_HOUR = (1, 1, 0, 0, 0, 1, 3, 8, 10, 8, 7, 8, 12, 9, 8, 10, 12, 8, 4, 3, 3, 3, 2, 1)
"""Weights of the hours of a working day: lunch and the end of the day."""
WEEKEND = 0.08
REMINDED, ANSWER, WITHIN = 0.3, 0.5, 240.0
"""On Monday at eight so many are reminded, so many of them answer, after so many seconds on average."""


@dataclass(frozen=True, slots=True)
class Year:
    """Messages by day, and by second of the busiest quarter of an hour."""

    days: Sequence[int]
    busiest: Sequence[int]

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.days)


def year(seed: int) -> Year:
    """The year 2027 as the seed has it."""
    chance, calendar = Random(seed), WorkCalendar("SE")
    all_days = [FIRST_DAY + timedelta(days=n) for n in range(365)]
    weights = [1.0 if calendar.is_working_day(day) else WEEKEND for day in all_days]
    expected = TRAINEES * (LOGS * (1 + CONFIRMED) + ASKED)
    a_day = expected / sum(weights)
    return Year([_poisson(chance, a_day * weight) for weight in weights], _monday(chance, a_day))


def _monday(chance: Random, a_day: float) -> list[int]:
    """Eight o'clock: what is said at any time, and the answers to the reminders of that moment."""
    usual = a_day * BY_HOUR[8] / sum(BY_HOUR) / 3600
    answers = TRAINEES * REMINDED * ANSWER / WITHIN
    return [_poisson(chance, usual + answers * math.exp(-second / WITHIN)) for second in range(900)]


def _poisson(chance: Random, mean: float) -> int:
    """A number of independent messages: Knuth's way for few, the normal curve for many."""
    if mean > 50:
        return max(0, round(chance.gauss(mean, math.sqrt(mean))))
    left, number = chance.random(), 0
    while left > math.exp(-mean):
        left *= chance.random()
        number += 1
    return number
