"""The page moves the virtual clock, and every open page sees it move."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from .demo import STINA, Running
from .events import opened


def test_a_step_answers_when_what_fell_due_is_shown(here: Running, client: httpx.Client) -> None:
    with opened(client, STINA) as stream:
        stream.until("ready")
        answer = client.post("/api/clock", json={"days": 3})
        assert answer.json() == {"now": "2026-11-23T08:00+01:00", "moving": False}
        message = stream.message()
    assert message["text"].startswith("Måndagens översikt")
    assert message["at"] == "2026-11-23T08:00:00+01:00"


def test_a_second_step_waits_its_turn(here: Running, client: httpx.Client) -> None:
    here.demo.gate = threading.Event()
    with opened(client, STINA) as stream, ThreadPoolExecutor() as pool:
        stream.until("ready")
        first = pool.submit(client.post, "/api/clock", json={"days": 1})
        assert stream.until("clock")[-1].data == {"now": "2026-11-20T09:30+01:00", "moving": True}
        assert client.post("/api/clock", json={"days": 1}).status_code == 409
        here.demo.gate.set()
        assert first.result(timeout=30).status_code == 200
        clocks = [event.data for event in stream.until("happening") if event.kind == "clock"]
        assert all(clock["moving"] or clock["now"].startswith("2026-11-21") for clock in clocks)


@pytest.mark.parametrize(
    ("days", "status"), [(0, 400), (1, 200), (366, 200), (367, 400), ("1", 400), (-1, 400)]
)
def test_a_step_is_one_day_to_a_year(client: httpx.Client, days: object, status: int) -> None:
    assert client.post("/api/clock", json={"days": days}).status_code == status
