"""Months of service in primary care, checked against the placements (003, Klinisk tjänstgöring)."""

from __future__ import annotations

from datetime import date

from schedules.evaluate import Elsewhere, Verdict, evaluate
from schedules.rules.requirement import Kind, Span
from schedules.timeline import Leave, Timeline
from tests.unit.schedules.lives import SWEDEN, requirement

ASKED = requirement(
    Kind.ONCE,
    anchor="first_placement",
    within=Span(),
    service_months=30,
    own_unit_first=(12, 18),
    lead_days=60,
)
FIVE_YEARS = Timeline(date(2026, 1, 1), date(2030, 12, 31))
HOSPITAL = Elsewhere(date(2027, 7, 1), date(2029, 12, 31))  # 30 months: 30 are left
LONGER = Elsewhere(date(2030, 3, 1), date(2030, 4, 30))


def _judge(*stays: Elsewhere, today: date, life: Timeline = FIVE_YEARS) -> Verdict:
    return evaluate(ASKED, [], life, SWEDEN, today, elsewhere=stays)


def test_months_are_counted_as_they_are_served() -> None:
    # Thirty days a month: the 360th day of 2026 is 26 December.
    seen = [_judge(today=day) for day in (date(2026, 1, 29), date(2026, 1, 30), date(2026, 12, 26))]
    assert [(v.state, v.done, v.required) for v in seen] == [("ok", 0, 30), ("ok", 1, 30), ("ok", 12, 30)]
    assert seen[0].changes_on == date(2026, 1, 30)
    assert seen[2].changes_on == date(2027, 1, 25)


def test_enough_months_are_enough() -> None:
    # 365 + 365 + 170 days: the 900th day of the training is 18 June 2028.
    seen = [_judge(today=day).state for day in (date(2028, 6, 17), date(2028, 6, 18))]
    assert seen == ["ok", "met"]


def test_absence_and_placements_are_no_service() -> None:
    away = Timeline(
        date(2026, 1, 1),
        date(2030, 12, 31),
        leaves=(Leave("parental", date(2026, 2, 1), date(2026, 12, 31)),),
    )
    assert _judge(today=date(2027, 1, 31), life=away).done == 2  # 31 + 31 days
    assert _judge(HOSPITAL, today=date(2029, 12, 31)).done == 18  # 365 + 181 = 546 days


def test_no_month_is_served_after_the_end() -> None:
    short, month = (
        Timeline(date(2026, 1, 1), date(2026, 3, 31)),
        Elsewhere(date(2026, 2, 1), date(2026, 2, 28)),
    )
    # 90 days, 28 of them elsewhere: 62.
    assert _judge(month, today=date(2026, 12, 31), life=short).done == 2


def test_placements_that_leave_thirty_months_are_well() -> None:
    assert _judge(HOSPITAL, today=date(2027, 6, 1)).due_on is None


def test_the_placement_too_many_is_told_two_months_before_it_begins() -> None:
    days = [date(2029, 12, 30), date(2029, 12, 31), date(2030, 3, 1), date(2030, 3, 2)]
    seen = [_judge(HOSPITAL, LONGER, today=day) for day in days]
    assert [v.state for v in seen] == ["ok", "soon", "soon", "overdue"]
    assert {v.due_on for v in seen} == {date(2030, 3, 1)}


def test_another_health_centre_is_primary_care_all_the_same() -> None:
    there = Elsewhere(LONGER.from_on, LONGER.to_on, counts=True)
    assert _judge(HOSPITAL, there, today=date(2030, 1, 15)).due_on is None


def test_a_first_placement_within_a_year_is_told_until_it_begins() -> None:
    early = Elsewhere(date(2026, 10, 1), date(2026, 12, 31))
    seen = [_judge(early, today=day).state for day in (date(2026, 8, 1), date(2026, 8, 2), date(2026, 10, 2))]
    assert seen == ["ok", "soon", "ok"]  # 60 days before 1 October is 2 August
    assert _judge(early, today=date(2026, 10, 1)).changes_on == date(2026, 10, 2)
    # The 360th day is 26 December: a placement from the 27th has twelve months before it.
    late = [
        _judge(Elsewhere(d, date(2027, 3, 1)), today=date(2026, 12, 1)).due_on
        for d in (date(2026, 12, 26), date(2026, 12, 27))
    ]
    assert late == [date(2026, 12, 26), None]


def test_a_training_too_short_without_any_placement_is_not_asked_for() -> None:
    short = Timeline(date(2026, 1, 1), date(2027, 12, 31))
    seen = _judge(Elsewhere(date(2027, 3, 1), date(2027, 4, 30)), today=date(2027, 3, 2), life=short)
    assert (seen.state, seen.due_on) == ("ok", None)


def test_what_began_before_the_bot_watched_is_not_held_against_anyone() -> None:
    watched = Timeline(date(2026, 1, 1), date(2030, 12, 31), watched_from=date(2026, 11, 23))
    begun = Elsewhere(date(2026, 9, 1), date(2026, 12, 31))
    assert _judge(begun, today=date(2026, 11, 23), life=watched).state == "ok"
