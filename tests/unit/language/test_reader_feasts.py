"""The named days fall where the country's calendar has them."""

from __future__ import annotations

from itertools import pairwise

import holidays
import pytest

from handlers.language.days.feasts import days_of

IN_THE_CALENDAR = {
    "01-01": "Nyårsdagen",
    "01-06": "Trettondedag jul",
    "easter -2": "Långfredagen",
    "easter 0": "Påskdagen",
    "easter 1": "Annandag påsk",
    "easter 39": "Kristi himmelsfärdsdag",
    "easter 49": "Pingstdagen",
    "06-06": "Nationaldagen",
    "friday 06-19": "Midsommarafton",
    "saturday 06-20": "Midsommardagen",
    "saturday 10-31": "Alla helgons dag",
    "12-24": "Julafton",
    "12-26": "Annandag jul",
    "12-31": "Nyårsafton",
}


@pytest.mark.parametrize(("key", "name"), IN_THE_CALENDAR.items())
def test_a_named_day_is_that_of_the_calendar(key: str, name: str) -> None:
    for year in range(2020, 2046):
        calendar = holidays.country_holidays(
            "SE", years=year, categories=("public", "de_facto"), language="sv"
        )
        assert name in calendar.get_list(days_of(key, year)[0]), (year, key)


def test_the_sundays_of_advent_end_with_the_last_before_christmas() -> None:
    keys = ("sunday 11-27", "sunday 12-04", "sunday 12-11", "sunday 12-18")
    for year in range(2020, 2046):
        days = [days_of(key, year)[0] for key in keys]
        assert all(day.weekday() == 6 for day in days)
        assert 0 < (days_of("12-25", year)[0] - days[-1]).days <= 7
        assert all((two - one).days == 7 for one, two in pairwise(days))
