"""Fixtures every layer shares: the databases, and the world on them."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from bot import collector
from tests.support import synapse as matrix_server
from tests.support.databases import database, postgres
from tests.support.synapse import Synapse
from tests.support.world import World

LONGEST_FIRST = (
    "test_histories",
    "test_run_killed",
    "test_replicas",
    "test_traps",
    "test_histories_go_red",
    "test_database_faults",
    "test_load",
    "test_time",
    "test_golden_digests",
)
"""Files that take minutes: begun last, one of them would keep one core waiting for the other."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest; the rest in its order."""
    places = {name: place for place, name in enumerate(LONGEST_FIRST)}
    items.sort(key=lambda item: places.get(item.path.stem, len(places)))


def pytest_collection_finish() -> None:
    """Thousands of tests and all their modules stay until the end: no need to look at them over and over."""
    collector.serving()


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


@pytest.fixture(autouse=True)
def _as_loud_as_before() -> Iterator[None]:
    """A test that makes loggers louder, or quiets them, does so for itself alone."""
    before = {name: logger.level for name, logger in _loggers().items()}
    yield
    for name, logger in _loggers().items():
        logger.setLevel(before.get(name, logger.level))


def _loggers() -> dict[str, logging.Logger]:
    known = logging.root.manager.loggerDict.items()
    return {name: logger for name, logger in known if isinstance(logger, logging.Logger)}


@pytest.fixture
def world(sqlite: Engine) -> World:
    """The made-up world on a SQLite file, on a Monday morning."""
    return World(sqlite)


@pytest.fixture(scope="session")
def synapse() -> Synapse:
    """A real Matrix homeserver, installed and started by the first test that wants it."""
    return matrix_server.server()


def pytest_sessionfinish() -> None:
    """Stop the servers that were started for the tests, if any were."""
    for server in (matrix_server.proxy, matrix_server.server, postgres):
        if server.cache_info().currsize:
            server().stop()
