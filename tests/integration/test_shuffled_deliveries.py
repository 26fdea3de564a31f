"""A thousand events, each delivered one to four times and in any order: one effect each (N1, N5).

Some first copies never arrive: then a later copy is the first. Presses come twice, as from two clicks.
"""

from __future__ import annotations

import random
from collections import Counter
from datetime import timedelta

from sqlalchemy import Engine

from handlers.message import Incoming, IncomingKind
from storage.tables import Entry, Inbox, Outbox
from tests.support.world import World

EVENTS, SEED = 1_000, 20261122
LINES = ("handledning {day} 1h", "mini-cex {day}", "cbd {day}", "dops {day}", "status", "hjälp")
DAYS = 250


def event(world: World, number: int) -> Incoming:
    """No two of the lines that are saved are alike: each has an entry of its own."""
    day = world.clock().date() - timedelta(days=1 + number // len(LINES) % DAYS)
    return world.incoming(("anna", "bo", "cia")[number % 3], LINES[number % len(LINES)].format(day=day))


def deliveries(events: list[Incoming], dice: random.Random) -> list[Incoming]:
    """One to four copies of each, of which the first may be lost on the way; in any order."""
    copies = [one for one in events for _ in range(dice.randint(1, 4))]
    dice.shuffle(copies)
    return copies


def test_a_thousand_events_in_any_number_of_copies_have_one_effect_each(sqlite: Engine) -> None:
    world, dice = World(sqlite), random.Random(SEED)
    events = [event(world, number) for number in range(EVENTS)]
    said: dict[str, set[str]] = {}
    fresh: Counter[str] = Counter()
    for copy in deliveries(events, dice):
        reply = world.take(copy)
        said.setdefault(copy.delivery_key, set()).add(reply.message.text)
        fresh[copy.delivery_key] += not reply.repeated
    assert {len(texts) for texts in said.values()} == {1}
    assert set(fresh.values()) == {1}
    assert len(world.rows(Inbox)) == EVENTS
    saved = sum(text.startswith("Sparat:") for texts in said.values() for text in texts)
    assert len(world.rows(Entry)) == saved > EVENTS // 3
    replies = Counter(row.subject for row in world.rows(Outbox) if row.kind == "reply")
    assert (len(replies), set(replies.values())) == (EVENTS, {1})


def test_edits_in_any_number_of_copies_leave_what_was_written_last(sqlite: Engine) -> None:
    world, dice = World(sqlite), random.Random(SEED)
    for number in range(20):
        day = world.clock().date() - timedelta(days=1 + number)
        ref = f"line {number}"
        first = world.incoming("anna", f"handledning {day} 1h", message_ref=ref)
        world.clock.move_to(world.clock() + timedelta(seconds=10))
        edit = world.incoming("anna", f"handledning {day} 2h", message_ref=ref, kind=IncomingKind.EDIT)
        for copy in deliveries([first, edit], dice):
            world.take(copy)
    live = [entry for entry in world.rows(Entry) if entry.state == "live"]
    assert Counter(entry.minutes for entry in live) == {120: 20}


def test_a_button_that_is_clicked_twice_confirms_once(world: World) -> None:
    world.say("anna", "handledning idag 1h")
    (confirm,) = [b for sent in world.to("eva") for b in sent.message.buttons if b.label == "Stämmer"]
    for _ in range(2):
        world.take(world.incoming("eva", kind=IncomingKind.PRESS, press=confirm.press))
    (entry,) = world.rows(Entry)
    assert entry.confirmed_at is not None
