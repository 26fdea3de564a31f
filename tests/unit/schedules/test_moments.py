"""When reminders are said: the table in behaviour.md, on and around quiet days."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schedules.manners import Quiet, speaking_time
from schedules.moment import Booked, Changed, Moment
from schedules.moments import moments
from schedules.newest import due_between, latest, next_after, parted
from schedules.rules.requirement import Kind, Requirement, Span
from schedules.timeline import Timeline
from tests.unit.schedules.lives import SWEDEN, away, judge, requirement

WEEKLY = requirement(Kind.WEEKLY, minutes=60)
YEARLY = requirement(Kind.INTERVAL, every=Span(12), reminds=("trainee", "supervisor", "studierektor"))
PAIR = ("trainee", "supervisor")


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _plan(planned: tuple[Moment, ...]) -> list[tuple[str, str, str]]:
    return [(m.step, m.period, m.at.isoformat(timespec="minutes")) for m in planned]


def _weekly(last: date, today: date, *booked: date) -> tuple[Moment, ...]:
    return moments(WEEKLY, judge(WEEKLY, [last], today), SWEDEN, [Booked(day) for day in booked])


AFTER_WEEK_45 = _weekly(date(2026, 11, 4), date(2026, 11, 9))


def test_a_silent_week_is_asked_about_on_its_thursday_and_said_to_be_missed_on_mondays() -> None:
    assert _plan(AFTER_WEEK_45) == [
        ("soon", "2026-W46", "2026-11-12T12:15"),
        ("overdue", "2026-W46", "2026-11-16T08:00"),
        ("repeat", "2026-W46#1", "2026-11-23T08:00"),
        ("repeat", "2026-W46#2", "2026-11-30T08:00"),
        ("escalated", "2026-W46", "2026-11-30T08:00"),  # three missed weeks: 46, 47, 48
        ("repeat", "2026-W46#3", "2026-12-07T08:00"),
    ]


@pytest.mark.parametrize(
    ("today", "booked", "asked"),
    [
        ("2026-11-16", [], ("soon", "2026-W47", "2026-11-19T12:15")),
        ("2026-11-22", [], ("soon", "2026-W47", "2026-11-19T12:15")),  # to the end of the week
        ("2026-11-23", [], ("soon", "2026-W48", "2026-11-26T12:15")),
        # Long after the last repeat: every week with neither log nor booking.
        ("2026-12-14", [], ("soon", "2026-W51", "2026-12-17T12:15")),
        ("2027-03-01", [], ("soon", "2027-W09", "2027-03-04T12:15")),
        # The Thursdays of weeks 52 and 53 are Julafton and Nyårsafton; the next speaking morning is in
        # another week each time.
        ("2026-12-21", [], None),
        ("2026-12-28", [], None),
        # A booking in the week, though passed by Thursday; one within seven days of it; one eight days on.
        ("2026-11-16", ["2026-11-17"], None),
        ("2026-11-16", ["2026-11-26"], None),
        ("2026-11-16", ["2026-11-27"], ("soon", "2026-W47", "2026-11-19T12:15")),
    ],
)
def test_every_later_week_has_its_own_thursday(
    today: str, booked: list[str], asked: tuple[str, str, str] | None
) -> None:
    booked_on = [date.fromisoformat(day) for day in booked]
    assert not [m for m in _weekly(date.fromisoformat(today), date.fromisoformat(today)) if m.until]
    plan = _weekly(date(2026, 11, 4), date.fromisoformat(today), *booked_on)
    assert _plan(tuple(m for m in plan if m.until)) == ([asked] if asked else [])


def test_a_week_of_which_absence_leaves_too_little_is_not_asked_about_either() -> None:
    # Week 46 is missed. In week 47 she is back on the Thursday: two days, fewer than three.
    life = away(date(2026, 11, 16), date(2026, 11, 18))
    verdict = judge(WEEKLY, [date(2026, 11, 4)], date(2026, 11, 19), life)
    plan = moments(WEEKLY, verdict, SWEDEN)
    assert _plan(tuple(m for m in plan if m.until)) == [("soon", "2026-W48", "2026-11-26T12:15")]


MEETING = requirement(Kind.TERM, count=1, per="month", lead_days=7, reminds=("trainee",))


@pytest.mark.parametrize(
    ("today", "asked"),
    [
        # January is missed: each month of the term is asked for in its own time, seven days before its end.
        ("2026-02-01", ("soon", "2026-02-28", "2026-02-23T08:00")),  # 21 Feb is a Saturday
        ("2026-02-28", ("soon", "2026-02-28", "2026-02-23T08:00")),
        ("2026-03-01", ("soon", "2026-03-31", "2026-03-24T08:00")),
        ("2026-06-01", ("soon", "2026-06-15", "2026-06-08T08:00")),  # the term ends on the 15th
        # Between the terms the next is August, from the 15th on; lead 24 Aug.
        ("2026-06-16", ("soon", "2026-08-31", "2026-08-24T08:00")),
    ],
)
def test_after_a_missed_month_the_next_ones_are_asked_for(today: str, asked: tuple[str, str, str]) -> None:
    verdict = judge(MEETING, [], date.fromisoformat(today))
    assert (verdict.state, verdict.due_on) == ("overdue", date(2026, 1, 31))
    plan = moments(MEETING, verdict, SWEDEN)
    assert _plan(tuple(m for m in plan if m.until)) == [asked]
    assert [m.step for m in plan if not m.until] == ["soon", "overdue", *["repeat"] * 3, "escalated"]


def test_what_is_said_of_a_missed_month_and_what_is_asked_for_next_are_two_things() -> None:
    # The third repeat about January and the question about February fall on the same Monday.
    plan = moments(MEETING, judge(MEETING, [], date(2026, 2, 23)), SWEDEN)
    tales = parted(plan)
    newest = [latest(tale, _at("2026-02-20T09:00"), _at("2026-02-23T08:00")) for tale in tales]
    assert [(m.step, m.period) for m in newest if m] == [("repeat", "2026-01-31#3"), ("soon", "2026-02-28")]


def test_a_month_that_is_served_ends_it_and_nothing_is_asked_for_after_the_training() -> None:
    served = judge(MEETING, [date(2026, 2, 18)], date(2026, 2, 23))
    assert (served.state, served.due_on, served.again_on) == ("ok", date(2026, 3, 31), None)
    ending = Timeline(date(2026, 1, 7), date(2026, 2, 20))
    assert judge(MEETING, [], date(2026, 2, 10), ending).again_on is None


def test_absence_pauses_the_repeats_too() -> None:
    # Week 46 is said to be missed on Monday 16 Nov. Away 18 Nov-1 Dec, fourteen days: seven days in service
    # after it is 7 Dec.
    life = away(date(2026, 11, 18), date(2026, 12, 1))
    verdict = judge(WEEKLY, [date(2026, 11, 4)], date(2026, 11, 17), life)
    plan = moments(WEEKLY, verdict, SWEDEN, after=lambda day, days: life.add_active(day, Span(days=days)))
    repeats = [at for step, _, at in _plan(plan) if step == "repeat"]
    assert repeats == ["2026-12-07T08:00", "2026-12-14T08:00", "2026-12-21T08:00"]


def test_who_is_away_on_the_first_morning_is_told_on_the_return_and_a_week_later_again() -> None:
    # Due on Saturday 8 Aug, so late on Sunday; away 10-14 Aug, back on Monday the 17th.
    life = away(date(2026, 8, 10), date(2026, 8, 14))
    asked = requirement(Kind.AGREED)
    verdict = judge(asked, [date(2026, 5, 8)], date(2026, 8, 17), life, agreed=Span(3))
    plan = moments(asked, verdict, SWEDEN, after=lambda day, days: life.add_active(day, Span(days=days)))
    assert verdict.due_on == date(2026, 8, 8)
    assert [at for step, _, at in _plan(plan) if step != "soon"][:3] == [
        "2026-08-17T08:00",
        "2026-08-24T08:00",
        "2026-08-31T08:00",
    ]


def test_on_thursday_the_trainee_is_asked_and_on_monday_both_halves() -> None:
    roles = {m.step: m.roles for m in AFTER_WEEK_45}
    assert roles == {
        "soon": ("trainee",),
        "overdue": PAIR,
        "repeat": PAIR,
        "escalated": ("studierektor",),
    }


def test_others_are_said_fourteen_days_before_to_those_the_requirement_names() -> None:
    # Last 2 Feb 2026, due 2 Feb 2027: 14 days before is Tuesday 19 Jan; overdue on Wednesday 3 Feb.
    plan = moments(YEARLY, judge(YEARLY, [date(2026, 2, 2)], date(2026, 12, 1)), SWEDEN)
    assert _plan(plan) == [
        ("soon", "2027-02-02", "2027-01-19T08:00"),
        ("overdue", "2027-02-02", "2027-02-03T08:00"),
        ("repeat", "2027-02-02#1", "2027-02-10T08:00"),
        ("repeat", "2027-02-02#2", "2027-02-17T08:00"),
        ("repeat", "2027-02-02#3", "2027-02-24T08:00"),
        ("escalated", "2027-02-02", "2027-03-03T08:00"),  # 28 days after 3 Feb
    ]
    assert all(m.roles == YEARLY.reminds for m in plan if m.step != "escalated")


LATE = judge(YEARLY, [date(2026, 2, 2)], date(2027, 4, 2))  # due 2 Feb 2027


@pytest.mark.parametrize(
    ("since", "first"),
    [
        ("2027-02-03T07:59", "2027-02-03T08:00"),
        # Its first morning has passed when it becomes known: it begins on the next speaking morning.
        ("2027-02-03T08:00", "2027-02-04T08:00"),
        ("2027-04-02T16:00", "2027-04-05T08:00"),
    ],
)
def test_what_a_change_made_late_is_said_the_morning_after_it(since: str, first: str) -> None:
    plan = _plan(moments(YEARLY, LATE, SWEDEN, changed=Changed(_at(since))))
    weeks = [(_at(first) + n * timedelta(days=7)).isoformat(timespec="minutes") for n in range(4)]
    assert [row for row in plan if row[0] in ("overdue", "repeat")] == [
        ("overdue", "2027-02-02", weeks[0]),
        *[("repeat", f"2027-02-02#{n}", weeks[n]) for n in (1, 2, 3)],
    ]


@pytest.mark.parametrize(
    ("due", "booked", "late"),
    [
        # 24 and 31 Dec are off: each is said on the next working morning, and moves no other.
        (date(2026, 12, 16), (), ("12-17", "12-28", "01-04", "01-07")),
        # Not held on Tuesday 14 July: said the morning after, and a week after that.
        (date(2026, 7, 1), (date(2026, 7, 14),), ("07-02", "07-15", "07-22", "07-29")),
    ],
)
def test_repeats_keep_their_days_but_for_what_a_booking_put_off(
    due: date, booked: tuple[date, ...], late: tuple[str, ...]
) -> None:
    asked = requirement(Kind.AGREED)
    verdict = judge(asked, [due - timedelta(days=100)], due, agreed=Span(days=100))
    plan = moments(asked, verdict, SWEDEN, [Booked(day) for day in booked])
    assert tuple(f"{m.at:%m-%d}" for m in plan if m.step in ("overdue", "repeat")) == late


@pytest.mark.parametrize(
    ("quiet", "changed", "late"),
    [
        # Silenced on 1 February until Friday the 12th; on the 4th, after the first was said.
        (("2027-02-01T10:00", "2027-02-12T00:00"), Changed(), ("02-12", "02-19", "02-26", "03-05")),
        (("2027-02-04T10:00", "2027-02-12T00:00"), Changed(), ("02-03", "02-12", "02-19", "02-26")),
        # Lifted at noon.
        (("2027-02-01T10:00", "2027-02-04T12:00"), Changed(), ("02-04", "02-11", "02-18", "02-25")),
        # Said on 29 January by another date: a week later at the earliest.
        ((), Changed(None, 1, _at("2027-01-29T08:00")), ("02-05", "02-12", "02-19", "02-26")),
        ((), Changed(None, 1, _at("2027-01-27T08:00")), ("02-03", "02-10", "02-17", "02-24")),
    ],
)
def test_what_a_silence_keeps_back_is_said_when_it_ends_and_repeated_from_then(
    quiet: tuple[str, ...], changed: Changed, late: tuple[str, ...]
) -> None:
    stretch = (Quiet(*map(_at, quiet)),) if quiet else ()
    plan = moments(YEARLY, LATE, SWEDEN, changed=changed, quiet=stretch)
    told = [m for m in plan if m.step in ("overdue", "repeat")]
    assert tuple(f"{m.at:%m-%d}" for m in told) == late
    assert [m.step for m in told] == ["overdue", "repeat", "repeat", "repeat"]


def test_a_term_is_said_seven_days_before() -> None:
    course = requirement(Kind.TERM, count=1, per="term", lead_days=7)
    assert moments(course, judge(course, [], date(2026, 2, 1)), SWEDEN)[0].at == _at("2026-06-08T08:00")


@pytest.mark.parametrize(
    ("due", "soon", "overdue"),
    [
        # Overdue on Friday 19 June (Midsommarafton): Monday. Soon on Thursday 4 June, worked.
        (date(2026, 6, 18), "2026-06-04T08:00", "2026-06-22T08:00"),
        # Soon on Friday 5 June, the eve of a public holiday: Monday. Overdue on Saturday the 20th: Monday.
        (date(2026, 6, 19), "2026-06-08T08:00", "2026-06-22T08:00"),
        # Soon on Thursday 10 Dec. Overdue on 25 Dec: Monday the 28th.
        (date(2026, 12, 24), "2026-12-10T08:00", "2026-12-28T08:00"),
        # Overdue on 31 Dec; 1 Jan Friday, then Monday 4 January. (5 January is an eve, 6 a holiday.)
        (date(2026, 12, 30), "2026-12-16T08:00", "2027-01-04T08:00"),
    ],
)
def test_what_falls_on_a_quiet_day_moves_to_the_next_speaking_morning(
    due: date, soon: str, overdue: str
) -> None:
    asked = requirement(Kind.AGREED)
    verdict = judge(asked, [due - timedelta(days=100)], due, agreed=Span(days=100))
    plan = {m.step: m.at for m in moments(asked, verdict, SWEDEN)}
    assert (plan["soon"], plan["overdue"]) == (_at(soon), _at(overdue))


def test_a_thursday_off_is_asked_about_on_friday_morning() -> None:
    # Kristi himmelsfärdsdag, Thursday 14 May 2026; the Friday is worked.
    plan = _plan(_weekly(date(2026, 5, 6), date(2026, 5, 11)))
    assert plan[:2] == [
        ("soon", "2026-W20", "2026-05-15T08:00"),
        ("overdue", "2026-W20", "2026-05-18T08:00"),
    ]


def test_in_the_week_before_easter_there_is_no_day_to_ask_so_only_tuesday_says_it() -> None:
    # Thursday 2 April is the eve of Långfredagen; the next speaking morning is Tuesday 7 April.
    plan = _plan(_weekly(date(2026, 3, 25), date(2026, 3, 30)))
    assert plan[:2] == [
        ("overdue", "2026-W14", "2026-04-07T08:00"),
        ("repeat", "2026-W14#1", "2026-04-14T08:00"),
    ]


def test_a_thursday_and_friday_off_leave_no_morning_of_the_week_to_ask_in() -> None:
    # Week 52: Thursday is Julafton, Friday Juldagen. What falls on a day off moves on, never back.
    plan = _plan(_weekly(date(2026, 12, 16), date(2026, 12, 21)))
    assert plan[:2] == [
        ("overdue", "2026-W52", "2026-12-28T08:00"),
        ("repeat", "2026-W52#1", "2027-01-04T08:00"),
    ]


@pytest.mark.parametrize(
    ("booked", "soon", "overdue"),
    [
        (date(2026, 11, 11), None, "2026-11-16T08:00"),  # in the week, though passed by Thursday
        (date(2026, 11, 12), None, "2026-11-16T08:00"),  # on Thursday itself
        (date(2026, 11, 13), None, "2026-11-16T08:00"),  # Friday: Monday's overdue says it
        (date(2026, 11, 19), None, "2026-11-20T08:00"),  # seven days on: answers both
        (date(2026, 11, 20), "2026-11-12T12:15", "2026-11-23T08:00"),  # eight days on: only Monday's
        (date(2026, 11, 24), "2026-11-12T12:15", "2026-11-16T08:00"),  # eight days after Monday: neither
    ],
)
def test_a_booking_within_seven_days_answers_until_it_has_passed(
    booked: date, soon: str | None, overdue: str
) -> None:
    moments_of_46 = _weekly(date(2026, 11, 4), date(2026, 11, 9), booked)
    plan = {m.step: m.at for m in moments_of_46 if m.period == "2026-W46"}
    assert plan.get("soon") == (_at(soon) if soon else None)
    assert plan["overdue"] == _at(overdue)


@pytest.mark.parametrize(
    ("first", "last", "soon"),
    [
        # The term of 2026 ends on 15 June, so it is said on Monday the 8th that a course waits.
        (date(2026, 6, 5), date(2026, 6, 9), "2026-06-10T08:00"),  # begun before, over the day after
        (date(2026, 6, 5), date(2026, 6, 7), "2026-06-08T08:00"),  # over the day before
        (date(2026, 6, 11), date(2026, 6, 12), "2026-06-15T08:00"),  # Thursday and Friday: said on Monday
    ],
)
def test_what_is_booked_for_days_answers_until_its_last(first: date, last: date, soon: str) -> None:
    course = requirement(Kind.TERM, count=1, per="term", lead_days=7)
    booked = [Booked(first, end=last)]
    assert moments(course, judge(course, [], date(2026, 2, 1)), SWEDEN, booked)[0].at == _at(soon)


@pytest.mark.parametrize(
    ("asked", "on", "made", "late"),
    [
        # Overdue on Thursday 2 July, and booked on that afternoon for the 7th: over when the repeat comes.
        (requirement(Kind.AGREED), "07-07", "07-02T13:00", ("07-02", "07-09", "07-16", "07-23")),
        # Booked the day before: what was to be said on the 2nd comes on the 8th, and the next a week later.
        (requirement(Kind.AGREED), "07-07", "07-01T13:00", ("07-08", "07-15", "07-22", "07-29")),
        # Week 27 is told of on Monday 6 July. On the 10th they book Friday the 17th: the repeat of the 13th
        # waits for the 20th, and that week has no second one.
        (WEEKLY, "07-17", "07-10T13:00", ("07-06", "07-20", "07-27", "08-03")),
        # Booked for Tuesday 14: said on the 15th, and the next Monday tells of one more week.
        (WEEKLY, "07-14", "07-10T13:00", ("07-06", "07-15", "07-20", "07-27")),
    ],
)
def test_a_booking_puts_off_what_comes_after_it_was_made(
    asked: Requirement, on: str, made: str, late: tuple[str, ...]
) -> None:
    due = date(2026, 7, 1)
    verdict = judge(asked, [due - timedelta(days=9)], due + timedelta(days=1), agreed=Span(days=9))
    booked = [Booked(date.fromisoformat(f"2026-{on}"), _at(f"2026-{made}"))]
    plan = moments(asked, verdict, SWEDEN, booked)
    assert tuple(f"{m.at:%m-%d}" for m in plan if m.step in ("overdue", "repeat")) == late


def test_a_booking_does_not_put_off_the_escalation() -> None:
    plan = {m.step: m.at for m in _weekly(date(2026, 11, 4), date(2026, 11, 9), date(2026, 12, 1))}
    assert plan["escalated"] == _at("2026-11-30T08:00")


def test_nothing_is_said_while_paused_or_met_or_after_the_end() -> None:
    once = requirement(Kind.ONCE, anchor="employment", within=Span(7))
    paused = away(date(2026, 11, 9), date(2026, 11, 29))
    assert moments(WEEKLY, judge(WEEKLY, [], date(2026, 11, 9), paused), SWEDEN) == ()
    assert moments(once, judge(once, [date(2026, 3, 3)], date(2026, 11, 9)), SWEDEN) == ()
    assert moments(WEEKLY, judge(WEEKLY, [], date(2031, 1, 7)), SWEDEN) == ()


def test_a_topic_never_nags() -> None:
    topic = requirement(Kind.TOPIC, every=Span(3))
    assert moments(topic, judge(topic, [], date(2028, 1, 7)), SWEDEN) == ()


def test_of_the_repeats_to_come_only_the_first_is_planned_for_who_asks_until_when() -> None:
    """All that have come are there, and the next: it is told as late on 16 and 23 November at 08:00."""
    verdict, plans = judge(WEEKLY, [date(2026, 11, 4)], date(2026, 11, 9)), []
    every = [m for m in AFTER_WEEK_45 if m.step != "escalated"]
    for until in ("2026-11-16T07:59", "2026-11-16T08:00", "2026-11-23T08:00", "2026-12-07T08:00"):
        planned = moments(WEEKLY, verdict, SWEDEN, until=_at(until))
        plans.append([m for m in planned if m.step != "escalated"])
    assert plans == [every[:2], every[:3], every[:4], every]


def test_the_plan_of_a_spell_stays_the_same_while_nothing_is_logged() -> None:
    later = _weekly(date(2026, 11, 4), date(2026, 12, 20))
    assert tuple(m for m in later if not m.until) == AFTER_WEEK_45


def test_a_moment_is_due_once_the_minute_has_come_and_only_once() -> None:
    noon = _at("2026-11-12T12:15")
    minute = timedelta(minutes=1)
    assert due_between(AFTER_WEEK_45, noon - 2 * minute, noon - minute) == ()
    assert due_between(AFTER_WEEK_45, noon - minute, noon) == AFTER_WEEK_45[:1]
    assert due_between(AFTER_WEEK_45, noon, noon + minute) == ()


def test_after_a_downtime_only_the_newest_is_said() -> None:
    newest = latest(AFTER_WEEK_45, _at("2026-11-10T00:00"), _at("2026-11-25T09:00"))
    assert newest is not None
    assert (newest.step, newest.period) == ("repeat", "2026-W46#1")
    assert latest(AFTER_WEEK_45, _at("2026-12-07T08:00"), _at("2027-02-01T00:00")) is None


def test_the_newest_is_never_the_escalation_which_is_the_digests() -> None:
    newest = latest(AFTER_WEEK_45, _at("2026-11-24T00:00"), _at("2026-12-01T00:00"))
    assert newest is not None
    assert newest.step == "repeat"


def test_the_next_moment_is_the_first_one_later() -> None:
    following = next_after(AFTER_WEEK_45, _at("2026-11-12T12:15"))
    assert following == AFTER_WEEK_45[1]
    assert next_after(AFTER_WEEK_45, _at("2026-12-07T08:00")) is None


@pytest.mark.parametrize(
    ("at", "spoken"),
    [
        ("2026-11-23T07:59", "2026-11-23T08:00"),
        ("2026-11-23T08:00", "2026-11-23T08:00"),
        ("2026-11-23T16:59", "2026-11-23T16:59"),
        ("2026-11-23T17:00", "2026-11-23T17:00"),
        ("2026-11-23T17:01", "2026-11-24T08:00"),
        ("2026-11-20T17:01", "2026-11-23T08:00"),  # Friday evening
        ("2026-11-21T12:00", "2026-11-23T08:00"),
        ("2026-12-23T17:30", "2026-12-28T08:00"),
        ("2026-04-30T09:00", "2026-05-04T08:00"),  # Valborg is the eve of 1 May
    ],
)
def test_people_are_spoken_to_in_office_hours_on_speaking_days(at: str, spoken: str) -> None:
    assert speaking_time(_at(at), SWEDEN, lambda _: False) == _at(spoken)


def test_nobody_is_spoken_to_during_their_own_absence() -> None:
    life = away(date(2026, 11, 23), date(2026, 11, 24))
    assert speaking_time(_at("2026-11-23T10:00"), SWEDEN, life.is_absent) == _at("2026-11-25T08:00")
    for_ever = away(date(2026, 11, 23), None)
    assert speaking_time(_at("2026-11-23T10:00"), SWEDEN, for_ever.is_absent) is None


@given(
    last=st.integers(0, 1500),
    silent=st.integers(0, 200),
    asked=st.sampled_from([WEEKLY, YEARLY, requirement(Kind.RATE, count=9, longest_gap=Span(2))]),
    booked=st.lists(st.integers(0, 60), max_size=3),
)
@settings(deadline=None)
def test_every_moment_is_on_a_speaking_day_within_hours_and_its_key_is_its_own(
    last: int, silent: int, asked: object, booked: list[int]
) -> None:
    day = date(2026, 1, 7) + timedelta(days=last)
    today = day + timedelta(days=silent)
    verdict = judge(asked, [day], today)  # type: ignore[arg-type]
    booked_on = [Booked(today + timedelta(days=n)) for n in booked]
    planned = moments(asked, verdict, SWEDEN, booked_on)  # type: ignore[arg-type]
    assert all(not SWEDEN.is_quiet_day(m.at.date()) for m in planned)
    assert all(speaking_time(m.at, SWEDEN, lambda _: False) == m.at for m in planned)
    assert len({(m.step, m.period) for m in planned}) == len(planned)
    assert sum(m.step == "repeat" for m in planned) <= 3
