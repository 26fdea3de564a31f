"""A morning's reminders on their way out: how long until all are said, how long a receipt waits meanwhile.

`python -m benchmarks.drain [bench|national [telegram|slack|teams …]]` prints the figures and writes them in
docs/performance.md, a section for each platform. The floor is what the platform takes: thirty messages a
second on Telegram, 525 a minute on Slack, fifty a second on Teams. What answers in its place
(drain_networks.py) counts, by the machine's clock, whatever goes beyond that (which it would answer with
429) and whatever is said twice. A receipt meanwhile is that of a line in the private chat, which waits for
its turn like any message.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Engine, select

from benchmarks.drain_networks import NETWORKS, Drained, Network
from benchmarks.front_door import house, peopled, post
from benchmarks.paper import COMMANDS, write_down
from bot import collector
from bot.clock import MovableClock
from bot.host import House
from schedules.tick import tick
from storage.columns import columns, table
from storage.engine import reading, writing
from storage.tables import Identity, Outbox, Person
from tests.support import crowd

MOMENT = crowd.NOW + timedelta(days=6)
"""A Monday at 09:00, six days after the crowd was last looked at: everybody's reminders are due at once."""
RECEIPTS = 5
SIZES = {
    "bench": {"telegram": 400, "slack": 150, "teams": 400},
    "national": {"telegram": 15_000, "slack": 15_000, "teams": 15_000},
}
"""Trainees on each platform, in one workspace."""


def main(which: str, only: Sequence[str]) -> int:
    """Measure, print and write down each as it is done. Exit status 1 when anything was said twice."""
    twice = 0
    for name in only or NETWORKS:
        drained, ended = _drained(NETWORKS[name], trainees := SIZES[which][name])
        lines = told(drained, trainees, ended)
        sys.stdout.write("\n".join(lines) + "\n\n")
        sys.stdout.flush()
        write_down(f"drain-{name}-{which}", COMMANDS[which], lines)
        twice += drained.twice
    return int(bool(twice))


def _drained(network: Network, trainees: int) -> tuple[Drained, Mapping[str, int]]:
    with (
        tempfile.TemporaryDirectory() as folder,
        peopled(
            f"sqlite:///{Path(folder) / 'bot.sqlite'}", trainees, 5, network.name, network.workspace
        ) as engine,
    ):
        due = prepare(engine, network)
        return asyncio.run(drain(engine, network, due[:RECEIPTS])), states(engine)


def told(drained: Drained, trainees: int, ended: Mapping[str, int]) -> list[str]:
    """The figures for a person."""
    floor, limit = drained.messages / drained.a_second, f"{drained.name} takes {drained.a_second:g} a second"
    counted = f"too fast {drained.too_fast}, twice {drained.twice}"
    return [
        f"{drained.messages:,} messages on {drained.name}: the reminders of {trainees:,} trainees at once",
        f"  until the last was said        {drained.seconds:8.1f} s",
        f"  {limit:30} {floor:8.1f} s",
        f"  {drained.seconds / floor:.2f} × the limit (goal 1.05); {counted}",
        *_receipts(drained.waits),
        f"  how the rows ended: {', '.join(f'{count:,} {state}' for state, count in ended.items())}",
    ]


def _receipts(waits: Sequence[float]) -> list[str]:
    if not waits:
        return []
    wait, least, most = (f(waits) * 1e3 for f in (statistics.median, min, max))
    return [f"  a receipt meanwhile            {wait:8.0f} ms   {least:.0f}–{most:.0f} (goal 200)"]


def prepare(engine: Engine, network: Network) -> list[str]:
    """Link the supervisors too, let everything fall due, and return the accounts that nothing goes to."""
    identity, person, outbox = columns(Identity), columns(Person), columns(Outbox)
    with writing(engine) as session:
        linked = select(identity.person_id)
        alone = session.execute(select(person.id).where(person.id.not_in(linked))).scalars().all()
        same = {"platform": network.name, "workspace": network.workspace, "linked_at": crowd.NOW}
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


async def drain(engine: Engine, network: Network, quiet: list[str]) -> Drained:
    """Say all that is due, while some write to the bot and wait for their receipts.

    Python's collector is set as `handledd run` sets it.
    """
    collector.serving()
    drained, at = Drained(network.name, network.most, network.within), MovableClock(MOMENT, running=True)
    with network.instead(drained):
        bot = house(engine, at, [lambda hear: network.make(hear, at)])
        work = asyncio.create_task(_until_all_is_said(bot, drained))
        for number, account in enumerate(quiet):
            await asyncio.sleep(1)
            if work.done():  # so few were due that all is said
                break
            drained.waits.append(await _receipt(bot, network, drained, account, number))
        await work
    return drained


async def _until_all_is_said(bot: House, drained: Drained) -> None:
    begun = time.perf_counter()
    await bot.delivery.drain()
    drained.seconds = time.perf_counter() - begun


async def _receipt(bot: House, network: Network, drained: Drained, account: str, number: int) -> float:
    """Seconds from a line in until its answer is out. No two say the same: a half of two pairs hears both."""
    line = network.line(account, f"handledning idag {45 + number} min etik", MOMENT)
    arrived = drained.arrived.setdefault(line.chat, asyncio.Event())
    begun = time.perf_counter()
    await post(bot.app, line.path, line.body, line.headers)
    await asyncio.wait_for(arrived.wait(), 60)
    return time.perf_counter() - begun


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "bench", sys.argv[2:]))
