"""A first look at the three commonest kinds."""

from datetime import date

from schedules.calendar import WorkCalendar
from schedules.evaluate import Happening, State, evaluate
from schedules.requirement import Kind, Requirement, Source, Span
from schedules.timeline import Timeline

TITLE = {"sv": "prov", "en": "trial"}
LIFE = Timeline(date(2026, 1, 7), date(2030, 1, 6))


def _requirement(kind: Kind, **parameters: object) -> Requirement:
    return Requirement("x", TITLE, kind, ("supervision",), Source("d", "s"), **parameters)  # type: ignore[arg-type]


def test_a_weekly_session_in_week_10_leaves_week_11_to_serve() -> None:
    session = Happening(date(2026, 3, 3), "supervision")
    verdict = evaluate(_requirement(Kind.WEEKLY), [session], LIFE, WorkCalendar(), date(2026, 3, 5))
    assert (verdict.state, verdict.due_on, verdict.period) == (State.OK, date(2026, 3, 13), "2026-W11")


def test_a_yearly_one_is_due_a_year_after_the_last() -> None:
    last = Happening(date(2026, 3, 3), "supervision")
    verdict = evaluate(
        _requirement(Kind.INTERVAL, every=Span(12)), [last], LIFE, WorkCalendar(), date(2026, 3, 5)
    )
    assert (verdict.due_on, verdict.overdue_from) == (date(2027, 3, 3), date(2027, 3, 4))


def test_four_a_year_asks_for_the_first_on_the_92nd_day() -> None:
    # floor(4 × 91 / 365) = 0, floor(4 × 92 / 365) = 1; 7 Jan is day 1, so day 92 is 8 April.
    verdict = evaluate(_requirement(Kind.RATE, count=4), [], LIFE, WorkCalendar(), date(2026, 1, 7))
    assert verdict.due_on == date(2026, 4, 8)
