"""The topic rota: what is time to bring up, both sides of each boundary. Source: 004, the table of topics."""

from __future__ import annotations

from datetime import date

import pytest

from schedules.rota import due_topics
from schedules.rules.rulebook import DEFAULT_RULEBOOK, shipped
from schedules.timeline import Leave, Timeline

START = date(2026, 1, 7)
LIFE = Timeline(START, date(2031, 1, 6))
ROTA = list(shipped()[DEFAULT_RULEBOOK].requirements.values())
QUARTERLY = ["goal", "ethics", "communication", "cooperation", "supervision_itself", "assessment"]
HALF_YEARLY = ["course_planning", "placement_planning", "science_quality", "teaching"]
YEARLY = ["training_plan", "kollegium"]


def due(today: date, *raised: tuple[date, str], life: Timeline = LIFE, most: int = 99) -> list[str]:
    latest = {topic: on for on, topic in sorted(raised)}
    return [r.key.removeprefix("topic_") for r in due_topics(ROTA, latest, life, today, most)]


@pytest.mark.parametrize(
    ("the_day_before", "the_day", "topics"),
    [
        (date(2026, 4, 6), date(2026, 4, 7), QUARTERLY),  # 7 Jan + 3 months
        (date(2026, 7, 6), date(2026, 7, 7), HALF_YEARLY),  # + 6 months
        (date(2027, 1, 6), date(2027, 1, 7), YEARLY),  # + 12 months
    ],
)
def test_a_topic_is_time_to_raise_on_its_day_and_not_before(
    the_day_before: date, the_day: date, topics: list[str]
) -> None:
    assert not set(topics) & set(due(the_day_before))
    assert set(topics) <= set(due(the_day))


def test_what_was_raised_is_time_again_three_months_later() -> None:
    raised = (date(2026, 4, 10), "ethics")
    assert "ethics" not in due(date(2026, 7, 9), raised)
    assert "ethics" in due(date(2026, 7, 10), raised)


def test_at_most_three_are_offered_those_longest_overdue_first() -> None:
    raised = [(START, topic) for topic in ("goal", "ethics", "cooperation", "supervision_itself")]
    raised += [(date(2026, 1, 20), "ethics"), (date(2026, 1, 8), "communication")]
    # Due 7 Apr: goal, cooperation, supervision_itself, assessment; 8 Apr: communication; 20 Apr: ethics.
    assert due(date(2026, 4, 20), *raised, most=3) == ["goal", "cooperation", "supervision_itself"]
    assert due(date(2026, 4, 20), *raised)[-2:] == ["communication", "ethics"]


def test_the_clock_starts_when_the_bot_begins_to_watch() -> None:
    watched = Timeline(START, date(2031, 1, 6), watched_from=date(2026, 11, 23))
    assert due(date(2027, 2, 22), life=watched) == []
    assert due(date(2027, 2, 23), life=watched) == QUARTERLY


def test_absence_pauses_the_rota() -> None:
    away = Timeline(START, date(2031, 1, 6), leaves=(Leave("parental", date(2026, 2, 1), date(2026, 3, 2)),))
    assert due(date(2026, 5, 6), life=away) == []  # 30 days away: 7 Apr + 30
    assert due(date(2026, 5, 7), life=away) == QUARTERLY


def test_nothing_is_offered_to_who_is_away_or_has_finished() -> None:
    away = Timeline(START, date(2027, 1, 6), leaves=(Leave("vacation", date(2026, 8, 3), date(2026, 8, 30)),))
    days = [date(2026, 8, 2), date(2026, 8, 3), date(2026, 8, 30), date(2026, 8, 31)]
    assert [bool(due(day, life=away)) for day in days] == [True, False, False, True]
    assert [bool(due(day, life=away)) for day in (date(2027, 1, 6), date(2027, 1, 7))] == [True, False]


def test_an_assessment_and_a_360_are_raised_by_being_done() -> None:
    assert "assessment" not in due(date(2026, 4, 7), (date(2026, 4, 1), "assessment"))
    assert "kollegium" not in due(date(2027, 1, 7), (date(2026, 12, 1), "360"))
    assert "kollegium" not in due(date(2027, 1, 7), (date(2026, 12, 1), "kollegium"))


def test_what_belongs_to_every_session_is_not_told_again() -> None:
    assert not {"feedback", "trainee_questions", "next_time"} & set(due(date(2029, 1, 1)))
