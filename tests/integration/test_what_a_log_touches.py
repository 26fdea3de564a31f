"""After a log only what it can touch is judged anew: everything that it can is."""

from __future__ import annotations

import pytest

from handlers.message import IncomingKind
from schedules.lives import load
from storage.engine import reading
from storage.tables import Standing
from tests.support.world import World


def _state(world: World, requirement: str) -> list[tuple[str, int]]:
    rows = [r for r in world.rows(Standing) if (r.trainee_id, r.requirement) == (1, requirement)]
    return [(row.state, row.done) for row in rows]


def test_an_assessment_at_a_placement_is_the_placements_too(world: World) -> None:
    world.say("anna", "randning psykiatri 23/11-31/12 handledare dr Okänd")
    assert _state(world, "placement_assessment") == [("ok", 0)]
    world.say("anna", "mini-cex idag")
    assert _state(world, "placement_assessment") == [("met", 1)]
    assert world.drift() == []


def test_a_message_edited_into_another_activity_moves_both(world: World) -> None:
    world.say("anna", "handledning idag 1h", message_ref="m")
    assert _state(world, "supervision") == [("ok", 1)]
    world.say("anna", "kollegium idag", message_ref="m", kind=IncomingKind.EDIT)
    assert (_state(world, "supervision"), _state(world, "kollegium")) == ([("ok", 0)], [("ok", 1)])
    assert world.drift() == []


def test_only_what_it_bears_on_is_read_and_nobody_takes_the_rest_for_nothing(world: World) -> None:
    world.say("anna", "handledning idag 1h")
    world.say("anna", "kollegium idag")
    with reading(world.engine) as session:
        life = load(session, 1, world.clock(), lambda each: each.activities == ("supervision",))
    assert [each.activity for each in life.of(["supervision"])] == ["supervision"]
    with pytest.raises(LookupError, match="kollegium"):
        life.of(["supervision", "kollegium"])
    with pytest.raises(LookupError, match="supervision"):
        _ = life.happenings
