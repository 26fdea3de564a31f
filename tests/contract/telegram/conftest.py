"""The fake Telegram, a process of its own for each test that needs an untouched one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.contract.telegram.running import TOKEN
from tests.fakes import process
from tests.fakes.process import Fake


@pytest.fixture
def fake() -> Iterator[Fake]:
    running = process.start("tests.fakes.telegram_fake", TOKEN)
    yield running
    running.stop()
