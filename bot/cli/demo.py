"""`handledd demo`: a local chat page with made-up people, to try everything without an account."""

from __future__ import annotations

import sys
import tempfile
import threading
import webbrowser
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.output import fail, print_text
from bot.demo.house import Demo
from bot.logs import configure
from bot.server import leave_on_signals, listen, serve

app = typer.Typer()

HOST = "127.0.0.1"
LAST_PORT = 65535


@app.command()
def demo(
    port: Annotated[int, typer.Option(help="The local port.", min=1, max=65535)] = 8080,
    open_page: Annotated[bool, typer.Option("--open/--no-open", help="Open the page in a browser.")] = True,
) -> None:
    """Make a fresh demo and serve it on this machine alone, until Ctrl-C."""
    configure((), level="WARNING")
    leave_on_signals()
    try:
        listener = listen(HOST, port)
    except OSError:
        fail(f"port {port} is taken: try handledd demo --port {port + 1 if port < LAST_PORT else 8080}")
    with listener, tempfile.TemporaryDirectory(prefix="handledd-demo-") as folder:
        url = f"http://{HOST}:{port}/"
        _tell("tre enheter och två påhittade år görs i ordning …")  # some seconds
        made = Demo(Path(folder) / "demo.sqlite", "Europe/Stockholm", public_url=url)
        _tell(f"{url}  (Ctrl-C avslutar)")
        if open_page:
            threading.Timer(1.0, webbrowser.open, [url]).start()
        serve(made.house.app, listener, made.house.leave)
        made.engine.dispose()


def _tell(text: str) -> None:
    """Said at once, to a file or a pipe too: the address is of use only while the page is served."""
    print_text(f"handledd demo: {text}")
    sys.stdout.flush()
