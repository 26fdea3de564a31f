"""What waited to be said and was withdrawn: taken back, the world is as if nothing had come between."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from schedules.outbox.outgoing import Notice, tell_all
from storage.engine import writing
from storage.tables import Outbox
from tests.support.world import World


def told(world: World, who: str) -> list[str]:
    """When somebody was reminded of Anna's supervision, and in which step."""
    people = {"anna": 1, "eva": 3}
    mine = [
        row
        for row in world.rows(Outbox)
        if (row.person_id, row.state, row.subject) == (people[who], "sent", "trainee:1/supervision")
    ]
    sent = sorted((row.ended_at, row.step) for row in mine if row.ended_at)
    return [f"{at:%a %d %b %H:%M} {step}" for at, step in sent]


def test_a_question_that_waited_is_asked_after_the_log_was_taken_back(world: World) -> None:
    """Queued on Thursday at 12:20, when nothing was sent for a while: asked on Friday at 08:00."""
    world.jump_to("2026-11-26T12:20")
    world.tick()
    world.take(world.incoming("anna", "handledning idag 1h"))
    world.jump_to("2026-11-26T16:00")
    world.say("anna", "ångra")
    world.pass_to("2026-11-27T16:00")
    assert told(world, "anna") == ["Fri 27 Nov 07:00 soon"]
    assert world.drift() == []


@pytest.mark.parametrize("undo_at", ["2026-11-30T10:00", "2026-11-30T16:00"])
def test_what_waited_for_a_return_is_said_on_it_and_not_twice(world: World, undo_at: str) -> None:
    """Eva is away on Monday, when she would hear of week 48: she hears of it on Tuesday at 08:00."""
    world.say("eva", "jag har semester 30/11")
    world.pass_to("2026-11-30T09:00")
    assert (told(world, "anna")[-1], told(world, "eva")) == ("Mon 30 Nov 07:00 overdue", [])
    world.say("anna", "handledning i fredags 1h")
    world.pass_to(undo_at)
    world.say("anna", "ångra")
    world.pass_to("2026-12-06T12:00")
    assert told(world, "eva") == ["Tue 01 Dec 07:00 overdue"]
    assert told(world, "anna") == [
        "Thu 26 Nov 11:15 soon",
        "Mon 30 Nov 07:00 overdue",
        "Thu 03 Dec 11:15 soon",
    ]


def test_taken_back_when_it_would_have_been_said_it_goes_on_with_the_next(world: World) -> None:
    world.say("eva", "jag har semester 30/11")
    world.pass_to("2026-11-30T09:00")
    world.say("anna", "handledning i fredags 1h")
    world.pass_to("2026-12-02T10:00")
    world.say("anna", "ångra")
    world.pass_to("2026-12-07T12:00")
    assert told(world, "eva") == ["Mon 07 Dec 07:00 repeat"]


def test_what_a_studierektor_asked_for_comes_back_too(world: World) -> None:
    world.pass_to("2026-11-30T09:00")
    world.say("siv", "påminn Anna")
    world.pass_to("2026-11-30T11:00")
    world.say("anna", "handledning i fredags 1h")
    world.say("anna", "ångra")
    world.pass_to("2026-12-01T12:00")
    assert told(world, "anna")[1:] == ["Mon 30 Nov 07:00 overdue", "Tue 01 Dec 07:00 repeat"]


def test_what_an_absence_withdrew_is_said_on_the_return_as_the_first(world: World) -> None:
    """Nothing is sent on Monday; Anna falls ill before it was said, and is back on Wednesday."""
    world.pass_to("2026-11-27T12:00")
    world.jump_to("2026-11-30T08:30")
    world.tick()
    world.take(world.incoming("anna", "sjuk 30/11-1/12"))
    world.pass_to("2026-12-02T12:00")
    assert told(world, "eva") == ["Wed 02 Dec 07:00 overdue"]


def test_the_same_thing_twice_in_one_go_is_queued_once(engine: Engine) -> None:
    """PostgreSQL refuses a statement that would write one row twice."""
    world = World(engine)
    notice = Notice(person_id=1, kind="nudge", subject="trainee:1/supervision", due_at=world.clock())
    with writing(world.engine) as session:
        assert tell_all(session, [notice, notice], world.clock()) == {notice.key}
    assert len(world.rows(Outbox)) == 1
