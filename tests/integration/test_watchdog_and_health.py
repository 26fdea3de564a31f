"""Whoever watches from outside: a sign of life after each tick, health, and readiness."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import httpx
import pytest
import structlog
from sqlalchemy import event
from sqlmodel import select
from structlog.testing import capture_logs

from bot.health import DEAF, FULL, OLDEST_PENDING, OLDEST_TICK, Health
from bot.host import House, build
from bot.logs import failed
from bot.watchdog import Watchdog
from storage.engine import writing
from storage.tables import Outbox, OutboxState
from tests.support.world import ZONE, World

TICKLESS = ["no tick for a while"]


@contextmanager
def listener() -> Iterator[tuple[str, list[str]]]:
    """A watchdog's address, and the paths that were asked for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: Any) -> None: ...

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/ping/made-up", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def pulsed(url: str, problem: str, problems: list[str]) -> None:
    async def scenario() -> None:
        watchdog = Watchdog(url, lambda: problems)
        watchdog.pulse(problem)
        await asyncio.gather(*watchdog._tasks)
        await watchdog.stop()

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("problem", "problems", "path"),
    [
        ("", [], "/ping/made-up"),
        ("tick failed", [], "/ping/made-up/fail"),
        ("", ["no tick"], "/ping/made-up/fail"),
    ],
)
def test_a_watchdog_hears_how_it_is(problem: str, problems: list[str], path: str) -> None:
    with listener() as (url, asked):
        pulsed(url, problem, problems)
        assert asked == [path]


@pytest.mark.parametrize("url", ["", "http://127.0.0.1:9/ping", "http://[", "no address"])
def test_a_dead_watchdog_or_none_hurts_nobody(url: str) -> None:
    pulsed(url, "", [])


def test_each_beat_is_told_to_it(world: World) -> None:
    with listener() as (url, asked):

        async def scenario() -> None:
            house = build(world.engine, world.clock, ZONE, [], beats=False, watchdog_url=url)
            await house.metronome.beat()
            watchdog: Watchdog = house.metronome.pulse.__self__  # type: ignore[attr-defined]
            await asyncio.gather(*watchdog._tasks)

        asyncio.run(scenario())
        assert asked == ["/ping/made-up"]


async def asked(house: House, path: str) -> httpx.Response:
    """A page of a house whose platforms have not started."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=house.app), base_url="http://x") as client:
        return await client.get(path)


def asked_of(house: House, *paths: str) -> list[int]:
    """The statuses of some pages while the house is open."""

    async def scenario() -> list[int]:
        transport = httpx.ASGITransport(app=house.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
            before = (await client.get("/readyz")).status_code
            async with house.app.router.lifespan_context(house.app):
                during = [(await client.get(path)).status_code for path in paths]
            return [before, *during, (await client.get("/readyz")).status_code]

    return asyncio.run(scenario())


def test_it_is_ready_from_its_start_until_it_begins_to_stop(world: World) -> None:
    house = build(world.engine, world.clock, ZONE, [], beats=False)
    assert asked_of(house, "/readyz", "/healthz", "/metrics") == [503, 200, 200, 200, 503]


def test_what_waits_to_be_sent_is_ill_health_but_no_reason_to_take_no_more(world: World) -> None:
    house = build(world.engine, world.clock, ZONE, [], beats=False)
    health = Health(world.engine, world.clock, house.metronome)
    world.take(world.incoming("anna", "status"))
    world.clock.move_to(world.clock() + OLDEST_PENDING)
    assert health.problems() == []
    world.clock.move_to(world.clock() + OLDEST_PENDING / 100)
    assert health.problems() == ["messages wait to be sent"]
    health.is_open = True
    assert asyncio.run(health.readyz(None)).status_code == 200  # type: ignore[arg-type]


@pytest.mark.parametrize(("ticked", "problems"), [(1.0, []), (-1.0, []), (1.01, TICKLESS), (-1.01, TICKLESS)])
def test_no_tick_for_a_while_is_ill_health_also_when_the_clock_was_put_back(
    world: World, ticked: float, problems: list[str]
) -> None:
    """The scheduler waits for its next moment on the clock, however far that is put back."""
    house = build(world.engine, world.clock, ZONE, [], beats=False)
    house.metronome.last_tick = world.clock() - OLDEST_TICK * ticked
    assert Health(world.engine, world.clock, house.metronome).problems() == problems


@pytest.mark.parametrize(("days", "count"), [(7, "1.0"), (7.01, "0.0")])
def test_the_metrics_tell_what_did_not_arrive_within_a_week(world: World, days: float, count: str) -> None:
    world.take(world.incoming("anna", "status"))
    with writing(world.engine) as session:
        (row,) = session.exec(select(Outbox)).all()
        row.state, row.ended_at = OutboxState.FAILED, world.clock()
        session.add(row)
    world.clock.move_to(world.clock() + timedelta(days=days, seconds=-1))
    house = build(world.engine, world.clock, ZONE, [], beats=False)
    told = asyncio.run(asked(house, "/metrics")).text
    assert f'handledd_undelivered{{state="failed"}} {count}' in told
    assert 'handledd_outbox{state="failed"} 1.0' in told


def test_without_its_database_it_is_neither_well_nor_ready(world: World) -> None:
    house = build(world.engine, world.clock, ZONE, [], beats=False)
    health = Health(world.engine, world.clock, house.metronome)
    health.is_open = True
    with world.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE inbox RENAME TO gone")
    assert health.problems() == [DEAF]
    assert asyncio.run(health.readyz(None)).status_code == 503  # type: ignore[arg-type]


def _never_written(made: sqlite3.Connection, _: object) -> None:
    """A connection for reading that stays one, also where the engine would let it write again."""
    made.execute("PRAGMA query_only=ON")
    made.set_authorizer(
        lambda action, name, *_more: (
            sqlite3.SQLITE_IGNORE
            if (action, name) == (sqlite3.SQLITE_PRAGMA, "query_only")
            else sqlite3.SQLITE_OK
        )
    )


def test_a_database_that_takes_no_writes_is_no_health(world: World) -> None:
    """A full disk, a standby that was not promoted. What can be read is still worth asking for."""
    house = build(world.engine, world.clock, ZONE, [], beats=False)
    health = Health(world.engine, world.clock, house.metronome)
    world.engine.dispose()
    event.listen(world.engine, "connect", _never_written)
    assert health.problems() == [FULL]
    with capture_logs() as said:
        assert asked_of(house, "/healthz", "/readyz") == [503, 503, 200, 503]  # and it stops well
    rounds = [line for line in said if line["event"] == "delivery_round_failed"]
    assert rounds
    assert all(line["error"] == "OperationalError" and "exc_info" not in line for line in rounds)


def test_a_fault_of_our_own_is_said_with_where_it_happened_and_without_what_it_quotes() -> None:
    with capture_logs() as said:
        try:
            int("Anna Bergs ord")
        except ValueError as error:
            failed(structlog.get_logger(), "tick_failed", error)
    (line,) = said
    assert line["error"] == "ValueError"
    assert line["at"].startswith("test_watchdog_and_health.py:")
    assert "Anna" not in str(said)


def test_health_is_told_while_all_that_is_said_waits_for_the_database(world: World) -> None:
    free = threading.Event()

    async def scenario() -> int:
        house = build(world.engine, world.clock, ZONE, [], beats=False)
        loop = asyncio.get_running_loop()
        loop.set_default_executor(ThreadPoolExecutor(1))
        line = loop.run_in_executor(None, free.wait)
        try:
            return (await asyncio.wait_for(asked(house, "/healthz"), 30)).status_code
        finally:
            free.set()
            await line

    assert asyncio.run(scenario()) == 200


@pytest.mark.parametrize(
    ("path", "table"), [(f"/calendar/{'A' * 43}.ics", "calendar_feed"), ("/metrics", "outbox")]
)
def test_a_page_without_its_database_asks_to_come_again(world: World, path: str, table: str) -> None:
    house = build(world.engine, world.clock, ZONE, [], beats=False)
    with world.engine.begin() as connection:
        connection.exec_driver_sql(f"ALTER TABLE {table} RENAME TO gone")
    answer = asyncio.run(asked(house, path))
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "60")
    assert table not in answer.text


@pytest.mark.parametrize("path", ["/healthz/", f"/calendar/{'A' * 43}.ics/"])
def test_nobody_is_sent_on_to_an_address_that_a_proxy_did_not_guard(world: World, path: str) -> None:
    house = build(world.engine, world.clock, ZONE, [], beats=False)
    assert asyncio.run(asked(house, path)).status_code == 404


def test_the_night_counts_what_has_drifted(world: World) -> None:
    house = build(world.engine, world.clock, ZONE, [], beats=False)
    told: list[int] = []
    house.metronome.drifted = told.append
    world.tick()
    asyncio.run(house.metronome.check())
    with world.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE standing SET done = done + 7 WHERE id = 1")
    asyncio.run(house.metronome.check())
    assert told == [0, 1]
