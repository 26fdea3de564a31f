"""Socket Mode: the same bodies through a connection of our own, acknowledged after the commit."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from handlers.message import IncomingKind
from tests.contract.slack.host import APP_TOKEN, Host, serving
from tests.fakes import slack_blockkit
from tests.fakes.process import Fake
from tests.fakes.slack_driver import command_body, direct, event_body, press
from tests.support.waiting import wait_for


class Line:
    """A host in Socket Mode only, and the fake at the other end."""

    def __init__(self, fake: Fake, host: Host) -> None:
        self.fake, self.host = fake, host

    def control(self, name: str, **args: Any) -> Any:
        return httpx.post(f"{self.fake.url}/control/{name}", json=args, timeout=60, trust_env=False).json()

    def send(self, kind: str, payload: dict[str, Any], **more: Any) -> str:
        """An envelope as Slack sends it; returns its id."""
        answers = kind != "events_api"
        envelope = {"type": kind, "payload": payload, "accepts_response_payload": answers} | more
        return str(self.control("envelope", **envelope)["envelope_id"])

    def acks(self) -> list[dict[str, Any]]:
        lines = [line for line in self.fake.seen() if line["method"] == "socket.ack"]
        assert all(line["accepted"] for line in lines)
        return [line["args"] for line in lines]

    def ack(self, envelope: str) -> dict[str, Any]:
        """The acknowledgement of an envelope, once it has come."""
        found = wait_for(lambda: [ack for ack in self.acks() if ack["envelope_id"] == envelope])
        return found[0]

    def count(self, method: str) -> int:
        return len([line for line in self.fake.seen() if line["method"] == method])


SOON = 0.5
"""Seconds between two tries to connect. The SDK takes for dead what has been silent for four of these: were
they shorter, a good connection too on a busy machine, and what was sent to it would be lost."""


@pytest.fixture
def line(slack_process: Fake) -> Iterator[Line]:
    httpx.post(f"{slack_process.url}/control/reset", json={}, trust_env=False).raise_for_status()
    host = Host(f"{slack_process.url}/api/", secret="", app_token=APP_TOKEN, ping_seconds=SOON)
    fake = slack_process.from_now_on()
    with serving(host):
        yield Line(fake, host)


def test_a_message_is_heard_and_acknowledged_without_a_payload(line: Line) -> None:
    envelope = line.send("events_api", event_body(direct("handledning idag 1h"), event_id="Ev1"))
    assert line.ack(envelope) == {"envelope_id": envelope}
    [heard] = line.host.ear.heard
    assert (heard.delivery_key, heard.text, heard.inline) == ("evt:Ev1", "handledning idag 1h", False)


def test_a_command_is_answered_in_its_acknowledgement(line: Line) -> None:
    envelope = line.send("slash_commands", command_body("/handledning", "idag 1h"))
    payload = line.ack(envelope)["payload"]
    assert payload["response_type"] == "ephemeral"
    slack_blockkit.check(payload["blocks"])
    assert slack_blockkit.shown(payload["blocks"]).startswith("Sparat: handledning")


def test_a_press_is_heard(line: Line) -> None:
    envelope = line.send("interactive", press("undo.1.2"))
    assert line.ack(envelope) == {"envelope_id": envelope}
    assert line.host.ear.heard[0].kind is IncomingKind.PRESS


def test_nothing_is_acknowledged_before_it_is_saved(line: Line) -> None:
    line.host.ear.gate = threading.Event()
    envelope = line.send("events_api", event_body(direct("hej")))
    assert line.host.ear.called.wait(60)
    assert line.acks() == []
    line.host.ear.gate.set()
    line.ack(envelope)


def test_what_was_not_saved_is_not_acknowledged_and_comes_again(line: Line) -> None:
    line.host.ear.error = RuntimeError("database is locked")
    envelope = line.send("events_api", event_body(direct("hej"), event_id="EvLost"))
    assert line.host.ear.called.wait(60)
    line.host.ear.error = None
    after = line.send("events_api", event_body(direct("hej igen")))
    line.ack(after)
    assert [ack["envelope_id"] for ack in line.acks()] == [after]
    line.send("events_api", event_body(direct("hej"), event_id="EvLost"), envelope_id=envelope)
    line.ack(envelope)
    assert [h.delivery_key for h in line.host.ear.heard].count("evt:EvLost") == 2


def test_a_body_that_is_none_of_ours_is_acknowledged_and_not_heard(line: Line) -> None:
    for payload in ({"type": "event_callback", "event": {}}, {"type": "unheard_of"}, {}):
        line.ack(line.send("events_api", payload))
    assert line.host.ear.heard == []


@pytest.mark.parametrize("how", ["refresh", "drop"])
def test_a_connection_that_ends_is_opened_anew(line: Line, how: str) -> None:
    wait_for(lambda: line.count("socket.connected") == 1)
    line.control(how)
    wait_for(lambda: line.count("socket.connected") == 2)
    wait_for(lambda: line.count("socket.closed") == 1)
    line.ack(line.send("events_api", event_body(direct("hej"))))


def test_a_slack_that_does_not_let_it_in_is_tried_again_and_told_of_once(
    slack_process: Fake, caplog: pytest.LogCaptureFixture
) -> None:
    fault = {"method": "apps.connections.open", "kind": "error", "error": "invalid_auth", "times": 3}
    httpx.post(f"{slack_process.url}/control/fault", json=fault, trust_env=False).raise_for_status()
    fake = slack_process.from_now_on()
    host = Host(f"{slack_process.url}/api/", secret="", app_token=APP_TOKEN, ping_seconds=SOON)
    with serving(host):
        line = Line(fake, host)
        line.ack(line.send("events_api", event_body(direct("hej"))))
    assert line.count("apps.connections.open") == 4
    told = [record for record in caplog.records if "Socket Mode" in record.message]
    assert [record.args for record in told] == [("invalid_auth",)]
    assert "canary" not in caplog.text


def test_without_a_signing_secret_nothing_is_taken_over_http(line: Line) -> None:
    assert line.host.slack.routes() == []


def test_what_is_under_way_is_finished_and_acknowledged_at_the_end(line: Line) -> None:
    line.host.ear.gate = threading.Event()
    envelope = line.send("events_api", event_body(direct("hej")))
    assert line.host.ear.called.wait(60)
    stopping = line.host.begin(line.host.slack.stop())
    line.host.ear.gate.set()
    stopping.result(60)
    line.ack(envelope)
