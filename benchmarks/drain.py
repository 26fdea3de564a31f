"""A morning's reminders on their way out: how long until all are said, how long a receipt waits meanwhile.

`python -m benchmarks.drain [bench|national]` prints the figures and writes them in docs/performance.md. The
floor is Telegram's own limit of thirty messages a second. What answers in its place counts, by the machine's
clock, whatever goes beyond that (which Telegram would answer with 429) and whatever is said twice.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
import tempfile
import time
from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

from sqlalchemy import Engine, select

from benchmarks.front_door import house, peopled, post
from benchmarks.paper import write_down
from bot.clock import MovableClock
from bot.host import House
from bot.platforms import telegram_wire
from bot.platforms.telegram import Telegram
from schedules.tick import tick
from storage.columns import columns, table
from storage.engine import reading, writing
from storage.tables import Identity, Outbox, Person
from tests.support import crowd

SECRET = "made-up-webhook-secret"  # noqa: S105 nobody's
A_SECOND = 30
MOMENT = crowd.NOW + timedelta(days=6)
"""A Monday at 09:00, six days after the crowd was last looked at: everybody's reminders are due at once."""
RECEIPTS = 5
SIZES = {"bench": 400, "national": 15_000}


def main(which: str) -> int:
    """Measure, print, write down. Exit status 1 when anything was said twice."""
    trainees = SIZES[which]
    with (
        tempfile.TemporaryDirectory() as folder,
        peopled(f"sqlite:///{Path(folder) / 'bot.sqlite'}", trainees, 5, "telegram") as engine,
    ):
        due = prepare(engine)
        drained = asyncio.run(drain(engine, due[:RECEIPTS]))
        ended = states(engine)
    lines = told(drained, trainees, ended)
    sys.stdout.write("\n".join(lines) + "\n")
    write_down(f"drain-{which}", "make bench" if which == "bench" else "make bench-national", lines)
    return int(bool(drained.twice))


def told(drained: Drained, trainees: int, ended: Mapping[str, int]) -> list[str]:
    """The figures for a person."""
    floor, waits = drained.messages / A_SECOND, [wait * 1e3 for wait in drained.waits]
    ratio, wait = drained.seconds / floor, statistics.median(waits)
    return [
        f"{drained.messages:,} messages: all the reminders of {trainees:,} trainees at once",
        f"  until the last was said        {drained.seconds:8.1f} s",
        f"  Telegram's thirty a second     {floor:8.1f} s",
        f"  {ratio:.2f} × the limit (goal 1.05); too fast {drained.too_fast}, twice {drained.twice}",
        f"  a receipt meanwhile            {wait:8.0f} ms   {min(waits):.0f}–{max(waits):.0f} (goal 200)",
        f"  how the rows ended: {', '.join(f'{count:,} {state}' for state, count in ended.items())}",
    ]


@dataclass(slots=True)
class Drained:
    """What the platform saw, in seconds of the machine's clock."""

    seconds: float = 0.0
    messages: int = 0
    too_fast: int = 0
    waits: list[float] = field(default_factory=list)
    seen: Counter[tuple[str, str]] = field(default_factory=Counter)
    latest: deque[float] = field(default_factory=lambda: deque(maxlen=A_SECOND))
    arrived: dict[str, asyncio.Event] = field(default_factory=dict)

    @property
    def twice(self) -> int:
        """How often somebody was told what they had been told."""
        return sum(count - 1 for count in self.seen.values())

    async def answer(self, url: str, request_data: Any = None, **_: Any) -> tuple[int, bytes]:
        """What Telegram answers; what came is counted."""
        if url.endswith("/sendMessage"):
            told = request_data.json_parameters
            now = time.perf_counter()
            self.too_fast += len(self.latest) == A_SECOND and now - self.latest[0] < 1 - TOLERATED
            self.latest.append(now)
            self.messages += 1
            self.seen[told["chat_id"], told["text"]] += 1
            self.arrived.setdefault(told["chat_id"], asyncio.Event()).set()
        sent = {"message_id": self.messages, "date": 1_795_339_800, "chat": {"id": 1, "type": "private"}}
        return 200, json.dumps({"ok": True, "result": sent}).encode()


TOLERATED = 0.03
"""Of a second: one message's slot, by which the thirty-first may be early on a busy machine."""


def prepare(engine: Engine) -> list[str]:
    """Link the supervisors too, let everything fall due, and return the accounts that nothing goes to."""
    identity, person, outbox = columns(Identity), columns(Person), columns(Outbox)
    with writing(engine) as session:
        linked = select(identity.person_id)
        alone = session.execute(select(person.id).where(person.id.not_in(linked))).scalars().all()
        same = {"platform": "telegram", "workspace": "", "linked_at": crowd.NOW}
        links = [{"person_id": each, "external_id": f"9000{each}", "chat": f"9000{each}"} for each in alone]
        session.execute(table(Identity).insert(), [link | same for link in links])
    tick(engine, MOMENT)
    with reading(engine) as session:
        told = select(outbox.person_id).where(outbox.person_id.is_not(None))
        quiet = select(identity.external_id).where(identity.person_id.not_in(told)).order_by(identity.id)
        return list(session.execute(quiet).scalars())


def states(engine: Engine) -> Mapping[str, int]:
    """How many outbox rows ended how."""
    with reading(engine) as session:
        return Counter(session.execute(select(columns(Outbox).state)).scalars())


async def drain(engine: Engine, quiet: list[str]) -> Drained:
    """Say all that is due, while some write to the bot and wait for their receipts."""
    drained, at = Drained(), MovableClock(MOMENT, running=True)

    def make(hear: Any) -> Telegram:
        return Telegram("1:made-up", hear, at, "http://127.0.0.1:1", "webhook", SECRET)

    with patch.object(telegram_wire.Request, "do_request", drained.answer):
        bot = house(engine, at, [make])
        begun = time.perf_counter()
        work = asyncio.create_task(bot.delivery.drain())
        for account in quiet:
            await asyncio.sleep(1)
            drained.waits.append(await _receipt(bot, drained, account))
        await work
        drained.seconds = time.perf_counter() - begun
    return drained


async def _receipt(bot: House, drained: Drained, account: str) -> float:
    """Seconds from a line in until its answer is out."""
    arrived = drained.arrived.setdefault(account, asyncio.Event())
    begun = time.perf_counter()
    person = {"id": int(account), "is_bot": False, "first_name": "Anna"}
    chat = {"id": int(account), "type": "private", "first_name": "Anna"}
    said = {"message_id": 1, "from": person, "chat": chat, "text": "handledning idag 1h etik"}
    update = {"update_id": int(account), "message": said | {"date": int(MOMENT.timestamp())}}
    headers = {"content-type": "application/json", "x-telegram-bot-api-secret-token": SECRET}
    await post(bot.app, "/telegram/webhook", json.dumps(update).encode(), headers)
    await asyncio.wait_for(arrived.wait(), 60)
    return time.perf_counter() - begun


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "bench"))
