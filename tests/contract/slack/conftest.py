from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from tests.contract.slack.host import APP_TOKEN, SECRET, TOKEN, Clock, Ear, Host, serving
from tests.fakes.process import Fake, start
from tests.fakes.slack_driver import SlackDriver


@dataclass(frozen=True, slots=True)
class World:
    """A host, the fake Slack it speaks to, and the driver that speaks to it as Slack."""

    host: Host
    fake: Fake
    driver: SlackDriver

    @property
    def ear(self) -> Ear:
        return self.host.ear

    @property
    def clock(self) -> Clock:
        return self.host.clock

    def fault(self, method: str, kind: str, **more: Any) -> None:
        fault = {"method": method, "kind": kind} | more
        httpx.post(f"{self.fake.url}/control/fault", json=fault, trust_env=False).raise_for_status()

    def calls(self, method: str) -> list[dict[str, Any]]:
        return [line for line in self.fake.seen() if line["method"] == method]


@pytest.fixture(scope="session")
def slack_process() -> Iterator[Fake]:
    fake = start("tests.fakes.slack_fake", TOKEN, APP_TOKEN)
    yield fake
    fake.stop()


@pytest.fixture(scope="session")
def shared_world(slack_process: Fake) -> Iterator[World]:
    host = Host(slack_process.url + "/api/")
    with serving(host) as url:
        driver = SlackDriver(url, SECRET, host.clock)
        yield World(host, slack_process, driver)
        driver.close()


@pytest.fixture
def world(shared_world: World) -> World:
    """The one running world, as new: nothing heard, nothing seen, no fault set."""
    shared_world.host.ear.__init__()  # type: ignore[misc]
    shared_world.host.clock.__init__()  # type: ignore[misc]
    httpx.post(f"{shared_world.fake.url}/control/reset", json={}, trust_env=False).raise_for_status()
    shared_world.fake.log_path.write_text("")
    return shared_world
