"""The buttons under a reminder do what they say, for each thing that it was about and each of its readers."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from storage.tables import Booking, Entry
from tests.support.world import ROSTER, World

WITH_A_HEAD = (
    ROSTER
    + """\
dag@exempel.se,Dag Ny,trainee,Ekbacken,,eva@exempel.se,2026-11-23,2031-11-22,2026-11-23
hans@exempel.se,Hans Chefsson,head,Ekbacken,,,,,
"""
)
"""The head is reminded of the planning meeting of somebody newly employed."""


@pytest.fixture
def monday(world: World) -> World:
    """Monday 30 November: v 48 was missed by Anna and Bo, and their ST-möte is due that day."""
    world.pass_to("2026-11-30T09:00")
    return world


def labels(message: object) -> list[str]:
    """What can be pressed under a message."""
    return [button.label for button in message.buttons]  # type: ignore[attr-defined]


def test_log_now_offers_today_and_the_working_day_before(world: World) -> None:
    world.pass_to("2026-11-26T13:00")
    answer = world.press("bo", "Logga nu")
    assert labels(answer) == ["Handledning tors 26 nov 1 h", "Handledning ons 25 nov 1 h"]
    assert answer.text.endswith("skriv till exempel: handledning idag 1h etik")
    world.press("bo", "Handledning ons 25 nov 1 h")
    assert [f"{entry.on_date:%d/%m}" for entry in world.rows(Entry)] == ["25/11"]


def test_log_now_offers_each_thing_of_the_bundle_by_its_own_name(monday: World) -> None:
    assert labels(monday.press("anna", "Logga nu"))[:1] == ["Handledning mån 30 nov 1 h"]
    assert labels(monday.press("eva", "Logga nu")) == [
        "Anna Berg: Handledning mån 30 nov 1 h",
        "Bo Dal: Handledning mån 30 nov 1 h",
    ]
    assert "Sparat för Bo Dal" in monday.press("eva", "Bo Dal: Handledning mån 30 nov 1 h").text
    assert monday.drift() == []


def test_log_now_under_something_else_has_its_own_example(world: World) -> None:
    for day in ("2026-11-26", "2026-12-03", "2026-12-10", "2026-12-14"):
        world.pass_to(f"{day}T09:00")
        world.say("anna", "handledning idag 1h")
    answer = world.press("anna", "Logga nu")
    assert labels(answer) == ["ST-möte mån 14 dec", "ST-möte fre 11 dec"]
    assert answer.text.endswith("skriv till exempel: ST-möte 12/11")


@pytest.mark.parametrize(
    ("answer", "booked"),
    [("[fre 27 nov]", "27/11"), ("tisdag 13-14", "01/12 13:00"), ("idag 15-16", "26/11 15:00")],
)
def test_booked_asks_when_and_books(world: World, answer: str, booked: str) -> None:
    world.pass_to("2026-11-26T12:30")
    asked = world.press("bo", "Bokat")
    assert labels(asked) == ["fre 27 nov", "mån 30 nov", "tors 3 dec"]
    told = world.press("bo", answer[1:-1]) if answer[0] == "[" else world.say("bo", answer)
    assert told.text.startswith("Bokat: handledning")
    [booking] = world.rows(Booking)
    clock = f" {booking.start_time:%H:%M}" if booking.start_time else ""
    assert f"{booking.on_date:%d/%m}{clock}" == booked


def test_booked_under_several_asks_which_of_them_and_for_whom(monday: World) -> None:
    assert labels(monday.press("eva", "Bokat")) == ["Anna Berg: Handledning", "Bo Dal: Handledning"]
    monday.press("eva", "Bo Dal: Handledning")
    assert "Bokat för Bo Dal: handledning fre 4 dec" in monday.say("eva", "fredag 9-10").text
    [booking] = monday.rows(Booking)
    assert booking.trainee_id == 2


def test_a_day_that_answers_when_to_meet_is_a_day_to_come(world: World) -> None:
    world.say("anna", "boka handledning")
    assert "Bokat: handledning tors 26 nov" in world.say("anna", "torsdag 13-14").text


def test_a_snooze_ends_with_the_bundle_of_its_day_and_says_which_day_that_is(monday: World) -> None:
    assert "jag påminner igen mån 7 dec (v 50)" in monday.press("anna", "Påminn om en vecka").text
    went = [sent for sent in monday.pass_to("2026-12-08T17:00") if sent.to == "anna@exempel.se"]
    assert [f"{sent.at:%d/%m %H:%M}" for sent in went if sent.kind == "nudge"] == ["07/12 08:00"]


def told(world: World, until: str, who: str) -> list[str]:
    """When somebody is reminded of Anna, and by which steps."""
    went = [sent for sent in world.pass_to(until) if sent.kind == "nudge" and sent.to == f"{who}@exempel.se"]
    mine = [sent for sent in went if who == "anna" or "Anna" in sent.text]
    return [f"{sent.at:%d/%m %H:%M} {' '.join(dict.fromkeys(sent.steps))}" for sent in mine]


def test_a_snooze_is_the_pressers_own_and_the_other_half_hears(world: World) -> None:
    world.pass_to("2026-11-26T13:00")
    assert "jag påminner igen tors 3 dec" in world.press("anna", "Påminn om en vecka").text
    assert told(world, "2026-12-01T13:00", "eva") == ["30/11 08:00 overdue"]
    # The missed week that was put off, and Thursday's question about the one that runs: one message.
    assert told(world, "2026-12-04T13:00", "anna") == ["03/12 12:15 overdue soon"]
    assert world.drift() == []


def test_a_supervisors_snooze_leaves_the_trainees_reminder_alone(world: World) -> None:
    world.pass_to("2026-12-01T13:00")
    world.press("eva", "Påminn om en vecka")
    assert told(world, "2026-12-04T13:00", "anna") == ["03/12 12:15 soon"]
    # Their reminder of Monday comes the day after: it was put off a week from Tuesday.
    assert told(world, "2026-12-09T13:00", "eva") == ["08/12 08:00 repeat"]


def test_a_snooze_that_would_end_on_a_day_off_tells_the_working_morning_after(world: World) -> None:
    world.pass_to("2026-12-17T13:00")
    assert "jag påminner igen mån 28 dec (v 53)" in world.press("bo", "Påminn om en vecka").text


def test_who_cannot_log_is_given_no_button_to_log_with(sqlite: Engine) -> None:
    world = World(sqlite, roster=WITH_A_HEAD)
    world.pass_to("2027-02-10T17:00")
    told = [sent.message for sent in world.to("hans", "nudge")]
    assert told
    assert all(labels(message) == ["Påminn om en vecka"] for message in told)
    assert all("Be paret skriva en rad" in message.text for message in told)
