"""Chat platforms that remember what they showed, and fail as the dice tell them to."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from random import Random

from starlette.routing import BaseRoute

from bot.platforms.contract import Address, Limits, SendError
from handlers.message import Message


class Memory(StrEnum):
    """What a platform can tell about an earlier send: nothing, its reference, or it refuses a second."""

    NONE = "telegram"
    FINDS = "slack"
    IDEMPOTENT = "matrix"


@dataclass(frozen=True, slots=True)
class Shown:
    """What a person has seen, when, by which delivery; `rows` are the outbox rows that travelled in it."""

    at: datetime
    platform: str
    to: str
    delivery: str
    message: Message
    rows: tuple[int, ...]
    reference: str


@dataclass(slots=True)
class Weather:
    """How likely each fault of a send is, 0-1 each; and until when the network is down altogether."""

    refused: float = 0.0
    flood: float = 0.0
    lost_answer: float = 0.0
    lost_request: float = 0.0
    blocked: float = 0.0
    malformed: float = 0.0
    slow: float = 0.0
    down_until: datetime | None = None


Ports = Callable[[str], None]
"""Called with the port's name before and after what can be cut short; raises Killed to cut it short."""


@dataclass(slots=True)
class Ground:
    """What all replicas' clients of one platform have in common: the platform itself."""

    memory: Memory
    clock: Callable[[], datetime]
    dice: Random
    weather: Weather
    riding: Callable[[str], tuple[int, ...]]
    """The outbox rows that travel in a delivery."""
    shown: list[Shown] = field(default_factory=list)
    by_name: dict[str, Shown] = field(default_factory=dict)
    ambiguous: dict[str, int] = field(default_factory=dict)
    """How often a delivery ended without a sure answer."""
    wait_until: dict[str, tuple[datetime, Callable[[], bool]]] = field(default_factory=dict)
    """Retry-After: no second try of a delivery before that; and whether who was told so still lives."""
    tries: dict[str, int] = field(default_factory=dict)
    faults: int = 0
    impatient: list[str] = field(default_factory=list)
    """Deliveries tried again before the platform had said one may."""

    def show(self, to: Address, message: Message, delivery: str) -> str:
        """Let the person see it; a platform that knows the name shows it once."""
        if self.memory is Memory.IDEMPOTENT and delivery in self.by_name:
            return self.by_name[delivery].reference
        reference = f"{self.memory}:{len(self.shown) + 1}"
        seen = Shown(
            self.clock(), self.memory, to.external_id, delivery, message, self.riding(delivery), reference
        )
        self.shown.append(seen)
        self.by_name.setdefault(delivery, seen)
        return reference


class Fake:
    """One replica's connection to a platform."""

    def __init__(self, ground: Ground, ports: Ports, lives: Callable[[], bool] = lambda: True) -> None:
        self.name = str(ground.memory)
        certain = ground.memory is not Memory.NONE
        self.limits = Limits(4000, chat_seconds=0.0, per_second=1e9, at_once=4, certain=certain)
        self._ground = ground
        self._ports = ports
        self._lives = lives

    def routes(self) -> Sequence[BaseRoute]:
        return ()

    async def start(self) -> None:
        """Nothing to connect to."""

    async def stop(self) -> None:
        """Nothing to leave."""

    async def send(self, to: Address, message: Message, delivery: str) -> str:
        ground = self._ground
        self._ports("send")
        ground.tries[delivery] = ground.tries.get(delivery, 0) + 1
        moment, is_known = ground.wait_until.get(delivery, (ground.clock(), self._lives))
        # What a process was told and died of before it could write it down, no other can know.
        if moment > ground.clock() and is_known():
            ground.impatient.append(delivery)
        await self._travel()
        try:
            self._known_not_sent(delivery)
        except SendError:
            ground.faults += 1
            raise
        lost = ground.dice.random()
        if lost < ground.weather.lost_request:
            self._unsure(delivery)
        reference = ground.show(to, message, delivery)
        self._ports("sent")
        if lost < ground.weather.lost_request + ground.weather.lost_answer:
            self._unsure(delivery)
        await self._travel()
        self._ports("answered")
        return reference

    async def _travel(self) -> None:
        slow = self._ground.dice.random() < self._ground.weather.slow
        await asyncio.sleep(self._ground.dice.uniform(1, 14) if slow else 0)
        self._ports("travel")

    def _known_not_sent(self, delivery: str) -> None:
        weather, dice = self._ground.weather, self._ground.dice
        if weather.down_until is not None and self._ground.clock() < weather.down_until:
            raise SendError("no connection", away=True)
        if dice.random() < weather.refused:
            raise SendError("connection refused")
        if dice.random() < weather.flood:
            seconds = dice.choice([0.5, 3.0, 40.0, 400.0])
            moment = self._ground.clock() + timedelta(seconds=seconds)
            self._ground.wait_until[delivery] = moment, self._lives
            raise SendError("429", retry_after=seconds)
        if dice.random() < weather.blocked:
            raise SendError("blocked by the user", permanent=True)
        if dice.random() < weather.malformed:
            raise SendError("too long", refused=True)

    def _unsure(self, delivery: str) -> None:
        self._ground.faults += 1
        self._ground.ambiguous[delivery] = self._ground.ambiguous.get(delivery, 0) + 1
        raise SendError("no answer", perhaps=True)

    async def find(self, to: Address, delivery: str) -> str | None:
        ground = self._ground
        self._ports("find")
        if ground.memory is not Memory.FINDS:
            return None
        if ground.dice.random() < ground.weather.refused:
            raise SendError("history does not answer")
        seen = ground.by_name.get(delivery)
        return seen.reference if seen else None
