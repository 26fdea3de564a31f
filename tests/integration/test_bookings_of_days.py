"""What is booked for several days, a course: all of them are kept, and it is asked about when it is over."""

from __future__ import annotations

from datetime import date

import pytest
from icalendar import Calendar

from storage.tables import Booking, Entry
from tests.support.world import World

DAYS = "tis 8 dec–tors 10 dec (v 50)"


@pytest.fixture
def course(world: World) -> World:
    """Anna has booked a course of three days; it is Monday 23 November."""
    world.say("anna", "kurs 8-10 dec palliativ vård")
    return world


def _entries(world: World) -> list[tuple[str, str | None, int | None]]:
    return [(f"{e.on_date}", f"{e.end_date}" if e.end_date else None, e.minutes) for e in world.rows(Entry)]


def test_the_receipt_the_list_and_the_calendar_have_all_its_days(course: World) -> None:
    assert f"kurs {DAYS} · palliativ vård" in course.say("anna", "vad är bokat").text
    course.pass_to("2026-12-07T09:00")
    (told,) = course.to("anna", "booking")
    assert told.text == f"Påminnelse: kurs {DAYS} · palliativ vård."
    (event,) = Calendar.from_ical(told.message.files[0].content).walk("VEVENT")
    assert [event.decoded(key) for key in ("dtstart", "dtend")] == [date(2026, 12, 8), date(2026, 12, 11)]


def test_it_is_asked_about_when_its_last_day_is_over_and_logged_without_hours(course: World) -> None:
    course.pass_to("2026-12-10T16:59")
    assert [s.steps for s in course.to("anna", "booking")] == [("before",)]
    course.pass_to("2026-12-10T17:00")
    asked = course.to("anna", "booking")[-1]
    assert [each.label for each in asked.message.buttons[:2]] == ["Ja", "Nej: sjuk"]
    assert f"Sparat: kurs {DAYS} · palliativ vård" in course.press("anna", "Ja").text
    assert _entries(course) == [("2026-12-08", "2026-12-10", None)]
    assert course.drift() == []


def test_a_day_without_hours_is_logged_without_any_and_an_hour_of_a_clock_time_is_kept(world: World) -> None:
    world.say("anna", "st-möte 30 nov")
    world.say("anna", "kollegium 1 dec kl 13")
    world.pass_to("2026-12-01T15:00")
    world.press("anna", "Ja")
    world.press("anna", "Ja, 1 h")
    assert _entries(world) == [("2026-11-30", None, None), ("2026-12-01", None, 60)]


@pytest.mark.parametrize("line", ["kurs 8-10 dec", "kurs 10 dec"])
def test_a_log_of_any_of_its_days_answers_it_and_its_undo_opens_it_again(course: World, line: str) -> None:
    course.jump_to("2026-12-10T18:00")
    course.say("anna", line)
    assert [b.state for b in course.rows(Booking)] == ["held"]
    course.say("anna", "ångra")
    assert [b.state for b in course.rows(Booking)] == ["planned"]


def test_the_same_again_on_one_of_its_days_is_asked_about(course: World) -> None:
    assert "Boka ändå" in [each.label for each in course.say("anna", "kurs 9 dec").buttons]
    assert len(course.rows(Booking)) == 1


def test_moved_it_keeps_its_length(course: World) -> None:
    assert "Flyttat" in course.say("anna", "flytta kursen 8/12 till 15/12").text
    stands = [(f"{b.on_date}", f"{b.end_date}") for b in course.rows(Booking) if b.state == "planned"]
    assert stands == [("2026-12-15", "2026-12-17")]
    course.pass_to("2026-12-14T09:00")
    course.press("anna", "Flytta")
    assert course.to("anna")[-1].message.buttons[0].label.startswith("Kurs fre 18 dec–sön 20 dec")
