"""`handledd demo` from the outside: where it listens, what it says, and what it leaves behind."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.acceptance.demo import DemoProcess
from tests.acceptance.test_run import listeners


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[DemoProcess]:
    made = DemoProcess(tmp_path)
    made.ready()
    yield made
    made.end()


def test_its_address_is_said_while_it_serves_to_whoever_reads_it(demo: DemoProcess) -> None:
    assert demo.process.stdout
    pipe = demo.process.stdout.fileno()
    os.set_blocking(pipe, False)  # what is there already, for the page has answered
    assert f"handledd demo: {demo.url}/" in os.read(pipe, 4096).decode()


def test_it_serves_its_page_to_this_machine_only(demo: DemoProcess) -> None:
    assert "handledd" in httpx.get(demo.url).text
    assert listeners(demo.process.pid) == {"127.0.0.1"}
    assert httpx.get(demo.url, headers={"host": "handledd.exempel.se"}).status_code == 403


@pytest.mark.parametrize("one", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
def test_it_ends_with_status_0_and_leaves_nothing_even_with_a_page_open(
    demo: DemoProcess, one: signal.Signals
) -> None:
    assert len(demo.folders()) == 1
    who = {"to": "anna.berg@exempel.se"}
    with httpx.stream("GET", f"{demo.url}/events", params=who, timeout=30) as page:
        assert "hello" in next(page.iter_text())
        assert demo.leave(one) == 0
    assert demo.folders() == []
    assert demo.end() == ""


def test_each_start_is_a_fresh_one(demo: DemoProcess, tmp_path: Path) -> None:
    said = {"as": "anna.berg@exempel.se", "id": "00000001-a", "text": "handledning idag 1h etik"}
    assert httpx.post(f"{demo.url}/api/say", json=said).status_code == 200
    assert demo.leave(signal.SIGTERM) == 0
    again = DemoProcess(tmp_path, demo.port)
    again.ready()
    who = {"to": "anna.berg@exempel.se"}
    with httpx.stream("GET", f"{again.url}/events", params=who, timeout=30) as page:
        lines = page.iter_lines()
        seen = [line for line in iter(lines.__next__, "event: ready") if line.startswith("event: ")]
    assert "event: message" not in seen
    again.end()


def test_a_taken_port_is_one_line_and_status_2(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        demo = DemoProcess(tmp_path, port)
        assert demo.process.wait(60) == 2
    assert demo.end() == f"handledd: port {port} is taken: try handledd demo --port {port + 1}\n"
    assert demo.folders() == []
