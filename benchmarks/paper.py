"""Writing figures down: docs/performance.md, a marked section for each benchmark, with machine and date."""

from __future__ import annotations

import os
import platform
import re
import sqlite3
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from benchmarks.glance import table
from bot.clock import system_clock

COMMANDS = {"bench": "make bench", "national": "make bench-national"}
"""What runs the benches, by how much they measure."""
GOALS = "<!-- goals: begin -->"
"""Where a paper has it, the table of all goals follows."""
PAPER = Path(__file__).parents[1] / "docs" / "performance.md"
_HEAD = """# Performance

Ratios against a named floor, measured in turns in the same run. Each section is written by the command that
it names, and the table of all goals with it.

<!-- goals: begin -->
<!-- goals: end -->
"""


def write_down(section: str, command: str, lines: Sequence[str], paper: Path = PAPER) -> None:
    """Put the lines in a section's place, or at the end when the paper has none yet."""
    told = "\n".join([f"`{command}`, {_where()}", "", "```", *lines, "```"])
    text = _put(section, told, paper.read_text(encoding="utf-8") if paper.exists() else _HEAD)
    if GOALS in text:
        text = _put("goals", table(text), text)
    paper.write_text(text, encoding="utf-8")


def _put(section: str, told: str, text: str) -> str:
    begin, end = f"<!-- {section}: begin -->", f"<!-- {section}: end -->"
    found = re.compile(f"{re.escape(begin)}.*{re.escape(end)}", re.DOTALL)
    new = f"{begin}\n{told}\n{end}"
    return found.sub(lambda _: new, text) if found.search(text) else f"{text}\n{new}\n"


def _where() -> str:
    """The machine and the day."""
    machine = f"{_processor()}, {os.cpu_count()} cores"
    python = f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    machine += f" (load {os.getloadavg()[0]:.1f})"
    return f"{system_clock():%Y-%m-%d}, {machine}, {python}, SQLAlchemy {version('sqlalchemy')}"


def _processor() -> str:
    known = Path("/proc/cpuinfo")
    told = known.read_text(encoding="utf-8") if known.exists() else ""
    model = re.search(r"model name\s*:\s*(.+)", told)
    return model.group(1).strip() if model else platform.machine()


def peak_memory() -> float:
    """The most this process has held at once, in MB; 0 where the system does not tell."""
    known = Path("/proc/self/status")
    told = known.read_text(encoding="utf-8") if known.exists() else ""
    most = re.search(r"VmHWM:\s*(\d+) kB", told)
    return int(most.group(1)) / 1024 if most else 0.0


def memory_of(status: str) -> float:
    """What a process holds now, in MB, as its /proc/…/status tells; 0 where it does not."""
    held = re.search(r"VmRSS:\s*(\d+) kB", status)
    return int(held.group(1)) / 1024 if held else 0.0
