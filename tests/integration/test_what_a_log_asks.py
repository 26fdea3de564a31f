"""A log says few statements, and none that looks through what was said or done in all the years before."""

from __future__ import annotations

from sqlalchemy import event

from handlers.receive import receive
from tests.support.statements import Said, listening, plan
from tests.support.world import ZONE, World


def _logged(world: World) -> Said:
    """What was said from the message to the keeping of its answer, which comes last."""
    world.say("anna", "handledning igår 45 min")
    with listening(world.engine) as said:
        assert world.say("anna", "handledning idag 1h etik").text.startswith("Sparat")
    last = next(at for at, (what, _) in enumerate(said) if what.startswith("UPDATE inbox"))
    return said[: last + 1]


def test_a_log_says_so_many_statements(world: World) -> None:
    """Whatever is added here is said by every log of everybody: let it be prepared, and a part of another."""
    assert len(_logged(world)) == 17


def test_whatever_a_log_says_is_prepared_also_how_fast_the_writer_writes(world: World) -> None:
    executed: list[str] = []

    def heard(_connection: object, statement: object, *_rest: object) -> None:
        executed.append(str(statement))

    event.listen(world.engine, "before_execute", heard)  # of what SQLAlchemy itself executes
    line = world.incoming("anna", "handledning idag 1h etik")
    with listening(world.engine) as said:
        reply = receive(world.engine, line, world.clock(), ZONE, "", 30)  # as `handledd run` takes it in
    assert reply.outcome == "logged"
    assert sum("inbox.said_at >" in what for what, _ in said) == 1
    assert executed == []


def test_a_log_knows_sender_training_and_unit_by_one_statement(world: World) -> None:
    asked = [what.partition("FROM ")[2] for what, _ in _logged(world) if what.startswith("SELECT")]
    assert sum("identity" in tables for tables in asked) == 1
    assert not any(tables.startswith(("trainee", "unit")) for tables in asked)


def test_whether_a_bundle_comes_is_looked_up_among_what_waits_and_is_theirs(world: World) -> None:
    ((what, values),) = [(w, v) for w, v in _logged(world) if w.startswith("SELECT outbox.next_at")]
    of_rows = [step for step in plan(world.engine, what, values) if "outbox" in step or "standing" in step]
    assert len(of_rows) == 2
    assert of_rows[0].startswith("SEARCH outbox USING INDEX ix_outbox_pending_person (person_id=?")
    assert of_rows[1] == "SEARCH standing USING COVERING INDEX ix_standing_trainee_look_at (trainee_id=?)"


def test_the_rota_is_told_by_an_index_that_holds_all_it_asks_of_a_session(world: World) -> None:
    ((what, values),) = [(w, v) for w, v in _logged(world) if "entry.topics" in w and w.startswith("SELECT")]
    asked = "SEARCH entry USING COVERING INDEX ix_entry_topics (trainee_id=? AND activity=? AND state=?)"
    steps = plan(world.engine, what, values)
    assert asked in steps
    # Only what raises topics by being done, which is little, is sorted to be put together.
    assert steps.count("USE TEMP B-TREE FOR GROUP BY") == 1
    assert steps[-1] == "USE TEMP B-TREE FOR GROUP BY"


def test_who_leads_a_unit_is_found_without_a_look_through_its_people(world: World) -> None:
    ((what, values),) = [(w, v) for w, v in _logged(world) if "FROM absence" in w]
    of_roles = [step for step in plan(world.engine, what, values) if "role" in step]
    assert of_roles == ["SEARCH role USING COVERING INDEX ix_role_unit (unit_id=? AND role=?)"] * 2


def test_ones_own_messages_are_found_by_an_index_that_holds_only_somebodys(world: World) -> None:
    asked = [(w, v) for w, v in _logged(world) if "FROM inbox" in w and w.startswith("SELECT")]
    steps = [step for what, values in asked for step in plan(world.engine, what, values) if "inbox" in step]
    assert len(steps) == 2
    assert all(step.startswith("SEARCH inbox USING INDEX ix_inbox_person (person_id=?") for step in steps)


def test_an_entry_is_written_with_its_chain(world: World) -> None:
    assert [what for what, _ in _logged(world) if what.startswith("UPDATE entry")] == []


def test_no_value_is_bound_that_sqlite_would_plan_the_statement_anew_for(world: World) -> None:
    """What the partial indexes of entries and of the outbox pick is written in the statements themselves."""
    with listening(world.engine) as said:
        world.say("anna", "handledning idag 1h etik")
        world.press("eva", "Stämmer")
        world.say("anna", "ångra")
    statements = {what for what, _ in said}
    assert any("entry.state = 'live'" in what for what in statements)
    assert any("outbox.state = 'pending'" in what for what in statements)
    assert [what for what in statements if "entry.state = ?" in what or "outbox.state = ?" in what] == []


def test_no_list_of_one_is_written_into_a_statement_at_every_execution(world: World) -> None:
    asked = [what for what, _ in _logged(world)]
    assert any("FROM absence" in what for what in asked)
    assert [what for what in asked if "IN (?)" in what] == []
