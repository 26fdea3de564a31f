"""A history: thirty days (say) in which people write, processes die and the network fails, by one seed."""

from __future__ import annotations

import asyncio
import contextlib
import heapq
from collections import Counter
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from random import Random
from typing import Any

from schedules.zone import to_local
from tests.simulator.checks import BrokenError, Checks
from tests.simulator.house import PEOPLE, SETTINGS, House, Setting, house, moment
from tests.simulator.loop import VirtualLoop
from tests.simulator.people import Deed, People
from tests.simulator.platforms import Ground, Memory, Shown, Weather
from tests.simulator.replica import Fate, Replica
from tests.support.world import ZONE, mail

BEAT = timedelta(seconds=15)
DEAD = (1.0, 5.0, 20.0, 61.0, 130.0, 3_600.0, 100_000.0)
"""Seconds until a process that died is started again."""
DEAD_WEIGHTS = (6, 6, 4, 3, 2, 1, 0.4)
PORTS = ("receive:commit", "receive:committed", "tick:commit", "tick:committed", "deliver:commit",
         "deliver:committed", "send", "sent", "answered", "any", "any")  # fmt: skip
NEVER = datetime.max.replace(tzinfo=UTC)
AGAIN = (0.0, 1.0, 60.0, 300.0)


@dataclass(slots=True)
class Told:
    """What a history did, for figures and for the reader of a failure."""

    seed: int
    deeds: int = 0
    deliveries: int = 0
    shown: int = 0
    deaths: Counter[str] = field(default_factory=Counter)
    pauses: int = 0
    faults: int = 0
    lines: list[str] = field(default_factory=list)


class History:
    """Play one. `tell` gets a line for each thing that happens."""

    def __init__(
        self, seed: int, days: int, home: House | None = None, tell: Callable[[str], None] | None = None
    ) -> None:
        self.seed, self.days = seed, days
        self.dice = Random(seed)
        self.home = home or house()
        self.told = Told(seed)
        self._tell = tell
        self._loop: VirtualLoop
        self._queue: list[tuple[datetime, int, Callable[[], None]]] = []
        self._numbers = count()
        self._tasks: set[asyncio.Task[None]] = set()
        self._stirred = asyncio.Event()

    def play(self) -> Told:
        """Live it through. Raises BrokenError, with how to play it again, when a promise is not kept."""
        setting = self.dice.choice(SETTINGS)
        self._start = self.home.furnish(setting)
        self._loop = self.home.loop(Random(self.seed + 1))
        self._furnish(setting)
        try:
            self._loop.run_until_complete(self._live())
        except BrokenError as broken:
            raise BrokenError(self._explain(broken, setting)) from broken
        finally:
            self._end_tasks()
        return self.told

    def _end_tasks(self) -> None:
        tasks = asyncio.all_tasks(self._loop)
        for task in tasks:
            task.cancel()
        if tasks:
            self._loop.run_until_complete(asyncio.wait(tasks))
        self._loop.close()

    # --- beginning

    def _furnish(self, setting: Setting) -> None:
        self._end = self._start + timedelta(days=self.days)
        self.weather = Weather()
        self.grounds = {
            str(memory): Ground(memory, self.now, self.dice, self.weather, self._riding) for memory in Memory
        }
        self.platform = {who: self.dice.choice(list(self.grounds)) for who in PEOPLE}
        for who, platform in self.platform.items():
            self.home.link(who, platform)
        self.people = People(self.dice, self.platform, self.seen)
        self.replicas = [self._replica(n) for n in range(2)]
        self.checks = Checks(self)
        self._plan()
        self.say(f"{setting.book} from {setting.start}, {self.platform}")

    def _replica(self, number: int) -> Replica:
        return Replica(self.home.wired[number], self.grounds, self.now, self.dice, self._stirred.set)

    def _plan(self) -> None:
        """When people do something, when a process is doomed, when the weather turns."""
        for who in PEOPLE:
            mean = 2.2 if who in ("anna", "bo") else 6.0
            for at in self._times(mean):
                self._at(at, lambda who=who: self._act(who))  # type: ignore[misc]
        for at in self._times(4.0):
            self._at(at, self._doom)
        for at in self._times(3.0):
            self._at(at, self._change_weather)

    def _times(self, mean_days: float) -> list[datetime]:
        found, at = [], self._start
        while (at := at + timedelta(days=self.dice.expovariate(1 / mean_days))) < self._end:
            found.append(at)
        return found

    def _at(self, at: datetime, do: Callable[[], None]) -> None:
        heapq.heappush(self._queue, (at, next(self._numbers), do))

    def _in(self, seconds: float, do: Callable[[], None]) -> None:
        self._at(self.now() + timedelta(seconds=seconds), do)

    # --- what is known

    def now(self) -> datetime:
        """The virtual moment."""
        return self._start + timedelta(seconds=round(self._loop.time(), 6))

    def is_quiet(self) -> bool:
        """No transaction is under way."""
        return self._loop.is_quiet

    def seen(self, who: str) -> list[Shown]:
        """What somebody was shown on their platform, oldest first."""
        return [s for s in self.grounds[self.platform[who]].shown if s.to == mail(who)]

    def shown(self) -> list[Shown]:
        """Everything that anybody was shown."""
        return [s for ground in self.grounds.values() for s in ground.shown]

    def _riding(self, delivery: str) -> tuple[int, ...]:
        rows = self.home.rows("SELECT id FROM outbox WHERE sent_as = ? AND state = 'pending'", delivery)
        return tuple(row[0] for row in rows)

    def say(self, line: str) -> None:
        """Note what happened; the last lines stand in a failure."""
        told = f"{to_local(self.now(), ZONE):%m-%d %H:%M:%S} {line}"
        self.told.lines.append(told)
        if self._tell:
            self._tell(told)

    # --- what happens

    def _act(self, who: str) -> None:
        deeds = self.people.act(who, self.now())
        for deed in deeds:
            self.told.deeds += 1
            wait = max(0.0, (deed.incoming.at - self.now()).total_seconds())
            for _ in range(self.dice.choices([1, 2, 4], [6, 2, 1])[0]):
                self._in(
                    wait + self.dice.choices([0.0, 0.0, 2.0, 75.0], [8, 4, 2, 1])[0], self._telling(deed)
                )

    def _telling(self, deed: Deed) -> Callable[[], None]:
        return lambda: self._start_task(self._tell_bot(deed))

    async def _tell_bot(self, deed: Deed) -> None:
        """The platform's side: tell one living process, and again later unless it said "received"."""
        alive = [n for n, each in enumerate(self.replicas) if each.alive]
        deed.told += 1
        self.told.deliveries += 1
        reply = None
        if alive and self.dice.random() > 0.05:  # else this copy is lost on its way
            number = self.dice.choice(alive)
            replica = self.replicas[number]
            reply = await replica.hear(deed.incoming)
            self.say(f"{deed.who} → {number}: {deed.incoming.text or deed.incoming.press}"
                     f" [{deed.key}] {reply.outcome if reply else 'no answer'}")  # fmt: skip
            if reply is not None and not reply.repeated:
                replica.beat(ticks=False)
        if reply is not None:
            deed.received = True
        elif not deed.received:
            self._in(self.dice.choice(AGAIN[1:]), self._telling(deed))

    def _start_task(self, work: Coroutine[Any, Any, None]) -> None:
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            task.result()

    def _doom(self) -> None:
        replica = self.dice.choice(self.replicas)
        if self.dice.random() < 0.25:
            replica.pause_for = self.dice.choice([20.0, 59.0, 61.0, 200.0])
            self.told.pauses += 1
            return
        port = self.dice.choice(PORTS)
        replica.heart.fate = Fate(port, self.dice.randrange(1, 40 if port == "any" else 4))
        self.say(f"doomed: {replica.heart.fate}")

    def _change_weather(self) -> None:
        w, dice = self.weather, self.dice
        bad = dice.random() < 0.6
        w.refused, w.flood = (dice.choice([0, 0.3]), dice.choice([0, 0.2])) if bad else (0, 0)
        w.lost_answer, w.lost_request = (dice.choice([0, 0.3]), dice.choice([0, 0.2])) if bad else (0, 0)
        w.malformed = dice.choice([0, 0, 0, 0.2]) if bad else 0
        w.blocked = dice.choice([0, 0, 0, 0.1]) if bad else 0
        w.slow = dice.choice([0, 0.5]) if bad else 0
        hours = dice.choices([0, 0.1, 1, 7, 26], [60, 10, 6, 1, 0.5])[0] if bad else 0
        w.down_until = self.now() + timedelta(hours=hours) if hours else None
        self.say(f"weather: {w}")

    # --- time

    async def _live(self) -> None:
        while self.now() < self._end:
            await self._step(self._end)
        self._calm()
        quiet = self.now() + timedelta(hours=26, minutes=7)  # every retry has then come or been given up
        while self.now() < quiet:
            await self._step(quiet)
        await asyncio.sleep(0.001)  # until no transaction is under way
        self.checks.finally_()
        self.told.shown = len(self.shown())
        self.told.faults = sum(ground.faults for ground in self.grounds.values())

    async def _step(self, until: datetime) -> None:
        """To the next moment at which anything is to be done; do it; look whether all promises hold."""
        await asyncio.sleep(0.001)
        wait = (min(self._next(), until) - self.now()).total_seconds()
        with contextlib.suppress(TimeoutError):  # a process that has finished something may know of more
            if wait > 0:
                await asyncio.wait_for(self._stirred.wait(), wait)
        self._stirred.clear()
        self._revive()
        while self._queue and self._queue[0][0] <= self.now():
            heapq.heappop(self._queue)[2]()
        planned = self._planned()
        due = any(at <= self.now() for at in planned)
        ticks = any(at <= self.now() for at in planned[:3])
        for replica in self.dice.sample(self.replicas, 2):
            # With nothing due a beat reads and does nothing: a few are enough.
            likely = 0.8 if due else 0.05
            if replica.alive and (self.dice.random() < likely or (due and not self._someone_else(replica))):
                replica.beat(ticks=ticks or self.dice.random() < 0.1)
        self.checks.after_a_step()

    def _someone_else(self, replica: Replica) -> bool:
        return any(each.alive and each is not replica for each in self.replicas)

    def _next(self) -> datetime:
        moments = [self._queue[0][0]] if self._queue else []
        if any(each.alive for each in self.replicas):
            soon = self.now() + BEAT
            moments += [soon if at <= self.now() else at for at in self._planned()]
        return min(moments, default=self._end + timedelta(days=99))

    def _planned(self) -> list[datetime]:
        """When a standing row, a digest, a booking, a message and a lease next want something."""
        (row,) = self.home.rows(
            "SELECT (SELECT min(look_at) FROM standing WHERE look_at IS NOT NULL),"
            " (SELECT min(next_at) FROM agenda),"
            " (SELECT min(look_at) FROM booking WHERE look_at IS NOT NULL),"
            " (SELECT min(next_at) FROM outbox WHERE state = 'pending' AND lease_until IS NULL),"
            " (SELECT min(lease_until) FROM outbox WHERE state = 'pending')"
        )
        return [moment(kept) or NEVER for kept in row]

    def _revive(self) -> None:
        for number, replica in enumerate(self.replicas):
            if not replica.alive and not replica.buried:
                died = replica.heart.died_at[0]
                self.told.deaths[died] += 1
                self.say(f"process {number} died at {died}")
                replica.bury()
                wait = self.dice.choices(DEAD, DEAD_WEIGHTS)[0]
                self._in(wait, lambda number=number: self._reborn(number))  # type: ignore[misc]

    def _reborn(self, number: int) -> None:
        self.say(f"process {number} starts")
        self.replicas[number] = self._replica(number)

    def _calm(self) -> None:
        """Nothing fails any more."""
        self.say("calm")
        self.weather = Weather()
        for ground in self.grounds.values():
            ground.weather = self.weather
        for replica in self.replicas:
            replica.heart.fate = None

    def _explain(self, broken: BrokenError, setting: Setting) -> str:
        lines = "\n".join(self.told.lines[-40:])
        again = f"python -m tests.simulator {self.seed} --days {self.days} --tell{self.home.option}"
        return f"seed {self.seed} ({setting.book}): {broken}\n{lines}\nPlay it again: {again}"
