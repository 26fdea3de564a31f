"""What a reminder calls a duty is what people write when it is done: a duty's own title is understood."""

from __future__ import annotations

import re
from datetime import datetime

import pytest

from handlers.language.reader import read
from schedules.rules.requirement import Kind, Requirement
from schedules.rules.rulebook import shipped

NOW = datetime(2026, 12, 1, 10)  # noqa: DTZ001 local clock time is what the reader takes
TODAY = {"sv": "idag", "en": "today"}
HOW_OFTEN = re.compile(
    r",.*|\b(varje|minst|efter tre|enligt|före ansökan|mellan två"
    r"|two|twice|every|at least|as agreed|between)\b.*"
)
"""What follows the name of the duty in its title."""
OF_THE_ROSTER = {
    "placement_supervisor",
    "supervisor_appointed",
    "supervisor_capacity",
    "supervisor_refresher",
    "primary_care_months",
    "finding_followup",
}
"""What no line tells: it is seen by who supervises whom, by placements, courses and findings."""
ON_PLACEMENT = {"placement_assessment": "assessment"}
"""An assessment is one of a placement by its day."""


def duties() -> list[tuple[str, Requirement]]:
    """Every duty that a line can tell of, in each language, once for each title."""
    every = [each for book in shipped().values() for each in book.requirements.values()]
    told = (each for each in every if each.kind is not Kind.TOPIC and each.key not in OF_THE_ROSTER)
    found = {(locale, title): each for each in told for locale, title in each.title.items()}
    return [(f"{HOW_OFTEN.sub('', title)} {TODAY[locale]}", each) for (locale, title), each in found.items()]


@pytest.mark.parametrize(("line", "duty"), duties())
def test_a_duty_is_told_by_its_title(line: str, duty: Requirement) -> None:
    """Done or asked about (`IUP klart för godkännande` may be yet to come), and never something else."""
    command = read(line, NOW)
    assert command.intent in ("log", "unit_duty", "ask"), line
    meant = {*duty.activities, *(ON_PLACEMENT[each] for each in duty.activities if each in ON_PLACEMENT)}
    assert command.activity in meant, line
