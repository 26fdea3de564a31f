"""One contract, every platform."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from tests.contract.benches import bench_of
from tests.contract.suite import Bench, Contract


@pytest.fixture(params=["slack", "telegram", "teams", "matrix", "web"])
def bench(request: pytest.FixtureRequest, sqlite: Engine) -> Iterator[Bench]:
    with bench_of(request.param, sqlite) as made:
        yield made  # type: ignore[misc]  # each subclass is one


class TestEveryPlatform(Contract):
    """Slack, Telegram, Teams, Matrix and the demo's page."""
