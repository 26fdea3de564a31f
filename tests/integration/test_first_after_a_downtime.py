"""What time has passed over is told as what it is, the first of it, and repeated from then (behaviour.md)."""

from __future__ import annotations

from schedules.standings import refresh_many
from storage.engine import writing
from storage.tables import Outbox, Person, Standing
from tests.support.world import World


def told(world: World, who: str) -> list[tuple[str, str]]:
    """When somebody was reminded of the supervision of Anna, and at which step."""
    key = next(person.id for person in world.rows(Person) if person.email.startswith(who))
    rows = [
        row for row in world.rows(Outbox) if (row.person_id, row.kind, row.state) == (key, "nudge", "sent")
    ]
    mine = [row for row in rows if row.facts["requirement"] == "supervision" and row.facts["trainee"] == 1]
    return [(f"{row.ended_at:%m-%d}", row.step) for row in mine]


def test_what_was_slept_through_is_told_as_overdue_and_repeated_three_times_from_then(world: World) -> None:
    # v 48 begins on Monday 23 November: missed, as is v 49, when the bot wakes on Tuesday 8 December.
    world.jump_to("2026-12-08T09:00")
    world.tick()
    world.deliver()
    world.pass_to("2027-01-31T12:00")
    late = [each for each in told(world, "eva") if each[1] != "soon"]
    # Weeks keep their Mondays.
    assert late == [("12-08", "overdue"), ("12-14", "repeat"), ("12-21", "repeat"), ("12-28", "repeat")]
    assert [each for each in told(world, "anna") if each[1] != "soon"] == late


def test_the_other_half_hears_what_was_slept_through_where_the_question_is_the_trainees_alone(
    world: World,
) -> None:
    # It sleeps from Monday, on which v 48 was to be told as missed, until after the question about v 49.
    world.jump_to("2026-12-03T13:00")
    world.tick()
    world.deliver()
    assert told(world, "eva") == [("12-03", "overdue")]
    assert told(world, "anna") == [("12-03", "overdue"), ("12-03", "soon")]


def test_who_wakes_on_a_day_off_waits_for_the_morning_and_says_it_once(world: World) -> None:
    world.jump_to("2026-12-12T09:00")
    world.tick()
    world.say("anna", "semester 4/1-6/1")  # a look at everything, while the reminder waits for Monday
    world.say("anna", "ångra")
    world.pass_to("2026-12-22T12:00")
    assert told(world, "eva") == [("12-14", "overdue"), ("12-21", "repeat")]


def test_another_look_after_the_catch_up_looks_ahead_alike(world: World) -> None:
    world.jump_to("2027-03-04T09:00")
    world.tick()
    ahead = [row.look_at for row in world.rows(Standing)]
    with writing(world.engine) as session:
        refresh_many(session, [1, 2, 3], world.clock(), "time")
    assert [row.look_at for row in world.rows(Standing)] == ahead
