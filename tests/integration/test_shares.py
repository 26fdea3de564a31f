"""What a count does not tell: who assessed and where, and how long the sessions are."""

from __future__ import annotations

from storage.tables import Standing
from tests.support.world import World


def test_assessments_by_others_and_on_placements_are_told_apart(world: World) -> None:
    world.jump_to("2026-12-18T09:00")
    for line in (
        "mini-cex 24/11",  # nobody named: the main supervisor
        "dops 25/11 av eva ek",
        "cbd 26/11 av dr lind",
        "sidotjänstgöring psykiatri 1/12-31/12 handledare Lars Lind",
        "mini-cex 10/12 av lars",
    ):
        world.say("anna", line)
    told = "edömningar senaste året: 4 · av annan än huvudhandledaren: 2 · på sidotjänstgöring: 1"
    assert f"B{told}" in world.say("anna", "status").text
    assert f"b{told}" in world.say("anna", "regler").text


def test_the_year_is_one_in_service_as_it_is_for_what_is_asked(world: World) -> None:
    """171 days of leave: the year in service then goes back to December, and later past one of two."""
    world.jump_to("2026-12-18T09:00")
    for line in ("mini-cex 10/12", "dops 16/12", "föräldraledig 11/1-30/6"):
        world.say("anna", line)
    for day, count in (("2028-01-10", 2), ("2028-06-01", 1)):
        world.jump_to(f"{day}T09:00")
        world.tick()
        told = world.say("anna", "status").text
        assert f"Bedömningar senaste året: {count} ·" in told
        (row,) = [r for r in world.rows(Standing) if (r.trainee_id, r.requirement) == (1, "assessment")]
        assert row.done == count


def test_nothing_is_told_of_shares_before_there_is_any(world: World) -> None:
    assert "senaste året" not in world.say("anna", "status").text


def test_an_average_below_the_hour_is_shown_and_judges_nobody(world: World) -> None:
    world.say("anna", "handledning idag 40 min")
    assert "I snitt 40 min en vecka med handledning" in world.say("anna", "status").text
    world.jump_to("2026-12-02T09:00")
    # 40 minutes in week 48; 50 + 30 in week 49: 120 minutes over two weeks.
    world.say("anna", "handledning måndag 50 min")
    world.say("anna", "handledning idag 30 min")
    assert "I snitt" not in world.say("anna", "status").text
    assert "i snitt 1 h en vecka med handledning" in world.say("anna", "regler").text
    assert "✓ Handledning varje vecka" in world.say("anna", "regler").text
