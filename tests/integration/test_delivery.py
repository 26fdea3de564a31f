"""Delivery: claims, retries, ambiguity, leases. The platform is a real object that fails as told."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from sqlmodel import select
from starlette.routing import BaseRoute

from bot.cli.doctor import undelivered
from bot.ledger import LEASE
from bot.platforms.contract import Address, Limits, SendError
from bot.sending import TRIES
from handlers.message import Message
from schedules.outbox import claiming, postbox
from storage.engine import reading, writing
from storage.tables import Identity, Outbox, OutboxState, Standing
from tests.reliability.failing import failing_at
from tests.support.world import ZONE, World


class Failing:
    """A platform that raises what is queued in `faults`, one per send, and shows the rest."""

    name = "failing"
    limits = Limits(characters=4000, chat_seconds=0.0, per_second=1e9)

    def __init__(self) -> None:
        self.faults: list[SendError | None] = []
        self.shown: list[tuple[str, str]] = []
        self.messages: list[Message] = []
        self.findable: dict[str, str] = {}

    def routes(self) -> Sequence[BaseRoute]:
        return ()

    async def start(self) -> None:
        """Nothing to connect to."""

    async def stop(self) -> None:
        """Nothing to leave."""

    async def send(self, to: Address, message: Message, delivery: str) -> str:
        fault = self.faults.pop(0) if self.faults else None
        if fault:
            raise fault
        self.shown.append((to.external_id, message.text))
        self.messages.append(message)
        return delivery

    async def find(self, to: Address, delivery: str) -> str | None:
        return self.findable.get(delivery)


@pytest.fixture
def platform() -> Failing:
    return Failing()


@pytest.fixture
def world(engine: Engine, platform: Failing) -> World:
    return World(engine, platform=platform)


def _reply(world: World) -> Outbox:
    return next(row for row in world.rows(Outbox) if row.kind == "reply")


def test_a_refused_send_is_tried_again_and_arrives_once(world: World, platform: Failing) -> None:
    platform.faults = [SendError("connection refused")]
    world.say("anna", "status")
    row = _reply(world)
    assert (row.state, row.attempts) == (OutboxState.PENDING, 1)
    assert row.next_at == world.clock() + timedelta(seconds=1)
    world.clock.move_to(row.next_at)
    world.deliver()
    assert _reply(world).state == OutboxState.SENT
    assert [to for to, _ in platform.shown] == ["anna@exempel.se"]


def test_the_platform_says_when_to_come_back(world: World, platform: Failing) -> None:
    platform.faults = [SendError("429", retry_after=37.0)]
    world.say("anna", "status")
    assert _reply(world).next_at == world.clock() + timedelta(seconds=37)


@pytest.mark.parametrize(("attempts", "seconds"), [(1, 1), (2, 2), (3, 4), (7, 64)])
def test_the_back_off_doubles(world: World, platform: Failing, attempts: int, seconds: int) -> None:
    platform.faults = [SendError("refused")] * attempts
    world.say("anna", "status")
    for _ in range(attempts - 1):
        world.clock.move_to(_reply(world).next_at)
        world.deliver()
    assert _reply(world).next_at == world.clock() + timedelta(seconds=seconds)


def test_after_eight_tries_it_ends_as_failed_with_the_reason(world: World, platform: Failing) -> None:
    platform.faults = [SendError("refused")] * 8
    world.say("anna", "status")
    for _ in range(7):
        world.clock.move_to(_reply(world).next_at)
        world.deliver()
    row = _reply(world)
    assert (row.state, row.reason, row.attempts) == (OutboxState.FAILED, "given up: refused", 8)
    assert platform.shown == []


def test_a_blocked_address_is_left_alone_and_the_digest_says_so(world: World, platform: Failing) -> None:
    platform.faults = [SendError("blocked by the user", permanent=True)]
    world.say("anna", "status")
    assert _reply(world).state == OutboxState.FAILED
    anna = next(i for i in world.rows(Identity) if i.external_id.startswith("anna"))
    assert anna.disabled_reason == "blocked by the user"
    world.pass_to("2026-11-30T07:30")
    (digest,) = world.to("siv", "digest")
    # Her answer of 23 November, and Thursday's question, which no platform could take any more.
    assert "Kunde inte levereras: 2 (till Anna Berg)" in digest.text
    assert "Inte kopplade: Anna Berg" in digest.text


def test_what_did_not_reach_a_supervisor_stands_in_the_digest_too(world: World, platform: Failing) -> None:
    platform.faults = [None, SendError("blocked by the user", permanent=True)]
    world.say("anna", "handledning idag 1h")  # the receipt, then the question to Eva
    world.pass_to("2026-11-30T07:30")
    (digest,) = world.to("siv", "digest")
    assert "Kunde inte levereras: 1 (till Eva Ek)" in digest.text
    assert "Inte kopplade: Eva Ek" in digest.text


def test_doctor_tells_what_did_not_arrive_and_which_accounts_refuse_the_bot(
    world: World, platform: Failing
) -> None:
    def told() -> list[tuple[bool, str]]:
        with reading(world.engine) as session:
            return [(finding.right, finding.text) for finding in undelivered(session, world.clock())]

    assert told() == [
        (True, "messages that did not arrive in a week: 0"),
        (True, "messages that nobody needed any more, in a week: 0"),
        (True, "accounts that refuse the bot: 0"),
    ]
    platform.faults = [SendError("timed out", perhaps=True)] * 2
    world.say("bo", "status")
    world.clock.move_to(_reply(world).next_at)
    world.deliver()
    world.clock.move_to(world.clock() + timedelta(minutes=5))
    platform.faults = [SendError("blocked by the user", permanent=True)]
    world.say("anna", "status")
    ends = "1 failed: blocked by the user; 1 uncertain: given up: timed out"
    account = "anna@exempel.se on failing: blocked by the user"
    assert told() == [
        (False, f"messages that did not arrive in a week: 2; {ends}"),
        (True, "messages that nobody needed any more, in a week: 0"),
        (False, f"accounts that refuse the bot: 1; {account} (used again as soon as they write to the bot)"),
    ]
    world.clock.move_to(world.clock() + timedelta(days=7))
    assert told()[0] == (True, "messages that did not arrive in a week: 0")


def test_doctor_counts_what_was_settled_before_it_was_said(world: World) -> None:
    world.jump_to("2026-11-26T12:20")
    world.tick()
    world.say("anna", "handledning idag 1h")
    with reading(world.engine) as session:
        texts = [finding.text for finding in undelivered(session, world.clock())]
    assert "messages that nobody needed any more, in a week: 1; 1 skipped: answered" in texts


def test_somebody_who_writes_again_is_reached_again(world: World, platform: Failing) -> None:
    platform.faults = [SendError("blocked by the user", permanent=True)]
    world.say("anna", "status")
    world.say("anna", "status")
    anna = next(i for i in world.rows(Identity) if i.external_id.startswith("anna"))
    assert anna.disabled_at is None
    assert [who for who, _ in platform.shown] == ["siv@exempel.se", "anna@exempel.se"]  # siv was told


def test_a_receipt_that_may_have_arrived_comes_once_more_and_says_so(world: World, platform: Failing) -> None:
    platform.faults = [SendError("timed out", perhaps=True)]
    world.say("anna", "status")
    world.clock.move_to(_reply(world).next_at)
    world.deliver()
    ((_, text),) = platform.shown
    assert text.endswith("(Det kan hända att du får det här två gånger.)")


def test_what_comes_once_more_can_still_be_answered(world: World, platform: Failing) -> None:
    platform.faults = [SendError("timed out", perhaps=True)]
    world.say("anna", "handledning idag 1h")
    world.clock.move_to(_reply(world).next_at)
    world.deliver()
    (receipt,) = [each for each in platform.messages if "två gånger" in each.text]
    assert receipt.buttons[0].label == "Ångra"


def test_a_receipt_that_may_have_arrived_twice_is_not_sent_a_third_time(
    world: World, platform: Failing
) -> None:
    platform.faults = [SendError("timed out", perhaps=True)] * 2
    world.say("anna", "status")
    world.clock.move_to(_reply(world).next_at)
    world.deliver()
    assert _reply(world).state == OutboxState.UNCERTAIN


def test_where_the_platform_can_tell_nothing_is_sent_again(world: World, platform: Failing) -> None:
    platform.faults = [SendError("timed out", perhaps=True)]
    world.say("anna", "status")
    row = _reply(world)
    platform.findable[postbox.delivery_name(row)] = "found"
    world.clock.move_to(row.next_at)
    world.deliver()
    row = _reply(world)
    assert (row.state, row.reference) == (OutboxState.SENT, "found")
    assert platform.shown == []


def test_another_databases_row_of_the_same_number_is_not_taken_for_this_one(
    world: World, platform: Failing
) -> None:
    platform.faults = [SendError("no answer", perhaps=True)]
    world.say("anna", "hjälp")
    (row,) = world.rows(Outbox)
    earlier = row.model_copy(update={"created_at": row.created_at - timedelta(days=30)})
    platform.findable[postbox.delivery_name(earlier)] = "said a month ago, before the file was lost"
    world.clock.move_to(world.clock() + timedelta(seconds=2))
    world.deliver()
    assert len(platform.shown) == 1


def test_a_nudge_that_may_have_arrived_is_not_repeated(world: World, platform: Failing) -> None:
    world.jump_to("2026-11-26T12:15")
    world.tick()
    platform.faults = [SendError("timed out", perhaps=True)] * 3
    world.deliver()
    nudges = [row for row in world.rows(Outbox) if row.kind == "nudge"]
    assert nudges
    assert {row.state for row in nudges} == {OutboxState.UNCERTAIN}


def test_a_reminder_that_was_refused_goes_out_the_same_day(world: World, platform: Failing) -> None:
    """It took the day's one message at its first try, and it is the same message."""
    world.jump_to("2026-11-26T12:15")
    world.tick()
    platform.faults = [SendError("refused")]
    world.deliver()
    world.jump_to("2026-11-26T12:16")
    world.deliver()
    assert {to for to, _ in platform.shown} == {"anna@exempel.se", "bo@exempel.se"}


def test_what_stops_sends_what_answers_somebody_and_leaves_the_rest(world: World, platform: Failing) -> None:
    world.jump_to("2026-11-26T12:15")
    world.tick()
    world.take(world.incoming("siv", "status"))

    async def stop() -> None:
        await world.delivery.stop(asyncio.create_task(asyncio.sleep(3600)))

    asyncio.run(stop())
    assert [to for to, _ in platform.shown] == ["siv@exempel.se"]
    waits = [row for row in world.rows(Outbox) if row.state == OutboxState.PENDING]
    assert {row.kind for row in waits} == {"nudge"}


def _claim(world: World, token: str) -> postbox.Claim | None:
    with writing(world.engine) as session:
        if found := claiming.claim(session, world.clock(), LEASE, token, ZONE):
            postbox.hold(session, found, None)
        return found


def test_a_claimed_row_is_nobody_elses_until_its_lease_is_over(world: World) -> None:
    world.take(world.incoming("anna", "status"))
    assert _claim(world, "first")
    assert _claim(world, "second") is None
    world.clock.move_to(world.clock() + LEASE - timedelta(seconds=1))
    assert _claim(world, "second") is None
    world.clock.move_to(world.clock() + timedelta(seconds=1))
    again = _claim(world, "second")
    assert again is not None
    assert again.rows[0].perhaps_sent


def test_a_process_that_lost_its_lease_records_nothing(world: World) -> None:
    world.take(world.incoming("anna", "status"))
    first = _claim(world, "first")
    assert first is not None
    world.clock.move_to(world.clock() + LEASE)
    assert _claim(world, "second")
    with writing(world.engine) as session:
        postbox.end(session, first, first.rows, OutboxState.SENT, "", "ref", world.clock())
    row = _reply(world)
    assert (row.state, row.lease_token) == (OutboxState.PENDING, "second")


def test_receipts_go_before_digests(world: World, platform: Failing) -> None:
    world.jump_to("2026-11-30T07:30")
    world.tick()
    world.take(world.incoming("anna", "status"))
    world.deliver()
    assert [to for to, _ in platform.shown][:1] == ["anna@exempel.se"]
    assert {"siv@exempel.se", "tage@exempel.se"} <= {to for to, _ in platform.shown}


def test_two_deliveries_on_one_outbox_send_each_row_once(world: World, platform: Failing) -> None:
    for _ in range(10):
        world.take(world.incoming("anna", "status"))
    others = [world.new_delivery() for _ in range(3)]

    async def race() -> None:
        await asyncio.gather(*(delivery.drain() for delivery in [world.delivery, *others]))

    asyncio.run(race())
    assert len(platform.shown) == 10
    assert {row.state for row in world.rows(Outbox)} == {OutboxState.SENT}


class Slow(Failing):
    """Takes several at once, and no message before it is let."""

    limits = replace(Failing.limits, at_once=4)

    def __init__(self) -> None:
        super().__init__()
        self.begun, self.go = asyncio.Event(), asyncio.Event()

    async def send(self, to: Address, message: Message, delivery: str) -> str:
        self.begun.set()
        await self.go.wait()
        return await super().send(to, message, delivery)


def test_a_database_that_fails_stops_no_message_that_is_under_way(engine: Engine) -> None:
    world = World(engine, platform=Slow())
    world.take(world.incoming("anna", "status"))

    async def delivered(platform: Slow) -> None:
        running = asyncio.create_task(world.delivery.drain())
        await platform.begun.wait()
        with failing_at(engine, 1) as fault:
            world.delivery.wake()
            while not fault.failed:  # noqa: ASYNC110 it fails in another thread
                await asyncio.sleep(0.01)
        ended, _ = await asyncio.wait([running], timeout=0.1)
        assert not ended  # the other is not said yet
        platform.go.set()
        with pytest.raises(OperationalError):
            await running

    assert isinstance(world.platform, Slow)
    asyncio.run(delivered(world.platform))
    assert _reply(world).state == OutboxState.SENT


def test_a_message_that_cannot_be_worded_keeps_nobody_waiting_and_is_given_up(world: World) -> None:
    world.take(world.incoming("anna", "status"))
    with writing(world.engine) as session:
        wrong = _reply(world).model_dump(exclude={"id", "lease_until", "priority"})
        session.add(Outbox(**wrong | {"kind": "notice", "facts": {"notice": "unheard of"}, "priority": 0}))
    world.deliver()
    assert _reply(world).state == OutboxState.SENT
    for _ in range(TRIES - 1):
        (row,) = [row for row in world.rows(Outbox) if row.kind == "notice"]
        assert (row.state, row.lease_until) == (OutboxState.PENDING, None)
        world.clock.move_to(row.next_at)
        world.deliver()
    (row,) = [row for row in world.rows(Outbox) if row.kind == "notice"]
    assert (row.state, row.reason) == (OutboxState.FAILED, "given up: KeyError")


def test_what_was_queued_before_a_downtime_waits_out_a_day_on_which_nobody_is_spoken_to(world: World) -> None:
    """Asked for on a Friday afternoon; the bot is back on Saturday, in office hours."""
    world.pass_to("2026-11-27T16:29")
    told = len(world.to("anna", "nudge"))
    world.take(world.incoming("siv", "påminn Anna"))
    world.jump_to("2026-11-28T10:00")
    world.deliver()
    waiting = [row for row in world.rows(Outbox) if row.kind == "nudge" and row.state == OutboxState.PENDING]
    assert waiting
    assert {row.next_at for row in waiting} == {datetime(2026, 11, 30, 7, 0, tzinfo=UTC)}  # 08:00 in Sweden
    assert len(world.to("anna", "nudge")) == told


def test_whether_it_is_still_so_is_looked_at_when_it_is_said(world: World) -> None:
    world.jump_to("2026-11-30T08:00")
    world.tick()
    with writing(world.engine) as session:
        for standing in session.exec(select(Standing).where(Standing.trainee_id == 1)).all():
            standing.state = "ok"
    world.deliver()
    (nudge,) = [row for row in world.rows(Outbox) if row.kind == "nudge" and row.person_id == 1]
    assert (nudge.step, nudge.state, nudge.reason) == ("overdue", OutboxState.SKIPPED, "now ok")
    assert world.to("anna", "nudge") == []


def test_nobody_served_means_failed_and_said_so(world: World) -> None:
    world.take(world.incoming("anna", "handledning idag 1h"))
    with writing(world.engine) as session:
        for identity in session.exec(select(Identity)).all():
            identity.platform = "elsewhere"
    world.deliver()
    (confirm,) = [row for row in world.rows(Outbox) if row.kind == "confirm"]
    assert (confirm.state, confirm.reason) == (OutboxState.FAILED, "no platform reaches this person")


def test_a_stop_that_comes_with_a_wake_up_ends_the_delivery(world: World) -> None:
    """Woken and cancelled in the same turn of the loop: the delivery must not go on for ever."""

    async def life() -> bool:
        running = asyncio.create_task(world.delivery.run(pause=60.0))
        world.delivery.wake()
        await asyncio.sleep(0.2)
        world.delivery.wake()
        await asyncio.wait_for(asyncio.shield(world.delivery.stop(running, 5.0)), 30.0)
        return running.done()

    assert asyncio.run(life())
