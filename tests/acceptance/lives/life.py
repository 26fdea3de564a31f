"""Playing a life through the simulation, and picking out what was said of the headline requirements."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from tests.fakes.process import ROOT

DEADLINE = 300.0
"""Seconds after which a year that takes a few is given up; never waited for when all is well."""

Said = tuple[str, tuple[str, ...]]
"""The local moment ("2026-02-05T12:15") and the items said then ("supervision soon"), sorted."""


@dataclass(frozen=True, slots=True)
class Lived:
    """Every message in time order, and how it stood in the end."""

    messages: Sequence[dict[str, Any]]
    standing: dict[str, dict[str, Any]]

    def of(self, who: str, kind: str) -> list[dict[str, Any]]:
        """The messages of a kind that went to somebody."""
        return [m for m in self.messages if m["to"] == f"{who}@x.se" and m["kind"] == kind]

    def nudges(self, who: str, about: Iterable[str], trainee: str | None = None) -> list[Said]:
        """What somebody was reminded of, among some requirements, one row for each message."""
        wanted = set(about)
        found: list[Said] = []
        for message in self.of(who, "nudge"):
            items = sorted(
                f"{item['requirement']} {item['step']}"
                for item in message["items"]
                if item["requirement"] in wanted and item["trainee"] in (f"{trainee or who}@x.se",)
            )
            if items:
                found.append((message["at"][:16], tuple(items)))
        return found

    def all_nudges(self, who: str, trainee: str | None = None) -> list[Said]:
        """Everything somebody was reminded of, or what was about one trainee, one row for each message."""
        wanted = (f"{trainee}@x.se",) if trainee else None
        rows = [(m["at"][:16], self._items(m, wanted)) for m in self.of(who, "nudge")]
        return [row for row in rows if row[1]]

    @staticmethod
    def _items(message: dict[str, Any], trainees: tuple[str, ...] | None) -> tuple[str, ...]:
        told = (i for i in message["items"] if trainees is None or i["trainee"] in trainees)
        return tuple(sorted(f"{item['requirement']} {item['step']}" for item in told))

    def bundles(self) -> list[tuple[str, str]]:
        """To whom and on which day each bundle went."""
        return [(m["to"], m["at"][:10]) for m in self.messages if m["kind"] == "nudge"]


def live(folder: Path, roster: str, steps: Iterable[str], first: str, last: str) -> Lived:
    """Play a script ("2026-02-05T12:15 anna handledning idag 1h") from the first day to the last.

    By `handledd simulate` in a process of its own, as whoever tries a rulebook does.
    """
    (folder / "roster.csv").write_text(roster, encoding="utf-8")
    (folder / "script.jsonl").write_text("".join(map(_json, sorted(steps))), encoding="utf-8")
    *messages, closing = map(json.loads, simulate(folder, "--from", first, "--until", last, "--json"))
    return Lived(messages, closing["standing"])


def simulate(folder: Path, *options: str) -> list[str]:
    """The lines that the command prints for the roster and the script in a folder."""
    files = ("--roster", "roster.csv", "--script", "script.jsonl")
    played = subprocess.run(
        [sys.executable, "-m", "bot", "simulate", *files, *options],
        cwd=folder,
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "PYTHONWARNINGS": "error",
            "HOME": str(folder),
        },
        capture_output=True,
        encoding="utf-8",
        timeout=DEADLINE,
        check=False,
    )
    assert played.returncode == 0, played.stderr
    assert played.stderr == ""
    return played.stdout.splitlines()


def _json(line: str) -> str:
    at, who, what = line.split(" ", 2)
    verb = "press" if what.startswith("[") else "say"
    step = {"at": at, "as": f"{who}@x.se", verb: what.strip("[]")}
    return f"{json.dumps(step, ensure_ascii=False)}\n"


def weekly(who: str, first: str, last: str, but: Sequence[str] = ()) -> list[str]:
    """A log of supervision each week on the weekday of `first` at 11:00, but on some dates."""
    day, end = date.fromisoformat(first), date.fromisoformat(last)
    days = [day + timedelta(weeks=n) for n in range((end - day).days // 7 + 1)]
    return [f"{d}T11:00 {who} handledning idag 1h" for d in days if d.isoformat() not in but]
