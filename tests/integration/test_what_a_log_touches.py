"""After a log only what it can touch is judged anew: everything that it can is."""

from __future__ import annotations

from dataclasses import fields

import pytest

from handlers import journal
from handlers.language.command import Command
from handlers.message import IncomingKind
from schedules.keeping import Kept
from schedules.lives.reading import load
from schedules.standings import rows_of
from storage.columns import columns
from storage.engine import reading, writing
from storage.tables import Entry, Person, Standing, Trainee
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


def test_who_holds_a_standing_row_finds_it_as_it_was_just_judged(world: World) -> None:
    with writing(world.engine) as session:
        (held,) = [row for row in rows_of(session, 1) if row.requirement == "supervision"]
        trainee, eva = session.get_one(Trainee, 1), session.get_one(Person, 3)
        line = Command(intent="log", activity="supervision", date=world.clock().date())
        written = journal.add(session, trainee, line, eva, None, world.clock())
        assert [(row.requirement, row.done) for row in written.rows] == [("supervision", 1)]
        assert (held.done, held.last_on) == (1, line.date)


def test_the_entry_that_is_gone_on_with_is_the_row_as_it_was_written(world: World) -> None:
    with writing(world.engine) as session:
        trainee, eva = session.get_one(Trainee, 1), session.get_one(Person, 3)
        line = Command(intent="log", activity="supervision", date=world.clock().date(), topics=("ethics",))
        held = journal.add(session, trainee, line, eva, None, world.clock()).entry
        assert held in session
        assert not session.is_modified(held)
        goes_on_with = held.model_dump()
        held.note = "ändrad"  # as by whoever goes on with it
    stored = world.rows(Entry)[-1].model_dump()
    assert goes_on_with == stored | {"note": None}
    assert stored["note"] == "ändrad"


def test_a_standing_row_is_kept_with_every_column_that_storage_has() -> None:
    kept = {each.name for each in fields(Kept)} - {"as_read"}
    assert kept == set(columns(Standing).keys())
