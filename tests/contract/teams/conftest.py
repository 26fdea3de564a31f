from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from tests.contract.teams.host import Clock, Ear, Host, serving
from tests.fakes.process import Fake, start
from tests.fakes.teams_driver import CLIENT_ID, SECRET, TENANT, TeamsDriver


@dataclass(frozen=True, slots=True)
class World:
    """A host, the fake Teams it speaks to, and the driver that speaks to it as Teams."""

    host: Host
    fake: Fake
    driver: TeamsDriver

    @property
    def ear(self) -> Ear:
        return self.host.ear

    @property
    def clock(self) -> Clock:
        return self.host.clock

    def control(self, name: str, **args: Any) -> None:
        httpx.post(f"{self.fake.url}/control/{name}", json=args, trust_env=False).raise_for_status()

    def fault(self, method: str, kind: str, **more: Any) -> None:
        self.control("fault", method=method, kind=kind, **more)

    def calls(self, method: str) -> list[dict[str, Any]]:
        return self.fake.seen(method=method)

    def wait_for(self, method: str, calls: int) -> None:
        """Until the fake has seen so many calls."""
        for _ in range(3000):
            if len(self.calls(method)) >= calls:
                return
            threading.Event().wait(0.01)
        pytest.fail(f"waited in vain for {method}")


@pytest.fixture(scope="session")
def teams_process() -> Iterator[Fake]:
    fake = start("tests.fakes.teams_fake", CLIENT_ID, SECRET, TENANT)
    yield fake
    fake.stop()


@pytest.fixture
def another(teams_process: Fake) -> Iterator[Callable[..., World]]:
    """Makes worlds with a host of their own, which has fetched no key and no token yet."""
    httpx.post(f"{teams_process.url}/control/reset", json={}, trust_env=False).raise_for_status()
    with ExitStack() as stack:

        def make(**settings: Any) -> World:
            host = Host(teams_process.url, **settings)
            url = stack.enter_context(serving(host))
            driver = TeamsDriver(url, teams_process, host.clock)
            stack.callback(driver.close)
            return World(host, teams_process.from_now_on(), driver)

        yield make


@pytest.fixture(scope="session")
def shared_world(teams_process: Fake) -> Iterator[World]:
    host = Host(teams_process.url)
    with serving(host) as url:
        driver = TeamsDriver(url, teams_process, host.clock)
        yield World(host, teams_process, driver)
        driver.close()


@pytest.fixture
def world(shared_world: World) -> World:
    """The one running world, as new: nothing heard, nothing seen, no fault set."""
    shared_world.ear.__init__()  # type: ignore[misc]
    shared_world.clock.__init__()  # type: ignore[misc]
    shared_world.control("reset")
    return World(shared_world.host, shared_world.fake.from_now_on(), shared_world.driver)
