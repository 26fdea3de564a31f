"""`handledd demo`: a local chat page with made-up people, to try everything without an account."""

from __future__ import annotations

import tempfile
import threading
import webbrowser
from pathlib import Path
from typing import Annotated

import typer
import uvicorn

from bot.cli.output import fail, print_text
from bot.demo.house import Demo
from bot.logs import configure
from bot.serving import is_free

app = typer.Typer()

HOST = "127.0.0.1"


@app.command()
def demo(
    port: Annotated[int, typer.Option(help="The local port.", min=1, max=65535)] = 8080,
    open_page: Annotated[bool, typer.Option("--open/--no-open", help="Open the page in a browser.")] = True,
) -> None:
    """Make a fresh demo and serve it on this machine alone, until Ctrl-C."""
    configure((), level="WARNING")
    if not is_free(HOST, port):
        fail(f"port {port} is taken: try handledd demo --port {port + 1}")
    with tempfile.TemporaryDirectory(prefix="handledd-demo-") as folder:
        made = Demo(Path(folder) / "demo.sqlite", "Europe/Stockholm")
        url = f"http://{HOST}:{port}/"
        print_text(f"handledd demo: {url}  (Ctrl-C avslutar)")
        if open_page:
            threading.Timer(1.0, webbrowser.open, [url]).start()
        uvicorn.run(made.house.app, host=HOST, port=port, log_config=None, access_log=False)
        made.engine.dispose()
