"""Time that is not even: the clock changes of 2020-2040, a clock that jumps, week 53 and leap days."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.clock import MovableClock
from tests.reliability.sleeping import check, roster, wake, wakes_once
from tests.support.databases import database
from tests.support.world import ZONE, World

DAY = timedelta(days=1)
SIZES = (1, 59, 3600, 86_400, 3 * 86_400)
"""Seconds by which a clock is put right, either way."""


def changes() -> list[date]:
    """The days in 2020-2040 on which Stockholm's clock is changed: two a year."""
    stockholm = ZoneInfo(ZONE)
    days = (date(2020, 1, 1) + n * DAY for n in range(21 * 366 - 15))
    noons = ((day, datetime(day.year, day.month, day.day, 12, tzinfo=UTC)) for day in days)
    return [
        day
        for day, noon in noons
        if (noon - DAY).astimezone(stockholm).utcoffset() != noon.astimezone(stockholm).utcoffset()
    ]


CHANGES = changes()


def test_there_are_forty_two_of_them() -> None:
    assert len(CHANGES) == 42
    assert {day.weekday() for day in CHANGES} == {6}


def digests(world: World) -> list[datetime]:
    """When the studierektor's digests came."""
    return [sent.at for sent in world.to("siv", "digest")]


@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_at_a_clock_change_everything_comes_once_and_at_the_hour_on_the_wall(
    tmp_path: Path, change: date
) -> None:
    with database("sqlite", tmp_path) as engine:
        world = World(engine, f"{change - 2 * DAY}T09:00", roster(change - 100 * DAY))
        for hour in ("00:30", "01:30", "02:30", "03:30"):  # once an hour through the night itself
            world.pass_to(f"{change}T{hour}")
            assert wake(world) == 0
        world.pass_to(f"{change + 6 * DAY}T12:00")
        check(world)
        # The Monday after it at 07:30; the first working day when that Monday is Easter's.
        (digest,) = digests(world)
        assert (digest.hour, digest.minute) == (7, 30)


@pytest.mark.parametrize("seconds", [sign * size for size in SIZES for sign in (1, -1)])
def test_a_clock_that_is_put_right_says_nothing_twice(tmp_path: Path, seconds: int) -> None:
    with database("sqlite", tmp_path) as engine:
        world = World(engine, "2026-11-23T09:00", roster(date(2026, 5, 1)))
        for day in (24, 25, 26, 27, 30):  # each day at noon, just after a bundle may have gone out
            world.pass_to(f"2026-11-{day}T12:16")
            world.clock = MovableClock(world.clock() + timedelta(seconds=seconds))
            world.delivery = world.new_delivery()
            wakes_once(world)
        world.pass_to("2026-12-18T12:00")
        check(world)
        assert world.to("anna", "nudge")
        weeks = [at.isocalendar()[:2] for at in digests(world)]
        assert len(weeks) == len(set(weeks)) > 2


@pytest.mark.parametrize(
    "start", [date(2020, 12, 14), date(2026, 12, 14), date(2032, 12, 13), date(2037, 12, 14)], ids=str
)
def test_a_year_of_fifty_three_weeks_has_a_digest_for_each_of_its_last(tmp_path: Path, start: date) -> None:
    with database("sqlite", tmp_path) as engine:
        world = World(engine, f"{start - 2 * DAY}T09:00", roster(start - 100 * DAY))
        world.pass_to(f"{start + 39 * DAY}T12:00")
        check(world)
        weeks = [at.isocalendar()[:2] for at in digests(world)]
        assert weeks == [(start + n * 7 * DAY).isocalendar()[:2] for n in range(6)]
        assert (start.year, 53) in weeks


@pytest.mark.parametrize("year", [2020, 2024, 2028, 2032, 2036, 2040])
def test_a_leap_day_is_a_day_like_others(tmp_path: Path, year: int) -> None:
    leap = date(year, 2, 29)
    with database("sqlite", tmp_path) as engine:
        world = World(engine, f"{leap - 10 * DAY}T09:00", roster(leap - 100 * DAY))
        world.pass_to(f"{leap}T15:00")
        assert world.say("anna", "handledning idag 1h").text.startswith("Sparat:")
        world.pass_to(f"{leap.replace(year=year + 1, day=28)}T12:00")
        check(world)
        assert world.to("anna", "nudge")
