"""Which days are worked, which are quiet; ISO weeks and months."""

from __future__ import annotations

from datetime import date

import pytest

from schedules.calendar import WorkCalendar, add_months, add_span, monday_of, subtract_span, week_label
from schedules.rules.requirement import Span

SWEDEN = WorkCalendar()


@pytest.mark.parametrize(
    ("day", "working", "quiet"),
    [
        (date(2026, 6, 17), True, False),  # Wednesday before Midsommar
        (date(2026, 6, 18), True, False),  # Thursday: its morrow is de facto, not public
        (date(2026, 6, 19), False, True),  # Midsommarafton
        (date(2026, 6, 20), False, True),  # Midsommardagen, Saturday
        (date(2026, 6, 22), True, False),
        (date(2026, 12, 23), True, False),
        (date(2026, 12, 24), False, True),  # Julafton
        (date(2026, 12, 25), False, True),
        (date(2026, 12, 28), True, False),
        (date(2026, 12, 30), True, False),
        (date(2026, 12, 31), False, True),  # Nyårsafton
        (date(2027, 1, 1), False, True),
        (date(2026, 1, 5), True, True),  # Trettondagsafton: worked, but an eve
        (date(2026, 1, 6), False, True),
        (date(2026, 4, 2), True, True),  # Skärtorsdag, eve of Långfredagen
        (date(2026, 4, 4), False, True),  # Påskafton, a Saturday
        (date(2026, 4, 6), False, True),  # Annandag påsk
        (date(2026, 4, 7), True, False),
        (date(2026, 4, 30), True, True),  # Valborg, eve of 1 May
        (date(2026, 5, 15), True, False),  # klämdag after Kristi himmelsfärd
        (date(2026, 6, 5), True, True),  # eve of Nationaldagen, which is a Saturday
        (date(2026, 11, 22), False, True),  # a plain Sunday
        (date(2026, 11, 23), True, False),
    ],
)
def test_a_day_is_worked_and_quiet_as_the_almanac_has_it(day: date, working: bool, quiet: bool) -> None:
    assert (SWEDEN.is_working_day(day), SWEDEN.is_quiet_day(day)) == (working, quiet)


def test_the_next_working_day_is_the_day_itself_when_it_is_worked() -> None:
    assert SWEDEN.next_working_day(date(2026, 6, 18)) == date(2026, 6, 18)
    assert SWEDEN.next_working_day(date(2026, 6, 19)) == date(2026, 6, 22)


def test_the_next_speaking_day_passes_over_easter_and_its_eve() -> None:
    assert SWEDEN.next_speaking_day(date(2026, 4, 1)) == date(2026, 4, 1)
    assert SWEDEN.next_speaking_day(date(2026, 4, 2)) == date(2026, 4, 7)


@pytest.mark.parametrize(
    ("monday", "last"),
    [
        (date(2026, 11, 16), date(2026, 11, 20)),
        (date(2026, 6, 15), date(2026, 6, 18)),  # Midsommarafton is the Friday
        (date(2026, 12, 21), date(2026, 12, 23)),
        (date(2026, 3, 30), date(2026, 4, 2)),
    ],
)
def test_a_week_ends_on_its_last_working_day(monday: date, last: date) -> None:
    assert SWEDEN.last_working_day_of_week(monday) == last


def test_a_country_without_de_facto_holidays_is_answered_too() -> None:
    assert not WorkCalendar("NO").is_working_day(date(2026, 5, 17))
    assert WorkCalendar("NO").is_working_day(date(2026, 12, 24))


@pytest.mark.parametrize(
    ("day", "label", "monday"),
    [
        (date(2026, 12, 31), "2026-W53", date(2026, 12, 28)),  # 2026 has 53 weeks
        (date(2027, 1, 3), "2026-W53", date(2026, 12, 28)),
        (date(2027, 1, 4), "2027-W01", date(2027, 1, 4)),
        (date(2025, 12, 29), "2026-W01", date(2025, 12, 29)),
    ],
)
def test_a_week_is_named_by_its_iso_year(day: date, label: str, monday: date) -> None:
    assert (week_label(day), monday_of(day)) == (label, monday)


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2027, 1, 31), 1, date(2027, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 12, 31), 0, date(2026, 12, 31)),
        (date(2027, 3, 31), -1, date(2027, 2, 28)),
        (date(2027, 1, 15), -1, date(2026, 12, 15)),
    ],
)
def test_months_keep_the_day_or_take_the_months_last(day: date, months: int, then: date) -> None:
    assert add_months(day, months) == then


def test_a_span_adds_months_before_days() -> None:
    assert add_span(date(2027, 1, 31), Span(1, 1)) == date(2027, 3, 1)
    assert subtract_span(date(2027, 3, 31), Span(1, 1)) == date(2027, 2, 27)
