"""The network's faults, many times each on each platform: nothing is lost, nothing twice without saying so.

20 of each in every run, 200 in `make soak`. Every send goes through the real client and the real delivery to
a peer in a process of its own; the clock stands still except where the delivery waits.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime
from functools import partial
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine

from bot.clock import MovableClock
from bot.delivery import Delivery
from bot.platforms.contract import Platform
from handlers.message import Sender
from schedules.outbox.postbox import next_due
from storage.engine import reading
from storage.tables import Outbox, OutboxState
from tests.contract.benches import Base, Remote, bench_at
from tests.reliability.sizes import size
from tests.support.world import ZONE

TIMES = size(20, 200)
HANGS = size(10, 100)
"""A hang costs the seconds after which we give an answer up."""
PATIENCE = 1.0
TELLING = ("slack", "matrix")
"""Platforms on which a second try shows nothing twice."""
Order = dict[str, Any]

TAKEN: dict[str, dict[str, Order]] = {
    "slack": {"closed": {"kind": "close"}, "5xx": {"kind": "lost"}, "hangs": {"kind": "hang"}},
    "telegram": {"closed": {"kind": "close"}, "5xx": {"kind": "5xx"}, "hangs": {"kind": "hang"}},
    "teams": {"closed": {"kind": "close"}, "5xx": {"kind": "lost"}, "hangs": {"kind": "hang"}},
    "matrix": {"closed": {"kind": "close"}, "5xx": {"kind": "5xx"}, "hangs": {"kind": "hang"}},
}
"""How each peer is told to take a message and to lose its answer."""
SENDS: dict[str, Order] = {
    "slack": {"method": "chat.postMessage"},
    "telegram": {"method": "sendMessage"},
    "teams": {"method": "create"},
    "matrix": {"method": "PUT", "path": "/send/m.room.message/"},
}


@dataclass(frozen=True, slots=True)
class Ended:
    """A row when nothing waits any more, and the seconds from its queueing to then."""

    row: Outbox
    seconds: float


class Line:
    """A platform's client and a delivery on one virtual clock, and the peer's faults."""

    def __init__(self, bench: Base) -> None:
        assert isinstance(bench, Remote)  # without a network between there is nothing to break
        self.bench = bench
        bench.people.clock = self.clock = MovableClock(bench.people.clock())
        self.platform: Platform = bench.remade(PATIENCE)
        platforms = {bench.name: self.platform}
        self.delivery = Delivery(
            bench.people.engine, platforms, self.clock, ZONE, spread=lambda: 1.0, sleep=self._sleep
        )

    async def _sleep(self, seconds: float) -> None:
        self.clock.move_to(self.clock() + timedelta(seconds=seconds))

    def queue(self) -> int:
        """An answer to Anna; its row's id."""
        bench = self.bench
        sender = Sender(bench.name, bench.account("anna"), bench.workspace, address=bench.chat("anna"))
        bench.people.take(bench.people.incoming("anna", "tack", sender=sender))
        return max(row.id or 0 for row in bench.people.rows(Outbox))

    def order(self, fault: Order) -> None:
        """The next send fails so."""
        url = f"{self.bench.peer.url}/control/fault"
        httpx.post(url, json=SENDS[self.bench.name] | fault, trust_env=False).raise_for_status()

    async def settle(self) -> None:
        """Deliver whenever something is due, until nothing waits."""
        while (at := self._next()) is not None:
            self.clock.move_to(max(at, self.clock()))
            await self.delivery.drain()

    def _next(self) -> datetime | None:
        with reading(self.bench.people.engine) as session:
            return next_due(session)

    def each(self, faults: Sequence[Callable[[], Order]]) -> list[Ended]:
        """Send one message through each fault; how their rows ended, and how long that took."""

        async def scenario() -> list[tuple[int, float]]:
            await self.platform.start()
            try:
                return [await self._through(fault()) for fault in faults]
            finally:
                await self.platform.stop()

        found = asyncio.run(scenario())
        rows = {row.id: row for row in self.bench.people.rows(Outbox)}
        return [Ended(rows[number], seconds) for number, seconds in found]

    async def _through(self, fault: Order) -> tuple[int, float]:
        number, before = self.queue(), self.clock()
        await asyncio.to_thread(self.order, fault)
        await self.settle()
        return number, (self.clock() - before).total_seconds()

    def shown(self) -> list[str]:
        """The texts that Anna has seen."""
        return [shown.text for shown in self.bench.seen("anna")]


@pytest.fixture(params=sorted(TAKEN))
def line(request: pytest.FixtureRequest, sqlite: Engine) -> Iterator[Line]:
    with bench_at(request.param, sqlite) as bench:
        yield Line(bench)


@pytest.mark.parametrize("fault", ["closed", "5xx", "hangs"])
def test_an_answer_that_is_lost_after_the_message_was_taken(line: Line, fault: str) -> None:
    """Looked up or repeated under the same name where that is certain; else once more, saying so."""
    times = HANGS if fault == "hangs" else TIMES
    ended = line.each([lambda: TAKEN[line.bench.name][fault]] * times)
    assert [(each.row.state, each.row.perhaps_sent) for each in ended] == [(OutboxState.SENT, True)] * times
    shown = line.shown()
    warned = [text for text in shown if "två gånger" in text]
    certain = line.bench.name in TELLING
    assert (len(shown), len(warned)) == ((times, 0) if certain else (2 * times, times))


FORMS = ("3", "0.5", "date", "soon", "-1", None)
"""Retry-After as seconds, a fraction, a date, a word, nonsense, and not at all."""


def test_a_pause_that_is_asked_for_in_any_form_is_kept(line: Line) -> None:
    """Asked in seconds or as a date: not before. In a form that says nothing: after a pause of our own."""
    forms = [FORMS[number % len(FORMS)] for number in range(TIMES)]
    ended = line.each([partial(_flood, line, form) for form in forms])
    for form, each in zip(forms, ended, strict=True):
        row = each.row
        assert (row.state, row.perhaps_sent, row.attempts) == (OutboxState.SENT, False, 1), form
        assert each.seconds >= _asked(line.bench.name, form), form
    assert len(line.shown()) == TIMES


def _flood(line: Line, form: str | None) -> Order:
    """429 with a Retry-After; Telegram says it in its answer, and only in whole seconds."""
    if line.bench.name == "telegram":
        parameters = {"retry_after": int(form)} if form and form.lstrip("-").isdecimal() else {}
        words = "Too Many Requests: retry later"
        return {"kind": "429", "status": 429, "description": words, "parameters": parameters}
    later = format_datetime(line.clock() + timedelta(seconds=7), usegmt=True)
    headers = {"Retry-After": later if form == "date" else form} if form else {}
    kind = "refuse" if line.bench.name == "matrix" else "answer"
    return {"kind": kind, "status": 429, "headers": headers}


def _asked(platform: str, form: str | None) -> float:
    """Seconds that must have passed; a date is cut to whole seconds."""
    if platform == "telegram":
        return 3.0 if form == "3" else 0.0
    return {"3": 3.0, "0.5": 0.5, "date": 6.0}.get(form or "", 0.0)


@pytest.mark.parametrize("platform", sorted(TAKEN))
def test_a_refused_connection_is_no_try_and_the_next_one_is_the_first(platform: str, sqlite: Engine) -> None:
    """Nobody listens: known not to have been sent, however often; then somebody does."""
    with bench_at(platform, sqlite) as bench:
        line = Line(bench)
        address, line.platform = line.platform, bench.remade(PATIENCE, f"http://127.0.0.1:{_closed_port()}")
        line.delivery._platforms[bench.name] = line.platform  # type: ignore[index]
        number = line.queue()
        asyncio.run(_refused(line, TIMES))
        [row] = [row for row in bench.people.rows(Outbox) if row.id == number]
        assert (row.state, row.perhaps_sent, row.attempts) == (OutboxState.PENDING, False, 0)
        line.delivery._platforms[bench.name] = line.platform = address  # type: ignore[index]
        assert asyncio.run(_healed(line)) == 1


async def _refused(line: Line, times: int) -> None:
    for _ in range(times):
        await line.delivery.drain()
        at = line._next()
        assert at is not None
        line.clock.move_to(at)
    await line.platform.stop()


async def _healed(line: Line) -> int:
    await line.platform.start()
    try:
        await line.settle()
    finally:
        await line.platform.stop()
    return len(line.shown())


def _closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as made:
        port: int = made.getsockname()[1]
    return port


def test_the_message_is_the_one_that_was_queued(line: Line) -> None:
    """The harness itself: without a fault one message is one message."""
    rows = [each.row for each in line.each([lambda: {"kind": "5xx", "times": 0}] * 3)]
    assert [(row.state, row.attempts, row.perhaps_sent) for row in rows] == [(OutboxState.SENT, 1, False)] * 3
    assert line.shown() == ["Varsågod!"] * 3
