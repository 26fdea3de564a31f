"""interval, agreed, total, once, term, unit and topic: both sides of every boundary."""

from __future__ import annotations

from datetime import date

import pytest

from schedules.evaluate import (
    NO_AGREED_INTERVAL,
    Happening,
    State,
    evaluate,
)
from schedules.rules.requirement import Kind, Requirement, Span
from schedules.timeline import Timeline
from tests.unit.schedules.lives import LIFE, SWEDEN, away, judge, requirement

YEARLY = requirement(Kind.INTERVAL, every=Span(12))
LAST = date(2026, 11, 22)


def _states(asked: Requirement, dates: list[date], days: list[date], life: Timeline = LIFE) -> list[str]:
    return [judge(asked, dates, day, life).state.value for day in days]


# interval


def test_an_interval_is_soon_fourteen_days_before_and_overdue_the_day_after() -> None:
    days = [date(2027, 11, 7), date(2027, 11, 8), date(2027, 11, 22), date(2027, 11, 23)]
    assert _states(YEARLY, [LAST], days) == ["ok", "soon", "soon", "overdue"]
    assert [judge(YEARLY, [LAST], day).changes_on for day in days] == [
        date(2027, 11, 8),
        date(2027, 11, 23),  # due + 1: overdue, and no longer done
        date(2027, 11, 23),
        date(2031, 1, 7),  # the training's end
    ]


def test_grace_puts_overdue_off() -> None:
    asked = requirement(Kind.INTERVAL, every=Span(12), grace_days=7)
    assert _states(asked, [LAST], [date(2027, 11, 29), date(2027, 11, 30)]) == ["soon", "overdue"]


def test_the_first_counts_from_the_start_within_its_own_time() -> None:
    assert judge(YEARLY, [], date(2026, 1, 7)).due_on == date(2027, 1, 7)
    early = requirement(Kind.INTERVAL, every=Span(12), first_within=Span(6))
    assert judge(early, [], date(2026, 1, 7)).due_on == date(2026, 7, 7)


def test_only_the_latest_counts_in_whatever_order_they_were_logged() -> None:
    dates = [date(2026, 9, 1), LAST, date(2026, 3, 1)]
    assert judge(YEARLY, dates, date(2026, 12, 1)).due_on == date(2027, 11, 22)
    assert judge(YEARLY, dates, date(2026, 12, 1)).last_on == LAST


def test_of_leap_day_a_year_later_is_the_28th() -> None:
    assert judge(YEARLY, [date(2028, 2, 29)], date(2028, 3, 1)).due_on == date(2029, 2, 28)


def test_absence_moves_the_due_date_and_pauses() -> None:
    life = away(date(2027, 11, 20), date(2027, 12, 19))  # 30 days
    assert judge(YEARLY, [LAST], date(2027, 1, 1), life).due_on == date(2027, 12, 22)
    days = [date(2027, 12, 19), date(2027, 12, 20), date(2027, 12, 22), date(2027, 12, 23)]
    assert _states(YEARLY, [LAST], days, life) == ["paused", "soon", "soon", "overdue"]


def test_absence_the_day_after_the_due_date_puts_overdue_off_to_the_return() -> None:
    life = away(date(2027, 11, 23), date(2027, 12, 2))
    verdict = judge(YEARLY, [LAST], date(2027, 11, 22), life)
    assert (verdict.due_on, verdict.overdue_from) == (date(2027, 11, 22), date(2027, 12, 3))


def test_absence_begun_when_already_overdue_keeps_its_date() -> None:
    life = away(date(2027, 12, 1), date(2027, 12, 31))
    verdict = judge(YEARLY, [LAST], date(2028, 1, 1), life)
    assert (verdict.state, verdict.overdue_from) == (State.OVERDUE, date(2027, 11, 23))
    assert verdict.escalates_on == date(2028, 1, 21)  # 21 Dec is away: 31 days later


def test_what_would_be_due_after_the_end_is_not_asked_for() -> None:
    on_the_day, later = (judge(YEARLY, [date(2030, 1, d)], date(2030, 2, 1)) for d in (6, 7))
    assert (on_the_day.due_on, later.due_on) == (date(2031, 1, 6), None)
    assert judge(YEARLY, [date(2030, 1, 7)], date(2031, 1, 6)).state is State.OK


def test_before_the_start_and_after_the_end_it_does_not_apply() -> None:
    days = [date(2026, 1, 6), date(2026, 1, 7), date(2031, 1, 6), date(2031, 1, 7)]
    assert _states(YEARLY, [], days) == ["not_applicable", "ok", "overdue", "not_applicable"]


def test_go_live_gives_the_whole_first_interval() -> None:
    life = Timeline(LIFE.starts_on, LIFE.ends_on, watched_from=date(2028, 9, 1))
    assert judge(YEARLY, [], date(2028, 9, 1), life).due_on == date(2029, 9, 1)
    assert judge(YEARLY, [date(2026, 5, 1)], date(2028, 9, 1), life).due_on == date(2029, 9, 1)
    assert judge(YEARLY, [date(2028, 9, 1)], date(2028, 9, 1), life).due_on == date(2029, 9, 1)


def test_one_of_several_days_is_done_on_its_last() -> None:
    course = Happening(date(2026, 11, 9), "thing", end_on=date(2026, 11, 11))
    verdicts = [evaluate(YEARLY, [course], LIFE, SWEDEN, date(2026, 11, d)) for d in (10, 11)]
    assert [v.last_on for v in verdicts] == [None, date(2026, 11, 11)]


def test_the_three_questions_have_three_answers() -> None:
    verdict = judge(YEARLY, [LAST], date(2027, 11, 22))
    assert (verdict.due_on, verdict.overdue_from) == (date(2027, 11, 22), date(2027, 11, 23))
    assert verdict.state is State.SOON


# agreed


def test_without_an_agreed_interval_it_does_not_apply_and_says_so() -> None:
    verdict = judge(requirement(Kind.AGREED), [LAST], date(2026, 12, 1))
    assert (verdict.state, verdict.period, verdict.due_on) == ("not_applicable", NO_AGREED_INTERVAL, None)


def test_the_pairs_own_interval_is_an_interval() -> None:
    verdict = judge(requirement(Kind.AGREED), [LAST], date(2026, 12, 1), agreed=Span(days=14))
    assert (verdict.due_on, verdict.overdue_from) == (date(2026, 12, 6), date(2026, 12, 7))


# total

THREE = requirement(Kind.TOTAL, count=3, fractions=(1 / 3, 2 / 3, 0.95))


def test_the_next_unmet_fraction_of_the_training_is_due() -> None:
    # 7 Jan 2026 - 6 Jan 2031 is 1826 days: day 609 (7 Sep 2027), day 1218 (8 May 2029), day 1735.
    dues = [judge(THREE, [LAST] * n, date(2026, 12, 1)).due_on for n in range(3)]
    assert dues == [date(2027, 9, 7), date(2029, 5, 8), date(2030, 10, 7)]


def test_a_fraction_is_overdue_the_day_after_and_all_of_them_are_met() -> None:
    assert _states(THREE, [], [date(2027, 9, 7), date(2027, 9, 8)]) == ["soon", "overdue"]
    met = judge(THREE, [LAST] * 3, date(2030, 12, 1))
    assert (met.state, met.done, met.required, met.due_on) == (State.MET, 3, 3, None)
    assert met.changes_on == date(2031, 1, 7)


def test_leave_before_a_fraction_moves_it_by_the_leave_and_the_share_of_the_new_length() -> None:
    life = away(date(2026, 3, 1), date(2026, 5, 29))  # 90 days; the end moves by 90, active days stay 1826
    assert judge(THREE, [], date(2026, 2, 1), life).due_on == date(2027, 12, 6)  # 7 Sep + 90


def test_fractions_before_go_live_are_not_asked_for() -> None:
    life = Timeline(LIFE.starts_on, LIFE.ends_on, watched_from=date(2028, 1, 1))
    assert judge(THREE, [], date(2028, 1, 1), life).due_on == date(2029, 5, 8)
    assert judge(THREE, [date(2028, 2, 1)], date(2028, 3, 1), life).due_on == date(2030, 10, 7)
    assert judge(THREE, [date(2027, 2, 1)], date(2028, 3, 1), life).due_on == date(2029, 5, 8)


def test_without_an_end_no_fraction_is_known() -> None:
    assert judge(THREE, [], date(2026, 2, 1), Timeline(LIFE.starts_on)).due_on is None


# once


def _once(anchor: str, within: Span) -> Requirement:
    return requirement(Kind.ONCE, anchor=anchor, within=within)


@pytest.mark.parametrize(
    ("anchor", "within", "due"),
    [
        ("employment", Span(7), date(2026, 7, 1)),  # employed on 1 Dec 2025
        ("training_start", Span(3), date(2026, 4, 7)),
        ("training_end", Span(12), date(2030, 1, 6)),
        ("placement_start", Span(), date(2026, 9, 1)),
        ("placement_end", Span(days=14), date(2026, 9, 15)),
    ],
)
def test_once_is_due_within_its_time_of_the_anchor(anchor: str, within: Span, due: date) -> None:
    life = Timeline(LIFE.starts_on, LIFE.ends_on, employed_on=date(2025, 12, 1))
    verdict = judge(_once(anchor, within), [], date(2026, 2, 1), life, anchor_on=date(2026, 9, 1))
    assert verdict.due_on == due


def test_once_is_overdue_the_day_after_and_met_for_good() -> None:
    asked = _once("employment", Span(7))
    assert _states(asked, [], [date(2026, 8, 7), date(2026, 8, 8)]) == ["soon", "overdue"]
    assert _states(asked, [date(2026, 8, 20)], [date(2026, 8, 19), date(2026, 8, 20)]) == ["overdue", "met"]


def test_met_stays_met_during_absence() -> None:
    life = away(date(2026, 9, 1), date(2026, 9, 30))
    assert judge(_once("employment", Span(7)), [LAST.replace(month=3)], date(2026, 9, 2), life).state == "met"


def test_without_the_placement_it_does_not_apply() -> None:
    verdict = judge(_once("placement_end", Span()), [], date(2026, 9, 1))
    assert (verdict.state, verdict.due_on, verdict.required) == ("not_applicable", None, 0)


def test_before_the_end_means_the_end_as_absence_moved_it() -> None:
    life = away(date(2027, 1, 1), date(2027, 1, 31))
    assert judge(_once("training_end", Span(2)), [], date(2026, 2, 1), life).due_on == date(2030, 12, 6)


def test_what_was_to_be_done_before_the_end_greets_nobody_who_is_near_it_at_go_live() -> None:
    asked, end = _once("training_end", Span(12)), date(2031, 1, 6)
    days = (date(2030, 1, 6), date(2030, 1, 7), date(2030, 9, 1))
    lives = [Timeline(LIFE.starts_on, end, watched_from=day) for day in days]
    # A year before the end is 6 Jan 2030. Watched from later, a year from then would be past the end.
    dues = [judge(asked, [], day, life).due_on for day, life in zip(days, lives, strict=True)]
    assert dues == [date(2030, 1, 6), end, end]
    two = Timeline(LIFE.starts_on, end, watched_from=date(2030, 11, 7))
    assert judge(_once("training_end", Span(2)), [], date(2030, 11, 7), two).due_on == end
    # December spent away moves the end to 6 Feb, two months before which is 6 Dec: later is nothing sooner.
    moved = away(date(2030, 12, 1), date(2030, 12, 31), life=two)
    assert judge(_once("training_end", Span(2)), [], date(2030, 11, 30), moved).due_on == date(2031, 2, 6)


def test_a_supervisor_is_asked_for_before_the_employment_begins_and_nothing_else_is() -> None:
    days = [date(2025, 12, 23), date(2025, 12, 24), date(2026, 1, 7), date(2026, 1, 8)]
    named = _once("employment", Span())
    assert _states(named, [], days) == ["ok", "soon", "soon", "overdue"]
    assert judge(named, [], days[0]).changes_on == days[1]
    assert _states(_once("employment", Span(days=7)), [], days)[:2] == ["not_applicable"] * 2


def test_a_date_past_at_go_live_is_asked_for_within_the_same_time_from_then() -> None:
    kept, moved = (
        Timeline(LIFE.starts_on, LIFE.ends_on, watched_from=d) for d in (date(2026, 8, 7), date(2026, 8, 8))
    )
    assert judge(_once("employment", Span(7)), [], date(2026, 8, 8), kept).due_on == date(2026, 8, 7)
    assert judge(_once("employment", Span(7)), [], date(2026, 8, 8), moved).due_on == date(2027, 3, 8)


def test_what_belongs_to_a_placements_start_is_moot_when_the_placement_is_over() -> None:
    asked = _once("placement_start", Span())
    begins, ends = date(2026, 9, 1), date(2026, 10, 25)
    days = [date(2026, 9, 1), date(2026, 9, 2), date(2026, 10, 25), date(2026, 10, 26)]
    verdicts = [judge(asked, [], day, anchor_on=begins, lapses_on=ends) for day in days]
    assert [v.state.value for v in verdicts] == ["soon", "overdue", "overdue", "not_applicable"]
    assert verdicts[1].changes_on == date(2026, 10, 26)
    named = judge(asked, [begins], date(2026, 10, 26), anchor_on=begins, lapses_on=ends)
    assert named.state is State.MET


# term

MEETING = requirement(Kind.TERM, count=1, per="month", lead_days=7)
COURSE = requirement(Kind.TERM, count=1, per="term", lead_days=7)


@pytest.mark.parametrize(
    ("last", "due"),
    [
        (date(2026, 9, 30), date(2026, 10, 31)),
        (date(2026, 10, 1), date(2026, 11, 30)),
        (date(2026, 11, 3), date(2026, 12, 20)),
        (date(2026, 12, 3), date(2027, 1, 31)),
        (date(2027, 5, 3), date(2027, 6, 15)),
        (date(2027, 6, 3), date(2027, 8, 31)),
    ],
)
def test_every_month_in_term_asks_for_one(last: date, due: date) -> None:
    assert judge(MEETING, [last], last).due_on == due


def test_a_month_is_soon_a_week_before_its_end_and_overdue_after_it() -> None:
    days = [date(2026, 10, 23), date(2026, 10, 24), date(2026, 10, 31), date(2026, 11, 1)]
    assert _states(MEETING, [date(2026, 9, 30)], days) == ["ok", "soon", "soon", "overdue"]


def test_a_later_month_served_ends_the_overdue_state() -> None:
    dates = [date(2026, 9, 30), date(2026, 11, 20)]
    assert _states(MEETING, dates, [date(2026, 11, 19), date(2026, 11, 20)]) == ["overdue", "ok"]


def test_a_term_ends_on_15_june_and_20_december() -> None:
    assert judge(COURSE, [], date(2026, 2, 1)).due_on == date(2026, 6, 15)
    assert judge(COURSE, [date(2026, 3, 1)], date(2026, 4, 1)).due_on == date(2026, 12, 20)
    assert _states(COURSE, [], [date(2026, 6, 15), date(2026, 6, 16)]) == ["soon", "overdue"]


def test_a_course_in_late_june_counts_for_spring() -> None:
    assert judge(COURSE, [date(2026, 6, 25)], date(2026, 6, 25)).due_on == date(2026, 12, 20)


def test_figures_begin_anew_with_the_term() -> None:
    spring = judge(COURSE, [date(2026, 3, 1)], date(2026, 8, 14))
    assert (spring.done, spring.changes_on) == (1, date(2026, 8, 15))
    assert judge(COURSE, [date(2026, 3, 1)], date(2026, 8, 15)).done == 0


def test_what_is_done_in_one_term_is_none_of_the_next() -> None:
    two = requirement(Kind.TERM, count=2, per="term", lead_days=7)
    # Two in spring, one in autumn: autumn is short. One in each: spring is, since its end.
    assert judge(two, [date(2026, 3, 1), date(2026, 4, 1), date(2026, 9, 1)], date(2026, 9, 1)).due_on == (
        date(2026, 12, 20)
    )
    assert judge(two, [date(2026, 3, 1), date(2026, 9, 1)], date(2026, 9, 1)).due_on == date(2026, 6, 15)


def test_a_term_mostly_away_is_excused() -> None:
    # VT 2027 is 7 Jan - 15 Jun: 160 days. 80 away leaves half: it counts; 81 excuse it.
    half = away(date(2027, 1, 7), date(2027, 3, 27))
    most = away(date(2027, 1, 7), date(2027, 3, 28))
    last = [date(2026, 10, 1)]
    assert judge(COURSE, last, date(2026, 12, 1), half).due_on == date(2027, 6, 15)
    assert judge(COURSE, last, date(2026, 12, 1), most).due_on == date(2027, 12, 20)


# unit

REVIEW = requirement(Kind.UNIT, every=Span(60), concerns="unit", reminds=("head",))
UNIT = Timeline(date(2020, 1, 1))


def test_a_units_review_is_due_five_years_after_the_last() -> None:
    verdict = judge(REVIEW, [date(2022, 3, 1)], date(2026, 11, 22), UNIT)
    assert (verdict.state, verdict.due_on) == ("ok", date(2027, 3, 1))
    assert judge(REVIEW, [date(2021, 11, 21)], date(2026, 11, 22), UNIT).state is State.OVERDUE


def test_a_follow_up_is_due_within_its_time_of_the_finding_and_only_a_later_one_meets_it() -> None:
    asked = requirement(Kind.UNIT, anchor="finding", within=Span(6), concerns="unit")
    finding = date(2026, 5, 4)
    assert judge(asked, [], date(2026, 5, 5), UNIT).state is State.NOT_APPLICABLE
    assert judge(asked, [date(2026, 5, 3)], date(2026, 5, 5), UNIT, anchor_on=finding).due_on == date(
        2026, 11, 4
    )
    assert judge(asked, [finding], date(2026, 5, 5), UNIT, anchor_on=finding).state is State.MET


TEACHING = requirement(Kind.UNIT, every=Span(days=7), in_term=True, concerns="unit")


def test_what_would_be_due_between_terms_waits_for_the_next_one() -> None:
    # The spring term ends on 15 Jun, the autumn's begins on 15 Aug.
    in_term, after = (judge(TEACHING, [date(2026, 6, day)], date(2026, 6, 9), UNIT) for day in (8, 9))
    assert (in_term.due_on, after.due_on) == (date(2026, 6, 15), date(2026, 8, 22))


def test_what_was_over_before_the_bot_watched_is_asked_of_newcomers_only() -> None:
    asked = requirement(Kind.ONCE, anchor="training_start", within=Span(days=14), newcomers_only=True)
    life = Timeline(date(2026, 1, 7), date(2031, 1, 6), watched_from=date(2026, 1, 21))
    later = Timeline(date(2026, 1, 7), date(2031, 1, 6), watched_from=date(2026, 1, 22))
    assert judge(asked, [], date(2026, 1, 22), life).state is State.OVERDUE  # 7 Jan + 14 days = 21 Jan
    assert judge(asked, [], date(2026, 1, 22), later).state is State.NOT_APPLICABLE


def test_what_is_never_told_by_name_never_escalates() -> None:
    told, quiet = (requirement(Kind.INTERVAL, every=Span(3), escalates=each) for each in (True, False))
    assert judge(told, [], date(2026, 5, 1)).escalates_on == date(2026, 5, 6)  # 7 Apr + 1 + 28 days
    assert judge(quiet, [], date(2026, 5, 1)).escalates_on is None


# topic


def test_a_topic_is_time_to_raise_from_its_date_on_and_never_overdue() -> None:
    asked = requirement(Kind.TOPIC, every=Span(3))
    days = [date(2027, 2, 21), date(2027, 2, 22), date(2029, 1, 1)]
    assert _states(asked, [LAST], days) == ["ok", "soon", "soon"]
    assert judge(asked, [LAST], date(2029, 1, 1)).overdue_from is None


def test_a_topic_for_every_session_is_always_time_to_raise() -> None:
    assert judge(requirement(Kind.TOPIC, every=Span()), [LAST], LAST).state is State.SOON
