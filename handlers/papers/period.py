"""The days that a paper is about, and how often there was supervision in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from schedules.lives.life import Life
from schedules.lives.weeks import Served, weeks_served
from schedules.rules.requirement import Kind


@dataclass(frozen=True, slots=True)
class Period:
    """Local days, both inclusive."""

    first: date
    last: date

    def holds(self, on: date) -> bool:
        """Whether a day falls in it."""
        return self.first <= on <= self.last

    @property
    def before(self) -> Period:
        """As many days, just before."""
        length = self.last - self.first + timedelta(days=1)
        return Period(self.first - length, self.first - timedelta(days=1))


def served_in(life: Life, period: Period) -> Served | None:
    """The weeks with supervision, where the rulebook asks for it every week; else None."""
    weekly = (r for r in life.rulebook.requirements.values() if r.kind is Kind.WEEKLY)
    asked = next((r for r in weekly if "supervision" in r.activities), None)
    return weeks_served(life, asked, period.first, period.last) if asked else None
