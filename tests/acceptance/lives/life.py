"""Playing a life through the simulation, and picking out what was said of the headline requirements."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from bot.simulation import Simulation, Step, read_script

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

    def bundles(self) -> list[tuple[str, str]]:
        """To whom and on which day each bundle went."""
        return [(m["to"], m["at"][:10]) for m in self.messages if m["kind"] == "nudge"]


def live(folder: Path, roster: str, steps: Iterable[str], first: str, last: str) -> Lived:
    """Play a script ("2026-02-05T12:15 anna handledning idag 1h") from the first day to the last."""
    file = folder / "roster.csv"
    file.write_text(roster, encoding="utf-8")
    messages: list[dict[str, Any]] = []
    simulation = Simulation("Europe/Stockholm", messages.append)
    try:
        script = read_script(_json(line) for line in sorted(steps))
        end = simulation.run(file, script, date.fromisoformat(first), date.fromisoformat(last))
    finally:
        simulation.close()
    return Lived(messages, end["standing"])


def _json(line: str) -> str:
    at, who, what = line.split(" ", 2)
    verb = "press" if what.startswith("[") else "say"
    return f'{{"at":"{at}","as":"{who}@x.se","{verb}":"{what.strip("[]")}"}}'


def weekly(who: str, first: str, last: str, but: Sequence[str] = ()) -> list[str]:
    """A log of supervision each week on the weekday of `first` at 11:00, but on some dates."""
    day, end = date.fromisoformat(first), date.fromisoformat(last)
    days = [day + timedelta(weeks=n) for n in range((end - day).days // 7 + 1)]
    return [f"{d}T11:00 {who} handledning idag 1h" for d in days if d.isoformat() not in but]


__all__ = ["Lived", "Said", "Step", "live", "weekly"]
