"""The page behind a real server, and a plain client for it."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from .demo import Demo, Running, running


@pytest.fixture
def here() -> Iterator[Running]:
    with running(Demo()) as server:
        yield server


@pytest.fixture
def client(here: Running) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=here.url, timeout=30, trust_env=False) as connected:
        yield connected
