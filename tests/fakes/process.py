"""Runs a fake platform as a process of its own: what it saw outlives the program under test.

A fake is a module run as `python -m MODULE LOG [ARGS…]`. It binds 127.0.0.1 on a free port, prints
`{"port": N}` as its first line of output, and appends one JSON object a line to the file LOG.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tests.support.folders import passing

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Fake:
    """A running fake: its address and the append-only log of what it saw, one JSON object a line.

    `since` is the number of lines that were there before this test.
    """

    url: str
    log_path: Path
    process: subprocess.Popen[str]
    since: int = 0

    def from_now_on(self) -> Fake:
        """The same fake, seen by somebody who has just come."""
        return replace(self, since=len(self._lines()))

    def _lines(self) -> list[str]:
        return self.log_path.read_text("utf-8").splitlines()

    def seen(self, **wanted: object) -> list[dict[str, Any]]:
        """What the fake has logged so far, where every wanted key has the wanted value."""
        lines = [json.loads(line) for line in self._lines()[self.since :]]
        return [line for line in lines if all(line.get(key) == value for key, value in wanted.items())]

    def stop(self) -> None:
        """End this process, by its own id, and no other; the log stays readable."""
        self.process.kill()  # it would wait for open long polls, and its log is written line by line
        self.process.wait()
        if self.process.stdout:
            self.process.stdout.close()


def start(module: str, *args: str, log_path: Path | None = None) -> Fake:
    """Start `module` and wait until it listens."""
    log_path = log_path or passing("fake") / "seen.jsonl"
    log_path.touch()
    command = [sys.executable, "-m", module, str(log_path), *args]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    line = process.stdout.readline() if process.stdout else ""
    if not line:
        process.wait()
        msg = f"{module} did not start"
        raise RuntimeError(msg)
    return Fake(f"http://127.0.0.1:{json.loads(line)['port']}", log_path, process)
