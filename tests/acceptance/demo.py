"""`handledd demo` as a process of its own, with a temporary folder that can be looked into."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import httpx

from tests.acceptance.house import STOP_SECONDS, until
from tests.fakes.process import ROOT

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
PATIENCE = 60_000
"""Milliseconds after which something that should be seen is not; never waited for when all is well."""


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


class DemoProcess:
    """A demo on a port of its own; `temporary` is where its folder of made-up lives is."""

    def __init__(self, folder: Path, port: int | None = None) -> None:
        self.temporary = folder / "tmp"
        self.temporary.mkdir(exist_ok=True)
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        plain = {name: value for name, value in os.environ.items() if not name.startswith("HANDLEDD_")}
        here = {"HOME": str(folder), "TMPDIR": str(self.temporary), "PYTHONPATH": str(ROOT)}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bot", "demo", "--no-open", "--port", str(self.port)],
            cwd=folder,
            env={**plain, **here, "PYTHONWARNINGS": "error"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def ready(self) -> None:
        """Wait until the page is served."""
        until(lambda: self.process.poll() is not None or self._answers(), "the demo to start")
        assert self.process.poll() is None, self.end()

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/healthz", timeout=30).status_code == 200
        except httpx.HTTPError:
            return False

    def leave(self, signal: int) -> int:
        """Send a signal to this process alone; its exit status. Fails when it takes too long."""
        self.process.send_signal(signal)
        return self.process.wait(STOP_SECONDS)

    def end(self) -> str:
        """Kill it if it still runs; what it wrote to standard error."""
        if self.process.poll() is None:
            self.process.kill()
        return self.process.communicate(timeout=STOP_SECONDS)[1]

    def folders(self) -> list[str]:
        """The demo's own folders that are there."""
        return [path.name for path in self.temporary.iterdir() if path.name.startswith("handledd-demo-")]
