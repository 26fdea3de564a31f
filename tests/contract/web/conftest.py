"""The page behind a real server, and a plain client for it."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.support.plain import plain

from .demo import Demo, Running, running


@pytest.fixture
def here() -> Iterator[Running]:
    with running(Demo()) as server:
        yield server


@pytest.fixture
def client(here: Running) -> Iterator[httpx.Client]:
    with plain(base_url=here.url) as connected:
        yield connected
