"""A lane's pace, order and rests, on a virtual clock: nothing here waits."""

from __future__ import annotations

import asyncio
import heapq
import itertools
from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta

import pytest

from bot.clock import MovableClock
from bot.lane import Lane
from bot.platforms import slack, telegram
from bot.platforms.contract import Address, Limits

START = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
TELEGRAM = telegram.LIMITS


class Sleepers:
    """Virtual sleep: when nobody has anything left to do, time jumps to the first who is to wake."""

    def __init__(self) -> None:
        self.clock = MovableClock(START)
        self._asleep: list[tuple[datetime, int, asyncio.Future[None]]] = []
        self._numbers = itertools.count()

    async def sleep(self, seconds: float) -> None:
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._asleep, (self.clock() + timedelta(seconds=seconds), next(self._numbers), done))
        await done

    async def run(self, *work: asyncio.Task[None]) -> None:
        """Until all the work is done."""
        while not all(task.done() for task in work):
            for _ in range(20):
                await asyncio.sleep(0)
            if self._asleep:
                at, _, done = heapq.heappop(self._asleep)
                self.clock.move_to(max(at, self.clock()))
                done.set_result(None)


def _to(chat: str, *, open_: bool = False) -> Address:
    return Address("telegram", chat, chat=chat, open=open_)


def _gone(
    messages: Sequence[tuple[Address, int]], limits: Limits = TELEGRAM, late: Collection[int] = ()
) -> list[tuple[float, str, int]]:
    """Seconds from the start, chat and priority of each message, in the order of going.

    After those messages that are counted in `late` the process is busy for a fifth of a second.
    """
    sleepers = Sleepers()
    lane = Lane(limits, sleepers.clock, sleepers.sleep, lambda: 1.0)
    gone: list[tuple[float, str, int]] = []

    async def one(to: Address, priority: int) -> None:
        await lane.turn(to, priority)
        gone.append(((sleepers.clock() - START).total_seconds(), to.chat, priority))
        if len(gone) in late:
            sleepers.clock.move_to(sleepers.clock() + timedelta(seconds=0.2))

    async def all_of_them() -> None:
        await sleepers.run(*(asyncio.create_task(one(*message)) for message in messages))

    asyncio.run(all_of_them())
    return gone


def test_thirty_a_second_and_no_more() -> None:
    times = [at for at, _, _ in _gone([(_to(f"{n}"), 5) for n in range(95)])]
    assert min(times[n + 30] - times[n] for n in range(95 - 30)) >= 0.999
    assert times[-1] == pytest.approx(93 / 30, abs=0.05)


def test_what_a_late_wake_up_lost_is_caught_up_with_and_no_second_has_more_than_thirty() -> None:
    times = [at for at, _, _ in _gone([(_to(f"{n}"), 5) for n in range(95)], late={20, 50})]
    assert max(after - before for before, after in itertools.pairwise(times)) >= 0.2
    assert min(times[n + 30] - times[n] for n in range(95 - 30)) >= 0.999
    assert times[-1] == pytest.approx(94 / 30, abs=0.1)


def test_a_second_between_two_to_one_chat_and_the_others_do_not_wait() -> None:
    gone = _gone([(_to("a"), 5), (_to("a"), 5), (_to("a"), 5), (_to("b"), 5), (_to("c"), 5)])
    of_a = [at for at, chat, _ in gone if chat == "a"]
    assert [round(at) for at in of_a] == [0, 1, 2]
    assert all(at < 0.2 for at, chat, _ in gone if chat != "a")


def test_three_seconds_between_two_where_others_read_along() -> None:
    times = [at for at, _, _ in _gone([(_to("g", open_=True), 5)] * 3)]
    assert [round(at) for at in times] == [0, 3, 6]


def test_a_receipt_passes_those_who_wait() -> None:
    gone = _gone([*((_to(f"{n}"), 5) for n in range(40)), (_to("hurry"), 0)])
    # The first goes at once, and the next turn is the receipt's.
    assert [chat for _, chat, _ in gone].index("hurry") <= 2


def _lane() -> tuple[Lane, MovableClock]:
    sleepers = Sleepers()
    return Lane(TELEGRAM, sleepers.clock, sleepers.sleep, lambda: 1.0), sleepers.clock


def test_in_a_group_messages_come_back_together_and_each_in_its_turn() -> None:
    lane, clock = _lane()
    assert lane.busy_until(_to("a"), 5) is None
    asyncio.run(lane.turn(_to("a"), 5))
    # Within two seconds one may queue up; a group's three seconds are not waited for.
    assert lane.busy_until(_to("a"), 5) is None
    group = _to("g", open_=True)
    for turn in (1, 2, 3):
        asyncio.run(lane.turn(group, 5))
        assert [lane.busy_until(group, 5) for _ in range(3)] == [START + timedelta(seconds=3 * turn)] * 3
        clock.move_to(START + timedelta(seconds=3 * turn))
        assert lane.busy_until(group, 5) is None


def test_nobody_passes_an_equal_that_was_put_off_and_the_more_urgent_wait_for_neither() -> None:
    sleepers = Sleepers()
    lane = Lane(TELEGRAM, sleepers.clock, sleepers.sleep, lambda: 1.0)

    async def full() -> datetime | None:
        tasks = [asyncio.create_task(lane.turn(_to("a"), 3)) for _ in range(21)]  # one goes at once
        await asyncio.sleep(0)
        back = lane.busy_until(_to("a"), 3)
        assert lane.busy_until(_to("a"), 0) is None
        await sleepers.run(*tasks[:10])  # there is room again
        assert [lane.busy_until(_to("a"), priority) for priority in (3, 0)] == [back, None]
        await sleepers.run(*tasks)
        return back

    back = asyncio.run(full())
    assert back is not None
    sleepers.clock.move_to(back)
    assert lane.busy_until(_to("a"), 3) is None


def test_a_platform_rests_as_long_as_it_asked() -> None:
    lane, clock = _lane()
    assert lane.closed_until() is None
    assert lane.rest(37.0) == clock() + timedelta(seconds=37)
    assert lane.closed_until() == clock() + timedelta(seconds=37)
    clock.move_to(clock() + timedelta(seconds=37))
    assert lane.closed_until() is None


def test_its_own_rests_double_up_to_five_minutes_and_are_over_with_the_first_success() -> None:
    lane, clock = _lane()
    rests = []
    for _ in range(10):
        until = lane.rest(None)
        rests.append((until - clock()).total_seconds())
        clock.move_to(until)
    assert rests == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300]
    lane.works()
    assert (lane.rest(None) - clock()).total_seconds() == 1


def test_after_a_rest_one_message_tries_before_the_others() -> None:
    lane, clock = _lane()
    clock.move_to(lane.rest(None))
    lane.under_way = 1
    assert lane.closed_until() == clock() + timedelta(seconds=1)
    lane.works()
    assert lane.closed_until() is None


def test_a_lane_is_full_when_as_much_is_under_way_as_the_platform_takes() -> None:
    lane, _ = _lane()
    lane.under_way = 15
    assert not lane.is_full
    lane.under_way = 16
    assert lane.is_full


def test_nobody_is_asked_to_come_back_after_more_than_an_hour() -> None:
    lane, clock = _lane()
    assert lane.rest(1e9) == clock() + timedelta(hours=1)


@pytest.mark.parametrize(("waiting", "back_in"), [(19, None), (20, 20), (25, 25)])
def test_a_queue_that_would_outlast_a_lease_is_not_joined(waiting: int, back_in: int | None) -> None:
    sleepers = Sleepers()
    lane = Lane(TELEGRAM, sleepers.clock, sleepers.sleep, lambda: 1.0)

    async def queue() -> tuple[datetime | None, datetime | None]:
        tasks = [asyncio.create_task(lane.turn(_to("a"), 0)) for _ in range(waiting + 1)]  # one goes at once
        await asyncio.sleep(0)
        found = lane.busy_until(_to("a"), 0), lane.busy_until(_to("b"), 0)
        await sleepers.run(*tasks)
        return found

    there, elsewhere = asyncio.run(queue())
    assert elsewhere is None
    assert there == (back_in and START + timedelta(seconds=1 + back_in))


def test_a_clock_that_is_put_back_lengthens_no_pause() -> None:
    async def never(_seconds: float) -> None:
        raise AssertionError

    wall = [START]
    lane = Lane(TELEGRAM, lambda: wall[0], never, lambda: 1.0)
    asyncio.run(lane.turn(_to("a"), 0))
    assert lane.rest(10.0) == START + timedelta(seconds=10)
    wall[0] = earlier = START - timedelta(days=3)
    assert lane.closed_until() == earlier + timedelta(seconds=10)
    wall[0] = earlier + timedelta(seconds=10)
    assert lane.closed_until() is None
    assert lane.busy_until(_to("a"), 0) is None
    asyncio.run(lane.turn(_to("a"), 0))
    lane.works()
    wall[0] = START - timedelta(days=6)
    assert lane.rest(1.0) == wall[0] + timedelta(seconds=1)


def test_no_platform_is_asked_for_more_than_it_allows() -> None:
    """core.telegram.org/bots/faq: a message a second in a chat, 30 a second in all, 20 a minute in a group,
    4,096 characters each. docs.slack.dev/apis/web-api/rate-limits: a message a second in a channel.
    """
    assert (TELEGRAM.chat_seconds, 60 / TELEGRAM.group_seconds) == (1.0, 20.0)
    assert (TELEGRAM.per_second, TELEGRAM.characters) == (30.0, 4096)
    assert min(slack.LIMITS.chat_seconds, slack.LIMITS.group_seconds) >= 1.0
