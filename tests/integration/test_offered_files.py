"""Files that are offered in Teams wait in the database, for every replica, and no copy of it opens them."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from bot.clock import MovableClock
from bot.platforms.contract import SendError
from bot.platforms.teams_files import Offers
from bot.shelf import Shelf
from handlers.message import File
from schedules.tick import tidy
from storage.engine import writing
from storage.offers import LASTS
from storage.tables import OfferedFile

BOOK = File("översikt.xlsx", b"PK-canary-innehall\n" * 20, "application/xlsx")
ANNA, BO = "aaaaaaaa-0000-4000-8000-000000000001", "aaaaaaaa-0000-4000-8000-000000000002"


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock(datetime(2026, 11, 23, 9, tzinfo=UTC))


def offers(engine: Engine, clock: MovableClock) -> Offers:
    return Offers(Shelf(engine, clock))


def offer(made: Offers) -> str:
    post: Any = asyncio.run(made.make(BOOK, ANNA, "sv"))
    return str(post.attachments[0].content["acceptContext"]["offer"])


def test_another_replica_hands_it_over_once_and_to_that_person_alone(
    engine: Engine, clock: MovableClock
) -> None:
    key = offer(offers(engine, clock))
    other = offers(engine, clock)
    assert asyncio.run(other.take(key, BO)) is None
    assert asyncio.run(other.take(key, ANNA)) == BOOK
    assert asyncio.run(other.take(key, ANNA)) is None


def test_a_copy_of_the_database_opens_nothing(sqlite: Engine, tmp_path: Path, clock: MovableClock) -> None:
    key = offer(offers(sqlite, clock))
    held = b"".join(file.read_bytes() for file in tmp_path.iterdir() if file.is_file())
    assert b"offered_file" in held
    for secret in (key.encode(), b"canary", "översikt".encode(), ANNA.encode()):
        assert secret not in held


def test_an_offer_lasts_a_day_and_leaves_nothing_behind(sqlite: Engine, clock: MovableClock) -> None:
    made = offers(sqlite, clock)
    first, second = offer(made), offer(made)
    clock.move_to(clock() + LASTS - timedelta(seconds=1))
    tidy(sqlite, clock())
    assert asyncio.run(made.take(first, ANNA)) == BOOK
    clock.move_to(clock() + timedelta(seconds=1))
    assert asyncio.run(made.take(second, ANNA)) is None
    tidy(sqlite, clock())
    with writing(sqlite) as session:
        assert session.exec(select(OfferedFile)).all() == []


@pytest.mark.parametrize("key", ["", "x", "å", "A" * 44, "=" * 44, "\udc00"])
def test_a_key_that_was_made_up_opens_nothing(sqlite: Engine, clock: MovableClock, key: str) -> None:
    made = offers(sqlite, clock)
    offer(made)
    assert asyncio.run(made.take(key, ANNA)) is None


def test_a_database_that_is_away_is_a_send_that_was_not_made(sqlite: Engine, clock: MovableClock) -> None:
    with writing(sqlite) as session:
        session.connection().exec_driver_sql("DROP TABLE offered_file")
    with pytest.raises(SendError) as caught:
        offer(offers(sqlite, clock))
    assert [kind for kind in ("perhaps", "permanent", "refused") if getattr(caught.value, kind)] == []
    assert "canary" not in str(caught.value)
