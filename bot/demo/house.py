"""The demo put together: a fresh file, made-up people and their past, the page, and a clock to move."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from bot.clock import MovableClock, system_clock
from bot.demo import strip
from bot.demo.history import write_history
from bot.demo.people import roster
from bot.host import House, build
from bot.passing import pass_time
from bot.platforms.contract import Hear
from bot.platforms.web import Web
from bot.platforms.web_incoming import WebPerson
from bot.reporting import about_of
from bot.sending import Delivered
from handlers.message import Incoming, Reply
from handlers.roster.applying import apply_roster
from schedules.zone import to_local, to_utc
from storage.engine import open_engine, reading, writing
from storage.schema import migrate
from storage.tables import Pairing, Person, Role, RoleName, Trainee, Unit

MORNING = time(8, 5)
"""Where a day's jump lands: after the morning's messages, so that they are there to be read."""

OPENS = time(9, 0)
"""A demo begun earlier in the day begins now: at night every message would wait for the morning's."""

LABELS = {
    RoleName.TRAINEE: "ST-läkare",
    RoleName.SUPERVISOR: "Handledare",
    RoleName.STUDIEREKTOR: "Studierektor",
    RoleName.HEAD: "Verksamhetschef",
}


class Demo:
    """The page's controls, and the house they belong to."""

    def __init__(self, file: Path, zone: str, start: datetime | None = None, public_url: str = "") -> None:
        self._zone = zone
        self._went = 0
        self._clock = MovableClock(start or _by_day(system_clock(), zone), running=True)
        self.engine: Engine = open_engine(f"sqlite:///{file}")
        migrate(self.engine)
        self._fill()
        with reading(self.engine) as session:
            self._people = _people(session)
        self._names = {person.external_id: person.name for person in self._people}
        self.house: House = build(
            self.engine,
            self._clock,
            zone,
            [lambda hear: Web(self._listening(hear), self._clock, self)],
            watch=self._saw,
            beats=False,
            public_url=public_url,
        )

    def _fill(self) -> None:
        now = self._clock()
        today = to_local(now, self._zone).date()
        with writing(self.engine) as session:
            apply_roster(session, roster(today), now, self._zone)
            write_history(session, today, now)

    def people(self) -> Sequence[WebPerson]:
        """Everyone to choose from."""
        return self._people

    def now(self) -> datetime:
        """The virtual moment in the units' own time zone."""
        return self._clock().astimezone(ZoneInfo(self._zone))

    async def advance(self, days: int) -> datetime:
        """Move to the morning so many days ahead, living through everything on the way."""
        day = to_local(self._clock(), self._zone).date() + timedelta(days=days)
        until = to_utc(datetime.combine(day, MORNING), self._zone)
        then = await asyncio.to_thread(strip.before, self.engine)
        self._went = 0
        await pass_time(self.engine, self._clock, self.house.delivery, self._zone, until)
        for line in await asyncio.to_thread(strip.moved_since, self.engine, then):
            self._tell(line)
        self._tell(strip.passed(days, self._went))
        return self.now()

    def _saw(self, delivered: Delivered) -> None:
        with reading(self.engine) as session:
            told = about_of(session, delivered, self._zone)
        self._went += 1
        step = STEPS.get(told["step"] or "", "") if told["kind"] == "nudge" else ""
        name = delivered.person.name if delivered.person else delivered.to.external_id
        self._tell(strip.sent(delivered.rows, f"{strip.KINDS[told['kind']].casefold()}{step}", name))

    def _listening(self, hear: Hear) -> Hear:
        """Heard as ever, and told in the strip: which rows came of it."""

        async def heard(incoming: Incoming) -> Reply:
            then = await asyncio.to_thread(strip.before, self.engine)
            reply = await hear(incoming)
            who = self._names.get(incoming.sender.external_id, "")
            for line in await asyncio.to_thread(strip.since, self.engine, then, who):
                self._tell(line)
            return reply

        return heard

    def _tell(self, line: str) -> None:
        web = self.house.platforms["web"]
        if isinstance(web, Web):
            web.happened(line)


STEPS = {"soon": " i god tid", "repeat": " igen"}
"""What the strip says of a reminder's step; the first one of something late needs no word."""


def _by_day(now: datetime, zone: str) -> datetime:
    """The present moment, or the morning of the same day."""
    opens = to_utc(datetime.combine(to_local(now, zone).date(), OPENS), zone)
    return max(now, opens)


def _people(session: Session) -> list[WebPerson]:
    supervisors = {
        trainee.person_id: session.get_one(Person, pairing.supervisor_id).email
        for trainee, pairing in session.exec(
            select(Trainee, Pairing).where(Pairing.trainee_id == Trainee.id, Pairing.kind == "main")
        ).all()
    }
    rows = session.exec(
        select(Person, Role, Unit)
        .where(Role.person_id == Person.id, Role.unit_id == Unit.id)
        .order_by(col(Unit.id), col(Role.role).desc(), col(Person.name))
    ).all()
    units: dict[int, list[str]] = {}
    for person, _, unit in rows:
        units.setdefault(person.id or 0, []).append(unit.name)
    found = {person.id or 0: (person, RoleName(role.role)) for person, role, _ in reversed(rows)}
    return [
        WebPerson(person.email, person.name, LABELS[role], " + ".join(units[key]), supervisors.get(key, ""))
        for key, (person, role) in reversed(found.items())
    ]
