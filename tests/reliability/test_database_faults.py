"""The database fails at its n-th call, for every n; is locked, or full.

What was not saved was not answered with "Sparat", is delivered again by the platform, and then has one effect
(N1). What came due is queued once whenever the tick failed (N2), and shown once, or twice and said so (N3).
"""

from __future__ import annotations

import asyncio
import itertools
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from sqlite3 import connect

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.exc import OperationalError

from bot import hearing
from bot.hearing import Hearing
from bot.ledger import LEASE
from handlers.message import Incoming, IncomingKind
from storage import engine as opened
from storage.tables import Entry, Inbox, Outbox, OutboxState
from tests.integration.test_delivery import Failing
from tests.reliability.failing import failing_at
from tests.reliability.sizes import SOAKING
from tests.support.databases import database
from tests.support.world import ZONE, World

TWICE = "två gånger"


def days(world: World) -> Iterator[str]:
    """Days to log on, none twice."""
    for back in itertools.count(1):
        yield f"{world.clock().date() - timedelta(days=back)}"


def effects(world: World) -> tuple[int, ...]:
    """How many rows there are of each sort that a message makes."""
    return tuple(len(world.rows(model)) for model in (Inbox, Entry, Outbox))


# --- what comes in


def log_a_session(world: World, day: str) -> Incoming:
    """A line that is saved, confirmed and counted."""
    return world.incoming("anna", f"handledning {day} 1h")


def undo_one(world: World, day: str) -> Incoming:
    """Taking back what was just said."""
    world.take(log_a_session(world, day))
    return world.incoming("anna", "ångra")


def confirm_one(world: World, day: str) -> Incoming:
    """The supervisor's tap."""
    world.say("anna", f"handledning {day} 1h")
    return world.incoming("eva", kind=IncomingKind.PRESS, press=world.button("eva", "Stämmer").press)


def book_a_series(world: World, _day: str) -> Incoming:
    """Bookings, their reminders and a file."""
    return world.incoming("anna", "boka varje torsdag 15:00")


DEEDS = (log_a_session, undo_one, confirm_one, book_a_series)


@pytest.mark.parametrize("deed", DEEDS, ids=lambda deed: deed.__name__)
def test_whichever_call_fails_nothing_is_half_done_and_the_next_delivery_does_it(
    engine: Engine, deed: Callable[[World, str], Incoming]
) -> None:
    world = World(engine)
    for n, day in zip(itertools.count(1), days(world), strict=False):
        said = deed(world, day)
        before = effects(world)
        with failing_at(engine, n) as fault, suppress(OperationalError):
            world.take(said)
        if not fault.failed:
            break
        assert effects(world) == before, f"call {n} left half of it"
        assert not world.take(said).repeated
        assert effects(world) != before
    assert n > 5  # else nothing was shown
    assert world.drift() == []


# --- what goes out


def at_noon(engine: Engine, platform: Failing) -> World:
    """A Thursday noon on which reminders are due."""
    world = World(engine, platform=platform)
    world.jump_to("2026-11-26T12:15")
    return world


def queued(world: World) -> Counter[tuple[str, str, str, str]]:
    """What has been queued, by what makes it one of its kind."""
    return Counter((row.recipient, row.kind, row.subject, row.step) for row in world.rows(Outbox))


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_whichever_call_of_a_tick_fails_the_next_one_queues_everything_once(
    tmp_path: Path, kind: str
) -> None:
    with database(kind, tmp_path) as engine:
        world = at_noon(engine, Failing())
        world.tick()
        wanted = queued(world)
    assert wanted
    for n in itertools.count(1):
        (folder := tmp_path / str(n)).mkdir()
        with database(kind, folder) as engine:
            world = at_noon(engine, Failing())
            with failing_at(engine, n) as fault, suppress(OperationalError):
                world.tick()
            world.tick()
            assert queued(world) == wanted, f"after call {n} failed"
            assert world.drift() == []
        if not fault.failed:
            break
    assert n > 5


def deliver_until_nothing_waits(world: World) -> None:
    """Every lease and back-off is waited for."""
    for _ in range(20):
        world.deliver()
        if not [row for row in world.rows(Outbox) if row.state == OutboxState.PENDING]:
            return
        world.clock.move_to(world.clock() + LEASE)
    raise AssertionError([row for row in world.rows(Outbox) if row.state == OutboxState.PENDING])


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_whichever_call_of_a_delivery_fails_each_message_ends_and_none_is_shown_thrice(
    tmp_path: Path, kind: str
) -> None:
    for n in itertools.count(1):
        (folder := tmp_path / str(n)).mkdir()
        platform = Failing()
        with database(kind, folder) as engine:
            world = at_noon(engine, platform)
            world.tick()
            world.take(world.incoming("anna", "hjälp"))
            with failing_at(engine, n) as fault, suppress(OperationalError):
                world.deliver()
            deliver_until_nothing_waits(world)
            check_shown(world, platform)
        if not fault.failed:
            break
    assert n > 10


def check_shown(world: World, platform: Failing) -> None:
    """Everything sent was shown once, or once more with the warning; reminders never twice."""
    assert [
        row.reason for row in world.rows(Outbox) if row.state != OutboxState.SENT and not row.reason
    ] == []
    first = Counter(line for line in platform.shown if TWICE not in line[1])
    again = Counter(to for to, text in platform.shown if TWICE in text)
    assert set(first.values()) == {1}
    assert set(again.values()) <= {1}
    nudges = [row for row in world.rows(Outbox) if row.kind == "nudge"]
    assert {row.state for row in nudges} <= {OutboxState.SENT, OutboxState.UNCERTAIN}


# --- locked


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Somebody else writes, and does not end."""
    with closing(connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@pytest.mark.parametrize("seconds", (1, 4) if SOAKING else (0.5,))
def test_a_short_lock_is_waited_for(sqlite: Engine, tmp_path: Path, seconds: float) -> None:
    world = World(sqlite)
    with ThreadPoolExecutor(1) as pool:
        with locked(tmp_path / "test.sqlite"):
            saving = pool.submit(world.take, world.incoming("anna", "handledning igår 1h"))
            time.sleep(seconds)  # too short for it to have come so far changes nothing
            assert world.rows(Entry) == []  # a reader waits for nobody
            assert not saving.done()
        assert saving.result(60).message.text.startswith("Sparat:")


def test_a_lock_that_does_not_end_is_an_error_and_the_next_delivery_is_saved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not SOAKING:  # then for as long as it is in truth, three times
        monkeypatch.setattr(opened, "BUSY_MS", 200)
    with database("sqlite", tmp_path) as engine:
        world = World(engine)
        said = world.incoming("anna", "handledning igår 1h")
        with locked(tmp_path / "test.sqlite"):
            for _ in range(3):
                with pytest.raises(OperationalError, match="locked"):
                    world.take(said)
        assert world.take(said).message.text.startswith("Sparat:")
        assert effects(world)[:2] == (1, 1)


def test_who_waited_too_long_for_a_thread_is_refused_and_saved_when_it_comes_again(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World(engine)
    hear = Hearing(engine, world.clock, ZONE, world.delivery)
    said, before = world.incoming("anna", "handledning igår 1h"), effects(world)
    with monkeypatch.context() as late:
        late.setattr(hearing, "PATIENCE", 0.0)
        with pytest.raises(OperationalError, match="patience"):
            asyncio.run(hear(said))
    assert effects(world) == before
    assert asyncio.run(hear(said)).message.text.startswith("Sparat:")


# --- full


@contextmanager
def full(engine: Engine, file: Path) -> Iterator[None]:
    """No page more than the file has now, on every connection."""
    with closing(connect(file)) as looking:
        pages = looking.execute("PRAGMA page_count").fetchone()[0]

    def limit(connection: object, _record: object) -> None:
        connection.execute(f"PRAGMA max_page_count={pages}")  # type: ignore[attr-defined]

    event.listen(engine, "connect", limit)
    engine.dispose()
    try:
        yield
    finally:
        event.remove(engine, "connect", limit)
        engine.dispose()


def test_on_a_full_disk_what_is_not_saved_is_not_called_saved(sqlite: Engine, tmp_path: Path) -> None:
    world, file = World(sqlite), tmp_path / "test.sqlite"
    updates = [world.incoming("anna", f"handledning {day} 1h") for day in itertools.islice(days(world), 100)]
    with full(sqlite, file), pytest.raises(OperationalError, match="full"):
        deque(map(world.take, updates), maxlen=0)
    saved = len(world.rows(Entry))
    assert saved < len(updates)
    again = [world.take(update) for update in updates]
    assert [reply.repeated for reply in again] == [True] * saved + [False] * (100 - saved)
    assert {reply.message.text.split(":")[0] for reply in again} == {"Sparat"}
    assert len(world.rows(Entry)) == 100
    assert world.drift() == []
    with closing(connect(file)) as looking:
        assert looking.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
