"""A small made-up world on the whole stack: real database, real receive, tick and delivery, virtual clock."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Engine
from sqlmodel import SQLModel, select

from bot.clock import MovableClock
from bot.delivery import Delivery
from bot.passing import pass_time
from bot.platforms.contract import Platform
from bot.platforms.sim import Sim
from bot.sending import Delivered
from handlers.message import Button, Incoming, IncomingKind, Message, Reply, Sender
from handlers.receive import receive
from handlers.roster.applying import apply_roster, is_supervisor
from handlers.roster.checking import check
from handlers.roster.reading import read_csv
from schedules.drift import Drift, drifts
from schedules.lives import reading as lives
from schedules.rules.rulebook import shipped
from schedules.tick import tick
from schedules.zone import to_local, to_utc
from storage.engine import reading, writing
from storage.tables import Identity, Person
from tests.support.databases import settled

T = TypeVar("T", bound=SQLModel)
ZONE = "Europe/Stockholm"

ROSTER = """\
email,name,role,unit,rulebook,supervisor,start,end,employed
anna@exempel.se,Anna Berg,trainee,Ekbacken,ostergotland-allmanmedicin,eva@exempel.se,2026-01-12,2031-01-11,
bo@exempel.se,Bo Dal,trainee,Ekbacken,,eva@exempel.se,2026-01-12,2031-01-11,
eva@exempel.se,Eva Ek,supervisor,Ekbacken,,,,,
siv@exempel.se,Siv Rektorsson,studierektor,Ekbacken,,,,,
cia@exempel.se,Cia Strand,trainee,Granlund,skane-sjukhus,lars@exempel.se,2026-01-12,2031-01-11,
lars@exempel.se,Lars Lind,supervisor,Granlund,,,,,
tage@exempel.se,Tage Studberg,studierektor,Granlund,,,,,
"""


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that went out: local time, to whom, kind, steps, and the message."""

    at: datetime
    to: str
    kind: str
    steps: tuple[str, ...]
    message: Message

    @property
    def text(self) -> str:
        return self.message.text


class World:
    """`say`, `press` and `pass_to` are what people do; `sent` is all that went out."""

    def __init__(
        self,
        engine: Engine,
        start: str = "2026-11-23T09:00",
        roster: str | None = ROSTER,
        platform: Platform | None = None,
    ) -> None:
        self.engine = engine
        self.clock = MovableClock(to_utc(datetime.fromisoformat(start), ZONE))
        self.sent: list[Sent] = []
        self._keys = 0
        self.platform: Platform = platform or Sim()
        self.delivery = self.new_delivery()
        if roster is not None:  # None: the database has its people already
            self._settle(start, roster)

    def _settle(self, start: str, roster: str) -> None:
        if vars(lives)["shipped"] is not shipped:  # a test with rulebooks of its own
            self._enrol(roster)
        else:
            settled(self.engine, (start, roster, self.platform.name), lambda: self._enrol(roster))

    def new_delivery(self, engine: Engine | None = None) -> Delivery:
        """Another delivery process on the same database, over an engine of its own if one is given."""
        platforms = {self.platform.name: self.platform}
        return Delivery(
            engine or self.engine, platforms, self.clock, ZONE, watch=self._saw, spread=lambda: 1.0
        )

    def enrol(self, roster: str) -> None:
        """Import a roster as it is at this moment."""
        with writing(self.engine) as session:
            rows = check(read_csv(roster.encode()), is_supervisor(session))
            apply_roster(session, rows, self.clock(), ZONE)

    def _enrol(self, roster: str) -> None:
        self.enrol(roster)
        with writing(self.engine) as session:
            for person in session.exec(select(Person)).all():
                assert person.id
                session.add(
                    Identity(
                        person_id=person.id,
                        platform=self.platform.name,
                        external_id=person.email,
                        chat=person.email,
                        linked_at=self.clock(),
                    )
                )

    def _saw(self, delivered: Delivered) -> None:
        who = delivered.person.email if delivered.person else delivered.to.external_id
        steps = tuple(row.step for row in delivered.rows if row.step)
        kind = delivered.rows[0].kind
        self.sent.append(Sent(to_local(delivered.at, ZONE), who, kind, steps, delivered.message))

    def incoming(self, who: str, text: str = "", **more: Any) -> Incoming:
        """An update from somebody, with a delivery key of its own unless one is given."""
        self._keys += 1
        sender = more.pop("sender", None) or Sender(self.platform.name, mail(who), address=mail(who))
        values: dict[str, Any] = {
            "delivery_key": f"key:{self._keys}",
            "at": self.clock(),
            "message_ref": f"m:{self._keys}",
        }
        return Incoming(sender, text=text, **(values | more))

    def take(self, incoming: Incoming) -> Reply:
        """Receive an update without delivering anything."""
        return receive(self.engine, incoming, self.clock(), ZONE)

    def say(self, who: str, text: str, **more: Any) -> Message:
        """Somebody writes a line; everything due is delivered; returns the answer."""
        return self._and_deliver(self.incoming(who, text, **more))

    def press(self, who: str, label: str) -> Message:
        """Somebody presses the newest button with a label that was sent to them."""
        return self._and_deliver(
            self.incoming(who, kind=IncomingKind.PRESS, press=self.button(who, label).press)
        )

    def button(self, who: str, label: str) -> Button:
        """The newest button with a label that was sent to somebody."""
        buttons = [b for sent in self.to(who) for b in sent.message.buttons if b.label == label]
        assert buttons, f"{who} was sent no button {label!r}"
        return buttons[-1]

    def _and_deliver(self, incoming: Incoming) -> Message:
        reply = self.take(incoming)
        self.deliver()
        return reply.message

    def deliver(self) -> None:
        """Send everything that is due now."""
        asyncio.run(self.delivery.drain())

    def tick(self) -> int:
        """One tick at the present moment, without delivering."""
        return tick(self.engine, self.clock(), ZONE)

    def jump_to(self, local: str) -> None:
        """Move the clock with the bot asleep: nothing ticks on the way."""
        self.clock.move_to(to_utc(datetime.fromisoformat(local), ZONE))

    def pass_to(self, local: str) -> list[Sent]:
        """Live up to and with a local moment; returns what went out on the way."""
        before = len(self.sent)
        until = to_utc(datetime.fromisoformat(local), ZONE)
        asyncio.run(pass_time(self.engine, self.clock, self.delivery, ZONE, until))
        return self.sent[before:]

    def to(self, who: str, kind: str | None = None) -> list[Sent]:
        """What went out to somebody, oldest first."""
        return [sent for sent in self.sent if sent.to == mail(who) and kind in (None, sent.kind)]

    def rows(self, model: type[T]) -> list[T]:
        """Every row of a table."""
        with reading(self.engine) as session:
            return list(session.exec(select(model)).all())

    def drift(self) -> Sequence[Drift]:
        """Standing rows that do not say what the journal says, after doing what is due."""
        self.tick()
        with reading(self.engine) as session:
            return list(drifts(session, self.clock()))


def mail(who: str) -> str:
    """ "anna" is anna@exempel.se."""
    return who if "@" in who or ":" in who else f"{who}@exempel.se"
