"""weekly: a session in every ISO week with enough active working days."""

from __future__ import annotations

from bisect import bisect_left
from datetime import date, timedelta

from schedules.calendar import WEEK, monday_of, week_label
from schedules.kinds.reading import Case, Reading, falls_in_training
from schedules.timeline import Timeline

_THURSDAY = timedelta(days=3)


def weekly(case: Case) -> Reading:
    """Due on the last working day of the first unserved week after the latest served one (domain.md)."""
    this_week = monday_of(case.today)
    done = len(set(case.dates[bisect_left(case.dates, this_week) :]))
    open_from = _first_open_week(case)
    week = next_counting_week(case, open_from)
    coming = week if open_from == this_week else next_counting_week(case, this_week)
    turns = tuple(w + WEEK for w in (this_week, coming) if w)
    if week is None:
        return Reading(done=done, turns=turns)
    due = case.calendar.last_working_day_of_week(week)
    if not falls_in_training(case.timeline, due):
        return Reading(done=done, turns=turns)
    missed, third = _missed(case, week)
    # Absence pauses this clock too: who is away that Monday is overdue on the day of return.
    overdue = case.timeline.next_active(week + WEEK)
    late = overdue and case.timeline.add_active_days(overdue, case.requirement.escalate_days)
    return Reading(
        due_on=due,
        overdue_from=overdue,
        soon_from=min(week + _THURSDAY, due),
        escalates_on=min((d for d in (late, third) if d), default=None) if overdue else None,
        done=done,
        missed=missed,
        period=week_label(week),
        again_on=_again_on(case, coming) if week < this_week else None,
        turns=turns,
    )


def next_counting_week(case: Case, monday: date) -> date | None:
    """The Monday of the first unexcused ISO week from this one on; None when there is none to come."""
    while True:
        working = len(case.calendar.working_days_of_week(monday))
        if not _is_whole(case.timeline, monday):
            active = case.timeline.next_active(max(monday, case.timeline.clock_start))
            if active is None:
                return None
            monday = monday_of(active)
            working = _active_working_days(case, monday)
        if working >= case.requirement.excused_below:
            return monday
        monday += WEEK


def _again_on(case: Case, coming: date | None) -> date | None:
    due = coming and case.calendar.last_working_day_of_week(coming)
    return due if due and falls_in_training(case.timeline, due) else None


def _first_open_week(case: Case) -> date:
    """The week after the latest served one: an earlier week cannot be served any more."""
    start = monday_of(case.timeline.clock_start)
    return max(start, monday_of(case.last) + WEEK) if case.last else start


def _is_whole(timeline: Timeline, monday: date) -> bool:
    """Whether all of a week is watched and in service, as nearly every week is."""
    return monday >= timeline.clock_start and timeline.is_served(monday, 7)


def _active_working_days(case: Case, monday: date) -> int:
    timeline, start = case.timeline, case.timeline.clock_start
    return sum(d >= start and timeline.is_active(d) for d in case.calendar.working_days_of_week(monday))


def _missed(case: Case, week: date) -> tuple[int, date | None]:
    """The counting weeks that ended unserved by today, and the date the run is long enough to escalate."""
    ends = [week + WEEK]
    while not _far_enough(case, ends) and (upcoming := next_counting_week(case, ends[-1])):
        ends.append(upcoming + WEEK)
    limit = case.requirement.escalate_missed
    return sum(end <= case.today for end in ends), ends[limit - 1] if len(ends) >= limit else None


def _far_enough(case: Case, ends: list[date]) -> bool:
    return len(ends) >= case.requirement.escalate_missed and ends[-1] > case.today
