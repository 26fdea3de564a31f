"""Three units under a random history: what can be done to them, and what must hold after each deed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Engine, event
from sqlmodel import select

from bot.passing import pass_time
from schedules.drift import drifts
from schedules.lives.asked import nudge_subject
from schedules.recompute import recompute, trainees_of_unit
from schedules.rules.overrides import change, turn_back, turn_off
from schedules.rules.rulebook import RulebookError, shipped
from schedules.standings import refresh_many
from schedules.zone import to_local
from storage.engine import open_engine, reading, writing
from storage.tables import Outbox, OutboxState, Standing, Unit
from tests.support.databases import bare, migrated
from tests.support.world import ZONE, World

TRAINEES: Final = ("anna", "cia", "dag")
SUPERVISORS: Final = ("eva", "lars")
BOOKS: Final = tuple(shipped())
START: Final = "2026-11-23T09:00"
_NAMES: Final = {"anna": "Anna Berg", "cia": "Cia Strand", "dag": "Dag Alm"}
_UNITS: Final = {"anna": "Ekbacken", "cia": "Granlund", "dag": "Torpa"}
SNOOZE: Final = "Påminn om en vecka"
_MANY: Final = 4_000
"""Statements in one tick: three trainees never need so many, so a tick that says them never ends."""


class House:
    """A World on a database of its own, and the roster as it was last imported."""

    def __init__(self) -> None:
        self.engine = open_engine("sqlite://")
        bare(_furnished()).backup(bare(self.engine))
        self.world = World(self.engine, START, roster=None)
        self.units = dict(_UNITS)
        self.books = dict(_FIRST_BOOKS)
        self.supervisors: dict[str, str] = dict.fromkeys(TRAINEES, "eva")
        self.ends = dict.fromkeys(TRAINEES, "2031-01-11")
        self.snoozed = False

    @property
    def now(self) -> datetime:
        return self.world.clock()

    @property
    def local(self) -> datetime:
        return to_local(self.now, ZONE)

    def day(self, ahead: int) -> date:
        """The local date so many days from today."""
        return self.local.date() + timedelta(days=ahead)

    def labels(self, who: str) -> list[str]:
        """The labels of the buttons under the last few messages to somebody."""
        latest = self.world.to(who)[-4:]
        return list(dict.fromkeys(b.label for sent in latest for b in sent.message.buttons if b.press))

    def nudged(self) -> list[str]:
        """Who can put off a reminder."""
        return [who for who in (*TRAINEES, *SUPERVISORS) if SNOOZE in self.labels(who)]

    def press(self, who: str, label: str) -> None:
        """Somebody presses the newest button of a label."""
        self.snoozed |= label == SNOOZE
        self.world.press(who, label)

    def import_roster(self) -> None:
        """What the studierektor's secretary does after changing a line."""
        self.world.enrol(_roster(self.units, self.books, self.supervisors, self.ends))

    def set_own_rule(self, unit_name: str, key: str, parameters: Mapping[str, Any] | None) -> None:
        """Change a requirement for a unit; no parameters switch it off, empty ones let the book's hold."""
        # What does not fit the book of today is refused, and changes nothing.
        with suppress(RulebookError), writing(self.engine) as session:
            unit = session.exec(select(Unit).where(Unit.name == unit_name)).one()
            book = shipped()[unit.rulebook]
            if parameters is None:
                turn_off(book, unit, key, "prov")
            elif parameters:
                change(book, unit, key, parameters, "prov")
            else:
                turn_back(unit, key)
            session.add(unit)
            session.flush()
            recompute(session, trainees_of_unit(session, unit.id), self.now, "rules")

    def sleep(self, length: timedelta) -> None:
        """Time passes with the bot asleep; then it ticks once and says what is due."""
        self.world.clock.move_to(self.now + length)
        with bounded(self.engine):
            self.world.tick()
        self.assert_nothing_waits_for_the_tick()
        self.world.deliver()

    async def live(self, length: timedelta) -> None:
        """Time passes with the bot awake at each moment at which something is to be done."""
        await pass_time(self.engine, self.world.clock, self.world.delivery, ZONE, self.now + length)

    def close(self) -> None:
        self.engine.dispose()

    def assert_nothing_waits_for_the_tick(self) -> None:
        """Right after a tick every row looks ahead, or nowhere."""
        late = [
            (r.trainee_id, r.requirement, r.occasion, r.look_at)
            for r in self.world.rows(Standing)
            if r.look_at is not None and r.look_at <= self.now
        ]
        assert late == [], f"{self.local}: {late}"

    def assert_no_drift(self) -> None:
        """Every row says what the journal says, without any tick to help it."""
        with reading(self.engine) as session:
            assert list(drifts(session, self.now)) == []

    def assert_refreshing_again_changes_nothing(self) -> None:
        """`look_at` included: what a refresh leaves behind is what a refresh would make."""
        before = _pictured(self.world)
        with writing(self.engine) as session:
            refresh_many(session, trainees_of_unit(session, None), self.now, "time")
            after = {row.id: row.model_dump() for row in session.exec(select(Standing)).all()}
            session.rollback()
        changed = [(row, after.get(key)) for key, row in before.items() if row != after.get(key)]
        assert changed == []
        assert len(after) == len(before)

    def assert_one_bundle_a_day(self) -> None:
        """Nobody is nudged twice on one day."""
        days = Counter((sent.to, sent.at.date()) for sent in self.world.sent if sent.kind == "nudge")
        assert [day for day, count in days.items() if count > 1] == []

    def assert_everything_is_said_once(self) -> None:
        """A period's step is told to a person once; a snooze asks for the same words once more."""
        nudges = [row for row in self.world.rows(Outbox) if row.kind == "nudge"]
        told = Counter((row.recipient, row.subject, self._spell(row), row.step) for row in nudges)
        assert [key for key, count in told.items() if count > 1] == []

    def _spell(self, row: Outbox) -> str:
        return row.period if self.snoozed else row.period.partition("~")[0]

    def assert_what_waits_is_still_asked_for(self) -> None:
        """Nothing is queued about what is met, paused or asked for no more, nor of a spell that is over."""
        rows = {nudge_subject(r.trainee_id, r.requirement, r.occasion): r for r in self.world.rows(Standing)}
        waiting = [r for r in self.world.rows(Outbox) if (r.kind, r.state) == ("nudge", OutboxState.PENDING)]
        odd = [(told, rows[told.subject]) for told in waiting if not _is_so(told, rows[told.subject])]
        assert odd == [], self.local


def _is_so(told: Outbox, row: Standing) -> bool:
    return row.state in ("ok", "soon", "overdue") and told.facts["spell"] == row.period


_FIRST_BOOKS: Final = {
    "Ekbacken": "ostergotland-allmanmedicin",
    "Granlund": "skane-sjukhus",
    "Torpa": "sormland-primarvard",
}


@lru_cache(maxsize=1)
def _furnished() -> Engine:
    """The house at the start of every history: made once, copied for each."""
    engine = migrated()
    World(engine, START, _roster(_UNITS, _FIRST_BOOKS, dict.fromkeys(TRAINEES, "eva"), {}))
    return engine


def _roster(
    units: Mapping[str, str],
    books: Mapping[str, str],
    supervisors: Mapping[str, str],
    ends: Mapping[str, str],
) -> str:
    lines = ["email,name,role,unit,rulebook,supervisor,start,end"]
    for who in TRAINEES:
        unit, end = units[who], ends.get(who, "2031-01-11")
        line = f"{_NAMES[who]},trainee,{unit},{books[unit]},{supervisors[who]}@exempel.se,2026-01-12,{end}"
        lines.append(f"{who}@exempel.se,{line}")
    lines += [
        "eva@exempel.se,Eva Ek,supervisor,Ekbacken,,,,",
        "lars@exempel.se,Lars Lind,supervisor,Granlund,,,,",
    ]
    lines.append(f"siv@exempel.se,Siv Rektorsson,studierektor,{'|'.join(books)},,,,")
    return "\n".join(lines) + "\n"


def _pictured(world: World) -> dict[int | None, dict[str, Any]]:
    return {row.id: row.model_dump() for row in world.rows(Standing)}


@contextmanager
def bounded(engine: Engine) -> Iterator[None]:
    """Raise AssertionError when what runs inside says more statements than any tick of the house needs."""
    said = 0

    def count(*_: object) -> None:
        nonlocal said
        said += 1
        assert said < _MANY, "a tick that never ends"

    event.listen(engine, "before_cursor_execute", count)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", count)
