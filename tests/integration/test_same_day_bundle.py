"""A confirmation travels in the bundle that goes to the same person later the same day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from schedules.bundles import coming_bundle
from schedules.outbox.outgoing import waiting
from storage.columns import table
from storage.engine import writing
from storage.tables import Entry, Outbox
from tests.support.world import World

EVENING = datetime(2026, 11, 30, 16, tzinfo=UTC)
"""17:00 in Stockholm, the last moment of a day at which anybody is reminded."""


def test_before_the_morning_it_waits_for_the_bundle_and_has_its_buttons_there(world: World) -> None:
    """Bo's week 48 is missed: Eva is reminded on Monday 30 November at 08:00. Anna logs at 07:30."""
    world.say("anna", "handledning idag 1h")  # Anna's week 48 is served
    world.press("eva", "Stämmer")
    world.pass_to("2026-11-30T07:30")
    before = len(world.to("eva"))
    world.say("anna", "handledning igår 45 min etik")
    assert len(world.to("eva")) == before
    went = [s for s in world.pass_to("2026-11-30T09:00") if s.to.startswith("eva")]
    assert [f"{s.at:%H:%M} {s.kind}" for s in went] == ["08:00 nudge"]
    assert "Bo Dal" in went[0].text
    assert "Anna Berg har sparat: handledning sön 29 nov (v 48), 45 min · etik. Stämmer det?" in went[0].text
    assert "Bekräftat" in world.press("eva", "Stämmer").text
    assert [e.confirmed_by for e in world.rows(Entry)] == [3, 3]


def test_without_a_bundle_to_come_it_goes_at_once(world: World) -> None:
    world.say("anna", "handledning idag 1h")
    assert [s.kind for s in world.to("eva")] == ["confirm"]


def test_a_bundle_that_does_not_come_after_all_leaves_it_to_go_alone(world: World) -> None:
    """Bo logs too at 07:40, so that nothing is left to remind Eva of: the questions go at 08:05."""
    world.say("anna", "handledning idag 1h")
    world.pass_to("2026-11-30T07:30")
    world.say("anna", "handledning igår 45 min etik")
    world.say("bo", "handledning i fredags 1h")
    went = [s for s in world.pass_to("2026-11-30T09:00") if s.to.startswith("eva")]
    assert {s.kind for s in went} == {"confirm"}
    assert "Anna Berg" in went[0].text
    assert {row.state for row in world.rows(Outbox) if row.kind == "confirm"} == {"sent"}


@pytest.mark.parametrize(("minutes", "comes"), [(30, True), (0, False)])
def test_what_is_queued_for_the_days_last_moment_is_still_to_come_until_then(
    world: World, minutes: int, *, comes: bool
) -> None:
    queued = waiting("nudge", "topic", EVENING, EVENING, recipient="person:3", person_id=3, facts={})
    with writing(world.engine) as session:
        session.connection().execute(table(Outbox).insert(), queued)
        now = EVENING - timedelta(minutes=minutes)
        assert coming_bundle(session, 3, now, "Europe/Stockholm") == (EVENING if comes else None)
