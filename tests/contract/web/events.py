"""Reading the page's stream of events."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx


@dataclass(frozen=True)
class Event:
    """One event: its type, its data and its number ("" where it has none)."""

    kind: str
    data: dict[str, Any]
    number: str


class Stream:
    """An open stream; every read waits for what it asks for."""

    def __init__(self, response: httpx.Response) -> None:
        self._lines = response.iter_lines()

    def next(self) -> Event:
        said: dict[str, str] = {}
        for line in self._lines:
            if not line and "event" in said:
                return Event(said["event"], json.loads(said["data"]), said.get("id", ""))
            name, _, value = line.partition(": ")
            said[name] = value
        raise EOFError

    def until(self, kind: str) -> list[Event]:
        """Every event up to and with the first of that kind."""
        events = [self.next()]
        while events[-1].kind != kind:
            events.append(self.next())
        return events

    def message(self) -> dict[str, Any]:
        """The next message's data."""
        return self.until("message")[-1].data


@contextmanager
def opened(client: httpx.Client, *people: str, after: str = "") -> Iterator[Stream]:
    """The stream for those people, as a browser that was last shown `after` opens it."""
    headers = {"last-event-id": after} if after else {}
    with client.stream("GET", "/events", params={"to": people}, headers=headers) as response:
        assert response.status_code == 200
        assert response.headers["content-type"].startswith("text/event-stream")
        yield Stream(response)


def shown(client: httpx.Client, *people: str) -> list[dict[str, Any]]:
    """What a freshly opened page shows for those people, in the windows' order."""
    with opened(client, *people) as stream:
        messages = [event.data for event in stream.until("ready") if event.kind == "message"]
    return sorted(messages, key=lambda message: message["place"])
