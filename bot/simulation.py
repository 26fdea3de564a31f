"""A made-up life on a virtual clock: the real receive, tick and delivery over an in-memory database.

It shows what a rulebook would have sent before it goes live, months in seconds.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from bot.clock import MovableClock
from bot.delivery import Delivery
from bot.passing import pass_time
from bot.platforms.sim import Sim
from bot.reporting import about_of
from bot.sending import Delivered
from handlers import describe
from handlers.message import Button, Incoming, IncomingKind, Sender
from handlers.receive import receive
from handlers.roster.applying import apply_roster, is_supervisor
from handlers.roster.being_away import apply_leaves
from handlers.roster.checking import check
from handlers.roster.leaves import leaves_of
from handlers.roster.reading import read_file
from schedules.lives.asked import watched
from schedules.lives.reading import load
from schedules.rules.requirement import Requirement
from schedules.standings import rows_of
from schedules.zone import midnight, to_local, to_utc
from storage.engine import open_engine, reading, writing
from storage.schema import migrate
from storage.tables import Identity, Person, Standing, Trainee


class ScriptError(Exception):
    """A script line that cannot be played; the text names the line and the mend."""


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a script: at a naive local moment somebody says a line or presses a button."""

    line: int
    at: datetime
    who: str
    say: str | None
    press: str | None


def read_script(lines: Iterable[str], zone: str) -> list[Step]:
    """The steps of a JSONL script; a moment with an offset becomes one of `zone`.

    Raises ScriptError with every line that is none, or out of order.
    """
    steps: list[Step] = []
    faults: list[str] = []
    for number, text in enumerate(lines, start=1):
        try:
            steps += [_step(number, text, zone, steps)] if text.strip() else []
        except ScriptError as fault:
            faults.append(str(fault))
    _refuse(faults)
    return steps


def _refuse(faults: Sequence[str]) -> None:
    if faults:
        raise ScriptError("; ".join(faults))


def _misfit(step: Step, known: Collection[str], first: date, last: date) -> Iterator[str]:
    """Why a step cannot be played in this world and on these days."""
    if step.who not in known:
        yield f"{step.who} is not in the roster: add a row for them"
    if not first <= step.at.date() <= last:
        days = f"write one from {first} to {last}, or move --from and --until"
        yield f"{step.at} is outside the days played: {days}"


def _step(number: int, text: str, zone: str, before: Sequence[Step]) -> Step:
    try:
        raw = json.loads(text)
        at = datetime.fromisoformat(raw["at"])
        who, say, press = raw["as"], raw.get("say"), raw.get("press")
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        example = '{"at":"2026-09-03T13:05","as":"anna@x.se","say":"status"}'
        raise ScriptError(f"script line {number}: write it like {example}") from error
    if not isinstance(who, str) or (say is None) == (press is None):
        raise ScriptError(f"script line {number}: needs 'as' and one of 'say' and 'press'")
    if not isinstance(say if say is not None else press, str):
        raise ScriptError(f"script line {number}: 'say' and 'press' are texts")
    at = to_local(at, zone) if at.tzinfo else at
    if before and at < before[-1].at:
        raise ScriptError(f"script line {number}: earlier than the line before it; sort the lines by 'at'")
    return Step(number, at, who.casefold(), say, press)


class Simulation:
    """One run. `emit` gets every message as the object of contracts.md, in time order."""

    def __init__(self, zone: str, emit: Callable[[dict[str, Any]], None]) -> None:
        self._zone = zone
        self._emit = emit
        self._engine: Engine = open_engine("sqlite://")
        migrate(self._engine)
        self._buttons: dict[str, list[Button]] = {}

    def close(self) -> None:
        """Let go of the in-memory database."""
        self._engine.dispose()

    def run(self, roster: Path, steps: Sequence[Step], first: date, last: date) -> dict[str, Any]:
        """Play from 00:00 of the first day to the end of the last; returns how it stands on that last day.

        Raises RosterError and ScriptError before anything is played, or at a button that was never sent.
        """
        clock = MovableClock(midnight(first, self._zone))
        self._enrol(roster, clock())
        self._check(steps, first, last)
        # The last day is lived to its end; the next one, with what passes at its midnight, is not begun.
        until = midnight(last + timedelta(days=1), self._zone) - timedelta(seconds=1)
        asyncio.run(self._play(clock, steps, until))
        return {"standing": self._standing(clock())}

    def _enrol(self, roster: Path, now: datetime) -> None:
        lines = read_file(roster)
        with writing(self._engine) as session:
            changes = apply_roster(session, check(lines, is_supervisor(session)), now, self._zone)
            apply_leaves(session, leaves_of(lines), now, changes)
            for person in session.exec(select(Person)).all():
                session.add(
                    Identity(
                        person_id=person.id or 0,
                        platform="sim",
                        external_id=person.email,
                        chat=person.email,
                        linked_at=now,
                    )
                )

    def _check(self, steps: Sequence[Step], first: date, last: date) -> None:
        with reading(self._engine) as session:
            known = set(session.exec(select(Person.email)).all())
        misfits = ((step.line, fault) for step in steps for fault in _misfit(step, known, first, last))
        _refuse([f"script line {line}: {fault}" for line, fault in misfits])

    async def _play(self, clock: MovableClock, steps: Sequence[Step], until: datetime) -> None:
        delivery = Delivery(
            self._engine, {"sim": Sim()}, clock, self._zone, watch=self._saw, spread=lambda: 1.0
        )
        for step in steps:
            at = to_utc(step.at, self._zone)
            await pass_time(self._engine, clock, delivery, self._zone, at)
            self._do(step, clock())
            await delivery.drain()
        await pass_time(self._engine, clock, delivery, self._zone, until)

    def _do(self, step: Step, now: datetime) -> None:
        receive(self._engine, self._incoming(step, now), now, self._zone)

    def _incoming(self, step: Step, now: datetime) -> Incoming:
        sender = Sender("sim", step.who, address=step.who)
        key = f"script:{step.line}"
        if step.press is None:
            return Incoming(sender, key, now, text=step.say or "", message_ref=key)
        return Incoming(sender, key, now, kind=IncomingKind.PRESS, press=self._button(step))

    def _button(self, step: Step) -> str:
        sent = self._buttons.get(step.who, [])
        found = next((button for button in reversed(sent) if button.label == step.press), None)
        if found is None:
            labels = ", ".join(dict.fromkeys(button.label for button in sent)) or "none"
            told = f"{step.who} was sent no button {step.press!r}; sent so far: {labels}"
            raise ScriptError(f"script line {step.line}: {told}")
        return found.press

    def _saw(self, delivered: Delivered) -> None:
        who = delivered.to.external_id
        self._buttons.setdefault(who, []).extend(delivered.message.buttons)
        with reading(self._engine) as session:
            self._emit(about_of(session, delivered, self._zone))

    def _standing(self, now: datetime) -> dict[str, Any]:
        with reading(self._engine) as session:
            return dict(_all_standings(session, now))


def _all_standings(session: Session, now: datetime) -> Iterator[tuple[str, dict[str, Any]]]:
    people = session.exec(
        select(Trainee, Person)
        .join(Person, col(Person.id) == col(Trainee.person_id))
        .order_by(col(Person.email))
    ).all()
    for trainee, person in people:
        asked = watched(load(session, trainee.id or 0, now).rulebook.requirements.values())
        yield person.email, _by_requirement(asked, rows_of(session, trainee.id or 0))


def _by_requirement(asked: Iterable[Requirement], rows: Sequence[Standing]) -> dict[str, Any]:
    """A line for each requirement, also for what nothing has asked for yet (a placement's, with none).

    Of what there are several of (placements) each by `key/occasion`, and the most pressing by its key.
    """
    idle = {requirement.key: _IDLE for requirement in asked}
    pressing = sorted(rows, key=lambda row: (describe.SIGNS.index(row.state), row.due_on or date.max))
    found = idle | {row.requirement: _told(row) for row in reversed(pressing)}
    return found | {f"{row.requirement}/{row.occasion}": _told(row) for row in rows if row.occasion}


_IDLE: Final = {"state": "not_applicable", "due_on": None, "last_on": None, "done": 0, "required": 0}


def _told(row: Standing) -> dict[str, Any]:
    return {
        "state": row.state,
        "due_on": row.due_on.isoformat() if row.due_on else None,
        "last_on": row.last_on.isoformat() if row.last_on else None,
        "done": row.done,
        "required": row.required,
    }
