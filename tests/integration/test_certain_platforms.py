"""N4 where the platform can tell: what was perhaps sent is looked for, and sent again if it is not there."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Engine, update

from bot.ledger import LEASE, Ledger
from bot.platforms.contract import Address, Limits, SendError
from handlers.message import Message
from storage.columns import table
from storage.engine import writing
from storage.tables import Identity, Outbox, OutboxState
from tests.integration.test_delivery import Failing
from tests.support.world import ZONE, World


class Certain(Failing):
    """One that finds what it has shown, also where its answer is lost while `arrives` is set."""

    limits = Limits(characters=4000, chat_seconds=0.0, per_second=1e9, certain=True)
    arrives = False

    async def send(self, to: Address, message: Message, delivery: str) -> str:
        if self.arrives:
            self.findable[delivery] = "there"
        return await super().send(to, message, delivery)


@pytest.fixture
def platform() -> Certain:
    return Certain()


@pytest.fixture
def world(engine: Engine, platform: Certain) -> World:
    made = World(engine, platform=platform)
    made.jump_to("2026-11-26T12:15")
    made.tick()
    return made


def _nudges(world: World) -> list[Outbox]:
    return [row for row in world.rows(Outbox) if row.kind == "nudge" and row.facts["trainee"] == 1]


def _killed_while_sending(world: World) -> None:
    """A process that claimed everything, and died."""
    ledger = Ledger(world.engine, world.clock, ZONE, {world.platform.name: world.platform})
    while ledger.claim(9):
        pass
    world.clock.move_to(world.clock() + LEASE)


def test_an_unsure_nudge_that_arrived_is_found_and_not_repeated(world: World, platform: Certain) -> None:
    platform.faults = [SendError("timed out", perhaps=True)] * 2
    world.deliver()
    [row] = _nudges(world)
    assert (row.state, row.perhaps_sent, row.tried_on) == (OutboxState.PENDING, True, platform.name)
    platform.findable[row.sent_as] = "there"
    world.clock.move_to(row.next_at)
    world.deliver()
    [row] = _nudges(world)
    assert (row.state, row.reference) == (OutboxState.SENT, "there")
    assert "anna@exempel.se" not in [to for to, _ in platform.shown]


def test_an_unsure_nudge_that_is_not_there_is_sent_without_a_warning(world: World, platform: Certain) -> None:
    platform.faults = [SendError("timed out", perhaps=True)] * 2
    world.deliver()
    world.clock.move_to(_nudges(world)[0].next_at)
    world.deliver()
    assert [row.state for row in _nudges(world)] == [OutboxState.SENT]
    [text] = [text for to, text in platform.shown if to == "anna@exempel.se"]
    assert "två gånger" not in text


def test_a_nudge_whose_process_died_is_taken_up_where_it_was_tried(world: World, platform: Certain) -> None:
    _killed_while_sending(world)
    [row] = _nudges(world)
    platform.findable[row.sent_as] = "there"
    world.deliver()
    [row] = _nudges(world)
    assert (row.state, row.reference, row.perhaps_sent) == (OutboxState.SENT, "there", True)


def test_it_goes_as_it_was_and_nothing_joins_it(world: World, platform: Certain) -> None:
    """What was found is what was shown: a reminder that came due meanwhile was not in it."""
    _killed_while_sending(world)
    [row] = _nudges(world)
    platform.findable[row.sent_as] = "there"
    with_it = {each.id for each in world.rows(Outbox) if each.sent_as == row.sent_as}
    world.take(world.incoming("anna", "be @eva om bedömning mini-cex"))
    world.deliver()
    found = {each.id for each in world.rows(Outbox) if each.reference == "there"}
    assert found == with_it


def test_a_question_does_not_leave_the_message_that_it_was_in(engine: Engine, platform: Certain) -> None:
    """Said alone under the message's name, it would be found and taken for the reminder that nobody saw."""
    world = World(engine, platform=platform)
    world.say("anna", "handledning idag 1h")
    world.press("eva", "Stämmer")
    world.pass_to("2026-11-30T07:30")
    world.say("anna", "handledning igår 45 min etik")
    world.jump_to("2026-11-30T08:00")
    world.tick()
    platform.faults = [SendError("timed out", perhaps=True)] * 9
    world.deliver()
    platform.faults, before = [], len(platform.shown)
    world.clock.move_to(max(row.next_at for row in world.rows(Outbox) if row.perhaps_sent))
    world.deliver()
    [text] = [text for to, text in platform.shown[before:] if to == "eva@exempel.se"]
    assert "Bo Dal" in text
    assert "Anna Berg har sparat" in text


def test_what_was_shown_and_is_true_no_more_is_recorded_as_shown(world: World, platform: Certain) -> None:
    _killed_while_sending(world)
    [row] = _nudges(world)
    platform.findable[row.sent_as] = "there"
    world.take(world.incoming("anna", "handledning idag 1h"))
    world.deliver()
    [row] = _nudges(world)
    assert (row.state, row.reference, row.perhaps_sent) == (OutboxState.SENT, "there", True)


def test_what_was_not_shown_and_is_true_no_more_is_not_said(world: World, platform: Certain) -> None:
    _killed_while_sending(world)
    world.take(world.incoming("anna", "handledning idag 1h"))
    world.deliver()
    [row] = _nudges(world)
    assert (row.state, row.reason) == (OutboxState.SKIPPED, "answered")


def test_where_the_account_is_gone_it_is_uncertain(world: World, platform: Certain) -> None:
    _killed_while_sending(world)
    elsewhere = Failing()
    elsewhere.name = "elsewhere"
    world.delivery._platforms[elsewhere.name] = elsewhere  # type: ignore[index]
    del world.delivery._platforms[platform.name]  # type: ignore[attr-defined]
    world.deliver()
    assert [row.state for row in _nudges(world)] == [OutboxState.UNCERTAIN]
    assert platform.shown == elsewhere.shown == []


def test_what_may_have_been_shown_is_not_repeated_where_the_person_is_now(
    world: World, platform: Certain
) -> None:
    _killed_while_sending(world)
    elsewhere = Failing()
    elsewhere.name = "elsewhere"
    world.delivery._platforms[elsewhere.name] = elsewhere  # type: ignore[index]
    with writing(world.engine) as session:
        session.execute(update(table(Identity)).values(platform=elsewhere.name))
    world.deliver()
    assert [row.state for row in _nudges(world)] == [OutboxState.UNCERTAIN]
    assert [text for _, text in elsewhere.shown if "påminnelse" in text] == []


def test_what_was_perhaps_taken_before_the_platform_went_away_goes_as_it_was(
    world: World, platform: Certain
) -> None:
    """Its answer is lost behind a proxy's 502: no try of the message's, and yet it may have been shown."""
    platform.faults = [SendError("bad gateway", perhaps=True, away=True)]
    world.deliver()
    first = _nudges(world)[0]
    assert (first.state, first.perhaps_sent, first.attempts) == (OutboxState.PENDING, True, 0)
    platform.findable[first.sent_as] = "there"
    with_it = {each.id for each in world.rows(Outbox) if each.sent_as == first.sent_as}
    world.take(world.incoming("anna", "be @eva om bedömning mini-cex"))
    world.clock.move_to(world.clock() + timedelta(minutes=6))
    world.deliver()
    assert {each.id for each in world.rows(Outbox) if each.reference == "there"} == with_it


def test_one_that_never_answers_surely_is_given_up_in_the_end(world: World, platform: Certain) -> None:
    platform.faults = [SendError("timed out", perhaps=True)] * 100
    world.deliver()
    for _ in range(10):
        world.clock.move_to(world.clock() + timedelta(minutes=6))
        world.deliver()
    [row] = _nudges(world)
    assert (row.state, row.reason, row.attempts) == (OutboxState.UNCERTAIN, "given up: timed out", 8)


def test_before_one_is_given_up_it_is_looked_for(world: World, platform: Certain) -> None:
    """Its last try arrived, and the answer to it was lost like those before: nobody is told "perhaps"."""
    platform.faults = [SendError("timed out", perhaps=True)] * 100
    world.deliver()
    for _ in range(6):
        world.clock.move_to(world.clock() + timedelta(minutes=6))
        world.deliver()
    [row] = _nudges(world)
    assert (row.state, row.attempts) == (OutboxState.PENDING, 7)
    platform.arrives = True
    world.clock.move_to(world.clock() + timedelta(minutes=6))
    world.deliver()
    [row] = _nudges(world)
    assert (row.state, row.reference, row.reason, row.attempts) == (OutboxState.SENT, "there", "", 8)


def test_a_process_that_dies_costs_a_message_no_try(world: World, platform: Certain) -> None:
    for _ in range(12):
        _killed_while_sending(world)
    platform.faults = [SendError("timed out", perhaps=True)] * 2
    world.deliver()
    [row] = _nudges(world)
    assert (row.state, row.attempts) == (OutboxState.PENDING, 1)
    world.clock.move_to(row.next_at)
    world.deliver()
    assert [row.state for row in _nudges(world)] == [OutboxState.SENT]
