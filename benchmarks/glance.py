"""All goals in one table: what each came to, as the sections of docs/performance.md tell it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

_BLOCK: Final = re.compile(r"^`(?P<command>[^`]+)`.*?^```\n(?P<lines>.*?)^```$", re.DOTALL | re.MULTILINE)
_GOAL: Final = re.compile(
    r"(?P<before>[^\d;×]*)\b(?P<came>\d[\d.]*)(?P<told>[ ×%]{0,2}[^(×]*)\(goal (?P<goal>[\d.]+)[^)]*\)"
)
_TURNS: Final = re.compile(r", \d+ turns.*")
_AT_LEAST: Final = "as fast as"
_HEAD: Final = ("| what | came to | goal | |", "|---|---|---|---|")


class Goal(NamedTuple):
    """What was measured, under which heading and by which command, and what it was to come to at most."""

    heading: str
    command: str
    came_to: str
    value: float
    goal: float

    @property
    def is_met(self) -> bool:
        """Whether it is at most the goal, or at least where it says how much faster."""
        return self.value >= self.goal if _AT_LEAST in self.came_to else self.value <= self.goal

    @property
    def row(self) -> str:
        """As a row of the table."""
        bound = "≥" if _AT_LEAST in self.came_to else "≤"
        met = "met" if self.is_met else "**not met**"
        return f"| {self.heading} (`{self.command}`) | {self.came_to} | {bound} {self.goal:g} | {met} |"


def table(paper: str) -> str:
    """How many goals are met, and the table in the paper's order."""
    told = list(goals(paper))
    count = f"{sum(goal.is_met for goal in told)} of {len(told)} goals are met."
    return "\n".join([count, "", *_HEAD, *(goal.row for goal in told)])


def goals(paper: str) -> Iterator[Goal]:
    """Every `(goal …)` in the paper's sections. A line that begins a row is the heading of what follows."""
    for block in _BLOCK.finditer(paper):
        heading = ""
        for line in block["lines"].splitlines():
            yield from (_goal(found, heading, block["command"]) for found in _GOAL.finditer(line))
            if line and not line.startswith(" ") and "(goal" not in line:
                heading = _TURNS.sub("", line)


def _goal(found: re.Match[str], heading: str, command: str) -> Goal:
    came_to = " ".join(f"{found['before']}{found['came']}{found['told']}".split())
    return Goal(heading, command, came_to.lstrip(";,:) "), float(found["came"]), float(found["goal"]))
