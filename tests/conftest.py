"""Fixtures every layer shares: the databases, and the world on them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.support.databases import database, postgres
from tests.support.world import World


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A migrated, empty database: the test runs once on each engine."""
    with database(request.param, tmp_path) as made:
        yield made


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Engine]:
    """A migrated, empty SQLite file."""
    with database("sqlite", tmp_path) as made:
        yield made


@pytest.fixture
def world(sqlite: Engine) -> World:
    """The made-up world on a SQLite file, on a Monday morning."""
    return World(sqlite)


def pytest_sessionfinish() -> None:
    """Stop the PostgreSQL that was started for the tests, if one was."""
    if postgres.cache_info().currsize:
        postgres().stop()
