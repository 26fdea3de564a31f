"""Thirty lines a minute of one person; beyond it nothing is saved, and they know."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from handlers.message import IncomingKind, Reply
from handlers.receive import receive
from storage.columns import table
from storage.engine import writing
from storage.tables import Entry, Inbox, Outbox, Person
from tests.support.statements import listening, plan
from tests.support.world import ZONE, World

MOST = 30
HELD = "Det blev många rader på en minut, så den här sparade jag inte."


def days() -> list[str]:
    """A line for each of a hundred days, none like another."""
    return [f"handledning {date(2026, 11, 22) - timedelta(days=back)} 1h" for back in range(100)]


def say(world: World, who: str, line: str, **more: Any) -> Reply:
    """A line as `handledd run` takes it in."""
    return again(world, world.incoming(who, line, **more))


def again(world: World, incoming: Any) -> Reply:
    """An update as `handledd run` takes it in."""
    return receive(world.engine, incoming, world.clock(), ZONE, "", MOST)


def replies(world: World) -> int:
    """Answers on their way."""
    return sum(row.kind == "reply" for row in world.rows(Outbox))


def test_the_thirty_first_line_is_not_saved_and_the_writer_knows(engine: Engine) -> None:
    world = World(engine)
    said = [say(world, "anna", line) for line in days()[:31]]
    assert [reply.outcome for reply in said] == ["logged"] * 30 + ["too_fast"]
    assert said[-1].message.text.startswith(HELD)
    assert (len(world.rows(Entry)), replies(world)) == (30, 31)
    assert say(world, "bo", days()[0]).outcome == "logged"  # the limit is each one's own


def test_a_flood_is_told_once_a_minute_and_fills_no_outbox(engine: Engine) -> None:
    world = World(engine)
    lines = [say(world, "anna", line) for line in days()[:90]]
    assert [reply.outcome for reply in lines[31:]] == ["too_fast_quiet"] * 59
    assert (len(world.rows(Inbox)), replies(world)) == (90, 31)
    world.jump_to("2026-11-23T09:00:30")  # half a minute on: the thirty and the telling are still in it
    assert say(world, "anna", days()[90]).outcome == "too_fast_quiet"


def test_it_may_be_written_again_after_exactly_a_minute(world: World) -> None:
    for line in days()[:31]:
        say(world, "anna", line)
    world.jump_to("2026-11-23T09:00:59")
    assert say(world, "anna", days()[30]).outcome == "too_fast_quiet"
    world.jump_to("2026-11-23T09:01:00")  # those of 09:00:00 are a minute old, and what was held back is none
    assert [say(world, "anna", line).outcome for line in days()[30:61]] == ["logged"] * 30 + ["too_fast"]


def test_what_is_answered_in_the_same_exchange_always_is(world: World) -> None:
    said = [say(world, "anna", line, inline=True) for line in days()[:40]]
    assert [reply.message.text.startswith(HELD) for reply in said] == [False] * 30 + [True] * 10
    assert replies(world) == 0


def test_a_repeated_delivery_counts_once_and_gets_its_answer_again(engine: Engine) -> None:
    world = World(engine)
    first = world.incoming("anna", days()[0])
    assert [again(world, first).repeated for _ in range(40)] == [False] + [True] * 39
    said = [world.incoming("anna", line) for line in days()[1:32]]
    assert [again(world, one).outcome for one in said] == ["logged"] * 29 + ["too_fast", "too_fast_quiet"]
    repeated = [again(world, one) for one in said[-2:]]
    assert [reply.message.text[: len(HELD)] for reply in repeated] == [HELD, ""]
    assert (len(world.rows(Entry)), replies(world)) == (30, 31)


def test_who_has_forty_to_confirm_may_tick_them_all(world: World) -> None:
    for line in days()[:40]:
        world.take(world.incoming("anna", line))
    eva = next(person.id for person in world.rows(Person) if person.email == "eva@exempel.se")
    presses = [f"ok.{entry.id}.{eva}" for entry in world.rows(Entry)]
    done = [say(world, "eva", "", kind=IncomingKind.PRESS, press=press) for press in presses]
    assert [reply.outcome for reply in done] == ["confirmed"] * 40
    assert all(entry.confirmed_at for entry in world.rows(Entry))
    assert say(world, "eva", "status").outcome not in ("too_fast", "too_fast_quiet")  # nor do they count


def test_edits_count_as_lines_and_change_nothing_when_held_back(world: World) -> None:
    say(world, "anna", "handledning igår 1h", message_ref="m")
    for line in days()[1:30]:
        say(world, "anna", line)
    edited = say(world, "anna", "handledning igår 2h", message_ref="m", kind=IncomingKind.EDIT)
    assert edited.message.text.startswith(HELD)
    assert {entry.minutes for entry in world.rows(Entry)} == {60}


def test_a_line_that_is_held_back_has_nobody_looked_up(world: World) -> None:
    for line in days()[:30]:
        say(world, "anna", line)
    assert say(world, "anna", "mini-cex idag av @U9", mentions={"U9": None}).message.text.startswith(HELD)


def test_what_waited_while_the_bot_was_down_was_not_written_in_a_minute(world: World) -> None:
    """Forty lines of forty minutes, which all arrive in the same second."""
    begun = world.clock() - timedelta(minutes=40)
    said = [say(world, "anna", line, at=begun + timedelta(minutes=n)) for n, line in enumerate(days()[:40])]
    assert {reply.outcome for reply in said} == {"logged"}


def test_it_is_said_in_the_persons_language(world: World) -> None:
    say(world, "anna", "language english")
    for line in days()[:29]:
        say(world, "anna", line)
    assert say(world, "anna", days()[29]).message.text.startswith("That was a lot of lines in one minute")


@pytest.mark.parametrize("kind", ["text", "press"])
def test_it_costs_one_statement_a_line_and_none_a_press(engine: Engine, kind: str) -> None:
    world = World(engine)
    with listening(engine) as said:
        say(world, "anna", "status", kind=IncomingKind(kind), press="undo.1.1" if kind == "press" else "")
    asked = [one for one in said if "inbox.said_at >" in one[0]]
    assert len(asked) == (1 if kind == "text" else 0)


def test_the_statement_meets_only_the_rows_of_the_minute(engine: Engine) -> None:
    """In a table of some size, where the planner has a choice."""
    world = World(engine)
    now = world.clock()
    rows = [
        {
            "platform": "sim",
            "delivery_key": f"old:{n}",
            "kind": "text",
            "person_id": 1 + n % 2,
            "received_at": now - timedelta(hours=n),
            "said_at": now - timedelta(hours=n),
            "outcome": "logged",
        }
        for n in range(1, 5000)
    ]
    with writing(engine) as session:
        session.execute(table(Inbox).insert(), rows)
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("ANALYZE inbox")
    with listening(engine) as said:
        say(world, "anna", "status")
    steps = plan(engine, *next(one for one in said if "inbox.said_at >" in one[0]))
    assert any("ix_inbox_pace" in step for step in steps), steps


def stranger(world: World, line: str, **more: Any) -> Reply:
    """A line of somebody who is in no roster."""
    return say(world, "okand", line, **more)


def test_a_stranger_is_held_back_too_and_fills_no_outbox(engine: Engine) -> None:
    world = World(engine)
    said = [stranger(world, f"hej {n}") for n in range(90)]
    assert [reply.outcome for reply in said] == (["stranger"] * 30 + ["too_fast"] + ["too_fast_quiet"] * 59)
    assert said[30].message.text.startswith("Det blev många rader på en minut, så den här läste jag inte.")
    assert replies(world) == 31
    assert say(world, "anna", days()[0]).outcome == "logged"
    world.jump_to("2026-11-23T09:01:00")  # those of 09:00:00 are a minute old
    assert stranger(world, "hej").outcome == "stranger"


def test_a_stranger_is_counted_by_the_index_of_the_outboxs_key(engine: Engine) -> None:
    world = World(engine)
    with listening(engine) as said:
        stranger(world, "hej")
    asked = next(one for one in said if "outbox.recipient =" in one[0])
    if engine.dialect.name == "sqlite":  # PostgreSQL reads a table of one page whole
        assert any("USING INDEX" in step and "recipient=?" in step for step in plan(engine, *asked))
