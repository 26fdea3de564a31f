"""A fake in a process of its own: it listens on a free port of loopback, says which, and serves."""

from __future__ import annotations

import json
import sys
from typing import Any

import uvicorn

from bot.server import listen


def serve(app: Any, **more: Any) -> None:
    """The port is told once something listens there: the first call is not refused. `more` is uvicorn's."""
    with listen("127.0.0.1", 0) as listener:
        sys.stdout.write(json.dumps({"port": listener.getsockname()[1]}) + "\n")
        sys.stdout.flush()
        uvicorn.Server(uvicorn.Config(app, log_level="critical", **more)).run(sockets=[listener])
