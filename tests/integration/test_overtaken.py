"""Messages that come in another order than they were written: what people said last holds (N5)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from handlers.message import Incoming, IncomingKind
from storage.tables import Entry, EntryState, Inbox
from tests.support.world import World


@pytest.fixture
def world(engine: Engine) -> World:
    return World(engine)


def said(world: World, text: str, minute: int, **more: object) -> Incoming:
    """A line of Anna's, written so many minutes after the world began."""
    return world.incoming("anna", text, at=world.clock() + timedelta(minutes=minute), **more)


def live(world: World) -> list[str | None]:
    """The notes of what stands."""
    return [entry.note for entry in world.rows(Entry) if entry.state == EntryState.LIVE]


def test_an_undo_that_overtakes_its_log_ends_as_undone(world: World) -> None:
    log, undo = said(world, "handledning idag 1h prov", 0), said(world, "ångra", 1)
    assert "inget att ångra" in world.take(undo).message.text
    assert "tog du tillbaka" in world.take(log).message.text
    assert live(world) == []


def test_a_log_that_was_written_after_the_undo_stands(world: World) -> None:
    undo, log = said(world, "ångra", 0), said(world, "handledning idag 1h prov", 1)
    world.take(undo)
    assert world.take(log).message.text.startswith("Sparat")
    assert live(world) == ["prov"]


def test_an_undo_that_meant_another_message_leaves_the_late_log_alone(world: World) -> None:
    late = said(world, "handledning idag 1h blått", 0)
    other, undo = said(world, "mini-cex idag grönt", 1), said(world, "ångra", 2)
    world.take(other)
    world.take(undo)
    assert world.take(late).message.text.startswith("Sparat")
    assert live(world) == ["blått"]


def test_undo_takes_back_what_was_written_last_not_what_arrived_last(world: World) -> None:
    first, second = said(world, "handledning idag 1h blått", 0), said(world, "mini-cex idag grönt", 1)
    world.take(second)
    world.take(first)
    world.take(said(world, "ångra", 2))
    assert live(world) == ["blått"]


def test_an_undo_leaves_alone_what_was_written_after_it(world: World) -> None:
    log = said(world, "handledning idag 1h prov", 1)
    world.take(log)
    assert "inget att ångra" in world.take(said(world, "ångra", 0)).message.text
    assert live(world) == ["prov"]


def test_an_edit_that_overtakes_its_message_is_what_counts(world: World) -> None:
    line = said(world, "handledning idag 45 min prov", 0, message_ref="m")
    edit = said(world, "handledning idag 50 min prov", 1, message_ref="m", kind=IncomingKind.EDIT)
    assert world.take(edit).message.text.startswith("Sparat")
    assert "nyare gäller" in world.take(line).message.text
    (entry,) = world.rows(Entry)
    assert (entry.minutes, entry.state) == (50, EntryState.LIVE)


def test_a_deletion_that_overtakes_its_message_leaves_nothing_saved(world: World) -> None:
    line = said(world, "handledning idag 45 min prov", 0, message_ref="m")
    world.take(said(world, "", 1, message_ref="m", kind=IncomingKind.DELETE))
    world.take(line)
    assert world.rows(Entry) == []


def test_the_same_late_line_once_more_gets_the_same_answer(world: World) -> None:
    log = said(world, "handledning idag 1h prov", 0)
    world.take(said(world, "ångra", 1))
    answers = [world.take(log).message.text for _ in range(3)]
    assert len(set(answers)) == 1
    assert [row.outcome for row in world.rows(Inbox)] == ["undone_none", "overtaken"]


@pytest.mark.parametrize("line", ["handledning idag 50 min prov", "handledning 50 min prov"])
def test_an_edit_on_another_day_leaves_the_session_on_its_own(world: World, line: str) -> None:
    world.take(said(world, "handledning idag 45 min prov", 0, message_ref="m"))
    day = world.clock().date()
    world.take(said(world, line, 24 * 60, message_ref="m", kind=IncomingKind.EDIT))
    assert [(e.minutes, e.on_date) for e in world.rows(Entry) if e.state == EntryState.LIVE] == [(50, day)]


@pytest.mark.parametrize("words", ["handledning idag 1h etik", "handlednig idag etik 60 min"])
def test_an_edit_that_says_the_same_keeps_what_was_confirmed(world: World, words: str) -> None:
    world.say("anna", "handlednig idag 1h etik", message_ref="m")
    world.press("eva", "Stämmer")
    answer = world.say("anna", words, message_ref="m", kind=IncomingKind.EDIT)
    assert answer.text == "Så står det redan, så inget ändras."
    (entry,) = world.rows(Entry)
    assert entry.confirmed_at
    assert len(world.to("eva", "confirm")) == 1
